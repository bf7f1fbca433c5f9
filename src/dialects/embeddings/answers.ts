import type { EmbedRequest, EmbedResponse, JsonValue, Vector, VectorType } from '../../spec/index.ts';
import { type Fields, protocol, read } from '../shared/index.ts';
import { readVector } from './vectors.ts';

/** The first type asked for. */
export function firstType({ types }: EmbedRequest): VectorType {
	return types?.[0] ?? 'float';
}

/** Throws `provider_protocol` where there is not one vector for each input. */
export function counted(vectors: Vector[], { inputs }: EmbedRequest): Vector[] {
	if (vectors.length === inputs.length) return vectors;
	throw protocol(`The answer holds ${vectors.length} vectors for ${inputs.length} inputs.`);
}

/** Reads a list of vectors. */
export function readVectors(value: JsonValue, path: string, type: VectorType): Vector[] {
	return read.array(value, path).map((item, index) => readVector(item, read.at(path, index), type));
}

/** Reads a list of objects that hold a vector each. */
export function vectorsIn(fields: Fields, list: string, member: string, type: VectorType): Vector[] {
	const items = fields.require(list, read.arrayOf(read.object));
	return items.map((item, index) => readVector(item[member] ?? null, `${list}[${index}].${member}`, type));
}

/** Sets id and model of an answer where they are stated. */
export function identified(fields: Fields, response: EmbedResponse, model = 'model'): EmbedResponse {
	const id = fields.take('id', read.string);
	const stated = fields.take(model, read.string);
	if (id !== undefined) response.id = id;
	if (stated !== undefined) response.model = stated;
	return response;
}
