import { isObject, put } from '../../lib/json.ts';
import type { JsonObject, JsonValue, Usage } from '../../spec/index.ts';
import { type Losses, same } from '../shared/index.ts';
import { DIALECT, mark } from './dialect.ts';

/** Kinds of content by their number. */
export const MODALITIES = ['MODALITY_UNSPECIFIED', 'TEXT', 'IMAGE', 'VIDEO', 'AUDIO', 'DOCUMENT'];

function count(value: JsonValue | undefined): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The tokens of one kind of content among `...TokensDetails`. */
function ofKind(details: JsonValue | undefined, kind: string): number | undefined {
	if (!Array.isArray(details)) return undefined;
	const found = details.find(
		(each) => isObject(each) && (typeof each.modality === 'number' ? MODALITIES[each.modality] : each.modality) === kind,
	);
	return isObject(found) ? count(found.tokenCount) : undefined;
}

/**
 * Reads `usageMetadata`. The wire counts thoughts apart from the answer, and what tools put into the prompt apart from the prompt; the
 * canonical totals include both. The wire form is kept whole, so that the same dialect repeats it exactly.
 */
export function decodeUsage(raw: JsonObject): Usage {
	const thoughts = count(raw.thoughtsTokenCount);
	const usage: Usage = {
		inputTokens: (count(raw.promptTokenCount) ?? 0) + (count(raw.toolUsePromptTokenCount) ?? 0),
		outputTokens: (count(raw.candidatesTokenCount) ?? 0) + (thoughts ?? 0),
		extensions: { [DIALECT]: { $raw: raw } },
	};
	const tell = (key: CountKey, value: number | undefined): void => {
		if (value !== undefined) usage[key] = value;
	};
	tell('totalTokens', count(raw.totalTokenCount));
	tell('cacheReadTokens', count(raw.cachedContentTokenCount));
	tell('reasoningTokens', thoughts);
	tell('inputAudioTokens', ofKind(raw.promptTokensDetails, 'AUDIO'));
	tell('inputImageTokens', ofKind(raw.promptTokensDetails, 'IMAGE'));
	tell('outputAudioTokens', ofKind(raw.candidatesTokensDetails, 'AUDIO'));
	tell('outputImageTokens', ofKind(raw.candidatesTokensDetails, 'IMAGE'));
	if (typeof raw.serviceTier === 'string') usage.serviceTier = raw.serviceTier;
	return usage;
}

type CountKey =
	| 'totalTokens'
	| 'cacheReadTokens'
	| 'reasoningTokens'
	| 'inputAudioTokens'
	| 'inputImageTokens'
	| 'outputAudioTokens'
	| 'outputImageTokens';

/** Lays a later statement of usage over an earlier one: counts are cumulative and never added up. */
export function mergeUsage(earlier: JsonObject | undefined, later: JsonObject): JsonObject {
	if (earlier === undefined) return later;
	const merged: JsonObject = { ...earlier };
	for (const key in later) put(merged, key, later[key]);
	return merged;
}

/** Writes `usageMetadata`, with the counts clients of this dialect read. */
export function encodeUsage(usage: Usage, losses: Losses): JsonObject {
	const raw = mark(usage, '$raw');
	// Searches are counted elsewhere in the answer, and are told there.
	if (isObject(raw) && same({ ...decodeUsage(raw), serverToolUses: usage.serverToolUses }, usage)) return raw;
	if ((usage.cacheWriteTokens ?? 0) > 0) losses.dropped('usage', 'Tokens written to a cache are not told apart in this dialect.');
	const thoughts = Math.min(usage.reasoningTokens ?? 0, usage.outputTokens);
	const wire: JsonObject = {
		promptTokenCount: usage.inputTokens,
		candidatesTokenCount: Math.max(0, usage.outputTokens - thoughts),
		totalTokenCount: usage.totalTokens ?? usage.inputTokens + usage.outputTokens,
	};
	if (thoughts > 0) wire.thoughtsTokenCount = thoughts;
	if (usage.cacheReadTokens !== undefined && usage.cacheReadTokens > 0) wire.cachedContentTokenCount = usage.cacheReadTokens;
	const input = details(usage.inputTokens, usage.inputAudioTokens, usage.inputImageTokens);
	if (input !== undefined) wire.promptTokensDetails = input;
	const output = details(usage.outputTokens - thoughts, usage.outputAudioTokens, usage.outputImageTokens);
	if (output !== undefined) wire.candidatesTokensDetails = output;
	if (usage.serviceTier !== undefined) wire.serviceTier = usage.serviceTier;
	return wire;
}

/** Tokens by kind of content; undefined where all are text. */
function details(total: number, audio: number | undefined, image: number | undefined): JsonObject[] | undefined {
	const other = (audio ?? 0) + (image ?? 0);
	if (other === 0) return undefined;
	const list: JsonObject[] = [{ modality: 'TEXT', tokenCount: Math.max(0, total - other) }];
	if (image !== undefined && image > 0) list.push({ modality: 'IMAGE', tokenCount: image });
	if (audio !== undefined && audio > 0) list.push({ modality: 'AUDIO', tokenCount: audio });
	return list;
}
