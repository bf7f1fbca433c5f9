import { isObject } from '../../lib/json.ts';
import type {
	AudioPart,
	ContentPart,
	JsonObject,
	ReasoningPart,
	TextPart,
	ToolCallPart,
	ToolResultPart,
} from '../../spec/index.ts';
import { assistantMedia, foreignRun, inputValue, opaqueBlock, type PartWriters, writePart } from '../shared/index.ts';
import { DIALECT } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';
import {
	callBlock,
	finish,
	isOwnReasoning,
	isOwnServerPart,
	ownReasoningBlock,
	plainText,
	serverResultBlock,
	textBlock,
	writeContent,
} from './part-encode.ts';
import { documentBlock, imageBlock, searchResultBlock } from './request-media.ts';
import { toolName } from './tool-ids.ts';

/** Where a part stands: assistants may hold no media. */
export type Place = 'user' | 'assistant' | 'system' | 'result';

const WRITERS: PartWriters<[EncodeState, Place]> = {
	text: writeText,
	refusal: (part, path, state) => {
		const { type: _, ...rest } = part;
		return writeText({ ...rest, type: 'text' }, path, state);
	},
	reasoning: writeReasoning,
	image: (part, path, state, place) =>
		place === 'assistant' ? assistantMedia(part, path, state) : imageBlock(part, path, state),
	audio: writeAudio,
	video: (_part, path) => {
		throw unsupported(path, 'Video is not taken as input.');
	},
	document: (part, path, state, place) =>
		place === 'assistant' ? assistantMedia(part, path, state) : documentBlock(part, path, state, nested(state)),
	'search-result': (part, path, state) => searchResultBlock(part, path, state, nested(state)),
	'tool-call': writeCall,
	'tool-result': writeResult,
	opaque: (part, path, { losses }) => opaqueBlock(DIALECT, part, path, losses),
};

/** Writes the parts of a message. Throws `unsupported` for what must not be left out. */
export function encodeParts(parts: readonly ContentPart[], path: string, state: EncodeState, place: Place): JsonObject[] {
	const blocks: JsonObject[] = [];
	for (let i = 0; i < parts.length; i++) {
		const part = parts[i];
		const block = part === undefined ? undefined : writePart(WRITERS, part, `${path}[${i}]`, state, place);
		if (block !== undefined) blocks.push(block);
	}
	return blocks;
}

const nested = (state: EncodeState) => (parts: ContentPart[], path: string) => encodeParts(parts, path, state, 'result');

/** The API refuses blank text blocks; from other dialects they are common and say nothing. */
function writeText(part: TextPart, path: string, state: EncodeState): JsonObject | undefined {
	if (!state.own && part.text.trim() === '') {
		if (part.text !== '') state.losses.dropped(path, 'Text that is blank throughout is not taken.');
		return undefined;
	}
	return textBlock(part, path, state.losses, true);
}

/** Only reasoning the vendor can verify goes back; other reasoning would be refused. */
function writeReasoning(part: ReasoningPart, path: string, state: EncodeState): JsonObject | undefined {
	if (isOwnReasoning(part)) return ownReasoningBlock(part, path, state.losses);
	state.reasoningDropped = true;
	state.losses.dropped(path, "Reasoning of another vendor's model cannot be sent back; it was left out.");
	return undefined;
}

function writeAudio(part: AudioPart, path: string, state: EncodeState, place: Place): JsonObject | undefined {
	if (place !== 'assistant') throw unsupported(path, 'Audio is not taken as input.');
	if (part.transcript === undefined || part.transcript.trim() === '') return assistantMedia(part, path, state);
	state.losses.add('approximated', path, 'Spoken words of the assistant were sent as their transcript.');
	return finish({ type: 'text', text: part.transcript }, part, path, state.losses);
}

function writeCall(part: ToolCallPart, path: string, state: EncodeState): JsonObject | undefined {
	if (part.providerExecuted !== undefined && !isOwnServerPart(part)) return foreignRun(path, state);
	const { input, wrapped } = inputValue(part);
	if (wrapped) state.losses.add('changed', path, "A call's input that is no JSON object was wrapped in one.");
	const object = isObject(input) || isOwnServerPart(part) ? input : { _raw: input };
	if (object !== input) state.losses.add('changed', path, "A call's input that is no JSON object was wrapped in one.");
	const name = toolName(part.name);
	if (name !== part.name) state.losses.add('changed', `${path}.name`, `The name '${part.name}' was sent as '${name}'.`);
	return callBlock({ ...part, name }, state.ids.for(part.id), object, path, state.losses);
}

function writeResult(part: ToolResultPart, path: string, state: EncodeState): JsonObject | undefined {
	if (part.providerExecuted !== undefined) {
		return isOwnServerPart(part) ? serverResultBlock(part, nested(state), path, state.losses) : foreignRun(path, state);
	}
	const block: JsonObject = { type: 'tool_result', tool_use_id: state.ids.for(part.callId) };
	if (part.json !== undefined && part.content.length === 0) block.content = JSON.stringify(part.json);
	else if (state.own) writeContent(block, part, nested(state), path);
	else {
		const blocks = encodeParts(part.content, `${path}.content`, state, 'result');
		if (blocks.length > 0) block.content = plainText(blocks) ?? blocks;
	}
	if (part.isError !== undefined && (state.own || part.isError)) block.is_error = part.isError;
	return finish(block, part, path, state.losses);
}
