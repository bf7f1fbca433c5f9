import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CapabilityTable } from '../../src/engine/index.ts';
import { type Simulators, startSimulators } from '../../src/simulators/index.ts';
import { type Gateway, startGateway, TEST_KEY } from '../support/gateway.ts';

let simulators: Simulators;
let gateway: Gateway;
const NARROW_KEY = 'rk-test-narrow-0123456789';

beforeAll(async () => {
	simulators = await startSimulators();
	const base = (vendor: string) => `${simulators.url}/${vendor}/v1`;
	gateway = await startGateway({
		config: {
			keys: [
				{ name: 'test', key: TEST_KEY },
				{ name: 'narrow', key: NARROW_KEY, models: ['openai/gpt-4o', 'local/*'] },
			],
			providers: [
				{ name: 'openai', type: 'openai', base_url: base('sim-openai'), api_key: 'sk-sim-openai' },
				{ name: 'claude', type: 'anthropic', models: [{ name: 'fast', id: 'claude-haiku-4-5' }], api_key: 'sk-x-0123456789' },
				{ name: 'local', type: 'openai-compatible', base_url: base('sim-local') },
			],
		},
	});
	await gateway.relais.discoverModels();
});
afterAll(async () => {
	await gateway.close();
	await simulators.close();
});

async function ask(
	query = '',
	key: string | undefined = TEST_KEY,
	method = 'GET',
): Promise<{ status: number; body: Answer; reply: Response }> {
	const headers: { [name: string]: string } = key === undefined ? {} : { authorization: `Bearer ${key}` };
	const reply = await fetch(`${gateway.url}/api/v1/capabilities${query}`, { method, headers });
	return { status: reply.status, body: (await reply.json()) as Answer, reply };
}

type Answer = CapabilityTable & { error: { code: string; message: string; param: string | null; requestId: string } };

const names = ({ providers }: CapabilityTable): string[] => providers.map(({ name }) => name);
const models = ({ providers }: CapabilityTable): string[] =>
	providers.flatMap(({ name, models: rows }) => rows.map(({ id }) => `${name}/${id}`));

