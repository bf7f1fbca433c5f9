import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hideReferences, substitute } from './substitute.ts';

const none = (): undefined => undefined;
const from = (env: { [name: string]: string }) => (name: string) => env[name];
const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/);
const ref = (inner: string): string => `\${${inner}}`;

describe('variables in texts', () => {
	it('puts in a value, as often as it is named', () => {
		expect(substitute(`a ${ref('X')} b ${ref('X')}`, from({ X: '1' }))).toEqual({
			text: 'a 1 b 1',
			used: ['X', 'X'],
			missing: [],
			malformed: [],
		});
	});

	it.each([
		['unset', {}],
		['empty', { X: '' }],
	])('takes the default of a variable that is %s', (_, env) => {
		expect(substitute(ref('X:-d'), from(env)).text).toBe('d');
		expect(substitute(ref(`X:-${ref('Y:-e')}`), from(env)).text).toBe('e');
		expect(substitute(ref('X:-'), from(env)).text).toBe('');
	});

	it('does not evaluate the default of a variable that is set', () => {
		expect(substitute(ref(`X:-${ref('MISSING')}`), from({ X: '1' }))).toMatchObject({ text: '1', missing: [] });
	});

	it('names a variable that is missing', () => {
		expect(substitute(`${ref('A')}${ref('B')}`, none).missing).toEqual(['A', 'B']);
	});

	it('leaves a dollar that is none of its business', () => {
		for (const text of ['$', 'cost: $5', '$HOME', 'a$']) expect(substitute(text, none).text).toBe(text);
	});

	it.each([ref(''), ref('1X'), ref('X-y'), ref('X:?y'), ref(' X'), `\${X`, `\${`])('refuses %s', (text) => {
		expect(substitute(text, from({ X: '1' })).malformed).toHaveLength(1);
	});

	it('survives defaults nested without end', () => {
		const deep = `\${A:-`.repeat(5000) + '}'.repeat(5000);
		expect(substitute(deep, none).malformed).toHaveLength(1);
	});

	it('PROPERTY: a text without "$" stays as it is', () => {
		fc.assert(
			fc.property(
				fc.string().filter((text) => !text.includes('$')),
				(text) => substitute(text, none).text === text,
			),
		);
	});

	it('PROPERTY: any text comes through when every "$" is doubled', () => {
		fc.assert(fc.property(fc.string(), (text) => substitute(text.replaceAll('$', '$$$$'), none).text === text));
	});

	it('PROPERTY: a value goes in verbatim, whatever it holds, with what stands around it', () => {
		fc.assert(
			fc.property(name, fc.string(), fc.string(), fc.string(), (variable, value, before, after) => {
				const plain = (text: string): string => text.replaceAll('$', '$$$$');
				const result = substitute(plain(before) + ref(variable) + plain(after), from({ [variable]: value }));
				expect(result.text).toBe(before + value + after);
			}),
		);
	});

	it('PROPERTY: never throws', () => {
		const piece = fc.constantFrom('$', '{', '}', ':-', 'X', 'Y', ' ', '$$');
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
				substitute(pieces.join(''), from({ X: '1' }));
			}),
		);
	});
});

describe('hiding references from YAML', () => {
	it('PROPERTY: keeps every position, and is undone exactly', () => {
		const piece = fc.constantFrom('$', '{', '}', ':-', 'X', ',', '[', ']', '#', ': ', '\n', '\ue000', '\ue003');
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
				const text = pieces.join('');
				const { hidden, reveal } = hideReferences(text);
				expect(hidden).toHaveLength(text.length);
				expect(reveal(hidden)).toBe(text);
			}),
		);
	});
});
