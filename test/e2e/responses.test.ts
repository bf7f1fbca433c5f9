import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_VENDORS, type Simulators, type SimulatorVendor, startSimulators } from '../../src/simulators/index.ts';
import { type Gateway, startGateway, TEST_KEY } from '../support/gateway.ts';

const OTHER_KEY = 'rk-other-0123456789abcdef';

/** One model of each vendor: chat completions, messages, Gemini, an open-weight server, and the API itself. */
const MODELS = [
	'chat/gpt-4o',
	'anthropic/claude-haiku-4-5',
	'gemini/gemini-2.0-flash',
	'local/gemma-3-27b',
	'native/gpt-4o',
	'native/gpt-6-luna',
] as const;
const [CHAT, CLAUDE, , , NATIVE, THINKER] = MODELS;

let simulators: Simulators;
let folder = '';
let gateways: Gateway[] = [];

beforeAll(async () => {
	const vendors: SimulatorVendor[] = [
		...DEMO_VENDORS,
		{ name: 'sim-gemini', kind: 'gemini' },
		{ name: 'sim-native', kind: 'openai' },
	];
	simulators = await startSimulators({ seed: 'responses', vendors });
});
afterAll(() => simulators.close());

afterEach(async () => {
	await Promise.all(gateways.map((gateway) => gateway.close()));
	gateways = [];
	rmSync(folder, { recursive: true, force: true });
	folder = '';
});

function provider(name: string, type: string, simulator: string, path: string, models: string[]): object {
	const base = { name, type, base_url: `${simulators.url}/${simulator}${path}`, models };
	return simulator === 'sim-local' ? base : { ...base, api_key: `sk-${simulator}` };
}

/** Starts Relais on the test's data folder; a second time is a restart, or a second process beside the first. */
async function start(more: { plugins?: string[]; providers?: object[] } = {}): Promise<Gateway> {
	if (folder === '') folder = mkdtempSync(join(tmpdir(), 'relais-responses-'));
	const providers = [
		provider('chat', 'openai-compatible', 'sim-openai', '/v1', ['gpt-4o']),
		provider('anthropic', 'anthropic', 'sim-anthropic', '', ['claude-haiku-4-5', 'claude-sonnet-4-5']),
		provider('gemini', 'gemini', 'sim-gemini', '/v1beta', ['gemini-2.0-flash', 'gemini-2.5-flash']),
		provider('local', 'openai-compatible', 'sim-local', '/v1', ['gemma-3-27b']),
		provider('second', 'openai-responses-compatible', 'sim-openai', '/v1', ['gpt-6-luna']),
		provider('native', 'openai-responses-compatible', 'sim-native', '/v1', ['gpt-4o', 'gpt-6-luna']),
	];
	const keys = [
		{ name: 'test', key: TEST_KEY },
		{ name: 'other', key: OTHER_KEY },
	];
	const all = [...providers, ...(more.providers ?? [])];
	const config = { data_dir: folder, keys, routing: { retries: 0 }, plugins: more.plugins ?? [], providers: all };
	const gateway = await startGateway({ config });
	gateways.push(gateway);
	return gateway;
}

function client({ url }: Gateway, apiKey = TEST_KEY): OpenAI {
	return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
}

const WEATHER = {
	type: 'function',
	name: 'get_weather',
	description: 'The weather of a city.',
	parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
	strict: true,
} as const;

async function failure(promise: PromiseLike<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof OpenAI.APIError) return error;
		throw error;
	}
	throw new Error('it did not fail');
}

/** Answers every call of a response, as a client with nothing but its id does. */
function results(response: OpenAI.Responses.Response): OpenAI.Responses.ResponseInputItem[] {
	const calls = response.output.filter((item) => item.type === 'function_call');
	expect(calls.length).toBeGreaterThan(0);
	return calls.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'sunny' }));
}

