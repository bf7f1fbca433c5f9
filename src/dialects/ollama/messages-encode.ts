import type {
	ContentPart,
	DocumentPart,
	ImagePart,
	JsonObject,
	Message,
	ReasoningPart,
	ToolResultPart,
} from '../../spec/index.ts';
import { failureInWords } from '../shared/index.ts';
import { isMadeId } from './call-book.ts';
import { encodeCall } from './call-encode.ts';
import { DIALECT, mark, refill } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';
import { thinkingOf } from './seals.ts';

/** What a message is put together of: one text, and lists of the rest. */
interface Gathered {
	texts: string[];
	thinking: string[];
	images: string[];
	calls: JsonObject[];
}

type Writers = {
	[T in ContentPart['type']]: (part: Extract<ContentPart, { type: T }>, path: string, state: EncodeState, into: Gathered) => void;
};

const WRITERS: Writers = {
	text: (part, _path, _state, into) => into.texts.push(part.text),
	refusal: (part, _path, _state, into) => into.texts.push(part.text),
	reasoning: writeReasoning,
	image: writeImage,
	audio: (part, path, state, into) => {
		if (part.transcript === undefined) throw unsupported(path, 'Audio is not taken as input.');
		into.texts.push(part.transcript);
		state.losses.add('approximated', path, 'Spoken words were sent as their transcript.');
	},
	video: (_part, path) => {
		throw unsupported(path, 'Video is not taken as input.');
	},
	document: writeDocument,
	'search-result': (part, path, state, into) => {
		const inner = gather(part.parts, `${path}.content`, state);
		into.texts.push([`${part.title} (${part.source})`, ...inner.texts].join('\n'));
		state.losses.add('changed', path, 'A search result was sent as text.');
	},
	'tool-call': (part, path, state, into) => {
		if (part.providerExecuted === undefined)
			into.calls.push(encodeCall({ ...part, ...unsigned(part, path, state) }, path, state.losses));
		else foreignRun(path, state);
	},
	'tool-result': (_part, path, state) => foreignRun(path, state),
	opaque: (part, path, state) => {
		if (part.dialect !== DIALECT) state.losses.dropped(path, `Only ${part.dialect} knows this kind of content.`);
	},
};

/** The server checks no proofs: those of other vendors stay behind. */
function unsigned(part: { signature?: { vendor: string; value: string } }, path: string, state: EncodeState): object {
	if (part.signature === undefined) return {};
	state.losses.dropped(`${path}.signature`, 'Proofs of origin have no place in this dialect.');
	return { signature: undefined };
}

function foreignRun(path: string, state: EncodeState): void {
	state.losses.dropped(path, 'A call a vendor ran itself, or its result, cannot be sent back; it was left out.');
}

function writeReasoning(part: ReasoningPart, path: string, state: EncodeState, into: Gathered): void {
	const text = thinkingOf(part);
	if (text !== '') into.thinking.push(text);
	if (part.signature !== undefined || part.encrypted !== undefined)
		state.losses.dropped(path, "The proof or hidden part of another vendor's reasoning cannot be sent; its text was.");
}

function writeImage({ source, detail }: ImagePart, path: string, { losses }: EncodeState, into: Gathered): void {
	if (source.type !== 'base64')
		throw unsupported(path, 'Images are taken as base64 alone; send the bytes in place of an address or a file id.');
	if (detail !== undefined && detail !== 'auto') losses.dropped(`${path}.detail`, 'The detail of an image cannot be chosen.');
	into.images.push(source.data);
}

/** Documents are not read; what is text goes out as text. */
function writeDocument(part: DocumentPart, path: string, state: EncodeState, into: Gathered): void {
	const { source } = part;
	const title = part.title ?? part.filename;
	const head = title === undefined ? [] : [title];
	if (source.type === 'text') into.texts.push([...head, source.text].join('\n'));
	else if (source.type === 'parts') {
		const inner = gather(source.parts, `${path}.source.content`, state);
		into.texts.push([...head, ...inner.texts].join('\n'));
		into.images.push(...inner.images);
	} else if (source.type === 'base64' && /^text\/|^application\/json$/.test(source.mediaType))
		into.texts.push([...head, Buffer.from(source.data, 'base64').toString('utf8')].join('\n'));
	else throw unsupported(path, 'Documents are taken as text alone.');
	state.losses.add('changed', path, 'A document was sent as text.');
}

