import { describe, expect, it } from 'vitest';
import { stage } from './support.ts';

const scene = stage({ vendors: [{ name: 'sim-replicate', kind: 'replicate' }] });
const PATH = '/models/meta/meta-llama-3-70b-instruct/predictions';
const input = { prompt: 'Hello', system_prompt: 'Be brief.' };

interface Prediction {
	status: string;
	output: string[] | null;
	metrics?: { output_token_count: number };
	urls: { get: string; stream: string; cancel: string };
}

async function create(headers: { [name: string]: string } = {}): Promise<Prediction> {
	const response = await scene.post('sim-replicate', PATH, { input }, headers);
	expect(response.status).toBe(201);
	return (await response.json()) as Prediction;
}

const call = async (url: string, method = 'GET') =>
	fetch(url, { method, headers: { authorization: `Bearer ${scene.vendor('sim-replicate').apiKey}` } });

describe('the simulated Replicate', () => {
	it('holds the answer until it is there, where asked to', async () => {
		const { status, output, metrics } = await create({ prefer: 'wait' });
		expect(status).toBe('succeeded');
		expect(output?.join('')).toContain('you said «Hello». My instructions: «Be brief.»');
		expect(metrics?.output_token_count).toBeGreaterThan(0);
	});

	it('lets the answer be fetched, streamed, cancelled', async () => {
		const begun = await create();
		expect([begun.status, begun.output]).toEqual(['starting', null]);
		const fetched = (await (await call(begun.urls.get)).json()) as Prediction;
		expect(fetched.status).toBe('succeeded');
		const text = await (await call(begun.urls.stream)).text();
		const pieces = [...text.matchAll(/^event: output\nid: \S+\ndata: (.*)$/gm)].map(([, piece]) => piece);
		expect(pieces.join('')).toBe(fetched.output?.join(''));
		expect(text).toMatch(/event: done\nid: \S+\ndata: \{\}\n\n$/);
		const other = await create();
		expect(((await (await call(other.urls.cancel, 'POST')).json()) as Prediction).status).toBe('canceled');
	});

	it.each([
		['an unknown field', PATH, { input, provider: 'x' }, 422, '- Additional property provider is not allowed\n'],
		[
			'an input it does not know',
			PATH,
			{ input: { ...input, foo: 1 } },
			422,
			'- input: Additional property foo is not allowed\n',
		],
		['no prompt', PATH, { input: {} }, 422, '- input: prompt is required\n'],
		['an unknown model', '/models/nobody/nothing/predictions', { input }, 404, 'The requested resource could not be found.'],
	])('refuses %s', async (_what, path, body, status, detail) => {
		const response = await scene.post('sim-replicate', path, body);
		expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
		expect(await response.json()).toMatchObject({ detail, status });
	});

	it('tells whose the token is', async () => {
		const { baseUrl } = scene.vendor('sim-replicate');
		expect(await (await call(`${baseUrl}/account`)).json()).toMatchObject({ type: 'organization' });
		expect((await fetch(`${baseUrl}/account`)).status).toBe(401);
	});

	it('refuses calls without the token', async () => {
		expect((await scene.post('sim-replicate', PATH, { input }, { authorization: 'Bearer wrong' })).status).toBe(401);
	});
});
