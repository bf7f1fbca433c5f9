import { expect } from 'vitest';
import type { Scenario } from '../cell.ts';
import type { Leaving } from '../neutral.ts';
import { eventually } from '../world.ts';
import { thrown } from './expect-failure.ts';

const WAYS: { [how in Leaving]: string } = {
	signal: 'its signal',
	controller: 'stream.controller.abort()',
	break: 'breaking out of the loop',
	helper: "the helper's abort()",
};

function leaving(how: Leaving): Scenario {
	return {
		name: `leaving a stream by ${WAYS[how]}`,
		modes: ['iterator'],
		run: async ({ client, pin, surface, vendor, world }) => {
			if (!surface.can.leaves.includes(how)) return 'no such way';
			const model = pin(`${vendor.plain}#chunk-ms=20&chunks=200`);
			const read = await client.leave({ model, turns: [{ user: 'Hello' }] }, how).catch((error: unknown) => error);
			expect(read).not.toBe('');
			await eventually(() => world.simulators.bill()[0]?.disconnected === true);
			const [row] = world.simulators.bill();
			expect(row?.frames).toBeLessThan(100);
			expect(row?.completed).toBe(false);
			const record = await world.gateway.record(client.headers().get('x-relais-request-id') ?? '');
			expect(record.outcome).toBe('cancelled');
			return undefined;
		},
	};
}

/** Clients that leave before the end: the vendor is told at once. */
export const LEAVING: readonly Scenario[] = [
	{
		name: 'leaving before a whole answer',
		modes: ['whole'],
		run: async ({ client, pin, surface, vendor, world }) => {
			const controller = new AbortController();
			const model = pin(`${vendor.plain}#silence`);
			const error = thrown(client.abandon({ model, turns: [{ user: 'Hello' }] }, controller.signal));
			await eventually(() => world.simulators.bill()[0]?.fault === 'silence');
			const left = performance.now();
			controller.abort();
			expect(await error).toBeInstanceOf(surface.errors.userAbort);
			await eventually(() => world.simulators.bill()[0]?.disconnected === true);
			expect(performance.now() - left).toBeLessThan(100);
			await eventually(() => world.gateway.records.at(-1)?.outcome === 'cancelled');
		},
	},
	...(['signal', 'controller', 'break', 'helper'] as const).map(leaving),
];
