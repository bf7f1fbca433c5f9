import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export type Random = () => number;

export function randomFrom(seed: number): Random {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

function pick<T>(items: readonly T[], random: Random): T | undefined {
	return items[Math.floor(random() * items.length)];
}

/** Values that decoders stumble over. */
const ODDITIES: readonly JsonValue[] = [
	null,
	true,
	false,
	0,
	-1,
	1e308,
	0.5,
	2 ** 53,
	'',
	'x',
	'__proto__',
	'null',
	'[DONE]',
	'{"a":',
	[],
	{},
	[[]],
	[null],
	[{}],
	{ type: 'text' },
	{ type: null },
	{ length: -1 },
];

/** Keys that mean something to objects. */
const ODD_KEYS = ['__proto__', 'constructor', 'toString', 'length', '0', '', '$type', 'type'];

function randomValue(known: readonly JsonValue[], random: Random): JsonValue {
	return structuredClone(pick(random() < 0.6 ? ODDITIES : known, random) ?? null);
}

/** Every value inside a value, itself included. */
export function valuesIn(value: JsonValue): JsonValue[] {
	if (Array.isArray(value)) return [value, ...value.flatMap(valuesIn)];
	if (!isObject(value)) return [value];
	return [value, ...Object.values(value).flatMap((inner) => (inner === undefined ? [] : valuesIn(inner)))];
}

function mutateObject(object: JsonObject, known: readonly JsonValue[], random: Random): JsonValue {
	const entries = Object.entries(object);
	const key = pick(Object.keys(object), random) ?? 'x';
	const change = random();
	if (change < 0.25) return Object.fromEntries(entries.filter(([name]) => name !== key));
	if (change < 0.4) return { ...object, [pick(ODD_KEYS, random) ?? 'x']: randomValue(known, random) };
	if (change < 0.5) return JSON.parse(`{"__proto__":${JSON.stringify(object)}}`) as JsonValue;
	return { ...object, [key]: randomValue(known, random) };
}

function mutateHere(value: JsonValue, known: readonly JsonValue[], random: Random): JsonValue {
	if (random() < 0.3) return randomValue(known, random);
	if (Array.isArray(value)) {
		const copy = [...value];
		const index = Math.floor(random() * (copy.length + 1));
		if (random() < 0.4) copy.splice(index, 1);
		else copy.splice(index, random() < 0.5 ? 1 : 0, randomValue(known, random));
		return copy;
	}
	return isObject(value) ? mutateObject(value, known, random) : randomValue(known, random);
}

/** The value with one thing changed, somewhere inside. */
export function mutate(value: JsonValue, known: readonly JsonValue[], random: Random): JsonValue {
	const here = random() < 0.25;
	if (!here && Array.isArray(value) && value.length > 0) {
		const index = Math.floor(random() * value.length);
		return value.map((item, at) => (at === index ? mutate(item, known, random) : item));
	}
	if (!here && isObject(value) && Object.keys(value).length > 0) {
		const key = pick(Object.keys(value), random) ?? '';
		return { ...value, [key]: mutate(value[key] ?? null, known, random) };
	}
	return mutateHere(value, known, random);
}
