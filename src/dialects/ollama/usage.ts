import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, Usage } from '../../spec/index.ts';
import { DIALECT, mark } from './dialect.ts';

/** Counts and durations (nanoseconds) of an answer; servers leave out those that are 0. */
export const COUNTS: ReadonlySet<string> = new Set([
	...['total_duration', 'load_duration', 'prompt_eval_count', 'prompt_eval_duration', 'eval_count', 'eval_duration'],
]);

function count(value: JsonValue | undefined): number {
	return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
}

/** Reads the counts of the last line of an answer, or of a whole one. */
export function decodeUsage(wire: JsonObject): Usage {
	const raw: JsonObject = {};
	for (const key of COUNTS) if (wire[key] !== undefined) raw[key] = wire[key];
	return {
		inputTokens: count(wire.prompt_eval_count),
		outputTokens: count(wire.eval_count),
		extensions: { [DIALECT]: { $counts: raw } },
	};
}

/** Writes counts; durations are not known of other vendors' answers. */
export function encodeUsage(usage: Usage | undefined): JsonObject {
	if (usage === undefined) return {};
	const raw = mark(usage, '$counts');
	if (isObject(raw)) return { ...raw };
	return { prompt_eval_count: usage.inputTokens, eval_count: usage.outputTokens };
}
