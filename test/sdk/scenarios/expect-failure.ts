import { expect } from 'vitest';
import type { Cell } from '../cell.ts';
import type { Ask, Mode, SeenError } from '../neutral.ts';

/** Errors before an answer begins come the same way to the helper as to the raw stream. */
export const ONCE: readonly Mode[] = ['whole', 'iterator'];

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
export async function expectFailure(cell: Cell, ask: Ask, status: number, client = cell.client): Promise<SeenError> {
	const error = await thrown(client.ask(ask, cell.mode));
	expect(error).toBeInstanceOf(cell.surface.errorClass(status));
	expect(error).not.toBeInstanceOf(cell.surface.errors.connection);
	const seen = cell.surface.read(error);
	expect(seen.status).toBe(status);
	expect(seen.requestId).toMatch(/^[0-9a-f-]{36}$/);
	expect(seen.message).not.toMatch(/undefined|\[object/);
	return seen;
}
