import { isObject, omit } from '../../lib/json.ts';
import type { JsonObject, JsonValue, Usage } from '../../spec/index.ts';
import { extend, isForm, own, same } from '../shared/index.ts';
import { DIALECT } from './name.ts';

const KNOWN: ReadonlySet<string> = new Set([
	'input_tokens',
	'input_tokens_details',
	'output_tokens',
	'output_tokens_details',
	'total_tokens',
	'cost',
	'cost_in_usd_ticks',
	'server_side_tool_usage_details',
]);

/** Where vendors of this dialect put each count inside the details. */
const INPUT_DETAILS = [
	['cacheReadTokens', 'cached_tokens'],
	['cacheWriteTokens', 'cache_write_tokens'],
	['inputAudioTokens', 'audio_tokens'],
	['inputImageTokens', 'image_tokens'],
] as const;
const OUTPUT_DETAILS = [
	['reasoningTokens', 'reasoning_tokens'],
	['outputAudioTokens', 'audio_tokens'],
	['outputImageTokens', 'image_tokens'],
] as const;

/** One vendor states cost in ticks: ten thousand million of them make a US dollar. */
const TICKS_PER_USD = 1e10;

/** Common names of tools whose runs a vendor counts as `<name>_calls`. */
const RUNS: { readonly [name: string]: string } = { code_interpreter: 'code_execution', document_search: 'file_search' };

function number(value: JsonValue | undefined): number | undefined {
	return typeof value === 'number' ? value : undefined;
}

function readRuns(wire: JsonValue | undefined): { [kind: string]: number } | undefined {
	if (!isObject(wire)) return undefined;
	const runs: { [kind: string]: number } = {};
	for (const key in wire) {
		const count = wire[key];
		const name = key.replace(/_calls$/, '');
		if (typeof count === 'number' && count > 0) runs[RUNS[name] ?? name] = (runs[RUNS[name] ?? name] ?? 0) + count;
	}
	return Object.keys(runs).length === 0 ? undefined : runs;
}

function leftovers(wire: JsonObject): JsonObject {
	const left: JsonObject = { $wire: wire };
	for (const key in wire) {
		const value = wire[key];
		if (value !== undefined && !KNOWN.has(key) && !isForm(key, value)) left[key] = value;
	}
	return left;
}

/** Reads a usage object; undefined where there is none, or one without counts. */
function decodeUsage(wire: JsonValue | undefined): Usage | undefined {
	if (!isObject(wire)) return undefined;
	const input = number(wire.input_tokens);
	const output = number(wire.output_tokens);
	if (input === undefined && output === undefined) return undefined;
	const usage: Usage = { inputTokens: input ?? 0, outputTokens: output ?? 0 };
	const total = number(wire.total_tokens);
	if (total !== undefined) usage.totalTokens = total;
	const inputDetails = isObject(wire.input_tokens_details) ? wire.input_tokens_details : {};
	for (const [count, field] of INPUT_DETAILS) {
		const value = number(inputDetails[field]);
		if (value !== undefined) usage[count] = value;
	}
	const outputDetails = isObject(wire.output_tokens_details) ? wire.output_tokens_details : {};
	for (const [count, field] of OUTPUT_DETAILS) {
		const value = number(outputDetails[field]);
		if (value !== undefined) usage[count] = value;
	}
	const ticks = number(wire.cost_in_usd_ticks);
	const cost = number(wire.cost) ?? (ticks === undefined ? undefined : ticks / TICKS_PER_USD);
	if (cost !== undefined) usage.statedCostUsd = cost;
	const runs = readRuns(wire.server_side_tool_usage_details);
	if (runs !== undefined) usage.serverToolUses = runs;
	return { ...usage, ...extend(DIALECT, leftovers(wire)) };
}

/** Types of output items that are runs of the vendor's own tools. */
const RUN_ITEMS: { readonly [type: string]: string } = {
	web_search_call: 'web_search',
	file_search_call: 'file_search',
	code_interpreter_call: 'code_execution',
	image_generation_call: 'image_generation',
	mcp_call: 'mcp',
};

/** Counts the runs of the vendor's tools from the output, where the vendor itself does not. */
function countRuns(output: JsonValue | undefined): { [kind: string]: number } | undefined {
	const runs: { [kind: string]: number } = {};
	for (const item of Array.isArray(output) ? output : []) {
		const type = isObject(item) ? item.type : undefined;
		const kind = typeof type === 'string' && Object.hasOwn(RUN_ITEMS, type) ? RUN_ITEMS[type] : undefined;
		if (kind !== undefined) runs[kind] = (runs[kind] ?? 0) + 1;
	}
	return Object.keys(runs).length === 0 ? undefined : runs;
}

/** The usage a response object states, with what it says elsewhere of what is billed: runs of tools, and the tier. */
export function usageOf(response: JsonObject): Usage | undefined {
	const usage = decodeUsage(response.usage);
	if (usage === undefined) return undefined;
	const runs = usage.serverToolUses ?? countRuns(response.output);
	if (runs !== undefined) usage.serverToolUses = runs;
	if (typeof response.service_tier === 'string') usage.serviceTier = response.service_tier;
	return usage;
}

function comparable(usage: Usage | undefined): Usage | undefined {
	if (usage === undefined) return undefined;
	const { serverToolUses: _runs, serviceTier: _tier, ...counts } = usage;
	return counts;
}

const MARKS: ReadonlySet<string> = new Set(['$wire']);

/** Writes a usage object as official clients read it; one that came from this dialect and still holds is written as it came. */
export function encodeUsage(usage: Usage): JsonObject {
	const left = own(usage, DIALECT);
	const wire = left?.$wire;
	if (isObject(wire) && same(comparable(decodeUsage(wire)), comparable(usage))) return wire;
	return {
		...(left === undefined ? {} : omit(left, MARKS)),
		input_tokens: usage.inputTokens,
		input_tokens_details: {
			cached_tokens: usage.cacheReadTokens ?? 0,
			cache_write_tokens: usage.cacheWriteTokens,
			audio_tokens: usage.inputAudioTokens,
			image_tokens: usage.inputImageTokens,
		},
		output_tokens: usage.outputTokens,
		output_tokens_details: {
			reasoning_tokens: usage.reasoningTokens ?? 0,
			audio_tokens: usage.outputAudioTokens,
			image_tokens: usage.outputImageTokens,
		},
		total_tokens: usage.totalTokens ?? usage.inputTokens + usage.outputTokens,
		...(usage.statedCostUsd === undefined ? {} : { cost: usage.statedCostUsd }),
	};
}
