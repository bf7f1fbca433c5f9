import type { ContentPart, JsonObject, ReasoningPart, ToolCallPart, ToolResultPart } from '../../spec/index.ts';
import {
	type AnswerState,
	inputValue,
	notShown,
	notTold,
	opaqueBlock,
	type PartWriters,
	sealPrevious,
	sealReasoning,
	withSeals,
	writePart,
} from '../shared/index.ts';
import { DIALECT } from './dialect.ts';
import { formatOf, IMAGE_FORMATS } from './formats.ts';
import { callBlock, finish, isOwnReasoning, isOwnServerPart, ownReasoningBlock, resultBlock, textBlock } from './part-encode.ts';
import { redactedBlob } from './reasoning-decode.ts';

const WRITERS: PartWriters<[AnswerState]> = {
	text: (part, path, state) => (part.text === '' && !state.own ? undefined : textBlock(part, path, state.losses, false)),
	refusal: (part, path, { losses }) => finish({ text: part.text }, part, path, losses),
	reasoning: writeReasoning,
	image: (part, path, state) => {
		const { source } = part;
		const format = source.type === 'base64' ? formatOf(IMAGE_FORMATS, source.mediaType) : undefined;
		if (source.type !== 'base64' || format === undefined) return notShown(part, path, state);
		return finish({ image: { format, source: { bytes: source.data } } }, part, path, state.losses);
	},
	audio: (part, path, state) => {
		if (part.transcript === undefined || part.transcript === '') return notShown(part, path, state);
		state.losses.add('approximated', path, 'Spoken words are shown as their transcript.');
		return finish({ text: part.transcript }, part, path, state.losses);
	},
	video: notShown,
	document: notShown,
	'search-result': notShown,
	'tool-call': writeCall,
	'tool-result': writeResult,
	opaque: (part, path, { losses }) => opaqueBlock(DIALECT, part, path, losses),
};

/** Writes the content of an answer as blocks for a client. What other vendors need back is sealed beside it. */
export function encodeAnswer(parts: readonly ContentPart[], path: string, state: AnswerState): JsonObject[] {
	return withSeals(parts, path, (part, place) => encodeAnswerPart(part, place, state), sealedSignature);
}

/** Writes one part; undefined (and a warning, where something is lost) for what clients of this dialect cannot show. */
export function encodeAnswerPart<T extends ContentPart['type']>(
	part: Extract<ContentPart, { type: T }>,
	path: string,
	state: AnswerState,
): JsonObject | undefined {
	return writePart(WRITERS, part, path, state);
}

/** The block that carries the signature another vendor put on a text or a call; it follows the part's own. */
export function sealedSignature(part: ContentPart): JsonObject | undefined {
	const signature = part.type === 'text' || part.type === 'tool-call' ? part.signature : undefined;
	return signature === undefined ? undefined : { reasoningContent: { redactedContent: redactedBlob(sealPrevious(signature)) } };
}

function writeReasoning(part: ReasoningPart, path: string, { losses }: AnswerState): JsonObject | undefined {
	if (isOwnReasoning(part)) return ownReasoningBlock(part, path, losses);
	losses.extensions(part, path);
	const text = part.text ?? part.summary?.join('\n\n') ?? '';
	if (text !== '') return { reasoningContent: { reasoningText: { text, signature: sealReasoning(part) } } };
	if (part.encrypted === undefined && part.signature === undefined) return undefined;
	return { reasoningContent: { redactedContent: redactedBlob(sealReasoning(part)) } };
}

function writeCall(part: ToolCallPart, path: string, state: AnswerState): JsonObject | undefined {
	if (part.providerExecuted !== undefined && !isOwnServerPart(part)) return notTold(path, state);
	const { input, wrapped } = inputValue(part);
	if (wrapped) state.losses.add('changed', path, "A call's input that is no JSON was wrapped in an object.");
	return callBlock(part, part.id === '' ? state.fallbackId : part.id, input, path, state.losses);
}

function writeResult(part: ToolResultPart, path: string, state: AnswerState): JsonObject | undefined {
	if (!isOwnServerPart(part) && !state.own) return notTold(path, state);
	return resultBlock(part, part.callId, (parts, inside) => encodeAnswer(parts, inside, state), path, state.losses);
}
