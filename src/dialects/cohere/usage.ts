import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, Usage } from '../../spec/index.ts';
import { type Losses, same } from '../shared/index.ts';
import { DIALECT, mark } from './dialect.ts';

function count(value: JsonValue | undefined): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/**
 * Reads `usage`. What is billed counts: the model's own count holds the frame the API puts round a prompt, which is free. Cached
 * tokens are of that count, so they are told only where the two are one.
 */
export function decodeUsage(raw: JsonObject): Usage {
	const billed = isObject(raw.billed_units) ? raw.billed_units : {};
	const tokens = isObject(raw.tokens) ? raw.tokens : {};
	const input = count(billed.input_tokens) ?? count(tokens.input_tokens) ?? 0;
	const output = count(billed.output_tokens) ?? count(tokens.output_tokens) ?? 0;
	const usage: Usage = { inputTokens: input, outputTokens: output, extensions: { [DIALECT]: { $raw: raw } } };
	const cached = count(raw.cached_tokens);
	if (cached !== undefined && cached <= input && (count(tokens.input_tokens) ?? input) === input) usage.cacheReadTokens = cached;
	const reasoning = count(tokens.reasoning_tokens);
	if (reasoning !== undefined) usage.reasoningTokens = Math.min(reasoning, output);
	const images = count(tokens.image_tokens);
	if (images !== undefined) usage.inputImageTokens = Math.min(images, input);
	const searches = count(billed.search_units);
	if (searches !== undefined && searches > 0) usage.serverToolUses = { search: searches };
	return usage;
}

/** Writes usage; zeros where nothing is known. */
export function encodeUsage(usage: Usage | undefined, losses: Losses): JsonObject {
	const raw = usage === undefined ? undefined : mark(usage, '$raw');
	if (usage !== undefined) losses.extensions(usage, 'usage');
	if (isObject(raw) && usage !== undefined && same(decodeUsage(raw), usage)) return raw;
	const counts: JsonObject = { input_tokens: usage?.inputTokens ?? 0, output_tokens: usage?.outputTokens ?? 0 };
	const tokens: JsonObject = { ...counts };
	if (usage?.reasoningTokens !== undefined) tokens.reasoning_tokens = usage.reasoningTokens;
	const wire: JsonObject = { billed_units: counts, tokens };
	if (usage?.cacheReadTokens !== undefined) wire.cached_tokens = usage.cacheReadTokens;
	if ((usage?.cacheWriteTokens ?? 0) > 0) losses.dropped('usage', 'Tokens written to a cache are not shown in this dialect.');
	return wire;
}
