import { expect, it } from 'vitest';
import { openaiChat } from '../../src/dialects/index.ts';
import type { Dialect, StreamDecoder, StreamPart, StreamTap } from '../../src/spec/index.ts';
import { dialectChecks } from '../../src/testing/index.ts';

/** A dialect with nothing wrong. */
export const sound: Dialect = openaiChat;

/** One wrong thing in a dialect that is otherwise sound, the check that must find it, and what it says. */
export interface DialectFault {
	wrong: string;
	dialect: Partial<Dialect>;
	says: RegExp;
}

/** A decoder that says something else than the sound one. */
export function decoding(change: (parts: StreamPart[]) => StreamPart[], last = (parts: StreamPart[]) => parts): Partial<Dialect> {
	return {
		streamDecoder: (): StreamDecoder => {
			const decoder = sound.streamDecoder();
			return { push: (frame) => change(decoder.push(frame)), end: () => last(change(decoder.end())) };
		},
	};
}

/** A tap that says something else than the sound one. */
export function tapping(more: (tap: StreamTap) => Partial<StreamTap>): Partial<Dialect> {
	return {
		streamTap: (options): StreamTap => {
			const tap = sound.streamTap(options);
			return {
				frame: (frame) => tap.frame(frame),
				closing: () => tap.closing(),
				get started() {
					return tap.started;
				},
				get complete() {
					return tap.complete;
				},
				get error() {
					return tap.error;
				},
				get usage() {
					return tap.usage;
				},
				get finish() {
					return tap.finish;
				},
				get outputChars() {
					return tap.outputChars;
				},
				get model() {
					return tap.model;
				},
				...more(tap),
			};
		},
	};
}

/** What a check is about, without its sample. */
function subject(name: string): string {
	return name.split(':', 1)[0] ?? name;
}

/** Kinds of checks, each once. */
export function kinds(names: readonly string[]): string[] {
	return [...new Set(names.map(subject))];
}

/** Kinds of checks by the test file that shows them faults; together they are all there are. */
export const SHOWN = {
	bodies: [
		'has a name, a framing and a content type',
		'carries a request',
		'sketches a request',
		'locates what a request says',
		'carries an answer',
	],
	streams: ['streams an answer', 'taps a stream', 'notices where a stream is cut'],
	errors: ['tells errors of every code', 'reads errors that are not of its form', 'tells an error inside a stream'],
	hostile: [
		'withstands requests of any form',
		'withstands answers of any form',
		'withstands streams of any form',
		'withstands errors of any form',
	],
};

/** Tests that each of the checks finds what is wrong, and that each of their kinds is shown something wrong. */
export function itFinds(shown: readonly string[], faults: { readonly [check: string]: readonly DialectFault[] }): void {
	it('has a fault for each kind of check', () => expect(kinds(Object.keys(faults))).toEqual(shown));

	const rows = Object.entries(faults).flatMap(([check, list]) => list.map((fault) => ({ check, ...fault })));
	it.each(rows)('$check: finds $wrong', async ({ check: name, dialect, says }) => {
		const check = dialectChecks({ rounds: 100 }).find((candidate) => candidate.name === name);
		if (check === undefined) throw new Error(`no check "${name}"`);
		const error: unknown = await check.run({ ...sound, ...dialect }).then(
			() => new Error('nothing was found'),
			(thrown: unknown) => thrown,
		);
		expect(String(error)).toMatch(new RegExp(says.source.replace(/^\^/, '^CheckFailure: ')));
	});
}
