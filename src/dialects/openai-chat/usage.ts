import { isObject, omit, put } from '../../lib/json.ts';
import type { JsonObject, JsonValue, Usage } from '../../spec/index.ts';
import { extend, isForm, own, same } from '../shared/index.ts';
import { DIALECT } from './name.ts';

/** Token counts of the canonical form that this dialect states as plain numbers. */
type Count = Exclude<keyof Usage, 'serverToolUses' | 'serviceTier' | 'estimated' | 'extensions' | 'inputTokens' | 'outputTokens'>;

/** Where vendors of this dialect put each count, most usual first; a dot goes one level down. */
const PLACES: readonly (readonly [Count, readonly string[]])[] = [
	['totalTokens', ['total_tokens']],
	[
		'cacheReadTokens',
		[
			'prompt_tokens_details.cached_tokens',
			'prompt_cache_hit_tokens',
			'cached_tokens',
			'num_cached_tokens',
			'cache_read_input_tokens',
		],
	],
	['cacheWriteTokens', ['prompt_tokens_details.cache_write_tokens', 'cache_creation_input_tokens']],
	['cacheWrite1hTokens', ['prompt_tokens_details.cache_write_1h_tokens']],
	['reasoningTokens', ['completion_tokens_details.reasoning_tokens', 'reasoning_tokens']],
	['inputAudioTokens', ['prompt_tokens_details.audio_tokens', 'audio_prompt_tokens']],
	['outputAudioTokens', ['completion_tokens_details.audio_tokens']],
	['inputImageTokens', ['prompt_tokens_details.image_tokens']],
	['outputImageTokens', ['completion_tokens_details.image_tokens']],
	['acceptedPredictionTokens', ['completion_tokens_details.accepted_prediction_tokens']],
	['rejectedPredictionTokens', ['completion_tokens_details.rejected_prediction_tokens']],
	['statedCostUsd', ['cost', 'cost.total_cost']],
];

const SERVER_TOOL_FIELDS = ['server_tool_use_details', 'server_tool_use'];

/** Fields the decoder understands at the top level of a usage object. */
const KNOWN: ReadonlySet<string> = new Set([
	'prompt_tokens',
	'completion_tokens',
	'prompt_tokens_details',
	'completion_tokens_details',
	'prompt_cache_miss_tokens',
	'cost_in_usd_ticks',
	'service_tier',
	...SERVER_TOOL_FIELDS,
	...PLACES.flatMap(([, places]) => places.filter((place) => !place.includes('.'))),
]);

/** xAI states cost in ticks: ten thousand million of them make a US dollar. */
const TICKS_PER_USD = 1e10;

function numberAt(wire: JsonObject, place: string): number | undefined {
	const dot = place.indexOf('.');
	if (dot < 0) {
		const value = wire[place];
		return typeof value === 'number' ? value : undefined;
	}
	const parent = wire[place.slice(0, dot)];
	return isObject(parent) ? numberAt(parent, place.slice(dot + 1)) : undefined;
}

function firstNumber(wire: JsonObject, places: readonly string[]): number | undefined {
	for (const place of places) {
		const value = numberAt(wire, place);
		if (value !== undefined) return value;
	}
	return undefined;
}

/**
 * Tokens of output. Usually `completion_tokens` counts reasoning; where the total exceeds the sum by exactly the reasoning tokens
 * (xAI), or there are no details and a larger total (Gemini's compatible endpoint), reasoning was left out and is added.
 */
function readOutput(wire: JsonObject, usage: Usage): void {
	const hidden = (usage.totalTokens ?? 0) - usage.inputTokens - usage.outputTokens;
	if (hidden <= 0) return;
	if (usage.reasoningTokens === hidden) usage.outputTokens += hidden;
	else if (usage.reasoningTokens === undefined && !isObject(wire.completion_tokens_details) && usage.outputTokens > 0) {
		usage.outputTokens += hidden;
		usage.reasoningTokens = hidden;
	}
}

function readServerTools(wire: JsonObject): { [kind: string]: number } | undefined {
	for (const field of SERVER_TOOL_FIELDS) {
		const details = wire[field];
		if (!isObject(details)) continue;
		const uses: { [kind: string]: number } = {};
		for (const key in details) {
			const count = details[key];
			if (key.endsWith('_requests') && typeof count === 'number') uses[key.slice(0, -'_requests'.length)] = count;
		}
		if (Object.keys(uses).length > 0) return uses;
	}
	return undefined;
}

