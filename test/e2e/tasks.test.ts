import { GoogleGenAI } from '@google/genai';
import { CohereClientV2 } from 'cohere-ai';
import { Ollama } from 'ollama';
import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/spec/index.ts';
import { type Gateway, post, startGateway, TEST_KEY } from '../support/gateway.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

/** The vector of a text: its length, and a number that needs all the digits a double has. */
const vectorOf = (text: unknown): number[] => [String(text).length, 0.1234567890123456, -1e-9];

/** A server of OpenAI's form: embeddings (packed where asked), rerank and moderations. */
function openaiServer(): Promise<Upstream> {
	return startUpstream((request, response, text) => {
		const body = JSON.parse(text) as JsonObject;
		const answers: { [path: string]: () => object } = {
			'/v1/embeddings': () => {
				const inputs =
					typeof body.input === 'string' || typeof (body.input as unknown[])[0] === 'number'
						? [body.input]
						: (body.input as unknown[]);
				const data = inputs.map((input, index) => {
					const vector = vectorOf(input);
					const packed = Buffer.from(Float32Array.from(vector).buffer).toString('base64');
					return { object: 'embedding', index, embedding: body.encoding_format === 'base64' ? packed : vector };
				});
				return { object: 'list', data, model: body.model, usage: { prompt_tokens: inputs.length, total_tokens: inputs.length } };
			},
			'/v1/rerank': () => ({
				results: [
					{ index: 1, relevance_score: 0.75 },
					{ index: 0, relevance_score: 0.5 },
				],
				usage: { total_tokens: 9 },
			}),
			'/v1/moderations': () => ({
				id: 'modr-1',
				model: body.model,
				results: [{ flagged: true, categories: { violence: true }, category_scores: { violence: 0.9 } }],
			}),
		};
		const answer = answers[request.url ?? ''];
		response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
		response.end(JSON.stringify(answer?.() ?? { error: { message: 'no such endpoint', type: 'invalid_request_error' } }));
	});
}

/** A vendor that refuses everything. */
function broken(): Promise<Upstream> {
	return startUpstream((_request, response) => {
		response.writeHead(503, { 'content-type': 'application/json' });
		response.end(JSON.stringify({ error: { message: 'down for repairs' } }));
	});
}

let vendor: Upstream;
let down: Upstream;
let gateway: Gateway;
let openai: OpenAI;

beforeAll(async () => {
	vendor = await openaiServer();
	down = await broken();
	const models = ['text-embedding-3-small', 'omni-moderation-latest', 'gpt-4o', 'ranker'];
	gateway = await startGateway({
		config: {
			providers: [
				{ name: 'main', type: 'openai', base_url: vendor.baseUrl, api_key: 'k', models },
				{ name: 'ranks', type: 'openai-compatible', base_url: vendor.baseUrl, models: ['ranker', 'other-vectors'] },
				{ name: 'down', type: 'openai-compatible', base_url: down.baseUrl, models: ['text-embedding-3-small'], priority: 1 },
				{ name: 'jina', type: 'jina', base_url: vendor.baseUrl, api_key: 'k' },
			],
			routing: { retries: 0 },
			routes: [{ name: 'mixed', targets: ['down/text-embedding-3-small', 'ranks/other-vectors'].map((model) => ({ model })) }],
		},
	});
	openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
});

afterAll(async () => {
	await gateway.close();
	await vendor.close();
	await down.close();
});

const lastBody = (): JsonObject => JSON.parse(vendor.bodies.at(-1) ?? '{}') as JsonObject;

