import { request as send } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SURFACES } from '../../src/server/surfaces/index.ts';
import { type Gateway, startGateway, TEST_KEY } from '../support/gateway.ts';
import { completion, startUpstream, type Upstream } from '../support/upstream.ts';

const NARROW = 'rk-narrow-0123456789';

let upstream: Upstream;
let keyed: Gateway;
let open: Gateway;

beforeAll(async () => {
	upstream = await startUpstream((_request, response) =>
		response.setHeader('content-type', 'application/json').end(completion('x')),
	);
	const entry = {
		name: 'secret-vendor',
		type: 'openai-compatible',
		base_url: upstream.baseUrl,
		models: ['secret-model', 'mine'],
	};
	const providers = [entry, { ...entry, name: 'cohere-like', type: 'cohere', base_url: new URL(upstream.baseUrl).origin }];
	const routes = [{ name: 'secret-route', targets: [{ model: 'secret-vendor/secret-model' }] }];
	const keys = [
		{ name: 'test', key: TEST_KEY },
		{ name: 'narrow', key: NARROW, models: ['secret-vendor/mine'] },
	];
	keyed = await startGateway({ config: { providers, routes, keys } });
	open = await startGateway({ config: { providers, routes, auth: { mode: 'open' }, keys: [] } });
});
afterAll(async () => {
	await keyed.close();
	await open.close();
	await upstream.close();
});

interface Call {
	method: string;
	path: string;
	body?: object;
}

/** A body that every endpoint takes, as far as the model's name. */
const body = (model: string): object => ({
	...{
		model,
		name: model,
		max_tokens: 5,
		prompt: 'x',
		query: 'x',
		documents: ['a'],
		texts: ['x'],
		input: 'x',
		input_type: 'search_query',
	},
	...{ embedding_types: ['float'], messages: [{ role: 'user', content: 'x' }] },
	...{
		requests: [{ content: { parts: [{ text: 'x' }] } }],
		contents: [{ role: 'user', parts: [{ text: 'x' }] }],
		content: { parts: [{ text: 'x' }] },
	},
});
const CONVERSE = { messages: [{ role: 'user', content: [{ text: 'x' }] }] };

/** Calls of everything that is served and asks a model, for one model. */
function callsOf(model: string): Call[] {
	return SURFACES.flatMap(({ endpoints, modelEndpoints = [] }) => [
		...endpoints.map(({ path, task, dialect }): Call => {
			const { messages: _, ...rest } = { ...body(model) } as { messages?: unknown };
			return { method: 'POST', path, body: task !== undefined || dialect?.name === 'openai-completions' ? rest : body(model) };
		}),
		...modelEndpoints.flatMap(({ path, separator, verbs }) =>
			Object.keys(verbs).map((verb): Call => {
				const at = path.replace('*', encodeURIComponent(model)).replace(/:\w+/g, 'x');
				return { method: 'POST', path: at + separator + verb, body: separator === '/' ? CONVERSE : body(model) };
			}),
		),
	]);
}

const NATIVE = ['GET', 'POST', 'DELETE'].map(
	(method): Call => ({ method, path: '/secret-vendor/native/v1/x', body: { model: 'secret-model' } }),
);

/** Everything that is served off the hot path. */
const PLAIN: Call[] = [
	...SURFACES.flatMap(({ routes = [] }) =>
		routes.map(
			({ method, path }): Call => ({
				method,
				path: path.replace('*', 'secret-model').replace(/:\w+/g, 'x'),
				...(method === 'POST' && { body: { model: 'secret-model' } }),
			}),
		),
	),
	...['/v1/models', '/v1/models/secret-model', '/api/v1/capabilities', '/api/v1/capabilities?all=true'].map((path) => ({
		method: 'GET',
		path,
	})),
];

