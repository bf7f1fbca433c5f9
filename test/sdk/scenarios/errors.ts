import { expect } from 'vitest';
import type { Cell, Scenario } from '../cell.ts';
import type { Ask, Mode, SeenError } from '../neutral.ts';
import { BODY_LIMIT, eventually, hasty, locked, NARROW_KEY, UNREACHABLE } from '../world.ts';

const ONCE: readonly Mode[] = ['whole', 'iterator'];
const STREAMS: readonly Mode[] = ['iterator', 'helper'];
const turns = [{ user: 'Hello' }];

/** The error an action ends with. */
export async function thrown(action: Promise<unknown>): Promise<unknown> {
	return action.then(
		() => {
			throw new Error('there was no error');
		},
		(error: unknown) => error,
	);
}

/** Asks, and checks the error: its class, status, and request id, by which Relais's records know it. */
async function expectFailure(cell: Cell, ask: Ask, status: number, client = cell.client): Promise<SeenError> {
	const error = await thrown(client.ask(ask, cell.mode));
	expect(error).toBeInstanceOf(cell.surface.errorClass(status));
	expect(error).not.toBeInstanceOf(cell.surface.errors.connection);
	const seen = cell.surface.read(error);
	expect(seen.status).toBe(status);
	expect(seen.requestId).toMatch(/^[0-9a-f-]{36}$/);
	expect(seen.message).not.toMatch(/undefined|\[object/);
	return seen;
}

/** A fault of the vendor, and the status it reaches the client under. */
interface Failure {
	fault: string;
	status: number;
	/** Where a vendor's own words make it another. */
	at?: { [vendor: string]: number };
	/** Whether trying again may help. */
	again?: boolean;
	/** Given little time, so that a silence ends. */
	hurried?: boolean;
	modes?: readonly Mode[];
}

const FAILURES: readonly Failure[] = [
	{ fault: '400', status: 400 },
	{ fault: '401', status: 401 },
	{ fault: '403', status: 403 },
	{ fault: '404', status: 404 },
	{ fault: '413', status: 413 },
	{ fault: '422', status: 422 },
	{ fault: '429&retry-after=7', status: 429, again: true },
	{ fault: 'quota', status: 429 },
	{ fault: '500', status: 500, again: true },
	// OpenAI's words for 503 are those of an overload.
	{ fault: '503', status: 503, at: { 'sim-openai': 529 }, again: true },
	{ fault: '529', status: 529, again: true },
	{ fault: '502-html', status: 502, again: true },
	{ fault: 'reset', status: 502, again: true },
	{ fault: 'reset-after-headers', status: 502, again: true },
	{ fault: 'html-200', status: 502, again: true },
	{ fault: 'empty-200', status: 502, again: true },
	{ fault: 'error-200', status: 500, again: true },
	{ fault: 'silence', status: 504, again: true, hurried: true },
	{ fault: 'cut', status: 502, again: true, modes: ['whole'] },
	{ fault: 'malformed', status: 502, again: true, modes: ['whole'] },
	{ fault: 'stall', status: 504, again: true, hurried: true, modes: ['whole'] },
	{ fault: 'error-event&fraction=0', status: 500, at: { 'sim-anthropic': 529 }, again: true, modes: ['iterator'] },
];

function vendorFailure({ fault, status, at, again = false, hurried = false, modes = ONCE }: Failure): Scenario {
	return {
		name: `error: ${fault}`,
		modes,
		run: async (cell) => {
			const { vendor, world } = cell;
			const provider = hurried ? hasty(vendor) : vendor.name;
			const ask = { model: `${provider}/${vendor.plain}#${fault}`, turns };
			const expected = at?.[vendor.name] ?? status;
			const { headers, message, requestId } = await expectFailure(cell, ask, expected);
			expect(headers?.get('x-relais-provider')).toBe(provider);
			expect(headers?.get('x-should-retry')).toBe(again ? null : 'false');
			if (fault.includes('retry-after=')) expect(headers?.get('retry-after')).toBe('7');
			if (fault === '401') expect(message).not.toMatch(/sk-|invalid x-api-key|Incorrect API key/);
			const record = await world.gateway.record(requestId ?? '');
			expect(record.outcome).toBe('failed');
			return expected === status ? undefined : String(expected);
		},
	};
}

const INTERRUPTIONS: readonly { fault: string; hurried?: boolean }[] = [
	{ fault: 'error-event' },
	{ fault: 'cut' },
	{ fault: 'malformed' },
	{ fault: 'missing-end' },
	{ fault: 'stall', hurried: true },
];

function interruption({ fault, hurried = false }: { fault: string; hurried?: boolean }): Scenario {
	return {
		name: `interrupted stream: ${fault}`,
		modes: STREAMS,
		run: async (cell) => {
			const { client, mode, surface, vendor, world } = cell;
			const provider = hurried ? hasty(vendor) : vendor.name;
			const ask = { model: `${provider}/${vendor.plain}#${fault}`, turns: [{ user: 'Write 300 words.' }] };
			const error = await thrown(client.ask(ask, mode));
			expect(error).toBeInstanceOf(surface.errors.api);
			expect(error).not.toBeInstanceOf(surface.errors.connection);
			const { status, message, requestId } = surface.read(error);
			expect(status).toBeUndefined();
			expect(message.length).toBeGreaterThan(8);
			const record = await world.gateway.record(requestId ?? '');
			expect(record.outcome).toBe('interrupted');
		},
	};
}

/** Every documented failure, as each SDK raises it. */
export const ERRORS: readonly Scenario[] = [
	...FAILURES.map(vendorFailure),
	...INTERRUPTIONS.map(interruption),
	{
		name: "error: Relais's key for the vendor is wrong",
		modes: ONCE,
		run: async (cell) => {
			if (!cell.vendor.needsKey) return 'needs none';
			const { message } = await expectFailure(cell, { model: `${locked(cell.vendor)}/${cell.vendor.plain}`, turns }, 401);
			expect(message).toContain("refused Relais's credentials");
			expect(message).not.toContain('sk-wrong');
			return undefined;
		},
	},
	{
		name: "error: the client's key is wrong",
		modes: ONCE,
		run: async (cell) => {
			const client = cell.connect({ apiKey: 'rk-unknown-0123456789' });
			await expectFailure(cell, cell.request({ turns }), 401, client);
			expect(cell.world.simulators.bill()).toEqual([]);
		},
	},
	{
		name: 'error: the key may not use the model',
		modes: ONCE,
		run: async (cell) => {
			const { message } = await expectFailure(cell, cell.request({ turns }), 403, cell.connect({ apiKey: NARROW_KEY }));
			expect(message).toContain('may not use');
		},
	},
	{
		name: 'error: a model nobody knows',
		modes: ONCE,
		run: async (cell) => {
			const { message } = await expectFailure(cell, { model: `${cell.vendor.plain}x`, turns }, 404);
			expect(message).toMatch(/Did you mean \W+\w/);
			expect(message).toContain(`${cell.vendor.plain}x`);
		},
	},
	{
		name: 'error: a model the vendor does not know',
		modes: ONCE,
		run: async (cell) => {
			const { message } = await expectFailure(cell, { model: cell.pin('no-such-model'), turns }, 404);
			expect(message).toContain('no-such-model');
		},
	},
	{
		name: 'error: nobody answers at the address',
		modes: ONCE,
		run: async (cell) => {
			const { message } = await expectFailure(cell, { model: `${UNREACHABLE}/nothing`, turns }, 502);
			expect(message).toContain('127.0.0.1');
		},
	},
	{
		name: 'error: a body over the limit',
		modes: ONCE,
		run: async (cell) => {
			const ask = cell.request({ turns: [{ user: 'x'.repeat(BODY_LIMIT) }] });
			const { message } = await expectFailure(cell, ask, 413);
			expect(message).toContain(String(BODY_LIMIT));
		},
	},
	{
		name: 'error: Relais is not there',
		modes: ONCE,
		run: async (cell) => {
			const client = cell.connect({ url: 'http://127.0.0.1:9' });
			const error = await thrown(client.ask(cell.request({ turns }), cell.mode));
			expect(error).toBeInstanceOf(cell.surface.errors.connection);
		},
	},
	{
		name: 'error: an overload while tokens are counted',
		modes: ['whole'],
		run: async ({ client, request, surface, vendor, world }) => {
			if (client.countTokens === undefined) return 'no such call';
			if (!vendor.can.countTokens) return 'Relais counts';
			world.simulators.addFault({ endpoint: 'count_tokens', controls: { fault: '529' } });
			const error = await thrown(client.countTokens(request({ turns })));
			expect(error).toBeInstanceOf(surface.errorClass(529));
			return undefined;
		},
	},
	{
		name: "error: the client's own time limit",
		modes: ONCE,
		run: async (cell) => {
			const { surface, vendor, world } = cell;
			const client = cell.connect({ timeout: 200 });
			const error = await thrown(client.ask({ model: cell.pin(`${vendor.plain}#silence`), turns }, cell.mode));
			expect(error).toBeInstanceOf(surface.errors.timeout);
			await eventually(() => world.simulators.bill()[0]?.disconnected === true);
		},
	},
	{
		name: "the SDK's retry after the wait asked for",
		modes: ONCE,
		run: async (cell) => {
			const client = cell.connect({ maxRetries: 2 });
			const model = cell.pin(`${cell.vendor.plain}#429&retry-after-ms=60&times=1`);
			const started = performance.now();
			const answer = await client.ask({ model, turns }, cell.mode);
			expect(performance.now() - started).toBeGreaterThanOrEqual(59);
			expect(answer.text).toContain('«Hello»');
			expect(client.requests()).toBe(2);
		},
	},
	{
		name: "no retry by the SDK where it's of no use",
		modes: ONCE,
		run: async (cell) => {
			const client = cell.connect({ maxRetries: 2 });
			await expectFailure(cell, { model: cell.pin(`${cell.vendor.plain}#quota`), turns }, 429, client);
			expect(client.requests()).toBe(1);
		},
	},
];
