import { isObject } from '../../lib/json.ts';
import type { BlockStartPart, JsonObject, ReasoningDelta, ReasoningPart } from '../../spec/index.ts';
import { own } from '../shared/index.ts';
import { thinkingText } from './content-decode.ts';
import { DIALECT } from './name.ts';
import { FLAT_FIELDS } from './reasoning.ts';
import { encodeDetails, readDetail, SIGNED_TEXT } from './reasoning-details.ts';
import { type Block, type EncodeState, type Handler, trackOf } from './stream-encode-state.ts';

/** Opens a reasoning block; what its start already holds is written at once. */
export function openReasoning(state: EncodeState, block: Block, content: ReasoningPart, part: BlockStartPart): string {
	block.index = trackOf(state, block.candidate).reasonings++;
	block.thought = content.text ?? '';
	const text = content.text ?? content.summary?.join('\n\n') ?? '';
	const proven = content.signature !== undefined || content.encrypted !== undefined;
	if (text === '' && !proven) return state.writer.news(part, block.candidate);
	const { extensions: _extensions, ...bare } = content;
	const delta: JsonObject = { reasoning_details: encodeDetails(bare, block.index) };
	if (text !== '') delta[FLAT_FIELDS[0]] = text;
	return state.writer.choice(block.candidate, { delta }, part);
}

/**
 * Reasoning is written twice: as plain text for the clients that show it, and as details, whose items of one index make one thought
 * with its proofs. A client that sends both back restores the thought as it was. OpenAI's own streaming helper keeps only the last
 * value of a field it does not know, so the item with the signature also states the text that was signed.
 */
export const reasoningDelta: Handler<'reasoning-delta'> = (state, part) => {
	const block = state.blocks.get(part.block);
	if (block === undefined) return '';
	const left = own(part, DIALECT);
	const native = own(block.part, DIALECT) !== undefined;
	const asItCame = native ? nativeDelta(part, left ?? {}) : undefined;
	const delta = asItCame ?? freshDelta(part, block);
	if (Object.keys(delta).length === 0) return state.writer.news(part, block.candidate);
	return state.writer.choice(block.candidate, { delta }, part);
};

function flatFields(left: JsonObject): string[] {
	const fields = left.$flat;
	return Array.isArray(fields) ? fields.filter((field) => typeof field === 'string') : [FLAT_FIELDS[0]];
}

/** A delta in the form it came in, if that still says the same; undefined for one to be written afresh. */
function nativeDelta(part: ReasoningDelta, left: JsonObject): JsonObject | undefined {
	const item = left.$item;
	if (item !== undefined) return isObject(item) && thinkingText(item.thinking) === part.text ? { content: [item] } : undefined;
	const text = part.text ?? part.summary ?? '';
	const delta: JsonObject = {};
	for (const field of flatFields(left)) if (text !== '') delta[field] = text;
	const details = left.$details;
	if (!Array.isArray(details)) return part.signature === undefined && part.encrypted === undefined ? delta : undefined;
	const shown = details.filter(isObject).map((detail) => readDetail(detail).text);
	if (shown.join('') !== text) return undefined;
	return { ...delta, reasoning_details: details };
}

/** A further paragraph of a summary is set off from the one before it. */
function freshDelta(part: ReasoningDelta, block: Block): JsonObject {
	const further = part.summary !== undefined && (part.summaryIndex ?? 0) > block.paragraph;
	if (part.summaryIndex !== undefined) block.paragraph = part.summaryIndex;
	const { text, signature, encrypted } = part;
	block.thought += text ?? '';
	const summary = further ? `\n\n${part.summary}` : part.summary;
	const id = block.part.type === 'reasoning' ? block.part.id : undefined;
	const thought: ReasoningPart = {
		type: 'reasoning',
		...(text === undefined ? {} : { text }),
		...(summary === undefined ? {} : { summary: [summary] }),
		...(signature === undefined ? {} : { signature }),
		...(encrypted === undefined ? {} : { encrypted }),
		...(id === undefined ? {} : { id }),
	};
	const shown = text ?? summary ?? '';
	const details = encodeDetails(thought, block.index);
	if (signature !== undefined && block.thought !== (text ?? '')) for (const item of details) item[SIGNED_TEXT] = block.thought;
	return {
		...(shown === '' ? {} : { [FLAT_FIELDS[0]]: shown }),
		...(details.length === 0 ? {} : { reasoning_details: details }),
	};
}
