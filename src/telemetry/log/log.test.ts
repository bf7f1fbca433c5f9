import { describe, expect, it } from 'vitest';
import { printable } from './index.ts';

describe('a text on the terminal', () => {
	it('cannot begin a line of its own nor command the terminal', () => {
		expect(printable('no\n12:00:00 info all is well\r\u001b[2J\u009b1m\u2028é漢')).toBe(
			'no\\u000a12:00:00 info all is well\\u000d\\u001b[2J\\u009b1m\\u2028é漢',
		);
	});
});
