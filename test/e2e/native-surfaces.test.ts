import { GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, post, startGateway, TEST_KEY } from '../support/gateway.ts';
import { completion, completionEvents, startUpstream, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: Gateway;

const NARROW = 'rk-narrow-0123456789abc';

beforeAll(async () => {
	upstream = await startUpstream((_request, response, body) => {
		if (!body.includes('"stream":true')) {
			response.end(completion('fine'));
			return;
		}
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		response.end(completionEvents(['fi', 'ne']).join(''));
	});
	gateway = await startGateway({
		config: {
			server: { body_limit: '1mb' },
			providers: [{ name: 'up', type: 'openai-compatible', base_url: upstream.baseUrl, models: ['model-one', 'llama:latest'] }],
			keys: [
				{ name: 'test', key: TEST_KEY },
				{ name: 'narrow', key: NARROW, models: ['nothing'] },
			],
		},
	});
});

afterAll(async () => {
	await gateway.close();
	await upstream.close();
});

/** A form of the API's, and where it is served. */
interface Form {
	path(model: string): string;
	body: object;
	/** The message of an error in this surface's own form; undefined when it is of another. */
	message(body: unknown, reply: Response): unknown;
}

interface Wire {
	error?: { message?: string; code?: number; status?: string } | string;
	message?: string;
}

const inGoogles: Form['message'] = (body, reply) => {
	const { error } = body as Wire;
	return typeof error === 'object' && error.code === reply.status && /^[A-Z_]+$/.test(error.status ?? '')
		? error.message
		: undefined;
};
const inOllamas: Form['message'] = (body) => (body as Wire).error;
const inAmazons: Form['message'] = (body, reply) =>
	/Exception$/.test(reply.headers.get('x-amzn-errortype') ?? '') ? (body as Wire).message : undefined;

const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];
const messages = [{ role: 'user', content: 'hi' }];
const FORMS: readonly [string, Form][] = [
	['generateContent', { path: (m) => `/v1beta/models/${m}:generateContent`, body: { contents }, message: inGoogles }],
	['streamGenerateContent', { path: (m) => `/v1/models/${m}:streamGenerateContent`, body: { contents }, message: inGoogles }],
	['countTokens', { path: (m) => `/v1beta/models/${m}:countTokens`, body: { contents }, message: inGoogles }],
	['/api/chat', { path: () => '/api/chat', body: { messages }, message: inOllamas }],
	['/api/generate', { path: () => '/api/generate', body: { prompt: 'hi' }, message: inOllamas }],
	[
		'converse',
		{
			path: (m) => `/model/${m}/converse`,
			body: { messages: [{ role: 'user', content: [{ text: 'hi' }] }] },
			message: inAmazons,
		},
	],
];

describe.each(FORMS)('%s', (_name, form) => {
	const named = (model: string): object => (form.path('').startsWith('/api') ? { model, ...form.body } : form.body);
	const ask = (body: unknown, headers = {}, model = 'model-one'): Promise<Response> =>
		post(gateway, form.path(model), body, headers);

	async function expectRefusal(reply: Response, status: number, message: RegExp): Promise<void> {
		expect(reply.status).toBe(status);
		expect(reply.headers.get('x-relais-request-id')).toMatch(/^[0-9a-f-]{36}$/);
		expect(form.message(await reply.json(), reply)).toMatch(message);
	}

	it.each([
		['malformed JSON', '{"contents": oops', /JSON/],
		['an empty body', '', /empty/],
		['an array', '[]', /object/],
	])('refuses %s', async (_case, body, message) => expectRefusal(await ask(body), 400, message));

	it('refuses a model nobody knows, and names the nearest', async () => {
		await expectRefusal(await ask(named('modelone'), {}, 'modelone'), 404, /"model-one"/);
	});

	it('refuses a request without a key, with a wrong one, and for what a key may not use', async () => {
		await expectRefusal(await ask(named('model-one'), { authorization: '' }), 401, /No API key/);
		await expectRefusal(await ask(named('model-one'), { authorization: 'Bearer sk-somebody' }), 401, /not known/);
		await expectRefusal(await ask(named('model-one'), { authorization: `Bearer ${NARROW}` }), 403, /may not use/);
	});

	it('refuses a body over the limit and a compressed one', async () => {
		await expectRefusal(await ask({ ...named('model-one'), more: 'x'.repeat(1_100_000) }), 413, /body_limit/);
		await expectRefusal(await ask(named('model-one'), { 'content-encoding': 'gzip' }), 415, /compressed/);
	});

	it('refuses another method, and says which it takes', async () => {
		const init = { method: 'PUT', headers: { authorization: `Bearer ${TEST_KEY}` } };
		const reply = await fetch(`${gateway.url}${form.path('model-one')}`, init);
		expect(reply.headers.get('allow')).toContain('POST');
		await expectRefusal(reply, 405, /takes .*POST/);
	});

	it('takes a slash at the end of the address', async () => {
		const reply = await post(gateway, `${form.path('model-one')}/`, named('model-one'));
		expect(reply.status).toBe(200);
		await reply.text();
	});
});

