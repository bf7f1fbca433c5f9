import { createHash } from 'node:crypto';

/** What the vendor takes as the id of a call. */
const TAKEN = /^[a-zA-Z0-9]{9}$/;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const LENGTH = 9;

/**
 * The nine letters and digits that stand for an id of another shape. They follow from the id alone, so that a call and its result, and
 * every later turn, have the same one and nothing needs to be remembered; the vendor never repeats ids it is sent, and those it makes
 * itself reach the client as they are. Two ids of one conversation clash once in 10^16.
 */
export function nineLetters(id: string): string {
	if (TAKEN.test(id)) return id;
	const digest = createHash('sha256').update(id).digest();
	let made = '';
	for (let index = 0; index < LENGTH; index++) made += LETTERS[digest.readUInt16BE(index * 2) % LETTERS.length];
	return made;
}
