import { isObject } from '../../lib/json.ts';
import type { BlockStartPart, JsonObject, ReasoningDelta, ReasoningPart } from '../../spec/index.ts';
import { own } from '../shared/index.ts';
import { thinkingText } from './content-decode.ts';
import { DIALECT } from './name.ts';
import { FLAT_FIELDS } from './reasoning.ts';
import { encodeDetails, needsDetails, readDetail } from './reasoning-details.ts';
import { type Block, type EncodeState, type Handler, trackOf } from './stream-encode-state.ts';

/** Opens a reasoning block: a client sees its text at once, and its proofs when the block ends. */
export function openReasoning(state: EncodeState, block: Block, content: ReasoningPart, part: BlockStartPart): string {
	block.index = trackOf(state, block.candidate).reasonings++;
	block.reasoning = { ...content };
	const text = content.text ?? content.summary?.join('\n\n') ?? '';
	if (text === '') return state.writer.news(part, block.candidate);
	return state.writer.choice(block.candidate, { delta: { [FLAT_FIELDS[0]]: text } }, part);
}

/** The details of a block that has more to it than text. */
export function closingDetails(block: Block): JsonObject[] {
	return block.reasoning !== undefined && needsDetails(block.reasoning) ? encodeDetails(block.reasoning, block.index) : [];
}

export const reasoningDelta: Handler<'reasoning-delta'> = (state, part) => {
	const block = state.blocks.get(part.block);
	if (block === undefined) return '';
	const left = own(part, DIALECT);
	const asItCame = left === undefined ? undefined : nativeDelta(part, left);
	if (asItCame !== undefined) {
		block.reasoning = undefined;
		return state.writer.choice(block.candidate, { delta: asItCame }, part);
	}
	const further = block.reasoning !== undefined && add(block.reasoning, part);
	const text = part.text ?? part.summary ?? '';
	if (text === '') return state.writer.news(part, block.candidate);
	const delta: JsonObject = {};
	for (const field of flatFields(left)) delta[field] = further ? `\n\n${text}` : text;
	return state.writer.choice(block.candidate, { delta }, part);
};

function flatFields(left: JsonObject | undefined): string[] {
	const fields = left?.$flat;
	return Array.isArray(fields) ? fields.filter((field) => typeof field === 'string') : [FLAT_FIELDS[0]];
}

/** A delta in the form it came in, if that still says the same; undefined for one to be written afresh. */
function nativeDelta(part: ReasoningDelta, left: JsonObject): JsonObject | undefined {
	const item = left.$item;
	if (item !== undefined) return isObject(item) && thinkingText(item.thinking) === part.text ? { content: [item] } : undefined;
	const details = left.$details;
	if (!Array.isArray(details)) return undefined;
	const text = part.text ?? part.summary ?? '';
	const shown = details.filter(isObject).map((detail) => readDetail(detail).text);
	if (shown.join('') !== text) return undefined;
	const delta: JsonObject = { reasoning_details: details };
	for (const field of flatFields(left)) delta[field] = text;
	return delta;
}

/** Adds a delta to the whole of its block; true when it begins a further paragraph of the summary. */
function add(whole: ReasoningPart, part: ReasoningDelta): boolean {
	if (part.text !== undefined) whole.text = (whole.text ?? '') + part.text;
	if (part.signature !== undefined) whole.signature = part.signature;
	if (part.encrypted !== undefined) whole.encrypted = part.encrypted;
	if (part.summary === undefined) return false;
	const paragraphs = [...(whole.summary ?? [])];
	const at = part.summaryIndex ?? Math.max(0, paragraphs.length - 1);
	const further = at > 0 && paragraphs[at] === undefined;
	paragraphs[at] = (paragraphs[at] ?? '') + part.summary;
	whole.summary = paragraphs;
	return further;
}
