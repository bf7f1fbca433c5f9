import { EventEmitter } from 'node:events';
import { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { countOpen } from './open-answers.ts';

/** A response, and how often the work on it was cancelled. */
function setup(destroyed: boolean) {
	const message = Object.assign(new EventEmitter(), { method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 });
	const response = Reflect.construct(ServerResponse, [message]) as ServerResponse;
	if (destroyed) response.destroy();
	const host = { open: 0 };
	let cancelled = 0;
	countOpen(host, response, { cancel: () => void cancelled++ });
	return { response, host, cancelled: () => cancelled };
}

describe('an answer', () => {
	it('is open until its client leaves, which ends the work on it', () => {
		const { response, host, cancelled } = setup(false);
		expect(host.open).toBe(1);
		response.emit('close');
		expect([host.open, cancelled()]).toEqual([0, 1]);
	});

	it('whose client had left before is not open at all, and no work is done on it', () => {
		const { host, cancelled } = setup(true);
		expect([host.open, cancelled()]).toEqual([0, 1]);
	});
});
