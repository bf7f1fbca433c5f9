import { createHash } from 'node:crypto';

/** Longest id of a call the API takes, in characters. */
const LONGEST = 64;

/** Longest id of an answer that is written out in those of its items, in characters. */
const LONGEST_NAME = 48;

/**
 * The id of an item, made from that of the answer it is part of, as shown: so the same answer always has the same ones, and an item
 * leads back to its answer.
 */
export function madeId(prefix: string, answer: string, index: number): string {
	const name = answer.replace(/^resp_/, '');
	const plain = name.length <= LONGEST_NAME && /^[A-Za-z0-9_-]+$/.test(name);
	return `${prefix}_${plain ? name : digest(name)}${index.toString(16).padStart(3, '0')}`;
}

/** The answer an item is part of, if its id was made here; that of an answer there is not otherwise. */
export function answerOfItem(id: string): string | undefined {
	const name = /^[a-z]+_(.+)[0-9a-f]{3}$/.exec(id)?.[1];
	return name === undefined ? undefined : `resp_${name}`;
}

function digest(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The id of an answer as clients of this dialect expect it. */
export function answerId(id: string): string {
	return id.startsWith('resp_') ? id : `resp_${id.replace(/[^A-Za-z0-9_-]/g, '')}`;
}

/** A call's id as the API takes it: one that is too long is replaced, alike in the call and in its result. */
export function callId(id: string): string {
	if (id.length <= LONGEST) return id;
	return `call_${digest(id)}`;
}
