import { describe, expect, it } from 'vitest';
import { data } from './raw.ts';
import { PNG, stage, WEATHER_SCHEMA } from './support.ts';
import { collect, hasRecordings, inventions, omissions, type Recording, recordings, type Types } from './wire.ts';

const scene = stage();
const hello = { role: 'user', content: 'Hello' };
const cities = { role: 'user', content: 'What is the weather in Paris and Rome?' };
const tool = { type: 'function', function: { name: 'get_weather', parameters: WEATHER_SCHEMA } };
const weather = { name: 'get_weather', input_schema: WEATHER_SCHEMA };
const thinking = { type: 'enabled', budget_tokens: 1024 };

/** Requests that between them show everything a simulator can say. */
const OPENAI_REQUESTS: object[] = [
	{ model: 'gpt-4o', messages: [hello] },
	{ model: 'gpt-4o', messages: [cities], tools: [tool] },
	{ model: 'gpt-5', messages: [hello] },
	{ model: 'gpt-5.6-sol', messages: [hello] },
	{ model: 'gpt-4', messages: [hello], logprobs: true, top_logprobs: 2 },
	{ model: 'gpt-4o', messages: [hello], n: 2 },
	{ model: 'gpt-4o', messages: [cities], functions: [{ name: 'get_weather', parameters: WEATHER_SCHEMA }] },
	{
		model: 'gpt-4o',
		messages: [{ role: 'user', content: 'Run the calculator' }],
		tools: [{ type: 'custom', custom: { name: 'calculator' } }],
	},
];

const ANTHROPIC_REQUESTS: object[] = [
	{ model: 'claude-sonnet-4-6', messages: [hello] },
	{ model: 'claude-sonnet-4-6', messages: [cities], tools: [weather], thinking },
	{ model: 'claude-sonnet-4-6', messages: [{ role: 'user', content: 'simulate redacted thinking' }], thinking },
	{ model: 'claude-opus-5-5', messages: [hello], stop_sequences: ['model'] },
	{
		model: 'claude-sonnet-4-6',
		messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }] }],
	},
];

async function bodies(vendor: string, path: string, requests: object[], more: object): Promise<string[]> {
	const texts: string[] = [];
	for (const request of requests) {
		const response = await scene.post(vendor, path, { ...request, ...more });
		const text = await response.text();
		if (response.status !== 200) throw new Error(text);
		texts.push(text);
	}
	return texts;
}

function typesOf(values: unknown[], opaque: readonly string[]): Types {
	const types: Types = new Map();
	for (const value of values) collect(value, types, opaque);
	return types;
}

function succeeded(entries: Recording[], stream: boolean): Recording[] {
	return entries.filter(({ response }) => response.status === 200 && (response.body_text !== undefined) === stream);
}

/** Some recordings of this vendor's client were answered by another server, which names itself in ids of its own. */
function genuine(value: unknown): boolean {
	return JSON.stringify(value).includes('"chatcmpl-');
}

/** Input of tools and parsed results: whatever the tool's schema says. */
const OPAQUE = ['content[].input', 'content_block.input', 'message.content'];

