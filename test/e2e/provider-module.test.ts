import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, post, startGateway, TEST_KEY } from '../support/gateway.ts';
import { completion, startUpstream } from '../support/upstream.ts';

const CHAT = '/v1/chat/completions';
const messages = [{ role: 'user', content: 'hi' }];

let gateway: Gateway | undefined;

afterEach(async () => {
	await gateway?.close();
	gateway = undefined;
});

/** Resolves once the condition holds; fails after two seconds. */
async function until(condition: () => boolean): Promise<void> {
	for (const end = performance.now() + 2000; !condition(); await sleep(5)) {
		if (performance.now() > end) throw new Error('it never came to that');
	}
}

/** Sends a request and leaves after 150 ms. */
async function leaveEarly({ url }: Gateway, stream: boolean): Promise<void> {
	const reply = fetch(`${url}${CHAT}`, {
		method: 'POST',
		headers: { authorization: `Bearer ${TEST_KEY}` },
		body: JSON.stringify({ model: 'm', messages, stream }),
		signal: AbortSignal.timeout(150),
	});
	await reply.then((answer) => answer.text()).catch(() => undefined);
}

describe('a provider module', () => {
	let folder = '';
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'relais-module-'));
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	let count = 0;

	async function withModule(members: string, config: object = {}): Promise<Gateway> {
		const path = join(folder, `module-${count++}.mjs`);
		writeFileSync(
			path,
			`
const text = (word) => ({ type: 'text-delta', block: 0, text: word });
const opening = [{ type: 'start' }, { type: 'block-start', block: 0, candidate: 0, content: { type: 'text', text: '' } }, text('one ')];
const ending = [{ type: 'block-end', block: 0 }, { type: 'finish', candidate: 0, stop: { kind: 'stop' } }, { type: 'usage', usage: { inputTokens: 1, outputTokens: 1 } }, { type: 'end' }];
const never = new Promise(() => {});
const whole = { candidates: [{ index: 0, content: [{ type: 'text', text: 'fine' }], stop: { kind: 'stop' } }] };
const make = (settings, host) => ({ name: settings.name, type: settings.type, capabilities: () => ({}), listModels: async () => [], isHealthy: async () => ({ healthy: true, latencyMs: 0 }),
 chat: async () => whole, async *chatStream() { yield* opening; yield* ending; }, ${members} });
export default { type: 'own', title: 'Own', create: make };`,
		);
		gateway = await startGateway({
			config: { routing: { retries: 0 }, plugins: [path], providers: [{ name: 'own', type: 'own', models: ['m'], ...config }] },
		});
		return gateway;
	}

	const quick = { timeouts: { headers: '200ms', answer: '200ms', first_token: '200ms', idle: '200ms', total: '5s' } };
	const faults: [string, string][] = [
		['a text', `chat() { throw 'a text'; }, chatStream() { throw 'a text'; }`],
		['nothing', `async chat() { throw undefined; }, async *chatStream() { throw undefined; }`],
		['null later', `async chat() { await 0; throw null; }, async *chatStream() { yield opening[0]; throw null; }`],
		['no answer', `async chat() {}, chatStream() {}`],
		['half an answer', `async chat() { return { candidates: [null] }; }, async *chatStream() { yield null; }`],
		[
			'a status beyond all',
			`async chat() { throw Object.assign(new Error('odd'), { [Symbol.for('relais.error')]: true, code: 'provider_error', status: 9999 }); }, async *chatStream() { throw Object.assign(new Error('odd'), { [Symbol.for('relais.error')]: true, code: 'provider_error', status: 9999 }); }`,
		],
		[
			'a branded thing',
			`async chat() { throw { [Symbol.for('relais.error')]: true }; }, async *chatStream() { throw { [Symbol.for('relais.error')]: true }; }`,
		],
		[
			'a status 204',
			`async chat() { throw Object.assign(new Error('odd'), { [Symbol.for('relais.error')]: true, code: 'provider_error', status: 204 }); }, async *chatStream() { throw Object.assign(new Error('odd'), { [Symbol.for('relais.error')]: true, code: 'provider_error', status: 204 }); }`,
		],
		[
			'an unknown code',
			`async chat() { throw Object.assign(new Error('odd'), { [Symbol.for('relais.error')]: true, code: 'nonsense', status: 500 }); }, async *chatStream() { throw Object.assign(new Error('odd'), { [Symbol.for('relais.error')]: true, code: 'nonsense', status: 500 }); }`,
		],
		['an error on reading wire', `get wire() { throw new Error('x'); }`],
		['half a wire', `wire: {}`],
		['a cure that throws', `cure() { throw 'x'; }, async chat() { throw 'x'; }, async *chatStream() { throw 'x'; }`],
		['a cure that is none', `cure: () => 7, async chat() { throw 'x'; }, async *chatStream() { throw 'x'; }`],
	];
	it.each(faults)('that throws or gives %s is an error of the request alone', async (_name, members) => {
		for (const path of [CHAT, '/v1/messages'])
			for (const stream of [false, true]) {
				const given = await withModule(members);
				const reply = await post(given, path, { model: 'm', max_tokens: 5, messages, stream });
				const text = await reply.text();
				expect(reply.status).toBeGreaterThanOrEqual(500);
				expect(JSON.parse(text)).toHaveProperty('error.message');
				await until(() => given.records.length === 1);
				expect(given.relais.running).toBe(0);
				await given.close();
			}
	});

	it.each([[false], [true]])(
		'that never answers meets the time limit (stream: %s)',
		async (stream) => {
			const given = await withModule(`chat: () => never, async *chatStream() { await never; }`, quick);
			const reply = await post(given, CHAT, { model: 'm', messages, stream });
			expect(reply.status).toBe(504);
		},
		3000,
	);

	it('that falls silent in the middle is interrupted', async () => {
		const given = await withModule(`async *chatStream() { yield* opening; await never; }`, quick);
		const text = await (await post(given, CHAT, { model: 'm', messages, stream: true })).text();
		expect(text).toContain('one ');
		expect(text).toContain('"error"');
	}, 3000);

	it('that does not return after the end does not keep the client', async () => {
		const given = await withModule(`async *chatStream() { yield* opening; yield* ending; await never; }`);
		const text = await (await post(given, CHAT, { model: 'm', messages, stream: true })).text();
		expect(text).toContain('[DONE]');
	}, 3000);

	it.each([
		[false, 'chat: () => never'],
		[true, 'async *chatStream() { await never; }'],
		[true, 'async *chatStream() { yield* opening; await never; }'],
	])(
		'that ignores the client’s leaving does not keep the request (stream: %s, %s)',
		async (stream, members) => {
			const given = await withModule(members);
			await leaveEarly(given, stream);
			await until(() => given.records.length === 1);
			expect(given.records[0]?.outcome).toBe('cancelled');
		},
		4000,
	);

	it('is not closed by a reload before its last answer', async () => {
		const given = await withModule(
			`closed: false, async close() { this.closed = true; }, async chat() { await new Promise((r) => setTimeout(r, 200)); if (this.closed) throw new Error('closed'); return whole; }`,
		);
		const pending = post(given, CHAT, { model: 'm', messages });
		await sleep(50);
		await given.relais.reload(given.relais.state.config);
		const reply = await pending;
		expect(reply.status).toBe(200);
	});

	it.each([
		['throws', `close() { throw new Error('x'); }`],
		['rejects', `async close() { throw new Error('x'); }`],
		['hangs', `close: () => never`],
	])('whose close %s does not stop a reload', async (_name, members) => {
		const given = await withModule(members);
		await Promise.race([
			given.relais.reload(given.relais.state.config),
			sleep(1000).then(() => {
				throw new Error('hangs');
			}),
		]);
		expect((await post(given, CHAT, { model: 'm', messages })).status).toBe(200);
	});

	it.each([
		['nothing', 'async listModels() {}'],
		['throws', `listModels() { throw 'x'; }`],
		['rubbish', 'async listModels() { return [null, 1]; }'],
	])('whose model list is %s does not stop the start', async (_name, members) => {
		const given = await withModule(members, { models: [] });
		await given.relais.discoverModels();
		expect((await post(given, CHAT, { model: 'own/m', messages })).status).toBe(200);
	});

	/** A wire of a module's own. */
	const wire = (members: string): string =>
		`wire: { dialect: host.dialect('openai-chat'), timeouts: settings.timeouts, traits: () => ({}), supports: () => true, bodyChanges: () => null, ${members} }`;

	it.each([
		['call', wire('call: () => never')],
		['sign', wire(`call: () => ({ origin: 'http://127.0.0.1:9', method: 'POST', path: '/', headers: [] }), sign: () => never`)],
	])(
		'that never comes back with its credentials (%s) keeps neither a client that leaves nor one that waits',
		async (_name, members) => {
			const given = await withModule(members, { timeouts: { total: '300ms' } });
			await leaveEarly(given, false);
			await until(() => given.records.length === 1);
			expect(given.records[0]?.outcome).toBe('cancelled');
			expect((await post(given, CHAT, { model: 'm', messages })).status).toBe(504);
		},
	);

	it('that hands out one call again and again mixes no two requests up', async () => {
		const got: string[] = [];
		const upstream = await startUpstream((_request, response, body) => {
			got.push(body);
			response.end(completion('fine'));
		});
		const origin = new URL(upstream.baseUrl).origin;
		const given = await withModule(
			`call: { origin: '${origin}', method: 'POST', path: '/', headers: [] }, get ${wire(
				`call: () => this.call, sign: async (call) => { await new Promise((r) => setTimeout(r, 20)); return call; }`,
			).replace('wire: {', 'wire() { return {')} }`,
		);
		const words = ['one', 'two', 'three'];
		await Promise.all(words.map((content) => post(given, CHAT, { model: 'm', messages: [{ role: 'user', content }] })));
		await upstream.close();
		expect(words.map((word) => got.filter((body) => body.includes(word)).length)).toEqual([1, 1, 1]);
	});
});
