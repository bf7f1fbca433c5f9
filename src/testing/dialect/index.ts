import type { Dialect } from '../../spec/index.ts';
import { type Check, type CheckResult, ensure, runChecks, show } from '../check.ts';
import { carriesRequest, carriesResponse, locatesParts, sketchesRequest } from './bodies.ts';
import { readsForeignErrors, tellsErrors, tellsStreamError } from './errors.ts';
import { withstandsErrors, withstandsRequests, withstandsResponses, withstandsStreams } from './hostile.ts';
import { REQUESTS, responses } from './samples.ts';
import { noticesCuts, streamsResponse, tapsStream } from './streams.ts';

export interface DialectCheckOptions {
	/** Start of the random values; the same seed gives the same ones. Default: 1. */
	seed?: number;
	/** Random values each function is shown. Default: 500. */
	rounds?: number;
	/** Names of samples the dialect has no form for at all: they are skipped. */
	without?: readonly string[];
	/** Answers of the dialect do not say which model made them. */
	anonymous?: boolean;
}

type Body = (dialect: Dialect) => void;

function check(name: string, body: Body, skipped = false): Check<Dialect> {
	return {
		name,
		run: async (dialect) => {
			if (skipped) return 'the dialect has no form for it';
			body(dialect);
			return undefined;
		},
	};
}

function isWhole(dialect: Dialect): void {
	ensure(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(dialect.name), `its name is ${show(dialect.name)}`);
	ensure(
		['sse', 'ndjson', 'json-array', 'aws-event-stream'].includes(dialect.framing),
		`its framing is ${show(dialect.framing)}`,
	);
	ensure(/^[a-z]+\/[a-z0-9.+-]+/.test(dialect.streamContentType), `its content type is ${show(dialect.streamContentType)}`);
}

/**
 * What every dialect must hold to, for any test runner. All checks are pure and quick:
 *
 *     for (const check of dialectChecks()) test(check.name, () => check.run(dialect));
 */
export function dialectChecks(options: DialectCheckOptions = {}): Check<Dialect>[] {
	const without = (name: string): boolean => options.without?.includes(name) === true;
	const hostile = { seed: options.seed ?? 1, rounds: options.rounds ?? 500, without };
	const requests = (what: string, body: (dialect: Dialect, sample: (typeof REQUESTS)[number]) => void): Check<Dialect>[] =>
		REQUESTS.map((sample) => check(`${what}: ${sample.name}`, (dialect) => body(dialect, sample), without(sample.name)));
	// Samples depend on the dialect's name; their own names do not.
	const answers = (
		what: string,
		body: (dialect: Dialect, sample: ReturnType<typeof responses>[number]) => void,
	): Check<Dialect>[] =>
		responses('').map(({ name }, index) => {
			const run: Body = (dialect) => {
				const sample = responses(dialect.name)[index];
				if (sample !== undefined) body(dialect, options.anonymous === true ? anonymous(sample) : sample);
			};
			return check(`${what}: ${name}`, run, without(name));
		});
	return [
		check('has a name, a framing and a content type', isWhole),
		...requests('carries a request', carriesRequest),
		...requests('sketches a request', sketchesRequest),
		...requests('locates what a request says', locatesParts),
		...answers('carries an answer', carriesResponse),
		...answers('streams an answer', streamsResponse),
		...answers('taps a stream', tapsStream),
		...answers('notices where a stream is cut', noticesCuts),
		check('tells errors of every code', tellsErrors),
		check('reads errors that are not of its form', readsForeignErrors),
		check('tells an error inside a stream', tellsStreamError),
		check('withstands requests of any form', (dialect) => withstandsRequests(dialect, hostile)),
		check('withstands answers of any form', (dialect) => withstandsResponses(dialect, hostile)),
		check('withstands streams of any form', (dialect) => withstandsStreams(dialect, hostile)),
		check('withstands errors of any form', (dialect) => withstandsErrors(dialect, hostile)),
	];
}

/** Runs all checks on a dialect. Never rejects. */
export function checkDialect(dialect: Dialect, options: DialectCheckOptions = {}): Promise<CheckResult[]> {
	return runChecks(dialectChecks(options), dialect);
}

/** The sample without the model's name. */
function anonymous(sample: ReturnType<typeof responses>[number]): ReturnType<typeof responses>[number] {
	const { model: _, ...value } = sample.value;
	return { ...sample, value };
}
