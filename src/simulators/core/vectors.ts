import { hash } from 'node:crypto';
import type { JsonValue } from '../../spec/index.ts';

/** A vector of length 1: a function of the seed alone. */
export function vector(seed: string, size: number): number[] {
	const values: number[] = [];
	for (let round = 0; values.length < size; round++) {
		for (const byte of hash('sha512', `${seed}/${round}`, 'buffer')) values.push(byte / 127.5 - 1);
	}
	const cut = values.slice(0, size);
	const length = Math.hypot(...cut);
	return cut.map((value) => Number((value / length).toPrecision(8)));
}

/** The vector as 8-bit numbers from -128 to 127. */
function asBytes(values: readonly number[]): number[] {
	return values.map((value) => Math.max(-128, Math.min(127, Math.round(value * 127))));
}

/** The vector's signs, eight to a byte, the first in the highest bit. */
function asBits(values: readonly number[]): number[] {
	return Array.from({ length: Math.floor(values.length / 8) }, (_, at) =>
		values.slice(at * 8, at * 8 + 8).reduce((bits, value) => (bits << 1) | (value > 0 ? 1 : 0), 0),
	);
}

/** The vector as base64 of 32-bit floats, little-endian. */
export function asBase64(values: readonly number[]): string {
	const bytes = Buffer.alloc(values.length * 4);
	for (const [index, value] of values.entries()) bytes.writeFloatLE(value, index * 4);
	return bytes.toString('base64');
}

const FORMS: { [type: string]: (values: number[]) => JsonValue } = {
	float: (values) => values,
	int8: asBytes,
	uint8: (values) => asBytes(values).map((value) => value + 128),
	binary: (values) => asBits(values).map((bits) => bits - 128),
	ubinary: asBits,
	base64: asBase64,
};

/** The types that vectors can be written in. */
export const TYPES: readonly string[] = Object.keys(FORMS);

/** The vector in one of the types; as floats where the type is none of them. */
export function written(values: number[], type: string): JsonValue {
	return (Object.hasOwn(FORMS, type) ? FORMS[type]?.(values) : undefined) ?? values;
}
