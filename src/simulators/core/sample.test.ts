import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '../../spec/index.ts';
import { isObject } from './json.ts';
import { sampleOf } from './sample.ts';

const hints = { subject: 'Paris', said: 'The weather in Paris for 3 days, in fahrenheit' };

function schemaOf(type: z.ZodType): JsonObject {
	const schema: unknown = JSON.parse(JSON.stringify(z.toJSONSchema(type)));
	if (!isObject(schema)) throw new Error('no schema');
	return schema;
}

type Tree = { name: string; children: Tree[] };
const Tree: z.ZodType<Tree> = z.object({ name: z.string(), children: z.lazy(() => z.array(Tree)) });
const Address = z.object({ street: z.string(), zip: z.string().optional() });

describe('a sample of a JSON Schema', () => {
	it.each<[string, z.ZodType]>([
		['plain types', z.object({ a: z.string(), b: z.number(), c: z.int(), d: z.boolean(), e: z.null() })],
		[
			'bounds of numbers',
			z.object({ a: z.int().min(100), b: z.number().max(-5), c: z.number().gt(9).lt(10), d: z.int().multipleOf(4).min(9) }),
		],
		['lengths of strings', z.object({ a: z.string().min(50), b: z.string().max(2) })],
		['formats', z.object({ a: z.email(), b: z.uuid(), c: z.iso.date(), d: z.iso.datetime(), e: z.url(), f: z.ipv4() })],
		['a common pattern', z.object({ a: z.string().regex(/^\d{4}$/), b: z.string().regex(/^[A-Z]+-\d+$/) })],
		['enums and constants', z.object({ a: z.enum(['x', 'y']), b: z.literal(5) })],
		['arrays with a least length', z.object({ a: z.array(z.string()).min(3), b: z.array(z.object({ c: z.int() })) })],
		['tuples', z.object({ a: z.tuple([z.string(), z.number()]) })],
		[
			'unions and nullable values',
			z.object({ a: z.union([z.string(), z.number()]), b: z.string().nullable(), c: z.null().or(Address) }),
		],
		['what is extended', Address.and(z.object({ city: z.string() }))],
		['what refers to itself', Tree],
		[
			'nested and optional parts',
			z.object({ deep: z.object({ deeper: z.object({ deepest: Address }) }), left: z.string().optional() }),
		],
	])('fits %s', (_, type) => {
		const made = sampleOf(schemaOf(type), hints);
		expect(type.safeParse(made)).toMatchObject({ success: true });
		expect(sampleOf(schemaOf(type), hints)).toEqual(made);
	});

	it('follows references within the schema', () => {
		const schema = {
			type: 'object',
			properties: { at: { $ref: '#/$defs/Place' } },
			required: ['at'],
			$defs: { Place: { type: 'string' } },
		};
		expect(sampleOf(schema, hints)).toEqual({ at: 'Paris' });
	});

	it('takes the subject, a number and a word of the enum from what was said', () => {
		const type = z.object({ city: z.string(), days: z.int(), unit: z.enum(['celsius', 'fahrenheit']), note: z.string() });
		expect(sampleOf(schemaOf(type), hints)).toEqual({ city: 'Paris', days: 3, unit: 'fahrenheit', note: 'sample note' });
	});

	it('leaves optional properties out where others are required, and fills them where none is', () => {
		expect(
			sampleOf({ type: 'object', properties: { a: { type: 'integer' }, b: { type: 'integer' } }, required: ['a'] }, hints),
		).toEqual({ a: 3 });
		expect(sampleOf({ type: 'object', properties: { a: { type: 'integer' }, b: { type: 'boolean' } } }, hints)).toEqual({
			a: 3,
			b: true,
		});
	});

	it('comes to an end where a schema does not', () => {
		const endless = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] };
		expect(sampleOf(endless, hints)).toHaveProperty('next.next.next');
		expect(sampleOf({ type: 'string', pattern: '(' }, hints)).toBe('sample');
		expect(sampleOf({ type: 'array', minItems: 1e9, items: { type: 'null' } }, hints)).toHaveLength(1000);
	});

	it('makes something of an empty schema', () => {
		expect(sampleOf({ type: 'object' }, hints)).toEqual({});
		expect(sampleOf({}, hints)).toBe('Paris');
	});
});
