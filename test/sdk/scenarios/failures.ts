import { expect } from 'vitest';
import type { Scenario } from '../cell.ts';
import type { Mode } from '../neutral.ts';
import { hasty } from '../world.ts';
import { expectFailure, ONCE, thrown } from './expect-failure.ts';

const STREAMS: readonly Mode[] = ['iterator', 'helper'];

/** A fault of the vendor, and the status it reaches the client under. */
interface Failure {
	fault: string;
	status: number;
	/** Where a vendor's own words make it another for clients of one dialect (`dialect@vendor`). */
	at?: { [place: string]: number };
	/** Whether trying again may help. */
	again?: boolean;
	/** Given little time, so that a silence ends. */
	hurried?: boolean;
	modes?: readonly Mode[];
}

const FAULTS: readonly Failure[] = [
	{ fault: '400', status: 400 },
	{ fault: '401', status: 401 },
	{ fault: '403', status: 403 },
	{ fault: '404', status: 404 },
	{ fault: '413', status: 413 },
	{ fault: '422', status: 422 },
	{ fault: '429&retry-after=7', status: 429, again: true },
	{ fault: 'quota', status: 429 },
	{ fault: '500', status: 500, again: true },
	// A 503 whose words are those of an overload has a status of its own where a dialect must be translated.
	{
		fault: '503',
		status: 503,
		at: {
			'anthropic-messages@sim-openai': 529,
			'anthropic-messages@sim-responses': 529,
			'anthropic-messages@sim-gemini': 529,
			'anthropic-messages@sim-azure': 529,
		},
		again: true,
	},
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
	{
		fault: 'error-event&fraction=0',
		status: 500,
		again: true,
		modes: ['iterator'],
	},
];

function vendorFailure({ fault, status, at, again = false, hurried = false, modes = ONCE }: Failure): Scenario {
	return {
		name: `error: ${fault}`,
		modes,
		run: async (cell) => {
			const { vendor, world, surface } = cell;
			const provider = hurried ? hasty(vendor) : vendor.name;
			const ask = { model: `${provider}/${vendor.plain}#${fault}`, turns: [{ user: 'Hello' }] };
			const expected = at?.[`${surface.dialect}@${vendor.name}`] ?? vendor.statuses?.[fault] ?? status;
			const { headers, message, requestId } = await expectFailure(cell, ask, expected);
			expect(headers?.get('x-relais-provider')).toBe(provider);
			const lasting = !again && (fault !== 'quota' || vendor.can.quota);
			if (surface.can.retries && surface.lacks?.includes('retryAdvice') !== true)
				expect(headers?.get('x-should-retry')).toBe(lasting ? 'false' : null);
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
			if (surface.can.streamStatus !== 'some') expect(status === undefined).toBe(!surface.can.streamStatus);
			expect(message.length).toBeGreaterThan(8);
			const record = await world.gateway.record(requestId ?? '');
			expect(record.outcome).toBe('interrupted');
		},
	};
}

/** What goes wrong at the vendor, as each SDK raises it. */
export const FAILURES: readonly Scenario[] = [...FAULTS.map(vendorFailure), ...INTERRUPTIONS.map(interruption)];
