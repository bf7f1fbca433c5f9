import type {
	AudioPart,
	ContentPart,
	DocumentPart,
	JsonObject,
	ReasoningPart,
	SearchResultPart,
	TextPart,
	ToolCallPart,
	ToolResultPart,
} from '../../spec/index.ts';
import { DIALECT, mark } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';
import { mediaPart } from './media-encode.ts';
import {
	callPart,
	inputObject,
	isBare,
	isOwnServerPart,
	resultPart,
	serverResultPart,
	textPart,
	thoughtPart,
} from './part-encode.ts';

/** What a part becomes: usually one on the wire. `after`: what can only follow all other parts of its turn. */
export interface Written {
	parts: JsonObject[];
	after?: JsonObject[];
}

type Writers = {
	[T in ContentPart['type']]: (part: Extract<ContentPart, { type: T }>, path: string, state: EncodeState) => Written;
};

const NOTHING: Written = { parts: [] };
const one = (part: JsonObject): Written => ({ parts: [part] });

const WRITERS: Writers = {
	text: writeText,
	refusal: (part, path, state) => {
		const { type: _, ...rest } = part;
		return writeText({ ...rest, type: 'text' }, path, state);
	},
	reasoning: writeReasoning,
	image: (part, path, { losses, own }) => one(mediaPart(part, path, losses, own)),
	audio: writeAudio,
	video: (part, path, { losses, own }) => one(mediaPart(part, path, losses, own)),
	document: writeDocument,
	'search-result': writeSearchResult,
	'tool-call': writeCall,
	'tool-result': writeResult,
	opaque: (part, path, { losses }) => {
		if (part.dialect === DIALECT) return one({ ...part.value });
		losses.dropped(path, `Only ${part.dialect} knows this kind of content.`);
		return NOTHING;
	},
};

/** Writes one part of a message. Throws `unsupported` for what must not be left out. */
export function encodePart<T extends ContentPart['type']>(
	part: Extract<ContentPart, { type: T }>,
	path: string,
	state: EncodeState,
): Written {
	if (part.cache !== undefined)
		state.losses.dropped('cache_control', 'Places to cache at cannot be chosen; long prefixes are cached without being asked.');
	const writer: Writers[T] = WRITERS[part.type as T];
	return writer(part, path, state);
}

/** The API refuses empty texts, unless they carry a signature; from other dialects they are common and say nothing. */
function writeText(part: TextPart, path: string, state: EncodeState): Written {
	if (part.citations !== undefined && part.citations.length > 0)
		state.losses.dropped(`${path}.citations`, 'Citations in the history are not sent.');
	const { signature, ...plain } = part;
	const carried = signature?.vendor === DIALECT ? part : plain;
	if (signature !== undefined && carried === plain) lostSignature(path, state);
	if (!state.own && part.text === '' && carried === plain) return NOTHING;
	return one(textPart(carried, path, state.losses));
}

function lostSignature(path: string, { losses }: EncodeState): void {
	losses.dropped(path, "A proof of another vendor's was left out.");
}

/** Only thoughts of this vendor's own models go back. */
function writeReasoning(part: ReasoningPart, path: string, state: EncodeState): Written {
	const unsigned = (state.proven === true && part.text !== undefined) || mark(part, '$thought') === true;
	const own = part.signature === undefined ? unsigned : part.signature.vendor === DIALECT;
	if (own && part.encrypted === undefined) return one(thoughtPart(part, path, state.losses));
	state.losses.dropped(path, "Reasoning that bears no proof of this vendor's own cannot be sent back; it was left out.");
	return NOTHING;
}

function writeAudio(part: AudioPart, path: string, state: EncodeState): Written {
	const { source } = part;
	const gone = (source.type === 'base64' && source.data === '') || (source.type === 'file' && source.vendor !== DIALECT);
	if (!gone || part.transcript === undefined) return one(mediaPart(part, path, state.losses, state.own));
	state.losses.add('approximated', path, 'Speech was sent as its transcript.');
	return one({ text: part.transcript });
}

function writeDocument(part: DocumentPart, path: string, state: EncodeState): Written {
	if (part.source.type !== 'parts') return one(mediaPart(part, path, state.losses, state.own));
	state.losses.add('changed', path, 'A document made of parts was sent as those parts.');
	const title = part.title === undefined ? [] : [{ text: part.title }];
	return { parts: [...title, ...nested(part.source.parts, `${path}.source.content`, state)] };
}

function writeSearchResult(part: SearchResultPart, path: string, state: EncodeState): Written {
	state.losses.add('approximated', path, 'A search result was sent as text.');
	state.losses.extensions(part, path);
	return { parts: [{ text: `${part.title}\n${part.source}` }, ...nested(part.parts, `${path}.content`, state)] };
}

function nested(parts: readonly ContentPart[], path: string, state: EncodeState): JsonObject[] {
	return parts.flatMap((part, index) => encodePart(part, `${path}[${index}]`, state).parts);
}

function writeCall(part: ToolCallPart, path: string, state: EncodeState): Written {
	if (part.providerExecuted !== undefined && !isOwnServerPart(part)) return foreignRun(path, state);
	const { signature, ...unsigned } = part;
	const carried = signature?.vendor === DIALECT ? part : unsigned;
	const { args, wrapped } = inputObject(part);
	if (wrapped) state.losses.add('changed', path, "A call's input that is no JSON object was wrapped in one.");
	return one(callPart(carried, state.own && isBare(part) ? undefined : args, path, state.losses));
}

function foreignRun(path: string, { losses }: EncodeState): Written {
	losses.dropped(path, 'A call another vendor ran itself, or its result, cannot be sent back; it was left out.');
	return NOTHING;
}

function writeResult(part: ToolResultPart, path: string, state: EncodeState): Written {
	if (part.providerExecuted !== undefined)
		return isOwnServerPart(part) ? one(serverResultPart(part, path, state.losses)) : foreignRun(path, state);
	const name = part.name ?? state.calls.get(part.callId)?.name;
	if (name === undefined)
		throw unsupported(path, `The result names the call '${part.callId}', which the conversation does not hold.`);
	const other = part.content.flatMap((each, index) =>
		each.type === 'text' || each.type === 'refusal' ? [] : encodePart(each, `${path}.content[${index}]`, state).parts,
	);
	if (other.length === 0 || state.own || state.signing) return one(resultPart(part, name, other, path, state.losses));
	state.losses.add('changed', path, "Media in a tool's result were sent behind it, as the model takes none inside.");
	return { parts: [resultPart(part, name, [], path, state.losses)], after: other };
}