describe.each(MODELS)('an answer of %s', (model) => {
	it('is made, read again, listed, and deleted', async () => {
		const openai = client(await start());
		const made = await openai.responses.create({ model, input: 'Hello', instructions: 'Be brief.', metadata: { a: 'b' } });
		expect(made.output_text).toContain('«Hello»');
		expect(made).toMatchObject({
			object: 'response',
			status: 'completed',
			store: true,
			instructions: 'Be brief.',
			metadata: { a: 'b' },
		});
		const { output_text: _, ...plain } = made;
		expect(await openai.responses.retrieve(made.id)).toMatchObject(JSON.parse(JSON.stringify(plain)) as object);
		const items = await openai.responses.inputItems.list(made.id);
		expect(items.data).toMatchObject([{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] }]);
		await openai.responses.delete(made.id);
		const gone = await failure(openai.responses.retrieve(made.id));
		expect(gone).toMatchObject({ status: 404 });
		expect(gone.message).toContain(`Response with id '${made.id}' not found.`);
		expect(await failure(openai.responses.delete(made.id))).toMatchObject({ status: 404 });
	});

	it('is streamed in events the helper understands, and kept under the id it showed', async () => {
		const openai = client(await start());
		const types: string[] = [];
		const stream = openai.responses.stream({ model, input: 'Hello' });
		stream.on('event', (event) => types.push(event.type));
		const final = await stream.finalResponse();
		expect(final.output_text).toContain('«Hello»');
		expect(types.slice(0, 2)).toEqual(['response.created', 'response.in_progress']);
		expect(types).toContain('response.output_text.delta');
		expect(types.at(-1)).toBe('response.completed');
		expect((await openai.responses.retrieve(final.id)).output).toEqual(JSON.parse(JSON.stringify(final.output.map(bare))));
	});

	it.each([false, true])('goes on by its id over three turns with tools (streamed: %s)', async (stream) => {
		const openai = client(await start());
		const ask = async (body: { input: string | OpenAI.Responses.ResponseInputItem[]; previous_response_id?: string }) => {
			const full = { ...body, model, tools: [WEATHER] };
			return stream ? openai.responses.stream(full).finalResponse() : openai.responses.create(full);
		};
		const first = await ask({ input: 'My name is Ada.' });
		const second = await ask({ input: 'What is the weather in Paris and Rome?', previous_response_id: first.id });
		expect(second.previous_response_id).toBe(first.id);
		const third = await ask({ input: results(second), previous_response_id: second.id });
		expect(third.output_text).toContain('get_weather returned «sunny»');
		expect(third.usage?.input_tokens).toBeGreaterThan(second.usage?.input_tokens ?? 0);
		expect(second.usage?.input_tokens).toBeGreaterThan(first.usage?.input_tokens ?? 0);
		const items = await openai.responses.inputItems.list(third.id, { order: 'asc', limit: 100 });
		const kinds = items.data.map(({ type }) => type).filter((type) => type !== 'reasoning');
		const calls = second.output.filter(({ type }) => type === 'function_call').map(() => 'function_call');
		const texts = second.output.filter(({ type }) => type === 'message').map(() => 'message');
		expect(kinds).toEqual(['message', 'message', 'message', ...texts, ...calls, ...calls.map(() => 'function_call_output')]);
	});
});

/** An item without what the helper adds to it. */
function bare(item: OpenAI.Responses.ResponseOutputItem): object {
	if (item.type === 'function_call') return { ...item, parsed_arguments: undefined };
	if (item.type !== 'message') return item;
	return { ...item, content: item.content.map((part) => ({ ...part, parsed: undefined })) };
}

