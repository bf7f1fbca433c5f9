import { defined } from '../../lib/json.ts';
import type { AudioPart, Citation, ContentPart, JsonObject, JsonValue, ReasoningPart, Signature } from '../../spec/index.ts';
import { type Losses, own, plainText, restored, same } from '../shared/index.ts';
import { annotationsAsTheyCame, encodeAnnotation, isListed } from './citations.ts';
import { encodePart, isInContent } from './content-encode.ts';
import { encodeImage } from './media-encode.ts';
import { DIALECT } from './name.ts';
import { encodeReasoning } from './reasoning.ts';
import { encodeExtraContent } from './signature.ts';
import { encodeToolCall, writeInput } from './tool-calls.ts';

/** The parts of an assistant message by the field they go to. */
interface Sorted {
	reasoning: ReasoningPart[];
	items: JsonObject[];
	/** Whether `items` may be written as one string. */
	plain: boolean;
	text: string;
	citations: { citation: Citation; start: number; end: number; path: string }[];
	refusal: string | undefined;
	audio: AudioPart | undefined;
	images: JsonObject[];
	calls: JsonObject[];
	functionCall: JsonObject | undefined;
	signature: Signature | undefined;
}

/** `answer`: written for a client, who gets images and audio; in a request they have no place. */
export interface AssistantContext {
	path: string;
	losses: Losses;
	answer: boolean;
}

type Part<T extends ContentPart['type']> = Extract<ContentPart, { type: T }>;

function addSignature(sorted: Sorted, signature: Signature | undefined, path: string, losses: Losses): void {
	if (signature === undefined) return;
	if (sorted.signature !== undefined && !same(sorted.signature, signature)) {
		losses.dropped(`${path}.signature`, 'A message carries one signature; a further one was left out.');
		return;
	}
	sorted.signature = signature;
}

function addText(sorted: Sorted, part: Part<'text'>, path: string, losses: Losses): void {
	const { citations, signature, ...bare } = part;
	const start = sorted.text.length;
	sorted.text += part.text;
	for (const [index, citation] of (citations ?? []).entries()) {
		sorted.citations.push({ citation, start, end: sorted.text.length, path: `${path}.citations[${index}]` });
	}
	addSignature(sorted, signature, path, losses);
	const left = own(part, DIALECT);
	const marks = left === undefined || Object.keys(left).every((key) => key === '$signature' || key === '$annotations');
	if (part.cache !== undefined || !marks) sorted.plain = false;
	sorted.items.push(...encodePart(bare, path, losses));
}

function addCall(sorted: Sorted, part: Part<'tool-call'>, path: string, losses: Losses): void {
	const left = own(part, DIALECT);
	if (part.providerExecuted !== undefined) {
		losses.dropped(path, `The call of '${part.name}', which the provider ran itself, has no form in this dialect.`);
		return;
	}
	const atMessage = left?.$signature === 'message';
	if (atMessage) addSignature(sorted, part.signature, path, losses);
	if (left?.$in === 'function_call') {
		losses.extensions(part, path);
		sorted.functionCall = { ...restored(left), name: part.name, arguments: writeInput(part.input, left) };
		return;
	}
	const { signature, ...unsigned } = part;
	sorted.calls.push(encodeToolCall(atMessage || signature === undefined ? unsigned : { ...unsigned, signature }, path, losses));
}

/** Results of tools the provider ran: what can be read becomes text in a request, and is left out of an answer. */
function addResult(sorted: Sorted, part: Part<'tool-result'>, path: string, context: AssistantContext): void {
	const text = plainText(part.content);
	if (context.answer || text === '') {
		context.losses.dropped(path, 'The result of a tool the provider ran itself has no form in this dialect.');
		return;
	}
	const name = part.name ?? part.providerExecuted?.kind ?? 'tool';
	context.losses.add('changed', path, 'The result of a tool the provider ran itself was written as text.');
	const shown = `[${name}]\n${text}\n`;
	sorted.text += shown;
	sorted.items.push({ type: 'text', text: shown });
}

function addMedia(sorted: Sorted, part: Part<'image' | 'audio'>, path: string, context: AssistantContext): void {
	const place = own(part, DIALECT)?.$in;
	if (part.type === 'audio' && (context.answer || place === 'audio')) {
		context.losses.extensions(part, path);
		sorted.audio = part;
	} else if (part.type === 'image' && (context.answer || place === 'images')) {
		context.losses.extensions(part, path);
		const image = encodeImage(part, path, context.losses);
		if (image !== undefined) sorted.images.push(place === 'images' ? restoredImage(part, image) : image);
	} else if (part.type === 'audio' && part.transcript !== undefined) {
		context.losses.add('changed', path, 'Audio the assistant spoke was written as its transcript.');
		sorted.text += part.transcript;
		sorted.items.push({ type: 'text', text: part.transcript });
	} else
		context.losses.dropped(
			path,
			`An assistant message cannot hold ${part.type === 'image' ? 'an image' : 'audio'} in this dialect.`,
		);
}

/** Entries of `images` state their type as they came, or not at all. */
function restoredImage(part: Part<'image'>, image: JsonObject): JsonObject {
	const { type: _type, ...rest } = image;
	return { ...rest, ...restored(own(part, DIALECT)), image_url: rest.image_url };
}

