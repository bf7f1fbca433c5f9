import { describe, expect, it } from 'vitest';
import { errorOf, stage } from './support.ts';

const scene = stage({
	vendors: [
		{ name: 'sim-openai', kind: 'openai' },
		{ name: 'sim-jina', kind: 'jina' },
		{ name: 'sim-voyage', kind: 'voyage' },
	],
});
const MODEL = 'text-embedding-3-small';

describe("OpenAI's client for vectors, completions and moderation", () => {
	it('gets vectors, of the size it wants, the same as floats and as base64', async () => {
		const small = await scene.openai().embeddings.create({ model: MODEL, input: ['a', 'b'], dimensions: 256 });
		expect(small.data.map((one) => one.embedding.length)).toEqual([256, 256]);
		const floats = await scene.openai().embeddings.create({ model: MODEL, input: 'a', encoding_format: 'float' });
		expect(floats.data[0]?.embedding).toHaveLength(1536);
		expect(floats.usage).toEqual({ prompt_tokens: 1, total_tokens: 1 });
		const response = await scene.post('sim-openai', '/embeddings', { model: MODEL, input: 'a', encoding_format: 'base64' });
		const { data } = (await response.json()) as { data: { embedding: string }[] };
		const bytes = Buffer.from(data[0]?.embedding ?? '', 'base64');
		expect(bytes.readFloatLE(0)).toBeCloseTo(floats.data[0]?.embedding[0] ?? 0, 6);
		expect(bytes).toHaveLength(1536 * 4);
	});

	it('takes tokens in place of texts', async () => {
		const one = await scene.openai().embeddings.create({ model: MODEL, input: [1, 2, 3] });
		expect([one.data.length, one.usage.total_tokens]).toEqual([1, 3]);
		const two = await scene.openai().embeddings.create({ model: MODEL, input: [[1, 2], [3]] });
		expect([two.data.length, two.usage.total_tokens]).toEqual([2, 3]);
	});

	it.each([
		['more than 2048 inputs', { model: MODEL, input: Array.from({ length: 2049 }, () => 'a') }, 400, /maximum length 2048/],
		['an empty input', { model: MODEL, input: ['a', ''] }, 400, /cannot be an empty string/],
		['a size below 1', { model: MODEL, input: 'a', dimensions: -1 }, 400, /^-1 is less than the minimum of 1 - 'dimensions'$/],
		['a size above the model’s', { model: MODEL, input: 'a', dimensions: 5000 }, 400, /less than or equal to 1536/],
		[
			'a size where it is fixed',
			{ model: 'text-embedding-ada-002', input: 'a', dimensions: 5 },
			400,
			/does not support specifying dimensions/,
		],
		['an input that is too long', { model: MODEL, input: 'a '.repeat(20_000) }, 400, /maximum context length is 8192 tokens/],
		['a model of text', { model: 'gpt-4o', input: 'a' }, 403, /not allowed to generate embeddings/],
		['an unknown model', { model: 'nobody', input: 'a' }, 404, /does not exist/],
		['an unknown field', { model: MODEL, input: 'a', task: 'x' }, 400, /Unrecognized request argument supplied: task/],
	])('is refused %s', async (_what, body, status, message) => {
		const response = await scene.post('sim-openai', '/embeddings', body);
		expect(response.status).toBe(status);
		expect((await errorOf(response)).message).toMatch(message);
	});

	it('completes prompts, streamed or not', async () => {
		const model = 'gpt-3.5-turbo-instruct';
		const answer = await scene.openai().completions.create({ model, prompt: ['Hello', 'There'], max_tokens: 100, n: 2 });
		expect(answer.choices.map((choice) => choice.index)).toEqual([0, 1, 2, 3]);
		expect(answer.choices[2]?.text).toContain('you said «There»');
		const short = await scene.openai().completions.create({ model, prompt: 'Hello' });
		expect([short.choices[0]?.finish_reason, short.usage?.completion_tokens]).toEqual(['length', 16]);
		let text = '';
		for await (const chunk of await scene
			.openai()
			.completions.create({ model, prompt: 'Hello', max_tokens: 100, stream: true })) {
			text += chunk.choices[0]?.text ?? '';
		}
		expect(text).toBe(answer.choices[0]?.text);
		const wrong = await scene.post('sim-openai', '/completions', { model: 'gpt-4o', prompt: 'a' });
		expect((await errorOf(wrong)).message).toContain('not supported in the v1/completions endpoint');
	});

	it('has texts and images moderated', async () => {
		const { results } = await scene.openai().moderations.create({ input: ['Hello', 'I will kill you'] });
		expect(results.map((result) => [result.flagged, result.categories.violence])).toEqual([
			[false, false],
			[true, true],
		]);
		const image = { type: 'image_url' as const, image_url: { url: 'https://example.com/a.png' } };
		const mixed = await scene
			.openai()
			.moderations.create({ model: 'omni-moderation-latest', input: [{ type: 'text', text: 'Hello' }, image] });
		expect(mixed.results[0]?.category_applied_input_types.violence).toEqual(['text', 'image']);
	});
});

