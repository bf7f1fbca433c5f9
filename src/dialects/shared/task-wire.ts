import type { Extensible, JsonObject, JsonValue, Translated, Usage } from '../../spec/index.ts';
import { own } from './extensions.ts';
import { Fields } from './fields.ts';
import type { Losses } from './losses.ts';
import { refillFrom } from './refill.ts';
import { same } from './same.ts';
import * as read from './wire.ts';

/** What the formats of embeddings, rerank and moderation share. */

/** The fields of a client's request. Throws `invalid_request` for what is no object. */
export function requestFields(body: JsonValue): Fields {
	return new Fields(read.object(body, ''), '');
}

/** The fields of a vendor's answer, read as far as they make sense; to be called inside `asAnswer`. */
export function answerFields(body: JsonValue): Fields {
	return new Fields(read.object(body, ''), '', true);
}

/** An encoded request or answer with the fields its own format left on the node; those of other formats are told as lost. */
export function written(format: string, wire: JsonObject, node: Extensible, losses: Losses): Translated<JsonObject> {
	losses.extensions(node, '');
	return { value: refillFrom(format, wire, node), warnings: losses.warnings };
}

function count(value: JsonValue | undefined): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** A cost in USD: a number, or an object with its sum and currency. */
function costOf(value: JsonValue | undefined): number | undefined {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return count(value);
	return value.currency === 'USD' ? count(value.total_cost) : undefined;
}

/** Reads a usage object: input tokens (some vendors state the total alone) and the cost aggregators add. */
export function taskUsage(format: string, raw: JsonObject | undefined): Usage | undefined {
	const input = count(raw?.prompt_tokens) ?? count(raw?.input_tokens) ?? count(raw?.total_tokens);
	if (raw === undefined || input === undefined) return undefined;
	const usage: Usage = {
		inputTokens: input,
		outputTokens: count(raw.completion_tokens) ?? 0,
		extensions: { [format]: { $raw: raw } },
	};
	const total = count(raw.total_tokens);
	const cost = costOf(raw.cost);
	if (total !== undefined) usage.totalTokens = total;
	if (cost !== undefined) usage.statedCostUsd = cost;
	return usage;
}

/** Writes a usage object: word for word where it came in this format, else what `write` makes of the counts. */
export function usageObject(format: string, usage: Usage | undefined, write: (usage: Usage) => JsonObject): JsonObject {
	const raw = usage === undefined ? undefined : own(usage, format)?.$raw;
	if (typeof raw === 'object' && raw !== null && !Array.isArray(raw) && same(taskUsage(format, raw), usage)) return raw;
	return write(usage ?? { inputTokens: 0, outputTokens: 0 });
}

/** Prompt and total tokens, as OpenAI counts them. */
export function promptAndTotal({ inputTokens, outputTokens, totalTokens }: Usage): JsonObject {
	return { prompt_tokens: inputTokens, total_tokens: totalTokens ?? inputTokens + outputTokens };
}
