import { describe, expect, it } from 'vitest';
import { callContext } from '../../test/support/providers.ts';
import { loadCatalog } from '../catalog/index.ts';
import { dialectByName } from '../dialects/index.ts';
import {
	type EmbedRequest,
	isRelaisError,
	type JsonObject,
	type Provider,
	type ProviderHost,
	type ProviderSettings,
	type Warning,
	type WireCall,
} from '../spec/index.ts';
import { testSettings } from '../testing/index.ts';
import { ProviderRegistry } from './registry.ts';

const catalog = loadCatalog();
const registry = new ProviderRegistry(catalog);

interface Answer {
	status?: number;
	body: JsonObject;
}

interface Played {
	provider: Provider;
	calls: WireCall[];
	bodies: JsonObject[];
	warnings: Warning[];
	context: ReturnType<typeof callContext>;
}

/** A provider whose vendor is played by the test. */
function play(
	settings: Partial<ProviderSettings> & { type: string },
	answer: (body: JsonObject, nth: number) => Answer | Promise<Answer>,
): Played {
	const calls: WireCall[] = [];
	const bodies: JsonObject[] = [];
	const host: ProviderHost = {
		catalogModels: (id) => catalog.models(id),
		dialect: dialectByName,
		request: async (call, _timeouts, signal) => {
			const body = JSON.parse(String(call.body)) as JsonObject;
			calls.push(call);
			bodies.push(body);
			const { status = 200, body: told } = await answer(body, bodies.length - 1);
			if (signal.aborted) throw signal.reason;
			return { status, headers: {}, body: Buffer.from(JSON.stringify(told)) };
		},
		stream: () => Promise.reject(new Error('not called')),
	};
	const provider = registry.create(testSettings({ apiKey: 'the-key', ...settings }), host);
	const warnings: Warning[] = [];
	return { provider, calls, bodies, warnings, context: { ...callContext(), warn: (warning) => warnings.push(warning) } };
}

/** Vectors in OpenAI's form: each text becomes its length. */
const lengths = (body: JsonObject): Answer => {
	const inputs = Array.isArray(body.input) ? body.input : [body.input ?? ''];
	return {
		body: {
			data: inputs.map((input, index) => ({ index, embedding: [String(input).length] })),
			model: 'served',
			usage: { prompt_tokens: inputs.length, total_tokens: inputs.length },
		},
	};
};

async function failure(promise: Promise<unknown> | undefined): Promise<{ code: string; message: string }> {
	try {
		await promise;
	} catch (error) {
		if (isRelaisError(error)) return { code: error.code, message: error.message };
		throw error;
	}
	throw new Error('nothing was thrown');
}

const texts = (count: number): string[] => Array.from({ length: count }, (_, index) => 'x'.repeat((index % 7) + 1));
const ask = (inputs: EmbedRequest['inputs'], more: Partial<EmbedRequest> = {}): EmbedRequest => ({ model: 'm', inputs, ...more });

