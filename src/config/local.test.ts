import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DiscoverOptions, discoverLocal, type Probe, type ProbeResponse } from './local.ts';

interface Answer {
	status?: number;
	headers?: { [name: string]: string };
	body?: unknown;
}

/** A machine on which these addresses answer; all others refuse. */
function machine(answers: { [address: string]: Answer }): {
	probe: Probe;
	asked: { url: string; headers: { [name: string]: string } }[];
} {
	const asked: { url: string; headers: { [name: string]: string } }[] = [];
	const probe: Probe = async (url, { headers }): Promise<ProbeResponse> => {
		asked.push({ url, headers });
		const answer = answers[new URL(url).host];
		if (answer === undefined) throw new TypeError('fetch failed');
		const { status = 200, headers: given = {}, body } = answer;
		return {
			status,
			headers: { get: (name) => given[name] ?? null },
			text: async () => (typeof body === 'string' ? body : JSON.stringify(body)),
		};
	};
	return { probe, asked };
}

const list = (owner: string, ...ids: string[]): Answer => ({
	body: { object: 'list', data: ids.map((id) => ({ id, object: 'model', owned_by: owner })) },
});

async function discover(answers: { [address: string]: Answer }, more: Partial<DiscoverOptions> = {}) {
	const { probe, asked } = machine(answers);
	return { found: await discoverLocal({ timeoutMs: 300, probe, ...more }), asked };
}

