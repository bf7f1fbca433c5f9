import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { isObject, list, number, object, text } from './json.ts';
import { cut } from './tokens.ts';

/** What the conversation suggests for the values. */
export interface Hints {
	/** What the values are about: goes into the first string that has no rule of its own. */
	subject: string;
	/** The whole text asked with: words of an enum and numbers are taken from it. */
	said: string;
}

interface Walk {
	root: JsonObject;
	hints: Hints;
	/** Whether the subject has been used. */
	spent: boolean;
}

/** Beyond this depth only what is required is made; beyond the last, nothing. */
const DEEPEST = 6;
const LAST = 64;
/** Greatest sizes worth making, whatever a schema demands. */
const MOST_ITEMS = 1000;
const MOST_CHARS = 100_000;

function resolve(schema: JsonObject, walk: Walk): JsonObject {
	let found = schema;
	for (let hops = 0; hops < 8 && typeof found.$ref === 'string'; hops++) {
		let target: JsonValue | undefined = walk.root;
		for (const step of found.$ref.replace(/^#\/?/, '').split('/')) {
			if (step !== '') target = object(target)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
		}
		const { $ref, ...beside } = found;
		found = { ...object(target), ...beside };
	}
	return found;
}

function merged(schema: JsonObject, walk: Walk): JsonObject {
	let all = schema;
	for (const part of list(schema.allOf)) {
		const piece = resolve(object(part), walk);
		all = {
			...all,
			...piece,
			properties: { ...object(all.properties), ...object(piece.properties) },
			required: [...list(all.required), ...list(piece.required)],
		};
	}
	return all;
}

const FORMATS: { [format: string]: string } = {
	date: '2026-01-15',
	time: '09:30:00Z',
	'date-time': '2026-01-15T09:30:00Z',
	duration: 'PT1H',
	email: 'sample@example.com',
	hostname: 'example.com',
	ipv4: '192.0.2.1',
	ipv6: '2001:db8::1',
	uri: 'https://example.com/sample',
	uuid: '00000000-0000-4000-8000-000000000000',
};

/** Tried in turn for a string with a pattern; the first that fits is taken. */
const PATTERN_GUESSES = [
	'sample',
	'Sample',
	'SAMPLE',
	'a',
	'A',
	'1',
	'12',
	'1234',
	'12345',
	'A1',
	'ABC-123',
	'2026-01-15',
	'#aabbcc',
	'1.0.0',
];

function compiled(pattern: string): RegExp | undefined {
	try {
		return new RegExp(pattern, 'u');
	} catch {
		return undefined;
	}
}

function stringSample(schema: JsonObject, name: string, walk: Walk): string {
	const format = FORMATS[text(schema.format)];
	if (format !== undefined) return format;
	if (typeof schema.pattern === 'string') {
		const pattern = compiled(schema.pattern);
		return PATTERN_GUESSES.find((guess) => pattern?.test(guess)) ?? 'sample';
	}
	const free = walk.spent ? `sample ${name === '' ? 'text' : name}` : walk.hints.subject;
	walk.spent = true;
	const least = Math.min(MOST_CHARS, number(schema.minLength) ?? 0);
	return cut(free.padEnd(least, '.'), number(schema.maxLength) ?? free.length + least);
}

function numberSample(schema: JsonObject, whole: boolean, walk: Walk): number {
	const step = number(schema.multipleOf) ?? (whole ? 1 : 0);
	const above = number(schema.exclusiveMinimum);
	const below = number(schema.exclusiveMaximum);
	const nudge = step === 0 ? 0.5 : step;
	const least = number(schema.minimum) ?? (above === undefined ? undefined : above + nudge);
	const most = number(schema.maximum) ?? (below === undefined ? undefined : below - nudge);
	const spoken = /(?<![\w.])\d{1,9}(?:\.\d+)?(?![\w.])/.exec(walk.hints.said)?.[0];
	let value = spoken === undefined ? (whole ? 7 : 7.5) : Number(spoken);
	if (step > 0) value = Math.round(value / step) * step;
	if (least !== undefined && value < least) value = step > 0 ? Math.ceil(least / step) * step : least;
	if (most !== undefined && value > most) value = step > 0 ? Math.floor(most / step) * step : most;
	return value;
}

function arraySample(schema: JsonObject, name: string, depth: number, walk: Walk): JsonValue[] {
	const prefix = list(schema.prefixItems).map((item) => sample(object(item), name, depth + 1, walk));
	const least = Math.min(MOST_ITEMS, number(schema.minItems) ?? (depth >= DEEPEST ? 0 : 1));
	while (prefix.length < least) prefix.push(sample(object(schema.items), name, depth + 1, walk));
	return prefix;
}

function objectSample(schema: JsonObject, depth: number, walk: Walk): JsonObject {
	const properties = object(schema.properties);
	const required = list(schema.required).map(text);
	const wanted = required.length > 0 || depth >= DEEPEST ? required : Object.keys(properties);
	const made: JsonObject = {};
	for (const key of wanted) made[key] = sample(object(properties[key]), key, depth + 1, walk);
	return made;
}

function typeOf(schema: JsonObject): string {
	const declared = Array.isArray(schema.type) ? text(schema.type.find((type) => type !== 'null') ?? 'null') : text(schema.type);
	if (declared !== '') return declared;
	if (isObject(schema.properties)) return 'object';
	return schema.items === undefined ? 'string' : 'array';
}

function chosen(options: JsonValue[], depth: number, walk: Walk): JsonObject {
	const schemas = options.map((option) => merged(resolve(object(option), walk), walk));
	const plain = schemas.find((option) => typeOf(option) === 'null');
	if (depth >= DEEPEST && plain !== undefined) return plain;
	return schemas.find((option) => typeOf(option) !== 'null') ?? {};
}

function fromEnum(values: JsonValue[], walk: Walk): JsonValue {
	const said = walk.hints.said.toLowerCase();
	return (
		values.find((value) => typeof value === 'string' && value !== '' && said.includes(value.toLowerCase())) ?? values[0] ?? null
	);
}

const MAKERS: { [type: string]: (schema: JsonObject, name: string, depth: number, walk: Walk) => JsonValue } = {
	string: (schema, name, _depth, walk) => stringSample(schema, name, walk),
	integer: (schema, _name, _depth, walk) => numberSample(schema, true, walk),
	number: (schema, _name, _depth, walk) => numberSample(schema, false, walk),
	boolean: () => true,
	null: () => null,
	array: arraySample,
	object: (schema, _name, depth, walk) => objectSample(schema, depth, walk),
};

function sample(given: JsonObject, name: string, depth: number, walk: Walk): JsonValue {
	if (depth > LAST) return null;
	let schema = merged(resolve(given, walk), walk);
	const options = [...list(schema.anyOf), ...list(schema.oneOf)];
	if (options.length > 0) {
		const { anyOf, oneOf, ...beside } = schema;
		schema = { ...beside, ...chosen(options, depth, walk) };
	}
	if (schema.const !== undefined) return schema.const;
	if (Array.isArray(schema.enum) && schema.enum.length > 0) return fromEnum(schema.enum, walk);
	const make = MAKERS[typeOf(schema)];
	return make === undefined ? {} : make(schema, name, depth, walk);
}

/**
 * A value that satisfies a JSON Schema (types, enum, const, required, bounds, formats, `$ref` within the schema, anyOf, oneOf,
 * allOf), always the same for the same schema and hints. Patterns are met only where a common text fits.
 */
export function sampleOf(schema: JsonObject, hints: Hints): JsonValue {
	return sample(schema, '', 0, { root: schema, hints, spent: false });
}
