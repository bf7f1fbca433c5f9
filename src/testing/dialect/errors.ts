import { type Dialect, ERROR_CODES, type ErrorCode, isRelaisError, RelaisError } from '../../spec/index.ts';
import { ensure, ensureNone, show } from '../check.ts';
import { relaisError } from '../shapes.ts';
import { onTheWire } from './compare.ts';
import { decode, framesOf } from './streams.ts';

type Class = 'request' | 'key' | 'rights' | 'name' | 'conflict' | 'size' | 'limit' | 'server';

const CLASSES: { readonly [status: number]: readonly Class[] } = {
	401: ['key'],
	402: ['limit'],
	403: ['rights'],
	404: ['name'],
	// A vendor that does not know a method may not know the path.
	405: ['name', 'request'],
	408: ['server'],
	409: ['conflict'],
	413: ['size'],
	429: ['limit'],
	// The client that would see it has left.
	499: ['request', 'server'],
};

/** What is wrong, as far as a client has to know to do something about it, by status. */
function classesOf(status: number): readonly Class[] {
	return CLASSES[status] ?? (status >= 500 ? ['server'] : ['request']);
}

/** Fails where a failure is read as one of another class. */
function ensureClass(status: number, read: RelaisError, what: string): void {
	const [before, after] = [classesOf(status), classesOf(ERROR_CODES[read.code].status)];
	ensure(
		before.some((each) => after.includes(each)),
		`${what} (${before.join(', ')}) is read as ${read.code} (${after.join(', ')})`,
	);
}

const MESSAGE = 'Something "odd"\nhappened: é';

/** An error of each code, written and read, is one of the same class with the same words and wait. */
export function tellsErrors(dialect: Dialect): void {
	for (const [code, { status }] of Object.entries(ERROR_CODES)) {
		const error = new RelaisError(code as ErrorCode, MESSAGE, { retryAfterMs: 2000, param: 'messages' });
		const { status: sent, headers, body } = dialect.encodeError(error, 'request-1');
		ensure(sent === status, `${code} is sent with status ${sent}, not ${status}`);
		ensure(
			Object.keys(headers).every((name) => name === name.toLowerCase()),
			`headers of ${code} are not in lower case: ${show(headers)}`,
		);
		const read = dialect.decodeError(sent, headers, onTheWire({ value: body, warnings: [] }, `the body of ${code}`));
		ensureNone(relaisError(read, `${code}, read again,`));
		ensureClass(status, read, code);
		ensure(read.message.includes(MESSAGE), `${code} loses its message: ${show(read.message)}`);
		if (code === 'rate_limited') ensure(read.retryAfterMs === 2000, `a wait of 2000 ms is read as ${show(read.retryAfterMs)}`);
	}
}

/** What other servers on the way answer with: pages, nothing, and JSON of their own. */
export function readsForeignErrors(dialect: Dialect): void {
	const bodies = [
		'',
		'<html><body>Bad Gateway</body></html>',
		null,
		[],
		{},
		{ error: 'no' },
		{ message: 'no' },
		'x'.repeat(100_000),
	];
	for (const status of [0, 400, 401, 403, 404, 409, 413, 429, 500, 502, 503, 504, 529, 599]) {
		for (const body of bodies) {
			const what = `${show(body)} under status ${status}`;
			const read = dialect.decodeError(status, { 'retry-after': 'soon' }, body);
			ensureNone(relaisError(read, what));
			ensure(read.message.length < 5000, `the message of ${what} has ${read.message.length} characters`);
			if (status >= 400) ensureClass(status, read, what);
		}
	}
}

/** An error in a stream that has begun ends it, in words the client can read. */
export function tellsStreamError(dialect: Dialect): void {
	const error = new RelaisError('provider_overloaded', MESSAGE);
	const frames = framesOf(dialect, dialect.encodeStreamError(error, 'request-1'));
	ensure(frames.length > 0, 'an error in a stream is not written');
	const last = decode(dialect, frames).at(-1);
	ensure(last?.type === 'error' && isRelaisError(last.error), `an error in a stream is read as ${show(last?.type)}`);
	ensure(last.error.message.includes(MESSAGE), `an error in a stream loses its message: ${show(last.error.message)}`);
	const tap = dialect.streamTap({ dropUsage: false });
	for (const frame of frames) tap.frame(frame);
	ensure(tap.error !== undefined && !tap.complete, 'the tap does not see an error in a stream');
}
