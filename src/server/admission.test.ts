import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { KeyRing } from '../policy/auth/index.ts';
import { isRelaisError } from '../spec/index.ts';
import { admit } from './admission.ts';

const KEY = 'rk-some-0123456789abcdef';
const open = new KeyRing('open', [{ name: 'known', key: KEY, models: ['*'] }]);

function outcome(headers: IncomingHttpHeaders): string {
	try {
		return admit(open, headers).name ?? 'anybody';
	} catch (error) {
		if (isRelaisError(error)) return error.code;
		throw error;
	}
}

describe('in open mode', () => {
	const cases: [string, IncomingHttpHeaders, string][] = [
		['a program', { host: '127.0.0.1:4242' }, 'anybody'],
		['a program by name', { host: 'localhost:4242' }, 'anybody'],
		['a program over IPv6', { host: '[::1]:4242' }, 'anybody'],
		[
			'a page of Relais itself',
			{ host: 'localhost:4242', origin: 'http://localhost:4242', 'sec-fetch-site': 'same-origin' },
			'anybody',
		],
		['a page of another site', { host: '127.0.0.1:4242', origin: 'https://evil.example' }, 'forbidden'],
		['a page without an origin', { host: '127.0.0.1:4242', origin: 'null' }, 'forbidden'],
		['a page of another port', { host: '127.0.0.1:4242', origin: 'http://127.0.0.1:8000' }, 'forbidden'],
		['a form of another site', { host: '127.0.0.1:4242', 'sec-fetch-site': 'cross-site' }, 'forbidden'],
		['a name that was pointed here', { host: 'rebound.example:4242' }, 'forbidden'],
		['a page with a key', { host: '127.0.0.1:4242', origin: 'https://app.example', authorization: `Bearer ${KEY}` }, 'known'],
	];

	it.each(cases)('%s', (_who, headers, expected) => {
		expect(outcome(headers)).toBe(expected);
	});
});
