import type { BlockStartPart, ContentPart, JsonObject } from '../../spec/index.ts';
import { own, restored } from '../shared/index.ts';
import { encodeAnnotation } from './citations.ts';
import { encodeImage } from './media-encode.ts';
import { DIALECT } from './name.ts';
import { textDelta } from './stream-encode-deltas.ts';
import { openReasoning } from './stream-encode-reasoning.ts';
import { type Block, type EncodeState, type Handler, trackOf } from './stream-encode-state.ts';
import { encodeToolCall } from './tool-calls.ts';

type Part<T extends ContentPart['type']> = Extract<ContentPart, { type: T }>;

export const blockStart: Handler<'block-start'> = (state, part) => {
	const { content, candidate } = part;
	const path = `choices[${candidate}].message.content`;
	state.losses.extensions(content, path);
	const start = trackOf(state, candidate).text;
	const block: Block = { candidate, part: content, tool: undefined, start, citations: [], paragraph: 0, index: 0, thought: '' };
	state.blocks.set(part.block, block);
	switch (content.type) {
		case 'text':
		case 'refusal':
			if (content.type === 'text') block.citations.push(...(content.citations ?? []));
			if (content.text === '') return state.writer.news(part, candidate);
			return textDelta(state, { ...part, type: 'text-delta', text: content.text });
		case 'reasoning':
			return openReasoning(state, block, content, part);
		case 'tool-call':
			return openCall(state, block, content, part);
		case 'audio':
			return state.writer.choice(candidate, { delta: { audio: audioStart(content) } }, part);
		case 'image':
			return image(state, content, part, path);
		case 'opaque':
			if (content.dialect === DIALECT) return state.writer.choice(candidate, { delta: { content: [content.value] } }, part);
	}
	state.losses.dropped(path, `A ${content.type} has no form in an answer of this dialect.`);
	return state.writer.news(part, candidate);
};

function openCall(state: EncodeState, block: Block, content: Part<'tool-call'>, part: BlockStartPart): string {
	const { candidate } = block;
	if (content.providerExecuted !== undefined) {
		const message = `The call of '${content.name}', which the provider ran itself, has no form in this dialect.`;
		state.losses.dropped(`choices[${candidate}].message.tool_calls`, message);
		return state.writer.news(part, candidate);
	}
	const left = own(content, DIALECT);
	if (left?.$in === 'function_call') {
		return state.writer.choice(candidate, { delta: { function_call: { name: content.name, arguments: content.input } } }, part);
	}
	block.tool = trackOf(state, candidate).tools++;
	const { extensions: _extensions, ...bare } = content;
	const call = encodeToolCall(left === undefined ? bare : { ...bare, extensions: { [DIALECT]: left } }, '', state.losses);
	return state.writer.choice(candidate, { delta: { tool_calls: [{ index: block.tool, type: content.kind, ...call }] } }, part);
}

/** An image comes whole: beside the text, or in a content array if it came in one. */
function image(state: EncodeState, content: Part<'image'>, part: BlockStartPart, path: string): string {
	const wire = encodeImage(content, path, state.losses);
	if (wire === undefined) return state.writer.news(part, part.candidate);
	const left = own(content, DIALECT);
	if (left?.$in === 'content') return state.writer.choice(part.candidate, { delta: { content: [wire] } }, part);
	const images = [{ ...wire, ...restored(left), image_url: wire.image_url }];
	return state.writer.choice(part.candidate, { delta: { images } }, part);
}

function audioStart(part: Part<'audio'>): JsonObject {
	const audio: JsonObject = {};
	if (part.id !== undefined) audio.id = part.id;
	if (part.source.type === 'base64' && part.source.data !== '') audio.data = part.source.data;
	if (part.transcript !== undefined) audio.transcript = part.transcript;
	if (part.expiresAt !== undefined) audio.expires_at = part.expiresAt;
	return audio;
}

export const blockEnd: Handler<'block-end'> = (state, part) => {
	const block = state.blocks.get(part.block);
	if (block === undefined) return '';
	state.blocks.delete(part.block);
	const annotations = closingAnnotations(state, block);
	if (annotations.length === 0) return state.writer.news(part, block.candidate);
	return state.writer.choice(block.candidate, { delta: { annotations } }, part);
};

function closingAnnotations(state: EncodeState, block: Block): JsonObject[] {
	const stretch = { start: block.start, end: trackOf(state, block.candidate).text };
	const path = `choices[${block.candidate}].message.annotations`;
	const written = block.citations.map((citation, index) =>
		encodeAnnotation(citation, stretch, `${path}[${index}]`, state.losses),
	);
	return written.filter((annotation) => annotation !== undefined);
}
