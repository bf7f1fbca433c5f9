import { endianness } from 'node:os';
import type { JsonValue, Vector, VectorType } from '../../spec/index.ts';
import { read } from '../shared/index.ts';

/** Vectors on the wire are little-endian, whatever the machine. */
const SWAP = endianness() === 'BE';

/** Numbers of each type as bytes. */
const ARRAYS = { int8: Int8Array, uint8: Uint8Array, binary: Int8Array, ubinary: Uint8Array } as const;

/** Reads a vector: a list of numbers, or base64 of packed ones. Throws `invalid_request` with the path. */
export function readVector(value: JsonValue, path: string, type: VectorType): Vector {
	if (typeof value === 'string') return unpacked(value, path, type);
	const numbers = read.array(value, path);
	for (let i = 0; i < numbers.length; i++) {
		if (typeof numbers[i] !== 'number')
			throw read.invalid(path, `'${path}[${i}]' must be a number, not ${read.kindOf(numbers[i])}.`);
	}
	return numbers as number[];
}

function unpacked(text: string, path: string, type: VectorType): Vector {
	const bytes = Buffer.from(text, 'base64');
	// Buffers skip what is no base64: the length tells.
	if (bytes.length === 0 || bytes.length !== Math.floor((text.replace(/=+$/, '').length * 3) / 4))
		throw read.invalid(path, `'${path}' is not base64.`);
	if (type !== 'float') return Array.from(new ARRAYS[type](bytes.buffer, bytes.byteOffset, bytes.length));
	if (bytes.length % 4 !== 0) throw read.invalid(path, `'${path}' holds ${bytes.length} bytes, which are no 32-bit floats.`);
	if (SWAP) bytes.swap32();
	// A copy: small buffers lie at any offset of a shared pool, floats must lie at a multiple of four.
	const floats = new Float32Array(bytes.length / 4);
	new Uint8Array(floats.buffer).set(bytes);
	return floats;
}

/** A vector as it is written: base64 of its packed numbers (floats of 32 bits), or the numbers themselves. */
export function writeVector(vector: Vector, type: VectorType, packed: boolean): string | number[] {
	if (!packed) return Array.isArray(vector) ? vector : Array.from(vector);
	if (type !== 'float') return Buffer.from(ARRAYS[type].from(vector).buffer).toString('base64');
	const floats = Array.isArray(vector) ? Float32Array.from(vector) : vector;
	const bytes = Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength);
	return (SWAP ? Buffer.from(bytes).swap32() : bytes).toString('base64');
}
