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
import { assistantMedia, foreignRun, inputValue, opaqueBlock, type PartWriters, toolName, writePart } from '../shared/index.ts';
import { encodeCachePoint } from './cache.ts';
import { DIALECT } from './dialect.ts';
import { type EncodeState, LONGEST_NAME, unsupported } from './encode-state.ts';
import { callBlock, finish, isOwnReasoning, isOwnServerPart, ownReasoningBlock, resultBlock, textBlock } from './part-encode.ts';
import { audioBlock, documentBlock, imageBlock, searchResultBlock, videoBlock } from './request-media.ts';

/** Where a part stands: assistants may hold no media, results no cache points. */
export type Place = 'user' | 'assistant' | 'system' | 'result';

const WRITERS: PartWriters<[EncodeState, Place]> = {
	text: writeText,
	refusal: (part, path, state) => {
		const { type: _, ...rest } = part;
		return writeText({ ...rest, type: 'text' }, path, state);
	},
	reasoning: writeReasoning,
	image: (part, path, state, place) =>
		isForeignMedia(place, state) ? assistantMedia(part, path, state) : imageBlock(part, path, state),
	audio: writeAudio,
	video: (part, path, state, place) =>
		isForeignMedia(place, state) ? assistantMedia(part, path, state) : videoBlock(part, path, state),
	document: (part, path, state, place) =>
		isForeignMedia(place, state) ? assistantMedia(part, path, state) : documentBlock(part, path, state, nested(state)),
	'search-result': (part, path, state) => searchResultBlock(part, path, state, nested(state)),
	'tool-call': writeCall,
	'tool-result': writeResult,
	opaque: (part, path, { losses }) => opaqueBlock(DIALECT, part, path, losses),
};

/** Writes the parts of a message, cache points after their parts. Throws `unsupported` for what must not be left out. */
export function encodeParts(parts: readonly ContentPart[], path: string, state: EncodeState, place: Place): JsonObject[] {
	const blocks: JsonObject[] = [];
	for (let i = 0; i < parts.length; i++) {
		const part = parts[i];
		if (part === undefined) continue;
		const inside = `${path}[${i}]`;
		const block = writePart(WRITERS, part, inside, state, place);
		if (block === undefined) continue;
		blocks.push(block);
		const hint = place === 'result' ? undefined : hintOf(part);
		if (hint !== undefined) blocks.push(encodeCachePoint(hint, `${inside}.cache_control`, state.losses));
	}
	return blocks;
}

/** Results hold no cache points: one inside stands after the result. */
function hintOf(part: ContentPart): ContentPart['cache'] {
	if (part.cache !== undefined || part.type !== 'tool-result') return part.cache;
	return part.content.findLast((inner) => inner.cache !== undefined)?.cache;
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

/** Only reasoning the vendor's model can verify goes back; other reasoning would be refused. */
function writeReasoning(part: ReasoningPart, path: string, state: EncodeState): JsonObject | undefined {
	const proven = part.signature !== undefined || part.encrypted !== undefined;
	if (isOwnReasoning(part) && (state.own || proven || !state.signs)) return ownReasoningBlock(part, path, state.losses);
	state.losses.dropped(path, "Reasoning of another vendor's model cannot be sent back; it was left out.");
	return undefined;
}

function isForeignMedia(place: Place, state: EncodeState): boolean {
	return place === 'assistant' && !state.own;
}

function writeAudio(part: AudioPart, path: string, state: EncodeState, place: Place): JsonObject | undefined {
	if (!isForeignMedia(place, state)) return audioBlock(part, path, state);
	if (part.transcript === undefined || part.transcript.trim() === '') return assistantMedia(part, path, state);
	state.losses.add('approximated', path, 'Spoken words of the assistant were sent as their transcript.');
	return finish({ text: part.transcript }, part, path, state.losses);
}

function writeCall(part: ToolCallPart, path: string, state: EncodeState): JsonObject | undefined {
	if (part.providerExecuted !== undefined && !isOwnServerPart(part)) return foreignRun(path, state);
	if (state.own) return callBlock(part, part.id, inputValue(part).input, path, state.losses);
	const { input, wrapped } = inputValue(part);
	const object = isObject(input) || isOwnServerPart(part) ? input : { _raw: input };
	if (wrapped || object !== input) state.losses.add('changed', path, "A call's input that is no JSON object was wrapped in one.");
	const name = toolName(part.name, LONGEST_NAME);
	if (name !== part.name) state.losses.add('changed', `${path}.name`, `The name '${part.name}' was sent as '${name}'.`);
	return callBlock({ ...part, name }, state.ids.for(part.id), object, path, state.losses);
}

function writeResult(part: ToolResultPart, path: string, state: EncodeState): JsonObject | undefined {
	if (part.providerExecuted !== undefined && !isOwnServerPart(part)) return foreignRun(path, state);
	if (state.own) return resultBlock(part, part.callId, nested(state), path, state.losses);
	const sound = part.content.find((inner) => inner.type === 'audio');
	if (sound !== undefined) throw unsupported(path, 'Results of tools cannot hold sounds.');
	// A bare value must be an object on the wire.
	const { json, ...rest } = part;
	const plain =
		json === undefined || isObject(json)
			? part
			: { ...rest, content: [...part.content, { type: 'text' as const, text: JSON.stringify(json) }] };
	const block = resultBlock(plain, state.ids.for(part.callId), nested(state), path, state.losses);
	const result = block.toolResult;
	// A result that says nothing is refused.
	if (isObject(result) && Array.isArray(result.content) && result.content.length === 0)
		result.content = [{ text: '(no output)' }];
	return block;
}