describe('vendors of vectors and rankings', () => {
	const documents = ['Bread.', 'Paris is the capital of France.'];
	const post = async (name: string, path: string, body: object) => {
		const response = await scene.post(name, path, body);
		return [response.status, await response.json()] as const;
	};

	it('Voyage makes vectors and ranks with top_k, in data', async () => {
		const [, made] = await post('sim-voyage', '/embeddings', {
			model: 'voyage-3.5',
			input: ['a'],
			input_type: 'query',
			output_dimension: 256,
			output_dtype: 'int8',
		});
		expect(made).toMatchObject({ object: 'list', data: [{ object: 'embedding', index: 0 }], usage: { total_tokens: 1 } });
		const [, ranking] = await post('sim-voyage', '/rerank', {
			model: 'rerank-2.5',
			query: 'capital of France',
			documents,
			top_k: 1,
		});
		expect(ranking).toMatchObject({ data: [{ index: 1, relevance_score: expect.any(Number) }] });
	});

	it('Jina makes vectors and ranks with top_n, in results', async () => {
		const [, made] = await post('sim-jina', '/embeddings', {
			model: 'jina-embeddings-v3',
			input: [{ text: 'a' }],
			task: 'retrieval.query',
			dimensions: 256,
		});
		expect(made).toMatchObject({ data: [{ index: 0 }] });
		const [, ranking] = await post('sim-jina', '/rerank', {
			model: 'jina-reranker-v3',
			query: 'capital of France',
			documents,
			top_n: 1,
		});
		expect(ranking).toMatchObject({ results: [{ index: 1, document: { text: documents[1] } }] });
	});

	it.each([
		[
			'sim-voyage',
			'/rerank',
			{ model: 'rerank-2.5', query: 'a', documents, top_n: 1 },
			400,
			"Argument 'top_n' is not supported by our API",
		],
		[
			'sim-voyage',
			'/embeddings',
			{ model: 'voyage-3.5', input: 'a', dimensions: 5 },
			400,
			"Argument 'dimensions' is not supported by our API",
		],
		[
			'sim-voyage',
			'/embeddings',
			{ model: 'voyage-law-2', input: 'a', output_dimension: 256 },
			400,
			'Model voyage-law-2 does not make vectors of size 256; it makes 1024.',
		],
		[
			'sim-jina',
			'/rerank',
			{ model: 'jina-reranker-v3', query: 'a', documents, top_k: 1 },
			422,
			"Argument 'top_k' is not supported by our API",
		],
		[
			'sim-jina',
			'/embeddings',
			{ model: 'jina-reranker-v3', input: 'a' },
			422,
			expect.stringMatching(/^Model jina-reranker-v3 is not supported\./),
		],
	])('%s%s refuses %j', async (name, path, body, status, detail) => {
		expect(await post(name, path, body)).toEqual([status, { detail }]);
	});
});