describe('an address that is not served', () => {
	it.each([
		['/v1beta/models/model-one:dream', inGoogles, /takes .*generateContent/],
		['/v1beta/models/model-one', inGoogles, /takes .*generateContent/],
		['/v1beta/files', inGoogles, /There is no POST/],
		['/model/model-one/invoke', inAmazons, /takes .*converse/],
		['/api/pull', inOllamas, /There is no POST \/api\/pull/],
	])('%s is answered in the form of its API', async (path, words, message) => {
		const reply = await post(gateway, path, {});
		expect(reply.status).toBe(404);
		expect(words(await reply.json(), reply)).toMatch(message);
		const stranger = await post(gateway, path, {}, { authorization: '' });
		expect([401, 404]).toContain(stranger.status);
	});

	it('below /api/v1 is not Ollama’s', async () => {
		const reply = await post(gateway, '/api/v1/nothing', {});
		expect(reply.status).toBe(404);
		expect(inOllamas(await reply.json(), reply)).toBeTypeOf('object');
	});

	it('is Chat Completions’ without its version too', async () => {
		const reply = await post(gateway, '/chat/completions', { model: 'model-one', messages });
		expect(await reply.json()).toMatchObject({ object: 'chat.completion' });
	});
});

describe('a key', () => {
	const chat = '/v1beta/models/model-one:generateContent';
	const none = { authorization: '' };

	it.each([
		['in Google’s header', chat, { contents }, { ...none, 'x-goog-api-key': TEST_KEY }],
		['in the query', `${chat}?key=${TEST_KEY}`, { contents }, none],
		[
			'as the signer of a request',
			'/model/model-one/converse',
			{ messages: [{ role: 'user', content: [{ text: 'hi' }] }] },
			{
				authorization: `AWS4-HMAC-SHA256 Credential=${TEST_KEY}/20261120/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=0`,
			},
		],
	])('%s is taken', async (_case, path, body, headers) => {
		expect((await post(gateway, path, body, headers)).status).toBe(200);
	});

	it('in the query is Google’s way alone, and is never repeated', async () => {
		const chatBody = { model: 'model-one', messages };
		expect((await post(gateway, `/v1/chat/completions?key=${TEST_KEY}`, chatBody, none)).status).toBe(401);
		const wrong = await post(gateway, `${chat}?key=sk-somebody-elses`, { contents }, none);
		expect(wrong.status).toBe(401);
		expect(await wrong.text()).not.toContain('sk-somebody');
		const lost = await post(gateway, `/v1beta/nowhere?key=${TEST_KEY}`, {}, none);
		expect(await lost.text()).not.toContain(TEST_KEY);
	});
});

describe('Gemini’s addresses', () => {
	it.each([
		'/v1beta/models/up/model-one:generateContent',
		'/v1beta/models/up%2Fmodel-one:generateContent',
		'/v1beta/models/llama:latest:generateContent',
		'/v1beta/tunedModels/model-one:generateContent',
		'/v1beta/up/model-one:generateContent',
		'/v1beta1/publishers/google/models/model-one:generateContent',
		'/v1/projects/mine/locations/global/publishers/google/models/model-one:generateContent',
	])('%s', async (path) => {
		const reply = await post(gateway, path, { contents });
		expect(await reply.json()).toMatchObject({ candidates: [{ content: { parts: [{ text: 'fine' }] }, finishReason: 'STOP' }] });
	});

	it('are those of Vertex AI for its official client, which takes a provider for a publisher', async () => {
		const client = new GoogleGenAI({ vertexai: true, apiKey: TEST_KEY, httpOptions: { baseUrl: gateway.url } });
		for (const model of ['model-one', 'up/model-one']) {
			expect((await client.models.generateContent({ model, contents: 'hi' })).text, model).toBe('fine');
			let streamed = '';
			for await (const piece of await client.models.generateContentStream({ model, contents: 'hi' }))
				streamed += piece.text ?? '';
			expect(streamed).toBe('fine');
		}
		const config = { systemInstruction: 'Be brief.' };
		const counted = await client.models.countTokens({ model: 'model-one', contents: 'hi', config });
		expect(counted.totalTokens).toBeGreaterThan(1);
		const records = gateway.records.filter(({ requested }) => requested === 'up/model-one');
		expect(records.length).toBeGreaterThanOrEqual(2);
	});

	it('list models page by page', async () => {
		const get = async (query: string): Promise<{ models?: { name: string }[]; nextPageToken?: string; error?: object }> => {
			const reply = await fetch(`${gateway.url}/v1beta/models${query}`, { headers: { 'x-goog-api-key': TEST_KEY } });
			return (await reply.json()) as { models: { name: string }[] };
		};
		const first = await get('?pageSize=1');
		expect(first.models?.map(({ name }) => name)).toEqual(['models/model-one']);
		const second = await get(`?pageSize=1&pageToken=${first.nextPageToken}`);
		expect(second.models?.map(({ name }) => name)).toEqual(['models/llama:latest']);
		expect(second.nextPageToken).toBeUndefined();
		expect((await get('')).models).toHaveLength(2);
		expect(await get('?pageSize=-1')).toMatchObject({ error: { code: 400, status: 'INVALID_ARGUMENT' } });
		expect(await get('?pageToken=no%20token')).toMatchObject({ error: { code: 400 } });
	});

	it('share /v1/models, which answers in the form its client reads', async () => {
		const list = await fetch(`${gateway.url}/v1/models`, { headers: { 'x-goog-api-key': TEST_KEY } });
		expect(await list.json()).toMatchObject({ models: [{ name: 'models/model-one' }, { name: 'models/llama:latest' }] });
		const one = await fetch(`${gateway.url}/v1beta/models/up/model-one`, { headers: { 'x-goog-api-key': TEST_KEY } });
		expect(await one.json()).toMatchObject({
			name: 'models/up/model-one',
			supportedGenerationMethods: ['generateContent', 'countTokens'],
		});
	});

	it('count tokens by estimate where no target counts, and say so', async () => {
		const reply = await post(gateway, '/v1beta/models/model-one:countTokens', { generateContentRequest: { contents } });
		const { totalTokens } = (await reply.json()) as { totalTokens: number };
		expect(totalTokens).toBeGreaterThan(0);
		expect(reply.headers.get('x-relais-warnings')).toContain('totalTokens');
	});
});

