import type { AudioPart, ContentPart, JsonObject, ReasoningPart, ToolCallPart, ToolResultPart } from '../../spec/index.ts';
import { type Losses, notShown, opaqueBlock, type PartWriters, writePart } from '../shared/index.ts';
import { DIALECT } from './dialect.ts';
import { mediaPart } from './media-encode.ts';
import {
	callPart,
	finish,
	inputObject,
	isBare,
	isOwnServerPart,
	serverResultPart,
	textPart,
	thoughtPart,
} from './part-encode.ts';
import { needsSeal, sealReasoning } from './seal.ts';

/** What the encoders of one answer share. */
export interface AnswerState {
	readonly losses: Losses;
	/** The answer came from this dialect and is repeated word for word. */
	own: boolean;
}

const WRITERS: PartWriters<[AnswerState]> = {
	text: (part, path, { losses, own }) =>
		part.text === '' && part.signature === undefined && !own ? undefined : textPart(part, path, losses),
	refusal: (part, path, { losses }) => finish({ text: part.text }, part, path, losses),
	reasoning: writeReasoning,
	image: writeMedia,
	audio: writeAudio,
	video: writeMedia,
	document: writeMedia,
	'search-result': notShown,
	'tool-call': writeCall,
	'tool-result': writeResult,
	opaque: (part, path, { losses }) => opaqueBlock(DIALECT, part, path, losses),
};

/** Writes one part of an answer for a client; undefined (and a warning, where something is lost) for what it cannot be shown. */
export function encodeAnswerPart<T extends ContentPart['type']>(
	part: Extract<ContentPart, { type: T }>,
	path: string,
	state: AnswerState,
): JsonObject | undefined {
	return writePart(WRITERS, part, path, state);
}

/** What other vendors need back is sealed into the signature of the thought. */
function writeReasoning(part: ReasoningPart, path: string, { losses }: AnswerState): JsonObject | undefined {
	if (!needsSeal(part)) return part.text === undefined ? undefined : thoughtPart(part, path, losses);
	losses.extensions(part, path);
	return { text: part.text ?? part.summary?.join('\n\n') ?? '', thought: true, thoughtSignature: sealReasoning(part) };
}

function writeMedia(
	part: Extract<ContentPart, { type: 'image' | 'video' | 'document' | 'audio' }>,
	path: string,
	state: AnswerState,
): JsonObject | undefined {
	const { source } = part;
	if (source.type === 'parts' || (source.type === 'file' && source.vendor !== DIALECT)) return notShown(part, path, state);
	return mediaPart(part, path, state.losses, state.own);
}

/** Speech is sent as its bytes; where there are none to be had, its transcript stands for it. */
function writeAudio(part: AudioPart, path: string, state: AnswerState): JsonObject | undefined {
	const { source } = part;
	const bytes = source.type === 'base64' ? source.data !== '' : source.type === 'url';
	if (bytes || part.transcript === undefined || part.transcript === '') return writeMedia(part, path, state);
	state.losses.add('approximated', path, 'Spoken words are shown as their transcript.');
	return finish({ text: part.transcript }, part, path, state.losses);
}

function writeCall(part: ToolCallPart, path: string, state: AnswerState): JsonObject | undefined {
	if (part.providerExecuted !== undefined && !isOwnServerPart(part)) return notTold(path, state);
	const { args, wrapped } = inputObject(part);
	if (wrapped) state.losses.add('changed', path, "A call's input that is no JSON object was wrapped in one.");
	return callPart(part, isBare(part) ? undefined : args, path, state.losses);
}

function writeResult(part: ToolResultPart, path: string, state: AnswerState): JsonObject | undefined {
	return isOwnServerPart(part) ? serverResultPart(part, path, state.losses) : notTold(path, state);
}

function notTold(path: string, { losses }: AnswerState): undefined {
	losses.dropped(path, 'A tool another vendor ran itself is not shown in this dialect.');
	return undefined;
}