function gather(parts: readonly ContentPart[], path: string, state: EncodeState): Gathered {
	const into: Gathered = { texts: [], thinking: [], images: [], calls: [] };
	parts.forEach((part, index) => {
		const at = `${path}[${index}]`;
		if (part.type !== 'tool-call') state.losses.extensions(part, at);
		if (part.cache !== undefined) state.losses.dropped(`${at}.cache_control`, 'What to cache cannot be chosen.');
		writePart(part, at, state, into);
	});
	return into;
}

function writePart<T extends ContentPart['type']>(
	part: Extract<ContentPart, { type: T }>,
	path: string,
	state: EncodeState,
	into: Gathered,
): void {
	const writer: Writers[T] = WRITERS[part.type as T];
	writer(part, path, state, into);
}

/** Writes a conversation; each result of a tool is a message of its own. */
export function encodeMessages(messages: readonly Message[], state: EncodeState): JsonObject[] {
	return messages.flatMap((message, index) => {
		const path = `messages[${index}]`;
		state.losses.extensions(message, path);
		if (message.name !== undefined) state.losses.dropped(`${path}.name`, 'Participants have no names.');
		if (message.role === 'tool') return encodeResults(message, path, state);
		if (!state.own && !inOrder(message.content))
			state.losses.add('changed', `${path}.content`, 'Reasoning, text, images and calls were put in this order.');
		const into = gather(message.content, `${path}.content`, state);
		return [refill(shape(message.role, into, message), message)];
	});
}

/** The places of a message, in the order they are read. */
const ORDER: readonly ContentPart['type'][] = ['reasoning', 'text', 'image', 'tool-call'];

function inOrder(content: readonly ContentPart[]): boolean {
	const told = content.filter((part) => part.type !== 'text' || part.text !== '');
	const places = told.map((part) => ORDER.indexOf(part.type)).filter((place) => place >= 0);
	return places.every((place, index) => index === 0 || place >= (places[index - 1] ?? 0));
}

function shape(role: string, into: Gathered, node: Message): JsonObject {
	const wire: JsonObject = { role };
	const text = into.texts.join(role === 'assistant' ? '' : '\n\n');
	if (text !== '' || mark(node, '$content') !== 'none') wire.content = text;
	if (into.thinking.length > 0) wire.thinking = into.thinking.join('');
	if (into.images.length > 0) wire.images = into.images;
	if (into.calls.length > 0) wire.tool_calls = into.calls;
	return wire;
}

function encodeResults(message: Message, path: string, state: EncodeState): JsonObject[] {
	return message.content.flatMap((part, index) => {
		const at = `${path}.content[${index}]`;
		if (part.type === 'tool-result' && part.providerExecuted === undefined) return [encodeResult(part, message, at, state)];
		state.losses.dropped(at, 'A message of a tool can hold nothing but its result.');
		return [];
	});
}

function encodeResult(part: ToolResultPart, message: Message, path: string, state: EncodeState): JsonObject {
	state.losses.extensions(part, path);
	if (part.cache !== undefined) state.losses.dropped(`${path}.cache_control`, 'What to cache cannot be chosen.');
	const words: ContentPart[] =
		part.json !== undefined && part.content.length === 0 ? [{ type: 'text', text: JSON.stringify(part.json) }] : part.content;
	const into = gather(part.isError === true ? failureInWords(words, path, state.losses) : words, `${path}.content`, state);
	const wire = shape('tool', into, message);
	const name = part.name ?? state.calls.get(part.callId)?.name;
	if (name !== undefined && mark(message, '$name') !== 'none') wire.tool_name = name;
	if (!isMadeId(part.callId) && mark(message, '$id') !== 'none') wire.tool_call_id = part.callId;
	return refill(wire, message);
}
