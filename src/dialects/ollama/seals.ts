import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, ReasoningPart } from '../../spec/index.ts';
import { isSealed, sealReasoning, unsealReasoning } from '../shared/index.ts';

/**
 * The API has one text for all reasoning of a message and no place for proofs. What other vendors need back travels in a member
 * `seals` of the message, one entry for each piece of reasoning with the length of its text; clients that send messages back as they
 * came return it.
 */
export function sealsOf(parts: readonly ReasoningPart[]): JsonObject[] | undefined {
	if (!parts.some(needsSeal)) return undefined;
	return parts.map((part) => ({ thinking: thinkingOf(part).length, seal: sealReasoning(part) }));
}

function needsSeal(part: ReasoningPart): boolean {
	return part.signature !== undefined || part.encrypted !== undefined || part.id !== undefined || part.summary !== undefined;
}

/** The text a client is shown of reasoning. */
export function thinkingOf(part: ReasoningPart): string {
	return part.text ?? part.summary?.join('\n\n') ?? '';
}

/** Cuts a message's thinking into the pieces its seals tell of; undefined where they are no seals. */
export function unseal(thinking: string, seals: JsonValue | undefined): ReasoningPart[] | undefined {
	if (!Array.isArray(seals) || !seals.some(holdsSeal)) return undefined;
	const parts: ReasoningPart[] = [];
	let from = 0;
	for (const entry of seals) {
		if (!isObject(entry) || !isSealed(entry.seal)) continue;
		const length = typeof entry.thinking === 'number' && entry.thinking > 0 ? entry.thinking : 0;
		parts.push(unsealReasoning(entry.seal, thinking.slice(from, from + length)));
		from += length;
	}
	if (from < thinking.length) parts.push({ type: 'reasoning', text: thinking.slice(from) });
	return parts;
}

/** Whether an entry of `seals` was made here. */
export function holdsSeal(entry: JsonValue): boolean {
	return isObject(entry) && isSealed(entry.seal);
}
