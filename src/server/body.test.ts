import { describe, expect, it } from 'vitest';
import { isRelaisError } from '../spec/index.ts';
import { parseBody } from './body.ts';

function refusal(raw: Buffer | string): string {
	try {
		parseBody(Buffer.from(raw), 64);
	} catch (error) {
		if (isRelaisError(error)) return `${error.code}: ${error.message}`;
		throw error;
	}
	return 'accepted';
}

describe('a request body', () => {
	it('that is a JSON object is taken', () => {
		expect(parseBody(Buffer.from('{"a":[1]}'), 64)).toEqual({ a: [1] });
	});

	it('that is broken JSON is refused with its place and without its text', () => {
		expect(refusal('{"a": "sk-secret" oops}')).toMatch(/^invalid_json: .*not valid JSON at /);
		expect(refusal('{"a": "sk-secret" oops}')).not.toContain('secret');
		expect(refusal('{"a": 1')).toMatch(/^invalid_json: /);
		expect(refusal('model=x')).toBe('invalid_json: The request body is not valid JSON. Send a JSON object.');
		expect(refusal('')).toMatch(/^invalid_json: .*empty/);
	});

	it('that is not UTF-8 is refused', () => {
		expect(refusal(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toMatch(/^invalid_json: .*UTF-8/);
	});

	it('that is not an object is refused by what it is', () => {
		expect(refusal('[1]')).toContain('an array');
		expect(refusal('null')).toContain('null');
		expect(refusal('"x"')).toContain('a string');
	});

	it('that nests too deeply is refused without exhausting the stack', () => {
		expect(refusal(`{"a":${'['.repeat(64)}${']'.repeat(64)}}`)).toMatch(/64 levels/);
		expect(refusal(`{"a":${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}}`)).toMatch(/^invalid_/);
		expect(refusal(`{"a":${'['.repeat(60)}${']'.repeat(60)}}`)).toBe('accepted');
	});
});
