import { createHash } from 'node:crypto';

/** Longest id of a call the API takes, in characters. */
const LONGEST = 64;

/** Ids of items are made from that of the answer, so that the same answer always has the same ones. */
export function madeId(prefix: string, answer: string, index: number): string {
	return `${prefix}_${answer.replace(/[^A-Za-z0-9]/g, '')}${index.toString(16).padStart(3, '0')}`;
}

/** The id of an answer as clients of this dialect expect it. */
export function answerId(id: string): string {
	return id.startsWith('resp_') ? id : `resp_${id.replace(/[^A-Za-z0-9_-]/g, '')}`;
}

/** A call's id as the API takes it: one that is too long is replaced, alike in the call and in its result. */
export function callId(id: string): string {
	if (id.length <= LONGEST) return id;
	return `call_${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}