describe('embeddings with the official client of OpenAI', () => {
	it('of one text come back as the client unpacks them', async () => {
		const { data, usage, model } = await openai.embeddings.create({ model: 'main/text-embedding-3-small', input: 'hello' });
		expect(data[0]?.embedding).toEqual(Array.from(Float32Array.from(vectorOf('hello'))));
		expect(usage).toEqual({ prompt_tokens: 1, total_tokens: 1 });
		expect(model).toBe('text-embedding-3-small');
		expect(lastBody()).toEqual({ model: 'text-embedding-3-small', input: 'hello', encoding_format: 'base64' });
	});

	it('of 3000 texts come back in their order, from as many calls as the vendor takes', async () => {
		const input = Array.from({ length: 3000 }, (_, index) => 'x'.repeat(index % 50));
		const before = vendor.bodies.length;
		const { data, usage } = await openai.embeddings.create({ model: 'main/text-embedding-3-small', input });
		expect(vendor.bodies.length - before).toBe(2);
		expect(data.map(({ index }) => index)).toEqual(input.map((_, index) => index));
		expect(data.map(({ embedding }) => embedding[0])).toEqual(input.map((text) => text.length));
		expect(usage.prompt_tokens).toBe(3000);
	});

	it('asked for as numbers keep every digit', async () => {
		const body = { model: 'main/text-embedding-3-small', input: ['a'], encoding_format: 'float', dimensions: 3 };
		const answer = await post(gateway, '/v1/embeddings', body);
		expect(await answer.text()).toContain('[1,0.1234567890123456,-1e-9]');
		expect(lastBody()).toEqual({ model: 'text-embedding-3-small', input: ['a'], dimensions: 3, encoding_format: 'float' });
		const record = await gateway.record(answer.headers.get('x-relais-request-id') ?? '');
		expect(record).toMatchObject({ surface: 'openai-embeddings', outcome: 'completed', usage: { inputTokens: 1 } });
	});

	it('of token ids go out as they are', async () => {
		await openai.embeddings.create({ model: 'main/text-embedding-3-small', input: [[1, 2, 3]], user: 'u-1' });
		expect(lastBody()).toMatchObject({ input: [[1, 2, 3]], user: 'u-1' });
	});

	it.each([
		[{ input: 'a' }, 'model'],
		[{ model: 'main/text-embedding-3-small' }, 'input'],
		[{ model: 'main/text-embedding-3-small', input: [] }, 'input'],
		[{ model: 'main/text-embedding-3-small', input: ['a', 3] }, 'input[1]'],
		[{ model: 'main/text-embedding-3-small', input: [[1, 'a']] }, 'input[0][1]'],
		[{ model: 'main/text-embedding-3-small', input: { text: 'a' } }, 'input'],
		[{ model: 'main/text-embedding-3-small', input: 'a', dimensions: -1 }, 'dimensions'],
		[{ model: 'main/text-embedding-3-small', input: 'a', encoding_format: 'hex' }, 'encoding_format'],
	])('asked for wrongly (%j) are refused with the place', async (body, param) => {
		const error = await openai.embeddings.create(body as OpenAI.EmbeddingCreateParams).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(APIError);
		expect(error).toMatchObject({ status: 400, param });
	});

	it('of a model that chats are refused, and so are chats with a model that makes vectors', async () => {
		const vectors = await openai.embeddings.create({ model: 'main/gpt-4o', input: 'a' }).catch((thrown: unknown) => thrown);
		expect(vectors).toMatchObject({ status: 400, param: 'model', message: expect.stringContaining('makes no embeddings') });
		const asked = { model: 'main/text-embedding-3-small', messages: [{ role: 'user' as const, content: 'hi' }] };
		const chat = await openai.chat.completions.create(asked).catch((thrown: unknown) => thrown);
		expect(chat).toMatchObject({ status: 400, message: expect.stringContaining('POST /v1/embeddings') });
		const jina = await openai.chat.completions.create({ ...asked, model: 'jina/anything' }).catch((thrown: unknown) => thrown);
		expect(jina).toMatchObject({ status: 400, message: expect.stringContaining('no endpoint for chat') });
	});

	it('come from another provider of the same model where the first is down', async () => {
		const answer = await post(gateway, '/v1/embeddings', { model: 'text-embedding-3-small', input: 'a' });
		expect(answer.status).toBe(200);
		expect(answer.headers.get('x-relais-provider')).toBe('main');
	});

	it('of a route that mixes models say so', async () => {
		const answer = await post(gateway, '/v1/embeddings', { model: 'mixed', input: 'a' });
		expect(answer.headers.get('x-relais-model')).toBe('other-vectors');
		expect(answer.headers.get('x-relais-warnings')).toContain('cannot be compared');
	});

	it('need a key like everything else', async () => {
		const answer = await post(gateway, '/v1/embeddings', { model: 'm', input: 'a' }, { authorization: 'Bearer wrong' });
		expect(answer.status).toBe(401);
	});
});

