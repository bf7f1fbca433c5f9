import { isObject, put } from '../../lib/json.ts';
import type { JsonObject, JsonValue, Usage } from '../../spec/index.ts';
import { DIALECT, lookup, mark } from './dialect.ts';

const REQUESTS = '_requests';
/** The service tiers an answer may state. */
const TIERS: { [tier: string]: string } = { standard: 'standard', default: 'standard', priority: 'priority', batch: 'batch' };

function count(value: JsonValue | undefined): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/**
 * Reads a usage object. The wire counts cached tokens apart from `input_tokens`; the canonical total includes them. The wire form
 * is kept whole, so that the same dialect repeats it exactly.
 */
export function decodeUsage(raw: JsonObject): Usage {
	const read = count(raw.cache_read_input_tokens);
	const lifetimes = isObject(raw.cache_creation) ? raw.cache_creation : undefined;
	const hour = count(lifetimes?.ephemeral_1h_input_tokens);
	const short = count(lifetimes?.ephemeral_5m_input_tokens);
	const write = count(raw.cache_creation_input_tokens) ?? (lifetimes === undefined ? undefined : (hour ?? 0) + (short ?? 0));
	const usage: Usage = {
		inputTokens: (count(raw.input_tokens) ?? 0) + (read ?? 0) + (write ?? 0),
		outputTokens: count(raw.output_tokens) ?? 0,
		extensions: { [DIALECT]: { $raw: raw } },
	};
	if (read !== undefined) usage.cacheReadTokens = read;
	if (write !== undefined) usage.cacheWriteTokens = write;
	if (hour !== undefined) usage.cacheWrite1hTokens = hour;
	const thinking = isObject(raw.output_tokens_details) ? count(raw.output_tokens_details.thinking_tokens) : undefined;
	if (thinking !== undefined) usage.reasoningTokens = thinking;
	if (isObject(raw.server_tool_use)) usage.serverToolUses = decodeToolUses(raw.server_tool_use);
	if (typeof raw.service_tier === 'string') usage.serviceTier = raw.service_tier;
	return usage;
}

function decodeToolUses(wire: JsonObject): { [kind: string]: number } {
	const uses: { [kind: string]: number } = {};
	for (const key in wire) {
		const runs = count(wire[key]);
		if (runs !== undefined) uses[key.endsWith(REQUESTS) ? key.slice(0, -REQUESTS.length) : key] = runs;
	}
	return uses;
}

/** Lays a later statement of usage over an earlier one: counts are cumulative and never added up; nulls say nothing. */
export function mergeUsage(earlier: JsonObject | undefined, later: JsonObject): JsonObject {
	const merged: JsonObject = { ...earlier };
	for (const key in later) if (later[key] !== null || !Object.hasOwn(merged, key)) put(merged, key, later[key]);
	return merged;
}

/**
 * Writes usage, with the fields clients of this dialect always read; zeros where nothing is known. `answerTier`: the service tier
 * the answer as a whole states.
 */
export function encodeUsage(usage: Usage | undefined, answerTier?: string): JsonObject {
	const raw = usage === undefined ? undefined : mark(usage, '$raw');
	if (isObject(raw)) return { ...raw };
	const read = usage?.cacheReadTokens ?? 0;
	const write = usage?.cacheWriteTokens ?? 0;
	const wire: JsonObject = {
		input_tokens: Math.max(0, (usage?.inputTokens ?? 0) - read - write),
		cache_creation_input_tokens: write,
		cache_read_input_tokens: read,
		output_tokens: usage?.outputTokens ?? 0,
	};
	const named = usage?.serviceTier ?? answerTier;
	const tier = lookup(TIERS, named);
	if (tier !== undefined) wire.service_tier = tier;
	if (usage === undefined) return wire;
	const hour = usage.cacheWrite1hTokens;
	if (hour !== undefined) wire.cache_creation = { ephemeral_5m_input_tokens: write - hour, ephemeral_1h_input_tokens: hour };
	if (usage.reasoningTokens !== undefined) wire.output_tokens_details = { thinking_tokens: usage.reasoningTokens };
	if (usage.serverToolUses !== undefined) {
		wire.server_tool_use = Object.fromEntries(
			Object.entries(usage.serverToolUses).map(([kind, runs]) => [`${kind}${REQUESTS}`, runs]),
		);
	}
	return wire;
}
