import { describe, expect, it } from 'vitest';
import { requiredNode, satisfies } from '../../bin/node-version.js';

describe('the range of Node versions', () => {
	it.each([
		['20.20.2', false],
		['22.21.9', false],
		['22.22.0', true],
		['22.30.1', true],
		['23.11.1', false],
		['24.0.0', false],
		['24.14.9', false],
		['24.15.0', true],
		['24.100.0', true],
		['25.9.0', false],
		['26.0.0', true],
		['v26.10.0', true],
		['30.0.0', true],
	])('Node %s: %s', (version, expected) => {
		expect(satisfies(version, requiredNode())).toBe(expected);
	});

	it('refuses a form of range it cannot read instead of guessing', () => {
		expect(() => satisfies('24.15.0', '>=22 <25')).toThrow('cannot read the version range ">=22 <25"');
		expect(() => satisfies('24.15.0', '24.x')).toThrow('cannot read the version range "24.x"');
	});
});