const VECTOR = [0.25, -1];
/** One line a vendor: model, what its vendor answers to one text, where the call goes and what stands in it. */
const VENDORS: [type: string, model: string, url: string, body: JsonObject, answer: JsonObject][] = [
	[
		'openai',
		'text-embedding-3-small',
		'https://api.openai.com/v1/embeddings',
		{ model: 'text-embedding-3-small', input: ['a'] },
		{ data: [{ index: 0, embedding: VECTOR }] },
	],
	[
		'azure-openai',
		'text-embedding-3-small',
		'https://my-resource.openai.azure.com/openai/v1/embeddings',
		{ model: 'text-embedding-3-small', input: ['a'] },
		{ data: [{ index: 0, embedding: VECTOR }] },
	],
	[
		'mistral',
		'mistral-embed',
		'https://api.mistral.ai/v1/embeddings',
		{ model: 'mistral-embed', input: ['a'] },
		{ data: [{ index: 0, embedding: VECTOR }] },
	],
	[
		'voyage',
		'voyage-4',
		'https://api.voyageai.com/v1/embeddings',
		{ model: 'voyage-4', input: ['a'], input_type: 'query' },
		{ data: [{ index: 0, embedding: VECTOR }] },
	],
	[
		'jina',
		'jina-embeddings-v3',
		'https://api.jina.ai/v1/embeddings',
		{ model: 'jina-embeddings-v3', input: ['a'], task: 'retrieval.query' },
		{ data: [{ index: 0, embedding: VECTOR }] },
	],
	[
		'nvidia-nim',
		'nvidia/nv-embedqa-e5-v5',
		'https://integrate.api.nvidia.com/v1/embeddings',
		{ model: 'nvidia/nv-embedqa-e5-v5', input: ['a'], input_type: 'query' },
		{ data: [{ index: 0, embedding: VECTOR }] },
	],
	[
		'cohere',
		'embed-v4.0',
		'https://api.cohere.com/v2/embed',
		{ model: 'embed-v4.0', texts: ['a'], input_type: 'search_query', embedding_types: ['float'] },
		{ embeddings: { float: [VECTOR] } },
	],
	[
		'gemini',
		'gemini-embedding-001',
		'https://generativelanguage.googleapis.com/v1beta/models/gemini-embedding-001:batchEmbedContents',
		{ requests: [{ model: 'models/gemini-embedding-001', content: { parts: [{ text: 'a' }] }, taskType: 'RETRIEVAL_QUERY' }] },
		{ embeddings: [{ values: VECTOR }] },
	],
	['ollama', 'bge-m3', 'http://localhost:11434/api/embed', { model: 'bge-m3', input: ['a'] }, { embeddings: [VECTOR] }],
	[
		'aws-bedrock',
		'amazon.titan-embed-text-v2:0',
		'https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.titan-embed-text-v2%3A0/invoke',
		{ inputText: 'a' },
		{ embedding: VECTOR, inputTextTokenCount: 1 },
	],
	[
		'aws-bedrock',
		'cohere.embed-v4:0',
		'https://bedrock-runtime.eu-west-1.amazonaws.com/model/cohere.embed-v4%3A0/invoke',
		{ texts: ['a'], input_type: 'search_query', embedding_types: ['float'] },
		{ embeddings: { float: [VECTOR] } },
	],
];
const OPTIONS = { region: 'eu-west-1', resource: 'my-resource', access_key_id: 'AKIATEST', secret_access_key: 'secret' };