describe('servers on this machine', () => {
	it('are all four found, with their models', async () => {
		const { found, asked } = await discover({
			'127.0.0.1:11434': list('library', 'llama3.2:latest', 'qwen3:8b'),
			'127.0.0.1:1234': list('organization_owner', 'gemma'),
			'127.0.0.1:8000': list('vllm', 'mistral-7b'),
			'127.0.0.1:8080': list('llamacpp', 'model.gguf'),
		});
		expect(
			found.map(({ name, type, baseUrl, origin, models }) => [name, type, baseUrl, origin, models.map((model) => model.id)]),
		).toEqual([
			['ollama', 'ollama', 'http://127.0.0.1:11434', 'found on 127.0.0.1:11434', ['llama3.2:latest', 'qwen3:8b']],
			['lm-studio', 'lm-studio', 'http://127.0.0.1:1234/v1', 'found on 127.0.0.1:1234', ['gemma']],
			['vllm', 'vllm', 'http://127.0.0.1:8000/v1', 'found on 127.0.0.1:8000', ['mistral-7b']],
			['llama-cpp', 'llama-cpp', 'http://127.0.0.1:8080/v1', 'found on 127.0.0.1:8080', ['model.gguf']],
		]);
		expect(asked.map(({ url }) => url)).toEqual([
			'http://127.0.0.1:11434/v1/models',
			'http://127.0.0.1:1234/v1/models',
			'http://127.0.0.1:8000/v1/models',
			'http://127.0.0.1:8080/v1/models',
		]);
	});

	it('are recognised by what they say, not by the port', async () => {
		const { found } = await discover({ '127.0.0.1:8000': list('llamacpp', 'a'), '127.0.0.1:8080': list('vllm', 'b') });
		expect(found.map(({ name, origin }) => [name, origin])).toEqual([
			['llama-cpp', 'found on 127.0.0.1:8000'],
			['vllm', 'found on 127.0.0.1:8080'],
		]);
		const byHeader = await discover({ '127.0.0.1:8080': { headers: { server: 'llama.cpp' }, body: { data: [{ id: 'm' }] } } });
		expect(byHeader.found[0]?.type).toBe('llama-cpp');
	});

	it('that stand on another’s port are spoken to at the address that answered', async () => {
		const { found } = await discover({ '127.0.0.1:11434': list('vllm', 'm'), '127.0.0.1:8000': list('library', 'n:1') });
		expect(found.map(({ type, baseUrl }) => [type, baseUrl])).toEqual([
			['vllm', 'http://127.0.0.1:11434/v1'],
			['ollama', 'http://127.0.0.1:8000/v1'],
		]);
	});

	it('get different names when two are of one kind', async () => {
		const { found } = await discover({ '127.0.0.1:8000': list('llamacpp', 'a'), '127.0.0.1:8080': list('llamacpp', 'b') });
		expect(found.map(({ name }) => name)).toEqual(['llama-cpp', 'llama-cpp-8080']);
	});

	it('of an unknown kind are taken for what they are: OpenAI-compatible', async () => {
		const { found } = await discover({ '127.0.0.1:8000': list('somebody', 'x') });
		expect(found).toMatchObject([{ name: 'local-8000', type: 'openai-compatible', baseUrl: 'http://127.0.0.1:8000/v1' }]);
	});

	it.each<[string, Answer]>([
		['a web page', { body: '<html>hello</html>' }],
		['a JSON text', { body: '"hello"' }],
		['JSON of another shape', { body: { models: [] } }],
		['a list without ids', { body: { data: [{ name: 'x' }] } }],
		['a list of texts', { body: { data: ['x'] } }],
		['a list with one row that is none', { body: { data: [{ id: 'x' }, null] } }],
		['data that is no list', { body: { data: { id: 'x' } } }],
		['no models', { body: { object: 'list', data: [] } }],
		['no models, in another way', { body: { object: 'list', data: null } }],
		['a refusal', { status: 401, body: { error: 'no key' } }],
		['a redirect', { status: 302, headers: { location: 'http://elsewhere/' } }],
		['Relais itself', { ...list('vllm', 'm'), headers: { 'x-relais-request-id': '0190' } }],
	])('are not seen in %s', async (_, answer) => {
		const { found } = await discover({ '127.0.0.1:8000': answer, '127.0.0.1:8080': answer, '127.0.0.1:11434': answer });
		expect(found).toEqual([]);
	});

	it('are not looked for with RELAIS_DISCOVER=off', async () => {
		const { found, asked } = await discover({ '127.0.0.1:11434': list('library', 'm') }, { env: { RELAIS_DISCOVER: 'off' } });
		expect([found, asked]).toEqual([[], []]);
	});

	it('are not looked for where something is configured already', async () => {
		const { asked } = await discover({}, { skipTypes: new Set(['ollama']), skipAddresses: new Set(['127.0.0.1:8000']) });
		expect(asked.map(({ url }) => new URL(url).port)).toEqual(['1234', '8080']);
	});

	it('are looked for where their variables say, and sent their key, but no cloud key', async () => {
		const { asked } = await discover({}, { env: { OLLAMA_HOST: '0.0.0.0:9999', OLLAMA_API_KEY: 'cloud', VLLM_API_KEY: 'k1' } });
		expect(asked[0]).toMatchObject({ url: 'http://127.0.0.1:9999/v1/models' });
		expect(asked.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined, 'Bearer k1', undefined]);
	});

	it('that keep silent hold nothing up, whether they stop when told to or not', async () => {
		const started = performance.now();
		const found = await discoverLocal({ timeoutMs: 30, probe: () => new Promise(() => {}) });
		expect(found).toEqual([]);
		expect(performance.now() - started).toBeLessThan(2000);
	});

	it('are found over a real socket', async () => {
		const server: Server = createServer((request, response) => {
			response.setHeader('content-type', 'application/json');
			response.end(request.url === '/v1/models' ? JSON.stringify(list('library', 'm:1').body) : '{}');
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		onTestFinished(() => void server.close());
		const { port } = server.address() as AddressInfo;
		const found = await discoverLocal({
			timeoutMs: 5000,
			env: { OLLAMA_HOST: `127.0.0.1:${port}` },
			skipTypes: new Set(['lm-studio', 'vllm', 'llama-cpp']),
		});
		expect(found).toMatchObject([
			{ name: 'ollama', origin: `found on 127.0.0.1:${port}`, models: [{ alias: 'm:1', id: 'm:1' }] },
		]);
	});
});