async function ask(gateway: Gateway, { method, path, body }: Call, headers: object): Promise<{ status: number; text: string }> {
	const { hostname, port } = new URL(gateway.url);
	const payload = body === undefined || method === 'GET' ? undefined : JSON.stringify(body);
	const length = payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) };
	return new Promise((resolve, reject) => {
		const call = send(
			{ hostname, port, path, method, headers: { 'content-type': 'application/json', ...length, ...headers } },
			(response) => {
				const pieces: Buffer[] = [];
				response.on('data', (piece: Buffer) => pieces.push(piece));
				response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString() }));
			},
		);
		call.on('error', reject);
		call.end(payload);
	});
}

const named = (calls: Call[]): [string, Call][] => calls.map((call) => [`${call.method} ${call.path}`, call]);

describe('a key that may not use a model', () => {
	const headers = { authorization: `Bearer ${NARROW}` };

	it.each(named([...callsOf('secret-model'), ...callsOf('secret-vendor/secret-model'), ...callsOf('secret-route'), ...NATIVE]))(
		'does not reach it: %s',
		async (_name, call) => {
			const before = upstream.requests.length;
			const { status, text } = await ask(keyed, call, headers);
			expect([403, 404]).toContain(status);
			expect(text).toMatch(/may not use|no model|not found|no provider/i);
			expect(upstream.requests.length).toBe(before);
		},
	);

	it.each(named(PLAIN))('is told nothing of it: %s', async (_name, call) => {
		const { text } = await ask(keyed, call, headers);
		expect(text.replaceAll('\\"secret-model\\"', '')).not.toMatch(/secret-(model|route)/);
	});

	it.each(['secret-modle', 'secret-rout', 'secret-vendor'])('is not told of it as what "%s" may have meant', async (model) => {
		const { status, text } = await ask(keyed, { method: 'POST', path: '/v1/chat/completions', body: body(model) }, headers);
		expect(status).toBe(404);
		expect(text.replaceAll(`\\"${model}\\"`, '')).not.toMatch(/secret-(model|route)/);
		const row = await ask(keyed, { method: 'GET', path: `/v1/models/${model}` }, headers);
		expect(row.text.replaceAll(`\\"${model}\\"`, '')).not.toMatch(/secret-(model|route)/);
	});

	it('is told of what it may use', async () => {
		const { text } = await ask(keyed, { method: 'POST', path: '/v1/chat/completions', body: body('mein') }, headers);
		expect(text).toContain('mine');
	});
});

describe('without keys, a page of another site', () => {
	const foreign = [
		['names itself', { origin: 'https://evil.example' }],
		['is named by the browser', { 'sec-fetch-site': 'cross-site' }],
		['is of the same machine', { 'sec-fetch-site': 'same-site' }],
		['has bound its name to this machine', { host: 'evil.example:4242' }],
	] as const;

	describe.each(foreign)('that %s', (_how, headers) => {
		it.each(named([...callsOf('secret-model'), ...NATIVE, ...PLAIN]))('is refused: %s', async (_name, call) => {
			const before = upstream.requests.length;
			const { status, text } = await ask(open, call, headers);
			expect(status).toBe(403);
			expect(text).toContain('not web pages of other sites');
			expect(upstream.requests.length).toBe(before);
		});
	});
});

describe('without a key where keys are asked for', () => {
	it.each(named([...callsOf('secret-model'), ...NATIVE, ...PLAIN]))('nothing is served: %s', async (_name, call) => {
		expect((await ask(keyed, call, {})).status).toBe(401);
	});

	it.each(named([...callsOf('secret-model'), ...PLAIN]))(
		'one in the query counts where the surface says so alone: %s',
		async (_name, call) => {
			const path = `${call.path}${call.path.includes('?') ? '&' : '?'}key=${TEST_KEY}`;
			const { status } = await ask(keyed, { ...call, path }, {});
			const takes = SURFACES.some(
				({ keyParameter, territory }) => keyParameter !== undefined && territory?.test(call.path) === true,
			);
			expect(status === 401).toBe(!takes);
		},
	);
});
