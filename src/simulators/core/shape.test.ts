import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../spec/index.ts';
import { firstViolation, type Shape } from './shape.ts';

const text: Shape = { is: 'string' };
const shape: Shape = {
	is: 'object',
	required: ['kind'],
	keys: {
		kind: { is: 'string', values: ['a', 'b'] },
		name: { is: 'string', nullable: true, maxLength: 3, pattern: /^x/ },
		count: { is: 'integer', min: 1, max: 5 },
		items: {
			is: 'array',
			min: 1,
			max: 2,
			of: { is: 'variant', by: 'type', of: { t: { is: 'object', keys: { type: text, t: text }, required: ['t'] } } },
		},
		map: { is: 'map', of: { is: 'integer' } },
		either: { is: 'either', of: [text, { is: 'array', of: text }] },
	},
};

function found(value: JsonValue, lenient = false): string | undefined {
	const violation = firstViolation(value, shape, lenient);
	return (
		violation &&
		`${violation.fault} ${violation.path.map((step) => (typeof step === 'object' ? `<${step.tag}>` : step)).join('.')}`
	);
}

describe('the first departure from a shape', () => {
	it.each<[JsonValue, string | undefined]>([
		[{ kind: 'a' }, undefined],
		[{ kind: 'a', name: null, count: 5, items: [{ type: 't', t: '' }], either: ['x'] }, undefined],
		[[], 'type '],
		[{}, 'missing kind'],
		[{ kind: 'c' }, 'value kind'],
		[{ kind: 'a', other: 1 }, 'unknown other'],
		[{ kind: 'a', constructor: 1 }, 'unknown constructor'],
		[{ kind: 'a', items: [{ type: 'constructor' }] }, 'value items.0.type'],
		[{ kind: 'a', name: 'y' }, 'pattern name'],
		[{ kind: 'a', name: 'xxxx' }, 'too_long name'],
		[{ kind: 'a', count: 1.5 }, 'type count'],
		[{ kind: 'a', count: 0 }, 'min count'],
		[{ kind: 'a', count: 6 }, 'max count'],
		[{ kind: 'a', items: [] }, 'empty items'],
		[{ kind: 'a', items: [1, 2, 3] }, 'too_many items'],
		[{ kind: 'a', items: [{ type: 't' }] }, 'missing items.0.<t>.t'],
		[{ kind: 'a', items: [{ type: 'u' }] }, 'value items.0.type'],
		[{ kind: 'a', items: [{}] }, 'missing items.0.type'],
		[{ kind: 'a', map: { x: 1, y: 'z' } }, 'type map.y'],
		[{ kind: 'a', map: [] }, 'type map'],
		[{ kind: 'a', either: 5 }, 'type either'],
		[{ kind: 'a', either: [5] }, 'type either.0'],
	])('of %j is %j', (value, expected) => {
		expect(found(value)).toBe(expected);
	});

	it('lets unknown keys pass where it is lenient', () => {
		expect(found({ kind: 'a', other: 1, items: [{ type: 't', t: '', more: 1 }] }, true)).toBeUndefined();
	});
});
