import { expect } from 'vitest';
import type { Scenario } from '../cell.ts';
import { BODY_LIMIT, eventually, locked, NARROW_KEY, UNREACHABLE } from '../world.ts';
import { expectFailure, ONCE, thrown } from './expect-failure.ts';

const turns = [{ user: 'Hello' }];

/** What goes wrong between the client, Relais and the vendor's address. */
export const ERRORS: readonly Scenario[] = [
	{
		name: "error: Relais's key for the vendor is wrong",
		modes: ONCE,
		run: async (cell) => {
			if (!cell.vendor.needsKey) return 'needs none';
			const { message } = await expectFailure(
				cell,
				{ model: `${locked(cell.vendor)}/${cell.vendor.plain}`, turns },
				cell.vendor.statuses?.key ?? 401,
			);
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
			const { message } = await expectFailure(
				cell,
				{ model: cell.pin('no-such-model'), turns },
				cell.vendor.statuses?.model ?? 404,
			);
			if (!cell.vendor.can.namesModels && cell.surface.dialect.startsWith('openai')) return "in the vendor's words";
			expect(message).toContain('no-such-model');
			return undefined;
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
			if (!cell.surface.can.retries) return 'does not wait';
			const client = cell.connect({ maxRetries: 2 });
			const model = cell.pin(`${cell.vendor.plain}#429&retry-after-ms=60&times=1`);
			const started = performance.now();
			const answer = await client.ask({ model, turns }, cell.mode);
			expect(performance.now() - started).toBeGreaterThanOrEqual(59);
			expect(answer.text).toContain('«Hello»');
			expect(client.requests()).toBe(2);
			return undefined;
		},
	},
	{
		name: "no retry by the SDK where it's of no use",
		modes: ONCE,
		needs: 'retryAdvice',
		run: async (cell) => {
			if (!cell.surface.can.retries) return 'goes by the status';
			if (!cell.vendor.can.quota) return 'not told apart';
			const client = cell.connect({ maxRetries: 2 });
			const status = cell.vendor.statuses?.quota ?? 429;
			await expectFailure(cell, { model: cell.pin(`${cell.vendor.plain}#quota`), turns }, status, client);
			expect(client.requests()).toBe(1);
			return undefined;
		},
	},
];