describe('Ollama’s addresses', () => {
	const get = async (path: string): Promise<unknown> =>
		(await fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${TEST_KEY}` } })).json();

	it('stream unless told otherwise, a line for each piece', async () => {
		for (const [path, body] of [
			['/api/chat', { model: 'model-one', messages }],
			['/api/generate', { model: 'model-one', prompt: 'hi' }],
		] as const) {
			const reply = await post(gateway, path, body);
			expect(reply.headers.get('content-type')).toBe('application/x-ndjson');
			const lines = (await reply.text()).trim().split('\n');
			const said = lines.map((line) => JSON.parse(line) as { message?: { content: string }; response?: string; done: boolean });
			expect(said.map(({ message, response }) => message?.content ?? response).join('')).toBe('fine');
			expect(said.map(({ done }) => done)).toEqual([...Array.from({ length: said.length - 1 }, () => false), true]);
			const whole = await post(gateway, path, { ...body, stream: false });
			expect(await whole.json()).toMatchObject({ done: true, done_reason: 'stop' });
		}
	});

	it('take a name with and without :latest', async () => {
		for (const model of ['llama', 'llama:latest', 'model-one:latest', 'up/model-one:latest']) {
			const reply = await post(gateway, '/api/chat', { model, messages, stream: false });
			expect(reply.status, model).toBe(200);
		}
		expect(upstream.bodies.at(-1)).toContain('"model-one"');
		const unknown = await post(gateway, '/api/chat', { model: 'nobody:latest', messages });
		expect(unknown.status).toBe(404);
	});

	it('load and unload without a word to the provider', async () => {
		const before = upstream.bodies.length;
		const load = await post(gateway, '/api/generate', { model: 'llama' });
		expect(await load.json()).toMatchObject({ model: 'llama', response: '', done: true, done_reason: 'load' });
		const older = await post(gateway, '/api/generate', { name: 'llama' });
		expect(await older.json()).toMatchObject({ model: 'llama', done_reason: 'load' });
		const unload = await post(gateway, '/api/chat', { model: 'llama', messages: [], keep_alive: 0 });
		expect(await unload.json()).toMatchObject({ message: { role: 'assistant', content: '' }, done_reason: 'unload' });
		expect((await post(gateway, '/api/chat', { model: 'nobody' })).status).toBe(404);
		expect((await post(gateway, '/api/chat', {})).status).toBe(400);
		expect(upstream.bodies).toHaveLength(before);
	});

	it('list and show models', async () => {
		expect(await get('/api/tags')).toMatchObject({
			models: [
				{
					name: 'model-one',
					model: 'model-one',
					digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
					details: { family: 'up' },
				},
				{ name: 'llama:latest' },
			],
		});
		const shown = await post(gateway, '/api/show', { model: 'llama' });
		expect(await shown.json()).toMatchObject({ capabilities: ['completion'], model_info: { 'general.architecture': 'up' } });
		expect((await post(gateway, '/api/show', { name: 'model-one' })).status).toBe(200);
		expect((await post(gateway, '/api/show', {})).status).toBe(400);
		expect(await get('/api/version')).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string });
		expect(await get('/api/ps')).toEqual({ models: [] });
	});
});