describe('a conversation by ids', () => {
	it('goes from vendor to vendor at every turn, reasoning and tools included', async () => {
		const openai = client(await start());
		let previous: string | null = null;
		// All but the vendor of chat completions that would have to be told apart from others of its kind by its type.
		const route: string[] = [
			THINKER,
			'anthropic/claude-sonnet-4-5',
			'gemini/gemini-2.5-flash',
			...MODELS.slice(1),
			'second/gpt-6-luna',
			THINKER,
		];
		for (const model of route) {
			const common = { model, tools: [WEATHER] };
			const asked: OpenAI.Responses.Response = await openai.responses.create({
				...common,
				input: `What is the weather in Paris? Ask ${model}.`,
				previous_response_id: previous,
			});
			const told = await openai.responses.create({ ...common, input: results(asked), previous_response_id: asked.id });
			expect(told.output_text).toContain('get_weather returned «sunny»');
			previous = told.id;
		}
		const ids: string[] = [];
		for await (const item of openai.responses.inputItems.list(previous ?? '', { limit: 7 })) ids.push(item.id);
		expect(ids.length).toBeGreaterThan(route.length * 4);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it('goes on after a restart, and in a second process on the same folder', async () => {
		const first = await start();
		const made = await client(first).responses.create({ model: CLAUDE, input: 'My name is Ada.' });
		const beside = await start();
		const second = await client(beside).responses.create({ model: CHAT, input: 'And?', previous_response_id: made.id });
		await first.stop(0);
		await beside.stop(0);
		const again = client(await start());
		const third = await again.responses.create({
			model: 'gemini/gemini-2.0-flash',
			input: 'So?',
			previous_response_id: second.id,
		});
		expect(third.output_text).toContain('«So?»');
		const items = await again.responses.inputItems.list(third.id, { order: 'asc' });
		expect(items.data).toHaveLength(5);
	});

	it('keeps its thoughts for the vendor that can read them', async () => {
		const openai = client(await start());
		const first = await openai.responses.create({ model: THINKER, input: 'Think.' });
		expect(first.output[0]).toMatchObject({ type: 'reasoning', encrypted_content: expect.any(String) });
		await openai.responses.create({ model: THINKER, input: 'Go on.', previous_response_id: first.id });
		const [, latest] = simulators
			.bill()
			.filter(({ vendor }) => vendor === 'sim-native')
			.slice(-2);
		expect(latest?.status).toBe(200);
	});

	it.each(['kept', 'sent'])('goes to another account, which cannot read its thoughts (history %s)', async (how) => {
		const openai = client(await start());
		const question = { role: 'user' as const, content: 'What is the weather in Paris?' };
		const common = { tools: [WEATHER], reasoning: { effort: 'high' as const } };
		const first = await openai.responses.create({ ...common, model: THINKER, input: [question] });
		const sent = [question, ...(first.output as OpenAI.Responses.ResponseInputItem[]), ...results(first)];
		const history = how === 'kept' ? { previous_response_id: first.id, input: results(first) } : { input: sent };
		const { data, response } = await openai.responses
			.create({ ...common, model: 'second/gpt-6-luna', ...history })
			.withResponse();
		expect(data.output_text).toContain('get_weather returned «sunny»');
		expect(response.headers.get('x-relais-warnings')).toContain('Reasoning of an earlier answer was left out');
		expect(response.headers.get('x-relais-attempts')).toBe('1');
	});

	it('does not carry instructions over', async () => {
		const openai = client(await start());
		const first = await openai.responses.create({ model: CHAT, input: 'Hello', instructions: 'Be brief.' });
		const second = await openai.responses.create({ model: CHAT, input: 'Hello', previous_response_id: first.id });
		expect(first.output_text).toContain('«Be brief.»');
		expect(second.output_text).not.toContain('«Be brief.»');
	});

	it('branches, many at once', async () => {
		const openai = client(await start());
		const root = await openai.responses.create({ model: CLAUDE, input: 'Root' });
		const branches = Array.from({ length: 20 }, async (_, at) => {
			const model = MODELS[at % MODELS.length] ?? CHAT;
			const first = await openai.responses.create({ model, input: `Branch ${at}`, previous_response_id: root.id });
			const items = await openai.responses.inputItems.list(first.id, { order: 'asc' });
			return JSON.stringify(items.data.at(-1)).includes(`Branch ${at}`) && items.data.length === 3;
		});
		expect(await Promise.all(branches)).not.toContain(false);
	});

	it.each(MODELS)('whose items are only referred to is made whole (%s)', async (model) => {
		const openai = client(await start());
		const question = { role: 'user' as const, content: 'What is the weather in Paris?' };
		const first = await openai.responses.create({ model, tools: [WEATHER], input: [question] });
		const references = first.output.map(({ id }) => ({ type: 'item_reference' as const, id: id ?? '' }));
		const input = [question, ...references, ...results(first)];
		const second = await openai.responses.create({ model, tools: [WEATHER], input });
		expect(second.output_text).toContain('get_weather returned «sunny»');
		const elsewhere = model === CLAUDE ? 'gemini/gemini-2.0-flash' : CLAUDE;
		const third = await openai.responses.create({ model: elsewhere, tools: [WEATHER], input });
		expect(third.output_text).toContain('get_weather returned «sunny»');
	});

	it('that is cut by a limit goes on too', async () => {
		const openai = client(await start());
		const cut = await openai.responses.create({ model: CLAUDE, input: 'Write 300 words.', max_output_tokens: 20 });
		expect(cut).toMatchObject({
			status: 'incomplete',
			incomplete_details: { reason: 'max_output_tokens' },
			max_output_tokens: 20,
		});
		const next = await openai.responses.create({ model: CLAUDE, input: 'Go on.', previous_response_id: cut.id });
		expect(next.output_text).toContain('«Go on.»');
		const body = { model: CLAUDE, input: 'Write 300 words.', max_output_tokens: 20, previous_response_id: next.id };
		const streamed = await openai.responses.stream(body).finalResponse();
		expect((await openai.responses.retrieve(streamed.id)).status).toBe('incomplete');
	});

	it('that a stream was cut short of is not kept', async () => {
		const gateway = await start();
		const openai = client(gateway);
		const stream = await openai.responses.create({ model: `${CLAUDE}#cut`, input: 'Write 300 words.', stream: true });
		let id = '';
		const read = async (): Promise<void> => {
			for await (const event of stream) if (event.type === 'response.created') id = event.response.id;
		};
		await failure(read());
		expect(id).not.toBe('');
		expect(await failure(openai.responses.retrieve(id))).toMatchObject({ status: 404 });
	});
});

/** A provider that is no wire: it answers with the number of messages it was told. */
const COUNTING_MODULE = `
const said = (request) => 'I was told ' + request.messages.length + ' messages.';
const make = (settings) => ({
	name: settings.name, type: settings.type, capabilities: () => ({}), listModels: async () => [],
	isHealthy: async () => ({ healthy: true, latencyMs: 0 }),
	chat: async (request) => ({ candidates: [{ index: 0, content: [{ type: 'text', text: said(request) }], stop: { kind: 'stop' } }] }),
	async *chatStream(request) {
		yield { type: 'start' };
		yield { type: 'block-start', block: 0, candidate: 0, content: { type: 'text', text: '' } };
		yield { type: 'text-delta', block: 0, text: said(request) };
		yield { type: 'block-end', block: 0 };
		yield { type: 'finish', candidate: 0, stop: { kind: 'stop' } };
		yield { type: 'usage', usage: { inputTokens: 1, outputTokens: 1 } };
		yield { type: 'end' };
	},
});
export default { type: 'counting', title: 'Counting', create: make };`;

describe('a provider that is a module', () => {
	it('is told the whole conversation too, and its answers are kept, streamed or not', async () => {
		folder = mkdtempSync(join(tmpdir(), 'relais-responses-'));
		const path = join(folder, 'counting.mjs');
		writeFileSync(path, COUNTING_MODULE);
		const own = { name: 'own', type: 'counting', models: ['counter'] };
		const openai = client(await start({ plugins: [path], providers: [own] }));
		const first = await openai.responses.create({ model: 'own/counter', input: 'One' });
		expect(first.output_text).toBe('I was told 1 messages.');
		const body = { model: 'own/counter', input: 'Two', previous_response_id: first.id };
		const second = await openai.responses.stream(body).finalResponse();
		expect(second.output_text).toBe('I was told 3 messages.');
		const third = await openai.responses.create({ ...body, previous_response_id: second.id });
		expect(third.output_text).toBe('I was told 5 messages.');
	});
});

describe('what is not there', () => {
	it('anything, for a key nobody knows', async () => {
		const gateway = await start();
		const made = await client(gateway).responses.create({ model: CLAUDE, input: 'A secret' });
		const stranger = client(gateway, 'rk-nobody-0123456789');
		for (const attempt of [
			() => stranger.responses.retrieve(made.id),
			() => stranger.responses.delete(made.id),
			() => stranger.responses.inputItems.list(made.id),
			() => stranger.responses.create({ model: CLAUDE, input: 'What was it?', previous_response_id: made.id }),
		]) {
			expect(await failure(attempt())).toMatchObject({ status: 401 });
		}
	});

	it('an answer that was not to be stored', async () => {
		const gateway = await start();
		const openai = client(gateway);
		const made = await openai.responses.create({ model: CLAUDE, input: 'Hello', store: false });
		expect(made).toMatchObject({ store: false });
		expect(await failure(openai.responses.retrieve(made.id))).toMatchObject({ status: 404 });
		const next = await failure(openai.responses.create({ model: CLAUDE, input: 'Hi', previous_response_id: made.id }));
		expect(next).toMatchObject({ status: 400, code: 'previous_response_not_found', param: 'previous_response_id' });
		expect(next.message).toContain(`Previous response with id '${made.id}' not found.`);
		await gateway.stop(0);
		expect(readdirSync(folder)).not.toContain('responses');
	});

	it.each([CLAUDE, NATIVE])('an answer of another key (%s), whatever is done with it', async (model) => {
		const gateway = await start();
		const [mine, theirs] = [client(gateway), client(gateway, OTHER_KEY)];
		const made = await mine.responses.create({ model, input: 'A secret' });
		const asked = simulators.bill().length;
		for (const attempt of [
			() => theirs.responses.retrieve(made.id),
			() => theirs.responses.delete(made.id),
			() => theirs.responses.cancel(made.id),
			() => theirs.responses.inputItems.list(made.id),
		]) {
			expect(await failure(attempt())).toMatchObject({ status: 404 });
		}
		const request = { model, input: 'What was it?', previous_response_id: made.id };
		expect(await failure(theirs.responses.create(request))).toMatchObject({ status: 400 });
		await mine.responses.delete(made.id);
		expect(await failure(theirs.responses.create(request))).toMatchObject({ status: 400 });
		expect(simulators.bill()).toHaveLength(asked);
	});

	it.each(MODELS)('an id nobody knows, asked of %s', async (model) => {
		const openai = client(await start());
		const error = await failure(openai.responses.create({ model, input: 'Hi', previous_response_id: 'resp_unknown' }));
		expect(error.status).toBeGreaterThanOrEqual(400);
		expect(error.message).toContain("Previous response with id 'resp_unknown' not found.");
	});

	it.each(['../../etc/passwd', '..%2f..', '.', '%00', 'a'.repeat(600)])('an id that is none (%s)', async (id) => {
		const gateway = await start();
		const answer = await fetch(`${gateway.url}/v1/responses/${encodeURIComponent(id)}`, {
			headers: { authorization: `Bearer ${TEST_KEY}` },
		});
		expect(answer.status).toBeGreaterThanOrEqual(400);
		expect(answer.status).toBeLessThan(500);
		expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
	});

	it('an answer whose id is long is looked for', async () => {
		const error = await failure(client(await start()).responses.retrieve(`resp_${'a'.repeat(400)}`));
		expect(error.message).toContain('Response with id');
	});

	it('a turn in the middle that was deleted: the next answer is not made without it', async () => {
		const openai = client(await start());
		const first = await openai.responses.create({ model: CLAUDE, input: 'One' });
		const second = await openai.responses.create({ model: CLAUDE, input: 'Two', previous_response_id: first.id });
		await openai.responses.delete(first.id);
		const error = await failure(openai.responses.create({ model: CLAUDE, input: 'Three', previous_response_id: second.id }));
		expect(error).toMatchObject({ status: 400, param: 'previous_response_id' });
		expect(error.message).toContain(first.id);
		expect((await openai.responses.retrieve(second.id)).id).toBe(second.id);
	});

	it('a file that was spoilt', async () => {
		const gateway = await start();
		const made = await client(gateway).responses.create({ model: CLAUDE, input: 'One' });
		await gateway.stop(0);
		const kept = join(folder, 'responses');
		const [file = ''] = readdirSync(kept, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
		writeFileSync(join(kept, file), '{"format":1,');
		expect(await failure(client(await start()).responses.retrieve(made.id))).toMatchObject({ status: 404 });
	});
});

describe('a disk that takes nothing', () => {
	it('does not keep anybody from getting an answer', async () => {
		folder = mkdtempSync(join(tmpdir(), 'relais-responses-'));
		writeFileSync(join(folder, 'responses'), 'a file where a folder is needed');
		const openai = client(await start());
		const made = await openai.responses.create({ model: CLAUDE, input: 'One' });
		const next = await openai.responses.create({ model: CLAUDE, input: 'Two', previous_response_id: made.id });
		expect(next.output_text).toContain('«Two»');
	});
});

describe('what only vendors of the API can do', () => {
	it.each([
		['background', { background: true }],
		['conversation', { conversation: 'conv_1' }],
		['prompt', { prompt: { id: 'pmpt_1' } }],
		['input', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
	] as const)('is refused where another serves the model: %s', async (param, fields) => {
		const openai = client(await start());
		const body = { model: CLAUDE, input: 'Hi', ...fields } as OpenAI.Responses.ResponseCreateParamsNonStreaming;
		const error = await failure(openai.responses.create(body));
		expect(error).toMatchObject({ status: 400, param });
		expect(error.message).toContain(CLAUDE);
	});

	it('is passed on to one: an answer in the background', async () => {
		const made = await client(await start()).responses.create({ model: NATIVE, input: 'Hi', background: true });
		expect(made).toMatchObject({ background: true, status: expect.stringMatching(/queued|in_progress/) });
	});

	it('is passed on to one: a conversation it does not have', async () => {
		const openai = client(await start());
		const error = await failure(openai.responses.create({ model: NATIVE, input: 'Hi', conversation: 'conv_1' }));
		expect(error.message).toContain("Conversation with id 'conv_1' not found");
	});
});

describe('the small calls', () => {
	it('input items come in pages, either way round', async () => {
		const openai = client(await start());
		const input = Array.from({ length: 5 }, (_, at) => ({ role: 'user' as const, content: `Item ${at}` }));
		const made = await openai.responses.create({ model: CLAUDE, input });
		const first = await openai.responses.inputItems.list(made.id, { limit: 2, order: 'asc' });
		expect(first.has_more).toBe(true);
		expect(JSON.stringify(first.data)).toContain('Item 1');
		const all: string[] = [];
		for await (const item of openai.responses.inputItems.list(made.id, { limit: 2 })) all.push(JSON.stringify(item));
		expect(all).toHaveLength(5);
		expect(all[0]).toContain('Item 4');
		for (const query of [{ limit: 0 }, { limit: 101 }, { after: 'msg_none' }, { order: 'sideways' as 'asc' }]) {
			expect(await failure(openai.responses.inputItems.list(made.id, query))).toMatchObject({ status: 400 });
		}
	});

	it('an answer that is over cannot be cancelled, nor streamed again', async () => {
		const openai = client(await start());
		const made = await openai.responses.create({ model: CLAUDE, input: 'Hi' });
		expect(await failure(openai.responses.cancel(made.id))).toMatchObject({ status: 400 });
		expect(await failure(openai.responses.retrieve(made.id, { stream: true }))).toMatchObject({ status: 400, param: 'stream' });
	});

	it.each(MODELS)('tokens are counted for %s, those of the conversation so far included', async (model) => {
		const openai = client(await start());
		const { input_tokens: alone, object } = await openai.responses.inputTokens.count({ model, input: 'Hello' });
		expect(object).toBe('response.input_tokens');
		expect(alone).toBeGreaterThan(0);
		const made = await openai.responses.create({ model, input: 'A long beginning of a conversation, with many words.' });
		const { input_tokens: more } = await openai.responses.inputTokens.count({
			model,
			input: 'Hello',
			previous_response_id: made.id,
		});
		expect(more).toBeGreaterThan(alone + 10);
	});

	it('a method that is not served is named', async () => {
		const gateway = await start();
		const answer = await fetch(`${gateway.url}/v1/responses/resp_1`, {
			method: 'PUT',
			headers: { authorization: `Bearer ${TEST_KEY}` },
		});
		expect(answer.status).toBe(405);
		expect(answer.headers.get('allow')).toBe('GET, DELETE');
	});
});
