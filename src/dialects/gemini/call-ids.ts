import { createHash } from 'node:crypto';

/** How made ids begin; they are as long as a digest of 16 hexadecimal characters makes them. */
const MADE = /^call_gm[0-9a-f]{16}$/;

/** An id for a call or result that came without one: the same for the same words. */
export function madeId(...words: (string | number)[]): string {
	return `call_gm${createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 16)}`;
}

/** Whether an id was made here. The API needs none then: it tells calls apart by name and order. */
export function isMadeId(id: string): boolean {
	return MADE.test(id);
}
