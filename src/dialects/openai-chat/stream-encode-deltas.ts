import { isObject } from '../../lib/json.ts';
import type { JsonObject, TextDelta } from '../../spec/index.ts';
import { own, same } from '../shared/index.ts';
import { decodeAnnotations, isListed } from './citations.ts';
import { DIALECT } from './name.ts';
import { writeLogprobs } from './response-encode.ts';
import { encodeExtraContent } from './signature.ts';
import { type Block, type EncodeState, type Handler, trackOf } from './stream-encode-state.ts';
import type { ChoiceChunk } from './stream-writer.ts';

export const textDelta: Handler<'text-delta'> = (state, part) => {
	const block = state.blocks.get(part.block);
	if (block === undefined) return '';
	return state.writer.choice(block.candidate, { delta: shown(state, block, part), ...logprobsOf(block, part) }, part);
};

/** Text in the form it came in: a string, or an item of a content array. */
function shown(state: EncodeState, block: Block, part: TextDelta): JsonObject {
	const track = trackOf(state, block.candidate);
	if (block.part.type === 'refusal') {
		track.refused = true;
		return { refusal: part.text };
	}
	track.text += part.text.length;
	const left = own(part, DIALECT);
	const item = left?.$item;
	if (part.signature === undefined) return { content: isObject(item) ? [{ ...item, text: part.text }] : part.text };
	const extra = { extra_content: encodeExtraContent(part.signature, left?.$extra) };
	return part.text === '' ? extra : { content: part.text, ...extra };
}

function logprobsOf(block: Block, part: TextDelta): Pick<ChoiceChunk, 'logprobs'> {
	if (part.logprobs === undefined) return {};
	const refused = block.part.type === 'refusal';
	const ofContent = refused ? undefined : part.logprobs;
	const ofRefusal = refused ? part.logprobs : undefined;
	const logprobs = writeLogprobs(ofContent, ofRefusal, own(part, DIALECT)?.$logprobs);
	return logprobs === undefined ? {} : { logprobs };
}

export const toolInputDelta: Handler<'tool-input-delta'> = (state, part) => {
	const block = state.blocks.get(part.block);
	if (block?.part.type !== 'tool-call' || block.part.providerExecuted !== undefined) return '';
	if (block.tool === undefined) {
		return state.writer.choice(block.candidate, { delta: { function_call: { arguments: part.input } } }, part);
	}
	const body = block.part.kind === 'custom' ? { custom: { input: part.input } } : { function: { arguments: part.input } };
	const extra = part.signature === undefined ? {} : { extra_content: encodeExtraContent(part.signature) };
	return state.writer.choice(block.candidate, { delta: { tool_calls: [{ index: block.tool, ...body, ...extra }] } }, part);
};

export const mediaDelta: Handler<'media-delta'> = (state, part) => {
	const block = state.blocks.get(part.block);
	if (block === undefined) return '';
	const left = own(part, DIALECT)?.$audio;
	const audio: JsonObject = { ...(isObject(left) ? left : {}) };
	if (part.data !== undefined) audio.data = part.data;
	if (part.transcript !== undefined) audio.transcript = part.transcript;
	return state.writer.choice(block.candidate, { delta: { audio } }, part);
};

/** An annotation states the stretch of text it is about: unless it came from this dialect, that is known when the block ends. */
export const citation: Handler<'citation'> = (state, part) => {
	const block = state.blocks.get(part.block);
	if (block === undefined) return '';
	const wire = own(part, DIALECT)?.$annotation;
	if (wire !== undefined && same(decodeAnnotations([wire]).citations[0], part.citation)) {
		return state.writer.choice(block.candidate, { delta: { annotations: [wire] } }, part);
	}
	if (!isListed(part.citation)) block.citations.push(part.citation);
	return state.writer.news(part, block.candidate);
};
