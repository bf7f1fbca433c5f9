import { put } from '../../lib/json.ts';
import type { JsonObject, Sampling } from '../../spec/index.ts';
import { type Fields, type Losses, read } from '../shared/index.ts';

type NumberKey = Exclude<keyof Sampling, 'stop' | 'logitBias'>;

/** Sampling parameters OpenAI documents, and those only other vendors of the dialect take. */
const STANDARD: readonly (readonly [string, NumberKey])[] = [
	['temperature', 'temperature'],
	['top_p', 'topP'],
	['frequency_penalty', 'frequencyPenalty'],
	['presence_penalty', 'presencePenalty'],
	['seed', 'seed'],
];
const VENDORS: readonly (readonly [string, NumberKey])[] = [
	['top_k', 'topK'],
	['min_p', 'minP'],
	['repetition_penalty', 'repetitionPenalty'],
];

/** Mistral's name for `seed`. */
const RANDOM_SEED = 'random_seed';

const logitBias: read.Reader<{ [token: string]: number }> = (value, path) => {
	const wire = read.object(value, path);
	const bias: { [token: string]: number } = {};
	for (const token in wire) put(bias, token, read.required(wire, token, path, read.number));
	return bias;
};

const stop: read.Reader<string[]> = (value, path) => {
	if (typeof value === 'string') return [value];
	if (Array.isArray(value)) return read.arrayOf(read.string)(value, path);
	throw read.invalid(path, `'${path}' must be a string or an array of strings, not ${read.kindOf(value)}.`);
};

/** Takes the sampling parameters off a request. `left` learns which vendors' parameters it used, and forms. */
export function decodeSampling(fields: Fields, left: JsonObject): Sampling {
	const sampling: Sampling = {};
	for (const [field, key] of STANDARD) {
		const value = fields.take(field, read.number);
		if (value !== undefined) sampling[key] = value;
	}
	const vendors: string[] = [];
	for (const [field, key] of VENDORS) {
		const value = fields.take(field, read.number);
		if (value === undefined) continue;
		sampling[key] = value;
		vendors.push(field);
	}
	const randomSeed = sampling.seed === undefined ? fields.take(RANDOM_SEED, read.number) : undefined;
	if (randomSeed !== undefined) {
		sampling.seed = randomSeed;
		vendors.push(RANDOM_SEED);
	}
	if (vendors.length > 0) left.$vendors = vendors;
	const stops = fields.take('stop', stop);
	if (stops !== undefined) sampling.stop = stops;
	if (typeof fields.wire.stop === 'string') left.$stop = 'string';
	const bias = fields.take('logit_bias', logitBias);
	if (bias !== undefined) sampling.logitBias = bias;
	return sampling;
}

/** Writes sampling parameters. Those only some vendors take are written where the request came from this dialect with them. */
export function encodeSampling(sampling: Sampling, left: JsonObject | undefined, losses: Losses): JsonObject {
	const wire: JsonObject = {};
	const vendors: unknown[] = Array.isArray(left?.$vendors) ? left.$vendors : [];
	for (const [field, key] of STANDARD) if (sampling[key] !== undefined) wire[field] = sampling[key];
	if (wire.seed !== undefined && vendors.includes(RANDOM_SEED)) {
		wire[RANDOM_SEED] = wire.seed;
		delete wire.seed;
	}
	for (const [field, key] of VENDORS) {
		if (sampling[key] === undefined) continue;
		if (vendors.includes(field)) wire[field] = sampling[key];
		else losses.dropped(field, `'${field}' is no parameter of this dialect.`);
	}
	const { stop: stops, logitBias: bias } = sampling;
	if (stops !== undefined) wire.stop = left?.$stop === 'string' && stops.length === 1 ? stops[0] : stops;
	if (bias !== undefined) wire.logit_bias = bias;
	return wire;
}
