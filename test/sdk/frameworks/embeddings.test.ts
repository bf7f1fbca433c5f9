import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { OpenAIEmbeddings } from '@langchain/openai';
import { APICallError, type EmbeddingModel, embed, embedMany } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulators, startSimulators } from '../../../src/simulators/index.ts';
import { type Gateway, startGateway, TEST_KEY } from '../../support/gateway.ts';

/** Simulated vendors with a model for embeddings, by provider type. */
const VENDORS = [
	{ type: 'openai', kind: 'openai', path: '/v1', model: 'text-embedding-3-small' },
	{ type: 'gemini', kind: 'gemini', path: '/v1beta', model: 'gemini-embedding-001' },
	{ type: 'cohere', kind: 'cohere', path: '', model: 'embed-v4.0' },
	{ type: 'ollama', kind: 'ollama', path: '', model: 'nomic-embed-text' },
] as const;

let simulators: Simulators;
let gateway: Gateway;

beforeAll(async () => {
	simulators = await startSimulators({ vendors: VENDORS.map(({ kind }) => ({ name: `sim-${kind}`, kind })) });
	const providers = VENDORS.map(({ type, kind, path, model }) => ({
		name: type,
		type,
		base_url: `${simulators.url}/sim-${kind}${path}`,
		...(type === 'ollama' ? {} : { api_key: `sk-sim-${kind}` }),
		models: [model],
	}));
	gateway = await startGateway({ config: { routing: { retries: 0 }, providers } });
});

afterAll(async () => {
	await gateway.close();
	await simulators.close();
});

const common = () => ({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY });

/** The AI SDK's ways to ask for embeddings. */
const PACKAGES: { [name: string]: (model: string) => EmbeddingModel } = {
	'@ai-sdk/openai': (model) => createOpenAI(common()).embedding(model),
	'@ai-sdk/openai-compatible': (model) => createOpenAICompatible({ ...common(), name: 'relais' }).embeddingModel(model),
	'@ai-sdk/google': (model) => createGoogle({ ...common(), baseURL: `${gateway.url}/v1beta` }).embedding(model),
};

const VALUES = ['sunny day at the beach', 'rainy afternoon in the city', 'Grüße 😀'];

describe.each(VENDORS)('embeddings of $type', ({ type, model }) => {
	it.each(Object.keys(PACKAGES))('by %s', async (name) => {
		const embedder = PACKAGES[name]?.(`${type}/${model}`);
		if (embedder === undefined) throw new Error(name);
		const { embeddings, usage } = await embedMany({ model: embedder, values: VALUES, maxRetries: 0 });
		expect(new Set(embeddings.map((vector) => vector.length)).size).toBe(1);
		expect(new Set(embeddings.map((vector) => vector.join())).size).toBe(3);
		// Gemini's answers do not count, nor does its client look for it.
		if (name !== '@ai-sdk/google' && type !== 'gemini') expect(usage.tokens).toBeGreaterThan(5);
		const one = await embed({ model: embedder, value: VALUES[1] ?? '', maxRetries: 0 });
		expect(one.embedding).toEqual(embeddings[1]);
	});

	it('by LangChain', async () => {
		const embedder = new OpenAIEmbeddings({
			model: `${type}/${model}`,
			apiKey: TEST_KEY,
			maxRetries: 0,
			configuration: { baseURL: `${gateway.url}/v1` },
		});
		const vectors = await embedder.embedDocuments(VALUES);
		expect(new Set(vectors.map((vector) => vector.join())).size).toBe(3);
		const query = await embedder.embedQuery(VALUES[1] ?? '');
		expect(query).toHaveLength(vectors[1]?.length ?? 0);
		for (const [at, number] of query.entries()) expect(number).toBeCloseTo(vectors[1]?.[at] ?? 0, 5);
	});
});

describe('embeddings that cannot be', () => {
	it.each(Object.keys(PACKAGES))('are an error of %s', async (name) => {
		const embedder = PACKAGES[name]?.('openai/no-such-model');
		if (embedder === undefined) throw new Error(name);
		const error: unknown = await embed({ model: embedder, value: 'x', maxRetries: 0 }).catch((thrown: unknown) => thrown);
		expect(APICallError.isInstance(error) && error.statusCode).toBe(404);
	});
});