/** What is left of a usage object: fields only its vendor has, and the whole of it, to be said again while it is still true. */
function rest(wire: JsonObject): JsonObject {
	const left: JsonObject = { $wire: wire };
	for (const key in wire) {
		const value = wire[key];
		if (value !== undefined && !KNOWN.has(key) && !isForm(key, value)) put(left, key, value);
	}
	return left;
}

/** Reads a vendor's usage object; undefined when there is none. Counts that are missing or null are taken as 0 or left out. */
export function decodeUsage(wire: JsonValue | undefined): Usage | undefined {
	if (!isObject(wire)) return undefined;
	const input = numberAt(wire, 'prompt_tokens');
	const output = numberAt(wire, 'completion_tokens');
	if (input === undefined && output === undefined) return undefined;
	const usage: Usage = {
		inputTokens: input ?? 0,
		outputTokens: output ?? 0,
		...extend(DIALECT, rest(wire)),
	};
	for (const [count, places] of PLACES) {
		const value = firstNumber(wire, places);
		if (value !== undefined) usage[count] = value;
	}
	const cached = (usage.cacheReadTokens ?? 0) + (usage.cacheWriteTokens ?? 0);
	// More cached than prompt tokens: this vendor counts them apart.
	if (cached > usage.inputTokens) usage.inputTokens += cached;
	readOutput(wire, usage);
	const ticks = wire.cost_in_usd_ticks;
	if (usage.statedCostUsd === undefined && typeof ticks === 'number') usage.statedCostUsd = ticks / TICKS_PER_USD;
	const uses = readServerTools(wire);
	if (uses !== undefined) usage.serverToolUses = uses;
	if (typeof wire.service_tier === 'string') usage.serviceTier = wire.service_tier;
	return usage;
}

/** Finds the usage in a chunk or a whole answer: on it, in Groq's `x_groq`, or inside a choice (Moonshot). */
export function usageOf(body: JsonObject): Usage | undefined {
	const direct = decodeUsage(body.usage);
	if (direct !== undefined) return direct;
	const groq = isObject(body.x_groq) ? decodeUsage(body.x_groq.usage) : undefined;
	if (groq !== undefined || !Array.isArray(body.choices)) return groq;
	for (const choice of body.choices) {
		const inside = isObject(choice) ? decodeUsage(choice.usage) : undefined;
		if (inside !== undefined) return inside;
	}
	return undefined;
}

function extras(usage: Usage): JsonObject {
	const fields: JsonObject = {};
	if (usage.statedCostUsd !== undefined) fields.cost = usage.statedCostUsd;
	if (usage.serviceTier !== undefined) fields.service_tier = usage.serviceTier;
	if (usage.serverToolUses !== undefined) {
		const uses: JsonObject = {};
		for (const kind in usage.serverToolUses) uses[`${kind}_requests`] = usage.serverToolUses[kind];
		fields.server_tool_use_details = uses;
	}
	return fields;
}

const WIRE: ReadonlySet<string> = new Set(['$wire']);

/** Writes a usage object as official clients read it; one that came from this dialect and still holds is written as it came. */
export function encodeUsage(usage: Usage): JsonObject {
	const left = own(usage, DIALECT);
	const wire = left?.$wire;
	if (isObject(wire) && same(decodeUsage(wire), usage)) return wire;
	return {
		...(left === undefined ? {} : omit(left, WIRE)),
		prompt_tokens: usage.inputTokens,
		completion_tokens: usage.outputTokens,
		total_tokens: usage.totalTokens ?? usage.inputTokens + usage.outputTokens,
		prompt_tokens_details: {
			cached_tokens: usage.cacheReadTokens ?? 0,
			audio_tokens: usage.inputAudioTokens ?? 0,
			cache_write_tokens: usage.cacheWriteTokens,
			cache_write_1h_tokens: usage.cacheWrite1hTokens,
			image_tokens: usage.inputImageTokens,
		},
		completion_tokens_details: {
			reasoning_tokens: usage.reasoningTokens ?? 0,
			audio_tokens: usage.outputAudioTokens ?? 0,
			accepted_prediction_tokens: usage.acceptedPredictionTokens ?? 0,
			rejected_prediction_tokens: usage.rejectedPredictionTokens ?? 0,
			image_tokens: usage.outputImageTokens,
		},
		...extras(usage),
	};
}
