import { describe, expect, it } from 'vitest';
import { redactor } from './problems.ts';

describe('a text for users', () => {
	it('holds no secret, the longest hidden first, short words left alone', () => {
		const clean = redactor(['sk-0123456789', 'sk-0123456789-more', 'short', undefined]);
		expect(clean('sk-0123456789-more and sk-0123456789, in short')).toBe('*** and ***, in short');
	});

	it.each(['/run/secrets/vertex.json', './keys/vertex.json', '~/vertex.json', 'C:\\keys\\vertex.json'])(
		'names the file %s that a key is read from',
		(path) => {
			expect(redactor([path])(`the file ${path} cannot be read`)).toContain(path);
		},
	);

	it.each(['/9j4AAQSkZJRgABAQ', '/a secret.json', '{"private_key":"x"}.json'])('does not take the key %j for a file', (key) => {
		expect(redactor([key])(`it says ${key}`)).toBe('it says ***');
	});
});