describe('embeddings', () => {
	it.each(VENDORS)('of %s (%s) go to %s', async (type, model, url, body, answer) => {
		const played = play({ type, options: OPTIONS }, () => ({ body: answer }));
		const response = await played.provider.embed?.(ask(['a'], { model, task: 'query' }), played.context);
		expect(response?.vectors).toEqual([VECTOR]);
		const [call] = played.calls;
		expect(`${call?.origin}${call?.path}`).toBe(url);
		expect(call?.method).toBe('POST');
		expect(played.bodies[0]).toEqual(body);
	});

	it('are there for every vendor of which the catalog says so, and only for those', () => {
		for (const row of catalog.providers()) {
			if (!registry.types().includes(row.id)) continue;
			const options = { ...OPTIONS, account_id: 'a', gateway_id: 'g', host: 'h', account: 'a', project: 'p', location: 'l' };
			const { provider } = play({ type: row.id, options }, lengths);
			expect([row.id, provider.embed !== undefined]).toEqual([row.id, row.capabilities.embeddings]);
		}
	});

	it('of more inputs than the vendor takes are asked for in several calls, order kept and usage summed', async () => {
		const played = play({ type: 'openai' }, async (body, nth) => {
			// The first answers last.
			await new Promise((resolve) => setTimeout(resolve, nth === 0 ? 20 : 0));
			return lengths(body);
		});
		const inputs = texts(5000);
		const response = await played.provider.embed?.(ask(inputs, { packed: true, dimensions: 256 }), played.context);
		expect(played.bodies.map((body) => (body.input as string[]).length)).toEqual([2048, 2048, 904]);
		expect(response?.vectors).toEqual(inputs.map((input) => [input.length]));
		expect(response?.usage).toEqual({ inputTokens: 5000, outputTokens: 0, totalTokens: 5000 });
		expect(response?.model).toBe('served');
	});

	it('are cut by tokens where the inputs are long', async () => {
		const played = play({ type: 'openai' }, lengths);
		await played.provider.embed?.(ask(['a'.repeat(600_000), 'b'.repeat(600_000), 'c'], {}), played.context);
		expect(played.bodies.map((body) => (body.input as string[]).length)).toEqual([1, 2]);
	});

	it('fail as a whole with the reason of the batch that fails; the others are ended', async () => {
		const played = play({ type: 'cohere' }, async (_body, nth) => {
			if (nth === 1) return { status: 400, body: { message: 'not like this' } };
			await new Promise((resolve) => setTimeout(resolve, 20));
			return { body: { embeddings: { float: [] } } };
		});
		const error = await failure(played.provider.embed?.(ask(texts(1000)), played.context));
		expect(error).toEqual({ code: 'provider_rejected', message: expect.stringContaining('not like this') });
		expect(played.bodies.length).toBeLessThan(11);
	});

	it('with fewer vectors than inputs are no answer', async () => {
		const played = play({ type: 'openai' }, () => lengths({ input: ['a'] }));
		const error = await failure(played.provider.embed?.(ask(['a', 'b']), played.context));
		expect(error).toEqual({ code: 'provider_protocol', message: expect.stringContaining('1 vectors for 2 inputs') });
	});

	it('are packed eight-bit numbers where the vendor makes no others', async () => {
		const body = { data: [{ index: 0, embedding: Buffer.from(Int8Array.from([-3, 127])).toString('base64') }] };
		const played = play({ type: 'perplexity' }, () => ({ body }));
		const response = await played.provider.embed?.(ask(['a'], { model: 'pplx-embed-v1-4b' }), played.context);
		expect(response?.vectors).toEqual([[-3, 127]]);
		expect(played.bodies[0]?.encoding_format).toBe('base64_int8');
		expect(played.warnings.map(({ kind }) => kind)).toEqual(['changed']);
	});

	it('are refused for models the vendor has no vectors of', async () => {
		const played = play({ type: 'aws-bedrock', options: OPTIONS }, lengths);
		const error = await failure(played.provider.embed?.(ask(['a'], { model: 'amazon.nova-pro-v1:0' }), played.context));
		expect(error.code).toBe('unsupported');
	});
});

const RANKED: [type: string, model: string, url: string, topN: string][] = [
	['cohere', 'rerank-v3.5', 'https://api.cohere.com/v2/rerank', 'top_n'],
	['jina', 'jina-reranker-v3', 'https://api.jina.ai/v1/rerank', 'top_n'],
	['voyage', 'rerank-2.5', 'https://api.voyageai.com/v1/rerank', 'top_k'],
	['vllm', 'any', 'http://localhost:8000/v1/rerank', 'top_n'],
	['together', 'any', 'https://api.together.ai/v1/rerank', 'top_n'],
];