describe('the capability table', () => {
	it('tells of each configured provider its dialects, endpoints and models, prices and windows included', async () => {
		const { status, body } = await ask();
		expect(status).toBe(200);
		expect(body.asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
		expect(names(body)).toEqual(['openai', 'claude', 'local']);
		const [openai, claude, local] = body.providers;
		expect(openai).toMatchObject({ type: 'openai', kind: 'public-cloud', configured: true, status: null });
		expect(openai?.dialects).toEqual(['openai-chat', 'openai-responses']);
		expect(openai?.endpoints).toMatchObject({ chat: true, streaming: true, models: true });
		expect(openai?.keyVariables).toContain('OPENAI_API_KEY');
		const model = openai?.models.find(({ id }) => id === 'gpt-4o');
		expect(model).toMatchObject({
			mode: 'chat',
			capabilities: { chat: true, tools: true, vision: true, jsonSchema: true, embeddings: false },
			contextWindow: 128_000,
			price: { input: 2.5, output: 10 },
		});
		expect(openai?.models.find(({ mode }) => mode === 'embedding')?.capabilities).toMatchObject({
			embeddings: true,
			chat: false,
		});
		expect(openai?.models.some(({ deprecated, shutdownDate }) => deprecated && shutdownDate !== null)).toBe(true);
		expect(claude?.models).toMatchObject([
			{ id: 'claude-haiku-4-5', aliases: ['fast'], dialects: ['anthropic-messages'], listed: null },
		]);
		expect(local).toMatchObject({ kind: 'compatible', title: 'OpenAI-compatible server' });
		expect(local?.models.length).toBeGreaterThan(0);
	});

	it('marks what the provider itself lists and no longer lists, and drops neither', async () => {
		await gateway.relais.discoverModels('all');
		const { body } = await ask('?provider=openai');
		const listed = new Set(body.providers[0]?.models.map((model) => model.listed));
		expect(listed).toEqual(new Set([true, false]));
		expect((await ask('?provider=local')).body.providers[0]?.models.every((model) => model.listed === true)).toBe(true);
	});

	it('holds every type that could be configured, when asked', async () => {
		const { body } = await ask('?all=true');
		const types = body.providers.filter(({ configured }) => !configured);
		expect(types.length).toBeGreaterThan(40);
		expect(types.find(({ type }) => type === 'mistral')).toMatchObject({ name: 'mistral', dialects: ['openai-chat'] });
		expect(types.find(({ type }) => type === 'aws-bedrock')?.models.length).toBeGreaterThan(10);
	});

	it('leaves out what a filter does not want', async () => {
		expect(models((await ask('?model=gpt-4o')).body)).toEqual(expect.arrayContaining(['openai/gpt-4o']));
		expect(models((await ask('?model=CLAUDE/FA*')).body)).toEqual(['claude/claude-haiku-4-5']);
		expect(models((await ask('?model=no-such-model')).body)).toEqual([]);
		expect(names((await ask('?provider=anthropic')).body)).toEqual(['claude']);
		const both = (await ask('?capability=vision&capability=json-schema,tools&provider=openai')).body.providers[0]?.models ?? [];
		expect(both.length).toBeGreaterThan(3);
		expect(both.every(({ capabilities: can }) => can.vision === true && can.jsonSchema === true && can.tools === true)).toBe(
			true,
		);
		const embeddings = (await ask('?capability=embeddings&all=1')).body.providers.flatMap((row) => row.models);
		expect(new Set(embeddings.map(({ mode }) => mode))).toEqual(new Set(['embedding']));
	});

	it('shows a key only the models it may use', async () => {
		const { body } = await ask('', NARROW_KEY);
		expect(names(body)).toEqual(['openai', 'local']);
		expect(body.providers[0]?.models.map(({ id }) => id)).toEqual(['gpt-4o']);
		expect((await ask('?all=true', NARROW_KEY)).body.providers.length).toBeGreaterThan(40);
	});

	it('holds no address and no key', async () => {
		const { body } = await ask('?all=true');
		expect(JSON.stringify(body)).not.toMatch(/sk-sim|sk-x|127\.0\.0\.1/);
	});
});

describe('the model list', () => {
	it('tells kinds of models apart, and what the provider lists no longer or will switch off', async () => {
		await gateway.relais.discoverModels('all');
		const reply = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${TEST_KEY}` } });
		const { data } = (await reply.json()) as {
			data: { id: string; relais: { mode: string; listed?: boolean; shutdown_date?: string } }[];
		};
		const row = (id: string) => data.find((model) => model.id === id)?.relais;
		expect(row('gpt-4o')).toMatchObject({ mode: 'chat', providers: ['openai'], route: false });
		expect(row('text-embedding-3-small')).toMatchObject({ mode: 'embedding' });
		expect(data.some(({ relais }) => relais.listed === false)).toBe(true);
		expect(data.some(({ relais }) => /^\d{4}-\d\d-\d\d$/.test(relais.shutdown_date ?? ''))).toBe(true);
	});
});

describe('a request for it that cannot be answered', () => {
	it.each([
		['?capability=flying', 'capability', /no capability "flying".*tools/],
		['?provider=opnai', 'provider', /no provider named "opnai".*"openai"/],
		['?modle=x', 'modle', /not known.*"model"/],
		['?all=perhaps', 'all', /true or false/],
		['?model=a&model=b', 'model', /once/],
		['?model=', 'model', /empty/],
		['?capability=tools,,vision', 'capability', /empty/],
		[`?model=${'x'.repeat(600)}`, 'model', /longer than 500/],
	])('%s is refused with the parameter and the cure', async (query, param, message) => {
		const { status, body, reply } = await ask(query);
		expect(status).toBe(400);
		expect(body.error).toMatchObject({ code: 'invalid_request', param });
		expect(body.error.message).toMatch(message);
		expect(reply.headers.get('x-relais-request-id')).toBe(body.error.requestId);
	});

	it('needs a key', async () => {
		expect(await ask('', '')).toMatchObject({ status: 401, body: { error: { code: 'unauthorized', param: null } } });
		expect(await ask('', 'rk-wrong')).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } });
	});

	it('takes GET, and says so', async () => {
		const { status, body, reply } = await ask('', TEST_KEY, 'POST');
		expect(status).toBe(405);
		expect(body.error).toMatchObject({ code: 'method_not_allowed' });
		expect(reply.headers.get('allow')).toBe('GET');
		const other = await fetch(`${gateway.url}/api/v1/capability`);
		expect(other.status).toBe(404);
		expect(await other.json()).toMatchObject({
			error: { code: 'not_found', message: expect.stringContaining('GET /api/v1/capabilities') },
		});
	});
});
