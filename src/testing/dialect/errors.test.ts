import { describe } from 'vitest';
import { type DialectFault, itFinds, SHOWN, sound, tapping } from '../../../test/support/dialect-faults.ts';
import type { JsonObject } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';

const FAULTS: { readonly [check: string]: readonly DialectFault[] } = {
	'tells errors of every code': [
		{
			wrong: 'another status',
			dialect: { encodeError: (error, id) => ({ ...sound.encodeError(error, id), status: 500 }) },
			says: /invalid_json is sent with status 500, not 400/,
		},
		{
			wrong: 'a header in capitals',
			dialect: { encodeError: (error, id) => ({ ...sound.encodeError(error, id), headers: { 'Retry-After': '2' } }) },
			says: /are not in lower case/,
		},
		{
			wrong: 'another class',
			dialect: { decodeError: () => new RelaisError('provider_error', 'Something "odd"\nhappened: é') },
			says: /invalid_json \(request\) is read as provider_error \(server\)/,
		},
		{
			wrong: 'a lost message',
			dialect: { encodeError: (error, id) => sound.encodeError(new RelaisError(error.code, 'no'), id) },
			says: /invalid_json loses its message: "no"/,
		},
		{
			wrong: 'a lost wait',
			dialect: { encodeError: (error, id) => ({ ...sound.encodeError(error, id), headers: {} }) },
			says: /a wait of 2000 ms is read as undefined/,
		},
		{
			wrong: 'a plain error',
			dialect: { decodeError: () => new Error('x') as never },
			says: /must be a RelaisError, is Error: x/,
		},
	],
	'reads errors that are not of its form': [
		{
			wrong: 'a reader that needs an object',
			dialect: { decodeError: (status, headers, body) => sound.decodeError(status, headers, (body as JsonObject).error ?? null) },
			says: /TypeError|Cannot read/,
		},
		{
			wrong: 'a page as message',
			dialect: {
				decodeError: (status, _, body) => new RelaisError(sound.decodeError(status, {}, null).code, `${JSON.stringify(body)}!`),
			},
			says: /the message of .* has 100003 characters/,
		},
		{
			wrong: 'one class for all',
			dialect: { decodeError: () => new RelaisError('provider_error', 'x') },
			says: /under status 400 \(request\) is read as provider_error/,
		},
	],
	'tells an error inside a stream': [
		{ wrong: 'nothing', dialect: { encodeStreamError: () => '' }, says: /an error in a stream is not written/ },
		{ wrong: 'an ordinary frame', dialect: { encodeStreamError: () => ': nothing\n\n' }, says: /is not written/ },
		{
			wrong: 'other words',
			dialect: { encodeStreamError: (error, id) => sound.encodeStreamError(new RelaisError(error.code, 'no'), id) },
			says: /loses its message: "no"/,
		},
		{ wrong: 'a blind tap', dialect: tapping(() => ({ error: undefined })), says: /the tap does not see an error/ },
	],
};

describe('how a dialect tells errors', () => itFinds(SHOWN.errors, FAULTS));