function addPart(sorted: Sorted, part: ContentPart, path: string, context: AssistantContext): void {
	const { losses } = context;
	const place = own(part, DIALECT)?.$in;
	if (part.type === 'text') addText(sorted, part, path, losses);
	else if (part.type === 'tool-call') addCall(sorted, part, path, losses);
	else if (part.type === 'tool-result') addResult(sorted, part, path, context);
	else if (part.type === 'reasoning' && !isInContent(part)) {
		losses.extensions(part, path);
		if (part.cache !== undefined) losses.dropped(`${path}.cache_control`, 'Reasoning takes no cache hint in this dialect.');
		sorted.reasoning.push(part);
	} else if (part.type === 'refusal' && place !== 'content') {
		losses.extensions(part, path);
		sorted.refusal = (sorted.refusal ?? '') + part.text;
	} else if ((part.type === 'image' || part.type === 'audio') && place !== 'content') addMedia(sorted, part, path, context);
	else if (part.type === 'opaque' && place === 'tool_calls') sorted.calls.push(part.value);
	else {
		const items = encodePart(part, path, losses);
		// What has no form here leaves nothing behind that would keep the text from being a string.
		if (items.length > 0) sorted.plain = false;
		sorted.items.push(...items);
	}
}

function sort(content: ContentPart[], context: AssistantContext): Sorted {
	const sorted: Sorted = {
		reasoning: [],
		items: [],
		plain: true,
		text: '',
		citations: [],
		refusal: undefined,
		audio: undefined,
		images: [],
		calls: [],
		functionCall: undefined,
		signature: undefined,
	};
	for (const [index, part] of content.entries()) addPart(sorted, part, `${context.path}.content[${index}]`, context);
	return sorted;
}

/** `content` in the form it came in; undefined where there is none to write. */
function contentForm(sorted: Sorted, left: JsonObject | undefined): JsonValue | undefined {
	const form = left?.$content;
	if (form === 'array') return sorted.items;
	if (typeof form === 'object' && form !== null && JSON.stringify(form) === sorted.text) return form;
	if (sorted.items.length === 0) return undefined;
	return sorted.plain ? sorted.text : sorted.items;
}

function audioForm(part: AudioPart): JsonObject {
	const left = own(part, DIALECT);
	const data = part.source.type === 'base64' ? part.source.data : undefined;
	if (left?.$in === 'audio') {
		const known = { id: part.id, data, transcript: part.transcript, expires_at: part.expiresAt };
		return { ...restored(left), ...defined(known) };
	}
	return { id: part.id ?? '', data: data ?? '', expires_at: part.expiresAt ?? 0, transcript: part.transcript ?? '' };
}

/** Annotations of the text and, without a stretch of their own, of the answer as a whole. */
function writeAnnotations(
	sorted: Sorted,
	left: JsonObject | undefined,
	listed: Citation[],
	{ losses, answer }: AssistantContext,
): JsonValue[] | undefined {
	const asTheyCame = annotationsAsTheyCame(
		left?.$annotations,
		sorted.citations.map(({ citation }) => citation),
	);
	if (asTheyCame !== undefined) return asTheyCame;
	const written: JsonValue[] = [];
	if (!answer) for (const { path } of sorted.citations) losses.dropped(path, 'Citations cannot be sent back in this dialect.');
	for (const { citation, start, end, path } of answer ? sorted.citations : []) {
		const annotation = isListed(citation) ? undefined : encodeAnnotation(citation, { start, end }, path, losses);
		if (annotation !== undefined) written.push(annotation);
	}
	for (const [index, citation] of listed.entries()) {
		const whole = { start: 0, end: sorted.text.length };
		const annotation = isListed(citation) ? undefined : encodeAnnotation(citation, whole, `citations[${index}]`, losses);
		if (annotation !== undefined) written.push(annotation);
	}
	if (Array.isArray(left?.annotations)) written.push(...left.annotations);
	return written.length === 0 ? undefined : written;
}

/**
 * Writes the members of an assistant message, role excepted. `left` is what this dialect left on the message; `citations` those of
 * the answer as a whole.
 */
export function encodeAssistant(
	content: ContentPart[],
	left: JsonObject | undefined,
	context: AssistantContext,
	citations: Citation[] = [],
): JsonObject {
	const sorted = sort(content, context);
	const message: JsonObject = restored(left);
	encodeReasoning(sorted.reasoning, message);
	const shown = contentForm(sorted, left);
	if (shown !== undefined) message.content = shown;
	if (sorted.refusal !== undefined) message.refusal = sorted.refusal;
	if (sorted.audio !== undefined) message.audio = audioForm(sorted.audio);
	if (sorted.images.length > 0) message.images = sorted.images;
	const annotations = writeAnnotations(sorted, left, citations, context);
	if (annotations !== undefined) message.annotations = annotations;
	if (sorted.calls.length > 0) message.tool_calls = sorted.calls;
	if (sorted.functionCall !== undefined) message.function_call = sorted.functionCall;
	if (sorted.signature !== undefined) message.extra_content = encodeExtraContent(sorted.signature, left?.$extra);
	return message;
}