describe.skipIf(!hasRecordings)('beside recordings of the real vendors (they lie outside the project)', () => {
	describe('an OpenAI answer in one piece', () => {
		const real = () =>
			succeeded(recordings('openai', 'chat-completions'), false)
				.map((entry) => entry.response.body)
				.filter(genuine);

		it('has no key and no type that real ones do not have, and every key that all of them have', async () => {
			const simulated = (await bodies('sim-openai', '/chat/completions', OPENAI_REQUESTS, {})).map((text) => JSON.parse(text));
			expect(real().length).toBeGreaterThan(15);
			expect(inventions(typesOf(simulated, []), typesOf(real(), []))).toEqual([]);
			expect(omissions(typesOf(simulated, []), real(), [])).toEqual([]);
		});
	});

	describe('an OpenAI stream', () => {
		const streams = () =>
			succeeded(recordings('openai', 'chat-completions'), true)
				.map((entry) => data(entry.response.body_text ?? ''))
				.filter(genuine);

		it('has chunks of no other keys and types', async () => {
			const requests = OPENAI_REQUESTS.filter((request) => !/custom|functions|logprobs/.test(JSON.stringify(request)));
			const texts = await bodies('sim-openai', '/chat/completions', requests, {
				stream: true,
				stream_options: { include_usage: true },
			});
			const simulated = texts.flatMap((text) => data(text));
			const real = streams().flat();
			expect(real.length).toBeGreaterThan(100);
			// The streams on record are of models before the one whose usage counts what was written to the cache.
			expect(inventions(typesOf(simulated, []), typesOf(real, []))).toEqual(['usage.prompt_tokens_details.cache_write_tokens']);
			expect(omissions(typesOf(simulated, []), real, [])).toEqual([]);
		});

		it('begins, goes on and ends with the same kinds of chunks', async () => {
			const kinds = (chunks: (Record<string, unknown> | undefined)[]) => {
				const written = chunks.map((chunk) => JSON.stringify(chunk));
				return [
					/"delta":\{"role":"assistant","content":(null|"")/.test(written[0] ?? ''),
					/"delta":\{\},.*"finish_reason":"/.test(written.at(-2) ?? ''),
					/"choices":\[\],.*"usage":\{"prompt_tokens"/.test(written.at(-1) ?? ''),
				];
			};
			const real = streams().filter(
				(chunks) =>
					JSON.stringify(chunks.at(-1)).includes('"usage":{"prompt_tokens"') && !JSON.stringify(chunks).includes('moderation'),
			);
			expect(real.length).toBeGreaterThan(2);
			for (const chunks of real) expect(kinds(chunks)).toEqual([true, true, true]);
			const [text = ''] = await bodies('sim-openai', '/chat/completions', OPENAI_REQUESTS, {
				stream: true,
				stream_options: { include_usage: true },
			});
			expect(kinds(data(text))).toEqual([true, true, true]);
		});
	});

	describe('an Anthropic answer in one piece', () => {
		it('has no key and no type that real ones do not have, and every key that all of them have', async () => {
			const texts = await bodies('sim-anthropic', '/messages', ANTHROPIC_REQUESTS, { max_tokens: 2000 });
			const simulated = texts.map((text) => JSON.parse(text));
			const real = succeeded(recordings('anthropic', 'messages'), false).map((entry) => entry.response.body);
			expect(real.length).toBeGreaterThan(10);
			expect(inventions(typesOf(simulated, OPAQUE), typesOf(real, OPAQUE))).toEqual([]);
			expect(omissions(typesOf(simulated, OPAQUE), real, OPAQUE)).toEqual([]);
		});
	});

	describe('an Anthropic stream', () => {
		const byType = (events: unknown[]) => {
			const kinds = new Map<string, unknown[]>();
			for (const event of events) {
				if (typeof event !== 'object' || event === null || !('type' in event)) throw new Error('an event without a type');
				const delta: unknown = 'delta' in event ? event.delta : 'content_block' in event ? event.content_block : undefined;
				const inner = typeof delta === 'object' && delta !== null && 'type' in delta ? `/${String(delta.type)}` : '';
				const kind = `${String(event.type)}${inner}`;
				kinds.set(kind, [...(kinds.get(kind) ?? []), event]);
			}
			return kinds;
		};

		it('has events of the same types, each with the same keys', async () => {
			const texts = await bodies('sim-anthropic', '/messages', ANTHROPIC_REQUESTS, { max_tokens: 2000, stream: true });
			const simulated = byType(texts.flatMap((text) => data(text)));
			const real = byType(
				succeeded(recordings('anthropic', 'messages'), true).flatMap((entry) => data(entry.response.body_text ?? '')),
			);
			for (const [kind, events] of simulated) {
				const known = real.get(kind);
				expect(known, kind).toBeDefined();
				expect([kind, inventions(typesOf(events, OPAQUE), typesOf(known ?? [], OPAQUE))]).toEqual([kind, []]);
				expect([kind, omissions(typesOf(events, OPAQUE), known ?? [], OPAQUE)]).toEqual([kind, []]);
			}
			expect(simulated.size).toBeGreaterThan(9);
		});

		it('names its events, and pads them, as real ones', async () => {
			const [text = ''] = await bodies('sim-anthropic', '/messages', ANTHROPIC_REQUESTS, { max_tokens: 2000, stream: true });
			const [real] = succeeded(recordings('anthropic', 'messages'), true);
			const line = /^event: (\w+)\ndata: \{"type": ?"\1".*\}$/s;
			for (const stream of [text, real?.response.body_text ?? '']) {
				expect(
					stream
						.trimEnd()
						.split('\n\n')
						.every((event) => line.test(event)),
				).toBe(true);
				expect(stream).toMatch(/ +\}\n\n/);
			}
		});
	});

	it.each([
		{ vendor: 'sim-openai', name: 'openai', api: 'chat-completions', path: '/chat/completions' },
		{ vendor: 'sim-anthropic', name: 'anthropic', api: 'messages', path: '/messages' },
	])('errors of $vendor have the same form', async ({ vendor, name, api, path }) => {
		const real = recordings(name, api).filter((entry) => entry.response.status >= 400);
		expect(new Set(real.map((entry) => entry.response.status)).size).toBeGreaterThan(2);
		const known = real.map((entry) => entry.response.body);
		for (const status of [400, 401, 403, 404, 429, 500]) {
			const response = await scene.post(vendor, path, { model: 'x' }, { 'x-sim-fault': String(status) });
			expect(inventions(typesOf([await response.json()], []), typesOf(known, []))).toEqual([]);
		}
	});

	it('headers that the vendor always sends are there', async () => {
		const always = (entries: Recording[], prefix: RegExp) => {
			const [first, ...rest] = entries.map(({ response }) =>
				Object.keys(response.headers).filter((header) => prefix.test(header)),
			);
			return (first ?? []).filter((header) => rest.every((headers) => headers.includes(header)));
		};
		const limited = (name: string, api: string, header: string) =>
			recordings(name, api).filter(({ response }) => response.status === 200 && header in response.headers);
		const openai = await scene.post('sim-openai', '/chat/completions', OPENAI_REQUESTS[0]);
		const expected = always(limited('openai', 'chat-completions', 'x-ratelimit-limit-requests'), /^(openai|x-ratelimit)-/);
		expect(expected.length).toBeGreaterThan(3);
		for (const header of expected) expect(openai.headers.get(header), header).not.toBeNull();
		const anthropic = await scene.post('sim-anthropic', '/messages', { ...ANTHROPIC_REQUESTS[0], max_tokens: 5 });
		const others = always(limited('anthropic', 'messages', 'anthropic-ratelimit-requests-limit'), /^anthropic-/);
		expect(others.length).toBeGreaterThan(5);
		for (const header of others) expect(anthropic.headers.get(header), header).not.toBeNull();
	});
});
