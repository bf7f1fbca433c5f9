import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, Usage } from '../../spec/index.ts';
import { type Losses, same } from '../shared/index.ts';
import { DIALECT, mark } from './dialect.ts';

function count(value: JsonValue | undefined): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/**
 * Reads a usage object. The wire counts cached tokens apart from `inputTokens`; the canonical total includes them. Counts have
 * older names beside the documented ones. The wire form is kept whole, so that the same dialect repeats it exactly.
 */
export function decodeUsage(raw: JsonObject): Usage {
	const read = count(raw.cacheReadInputTokens) ?? count(raw.cacheReadInputTokenCount);
	const write = count(raw.cacheWriteInputTokens) ?? count(raw.cacheWriteInputTokenCount);
	const usage: Usage = {
		inputTokens: (count(raw.inputTokens) ?? 0) + (read ?? 0) + (write ?? 0),
		outputTokens: count(raw.outputTokens) ?? 0,
		extensions: { [DIALECT]: { $raw: raw } },
	};
	const total = count(raw.totalTokens);
	if (total !== undefined) usage.totalTokens = total;
	if (read !== undefined) usage.cacheReadTokens = read;
	if (write !== undefined) usage.cacheWriteTokens = write;
	const hour = hourWrites(raw.cacheDetails);
	if (hour !== undefined) usage.cacheWrite1hTokens = hour;
	return usage;
}

/** Tokens written for an hour, of a list that tells written tokens by lifetime. */
function hourWrites(details: JsonValue | undefined): number | undefined {
	if (!Array.isArray(details)) return undefined;
	const hours = details.filter(isObject).filter(({ ttl }) => ttl === '1h');
	return hours.length === 0 ? undefined : hours.reduce((sum, { inputTokens }) => sum + (count(inputTokens) ?? 0), 0);
}

/** Writes usage; zeros where nothing is known, as clients read these fields always. */
export function encodeUsage(usage: Usage | undefined, losses: Losses): JsonObject {
	const raw = usage === undefined ? undefined : mark(usage, '$raw');
	if (isObject(raw) && same(decodeUsage(raw), usage)) return raw;
	if ((usage?.reasoningTokens ?? 0) > 0) losses.dropped('usage', 'Reasoning tokens are counted in the output, not apart.');
	const read = usage?.cacheReadTokens;
	const write = usage?.cacheWriteTokens;
	const input = Math.max(0, (usage?.inputTokens ?? 0) - (read ?? 0) - (write ?? 0));
	const output = usage?.outputTokens ?? 0;
	const total = usage?.totalTokens ?? (usage?.inputTokens ?? 0) + output;
	const wire: JsonObject = { inputTokens: input, outputTokens: output, totalTokens: total };
	if (read !== undefined) wire.cacheReadInputTokens = read;
	if (write !== undefined) wire.cacheWriteInputTokens = write;
	const hour = usage?.cacheWrite1hTokens;
	if (hour !== undefined && write !== undefined) {
		wire.cacheDetails = [
			{ ttl: '1h', inputTokens: hour },
			{ ttl: '5m', inputTokens: Math.max(0, write - hour) },
		];
	}
	return wire;
}