describe('embeddings with clients of other vendors', () => {
	it('are given to those of Cohere', async () => {
		const client = new CohereClientV2({ token: TEST_KEY, environment: gateway.url, maxRetries: 0 } as ConstructorParameters<
			typeof CohereClientV2
		>[0]);
		const answer = await client.embed({
			model: 'main/text-embedding-3-small',
			texts: ['a', 'bb'],
			inputType: 'search_query',
			embeddingTypes: ['float'],
		});
		expect(answer.embeddings.float).toEqual([vectorOf('a'), vectorOf('bb')]);
		expect(answer.texts).toEqual(['a', 'bb']);
		expect(answer.meta?.billedUnits?.inputTokens).toBe(2);
	});

	it('are given to those of Gemini', async () => {
		const client = new GoogleGenAI({ apiKey: TEST_KEY, httpOptions: { baseUrl: gateway.url } });
		const model = 'main/text-embedding-3-small';
		const answer = await client.models.embedContent({ model, contents: ['a', 'bb'], config: { outputDimensionality: 3 } });
		expect(answer.embeddings?.map(({ values }) => values)).toEqual([vectorOf('a'), vectorOf('bb')]);
		expect(lastBody().dimensions).toBe(3);
		const one = await post(gateway, `/v1beta/models/${model}:embedContent`, { content: { parts: [{ text: 'abc' }] } });
		expect(await one.json()).toEqual({
			embedding: { values: vectorOf('abc') },
			usageMetadata: { promptTokenCount: 1, totalTokenCount: 1 },
		});
	});

	it('are given to those of Ollama', async () => {
		const client = new Ollama({ host: gateway.url, headers: { authorization: `Bearer ${TEST_KEY}` } });
		const answer = await client.embed({ model: 'main/text-embedding-3-small', input: ['a', 'bb'] });
		expect(answer.embeddings).toEqual([vectorOf('a'), vectorOf('bb')]);
		expect(answer.prompt_eval_count).toBe(2);
		const old = await client.embeddings({ model: 'main/text-embedding-3-small', prompt: 'abc' });
		expect(old.embedding).toEqual(vectorOf('abc'));
	});

	it('that fail fail in the words of the client', async () => {
		const answer = await post(gateway, '/v1beta/models/down/text-embedding-3-small:embedContent', {
			content: { parts: [{ text: 'a' }] },
		});
		expect([answer.status, await answer.json()]).toEqual([
			503,
			{ error: expect.objectContaining({ code: 503, status: 'UNAVAILABLE' }) },
		]);
	});
});

describe('rerank', () => {
	it('gives documents in their order, back where asked', async () => {
		const body = { model: 'ranks/ranker', query: 'q', documents: ['a', { text: 'b' }], top_n: 2, return_documents: true };
		const answer = (await (await post(gateway, '/v1/rerank', body)).json()) as JsonObject;
		expect(answer).toMatchObject({
			model: 'ranker',
			results: [
				{ index: 1, relevance_score: 0.75, document: { text: 'b' } },
				{ index: 0, relevance_score: 0.5, document: { text: 'a' } },
			],
			usage: { total_tokens: 9 },
		});
	});

	it('serves the official client of Cohere', async () => {
		const client = new CohereClientV2({ token: TEST_KEY, environment: gateway.url } as ConstructorParameters<
			typeof CohereClientV2
		>[0]);
		const answer = await client.rerank({ model: 'ranks/ranker', query: 'q', documents: ['a', 'b'], topN: 2 });
		expect(answer.results.map(({ index, relevanceScore }) => [index, relevanceScore])).toEqual([
			[1, 0.75],
			[0, 0.5],
		]);
	});

	it('is refused for a vendor without it', async () => {
		const answer = await post(gateway, '/v1/rerank', { model: 'main/ranker', query: 'q', documents: ['a'] });
		expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('ranks no documents')]);
	});
});

describe('moderations', () => {
	it('serve the official client, with the usual model where none is named', async () => {
		const answer = await openai.moderations.create({ input: 'I will hurt you' });
		expect(answer).toMatchObject({ id: 'modr-1', model: 'omni-moderation-latest' });
		expect(answer.results[0]).toMatchObject({
			flagged: true,
			categories: { violence: true },
			category_scores: { violence: 0.9 },
		});
	});
});

describe('a client that leaves', () => {
	it('ends the calls that were made for it', async () => {
		let closed = 0;
		const slow = await startUpstream((request) => request.socket.once('close', () => closed++));
		const other = await startGateway({
			config: { providers: [{ name: 'slow', type: 'openai-compatible', base_url: slow.baseUrl, models: ['m'] }] },
		});
		const leaving = new AbortController();
		const call = fetch(`${other.url}/v1/embeddings`, {
			method: 'POST',
			headers: { authorization: `Bearer ${TEST_KEY}` },
			body: JSON.stringify({ model: 'm', input: Array.from({ length: 5000 }, () => 'a') }),
			signal: leaving.signal,
		}).catch(() => undefined);
		while (slow.bodies.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
		leaving.abort();
		await call;
		while (closed < 3) await new Promise((resolve) => setTimeout(resolve, 5));
		expect(other.records[0]).toMatchObject({ outcome: 'cancelled', status: 499 });
		await other.close();
		await slow.close();
	});
});