describe('rerank', () => {
	it.each(RANKED)('of %s (%s) goes to %s', async (type, model, url, topN) => {
		const results = [{ index: 1, relevance_score: 0.5 }];
		const played = play({ type }, () => ({ body: { results, data: results } }));
		const request = { model, query: 'q', documents: ['a', 'b'], topN: 1 };
		const response = await played.provider.rerank?.(request, played.context);
		expect(response?.results).toEqual([{ index: 1, score: 0.5 }]);
		expect(`${played.calls[0]?.origin}${played.calls[0]?.path}`).toBe(url);
		expect(played.bodies[0]).toEqual({ model, query: 'q', documents: ['a', 'b'], [topN]: 1 });
	});

	it.each([
		[
			'deepinfra',
			'Qwen/reranker',
			'https://api.deepinfra.com/v1/inference/Qwen/reranker',
			{ scores: [0.25, 0.5], input_tokens: 7 },
		],
		[
			'qwen',
			'gte-rerank',
			'https://dashscope-intl.aliyuncs.com/api/v1/services/rerank/text-rerank/text-rerank',
			{ output: { results: [{ index: 1, relevance_score: 0.5 }] }, usage: { total_tokens: 7 } },
		],
		[
			'nvidia-nim',
			'nvidia/rerank-1.0',
			'https://ai.api.nvidia.com/v1/retrieval/nvidia/rerank-1_0/reranking',
			{ rankings: [{ index: 1, logit: 0.5 }], usage: { prompt_tokens: 7, total_tokens: 7 } },
		],
	])('of %s (%s) has a form and an address of its own', async (type, model, url, body) => {
		const played = play({ type }, () => ({ body }));
		const response = await played.provider.rerank?.(
			{ model, query: 'q', documents: ['a', { text: 'b' }], topN: 1 },
			played.context,
		);
		expect(response?.results).toEqual([{ index: 1, score: 0.5 }]);
		expect(response?.usage?.inputTokens).toBe(7);
		expect(`${played.calls[0]?.origin}${played.calls[0]?.path}`).toBe(url);
	});

	it('of Bedrock goes to its agent runtime, the model named by its ARN', async () => {
		const played = play({ type: 'aws-bedrock', options: OPTIONS }, () => ({
			body: { results: [{ index: 0, relevanceScore: 0.5 }] },
		}));
		const request = { model: 'cohere.rerank-v3-5:0', query: 'q', documents: ['a'] };
		const response = await played.provider.rerank?.(request, played.context);
		expect(response?.results).toEqual([{ index: 0, score: 0.5 }]);
		expect(`${played.calls[0]?.origin}${played.calls[0]?.path}`).toBe(
			'https://bedrock-agent-runtime.eu-west-1.amazonaws.com/rerank',
		);
		expect(JSON.stringify(played.bodies[0])).toContain('arn:aws:bedrock:eu-west-1::foundation-model/cohere.rerank-v3-5:0');
	});

	it('stays at the address the config gives', async () => {
		const played = play({ type: 'aws-bedrock', options: OPTIONS, baseUrl: 'http://127.0.0.1:9' }, () => ({
			body: { results: [] },
		}));
		await played.provider.rerank?.({ model: 'm', query: 'q', documents: ['a'] }, played.context);
		expect(`${played.calls[0]?.origin}${played.calls[0]?.path}`).toBe('http://127.0.0.1:9/rerank');
	});

	it('that points to a document nobody sent is no answer', async () => {
		const played = play({ type: 'jina' }, () => ({ body: { results: [{ index: 4, relevance_score: 1 }] } }));
		const error = await failure(played.provider.rerank?.({ model: 'm', query: 'q', documents: ['a'] }, played.context));
		expect(error).toEqual({ code: 'provider_protocol', message: expect.stringContaining('results[0].index is 4') });
	});
});

describe('moderation', () => {
	it.each(['openai', 'mistral'])('of %s judges each text', async (type) => {
		const results = [{ flagged: true, categories: { hate: true }, category_scores: { hate: 0.9 } }];
		const played = play({ type }, () => ({ body: { id: 'modr-1', model: 'served', results } }));
		const response = await played.provider.moderate?.({ model: 'm', inputs: ['a'] }, played.context);
		expect(response?.results).toEqual([{ flagged: true, categories: { hate: true }, scores: { hate: 0.9 } }]);
		expect(played.calls[0]?.path).toBe('/v1/moderations');
	});
});
