import type { ContentPart, JsonObject, Message, ToolResultPart } from '../../spec/index.ts';
import { failureInWords, type Losses, own, plainText, restored } from '../shared/index.ts';
import { encodeAssistant } from './assistant-encode.ts';
import { encodeCache } from './cache.ts';
import { encodePart } from './content-encode.ts';
import { DIALECT } from './name.ts';

/** Parts of tool results that only a user message may hold; they follow the last result of a run. */
interface Held {
	items: JsonObject[];
}

/** One plain text is written as a string, anything else as the array of its parts; `left` remembers the form it came in. */
function contentForm(items: JsonObject[], left: JsonObject | undefined): JsonObject | { content: string | JsonObject[] } {
	if (left?.$content === 'array') return { content: items };
	const [first] = items;
	if (first === undefined) return left === undefined ? { content: '' } : {};
	const plain = items.length === 1 && first.type === 'text' && Object.keys(first).length === 2;
	return { content: plain && typeof first.text === 'string' ? first.text : items };
}

/** Takes a hint off the last part that stood on the message itself. */
function liftCache(message: Message): { content: ContentPart[]; cache: ContentPart['cache'] } {
	const last = message.content.at(-1);
	if (last?.cache === undefined || own(last.cache, DIALECT)?.$at !== 'message')
		return { content: message.content, cache: undefined };
	const { cache, ...bare } = last;
	return { content: message.content.with(-1, bare), cache };
}

function encodeItems(content: ContentPart[], path: string, losses: Losses): JsonObject[] {
	return content.flatMap((part, index) => encodePart(part, `${path}.content[${index}]`, losses));
}

function nameOf(message: Message): JsonObject {
	return message.name === undefined ? {} : { name: message.name };
}

function encodeInstructionOrUser(message: Message, path: string, losses: Losses): JsonObject[] {
	const left = own(message, DIALECT);
	const { content, cache } = liftCache(message);
	const items = encodeItems(content, path, losses);
	if (items.length === 0 && message.role === 'system' && left === undefined) return [];
	const role = message.level === 'developer' ? 'developer' : message.role;
	const wire: JsonObject = { ...restored(left), role, ...contentForm(items, left), ...nameOf(message) };
	encodeCache(cache, wire, `${path}.cache_control`, losses);
	return [wire];
}

function encodeAssistantMessage(message: Message, path: string, losses: Losses): JsonObject {
	const left = own(message, DIALECT);
	const { content, cache } = liftCache(message);
	const wire: JsonObject = {
		role: 'assistant',
		...encodeAssistant(content, left, { path, losses, answer: false }),
		...nameOf(message),
	};
	if (left === undefined) wire.content ??= wire.tool_calls === undefined ? '' : null;
	encodeCache(cache, wire, `${path}.cache_control`, losses);
	return wire;
}

/** What a tool message may hold itself, and what has to follow it. */
function splitResult(part: ToolResultPart, native: boolean): { here: ContentPart[]; after: ContentPart[] } {
	const content: ContentPart[] =
		part.content.length === 0 && part.json !== undefined ? [{ type: 'text', text: JSON.stringify(part.json) }] : part.content;
	if (native) return { here: content, after: [] };
	const isMedia = (each: ContentPart): boolean =>
		each.type === 'image' ||
		each.type === 'audio' ||
		each.type === 'video' ||
		(each.type === 'document' && plainText([each]) === '');
	return { here: content.filter((each) => !isMedia(each)), after: content.filter(isMedia) };
}

function holdMedia(part: ToolResultPart, media: ContentPart[], path: string, held: Held, losses: Losses): void {
	losses.add('changed', path, 'A tool message takes text only; the media of the result follow in a user message.');
	held.items.push({ type: 'text', text: `From the result of tool call ${part.callId}:` }, ...encodeItems(media, path, losses));
}

function encodeResult(part: ToolResultPart, message: Message, path: string, held: Held, losses: Losses): JsonObject {
	const left = own(message, DIALECT);
	losses.extensions(part, path);
	const { here, after } = splitResult(part, left !== undefined);
	if (after.length > 0) holdMedia(part, after, path, held, losses);
	const content = part.isError === true ? failureInWords(here, path, losses) : here;
	const items = encodeItems(content, path, losses);
	if (items.length === 0 && after.length > 0) items.push({ type: 'text', text: 'The result is in the next user message.' });
	const legacy = left?.$role === 'function';
	const id = left?.$id === true ? (legacy ? {} : { tool_call_id: '' }) : { tool_call_id: part.callId };
	const name = part.name !== undefined && left !== undefined ? { name: part.name } : {};
	const wire: JsonObject = { ...restored(left), role: legacy ? 'function' : 'tool', ...id, ...contentForm(items, left), ...name };
	encodeCache(part.cache, wire, `${path}.cache_control`, losses);
	return wire;
}

/** A canonical tool message may hold several results; here each is a message. Whatever else it holds goes to the user. */
function encodeResults(message: Message, path: string, held: Held, losses: Losses): JsonObject[] {
	const written: JsonObject[] = [];
	for (const [index, part] of message.content.entries()) {
		const at = `${path}.content[${index}]`;
		if (part.type === 'tool-result') written.push(encodeResult(part, message, at, held, losses));
		else held.items.push(...encodePart(part, at, losses));
	}
	return written;
}

function flush(held: Held, into: JsonObject[]): void {
	if (held.items.length > 0) into.push({ role: 'user', content: held.items });
	held.items = [];
}

/** Writes the conversation. Paths of warnings follow the canonical messages. */
export function encodeMessages(messages: Message[], losses: Losses): JsonObject[] {
	const written: JsonObject[] = [];
	const held: Held = { items: [] };
	for (const [index, message] of messages.entries()) {
		const path = `messages[${index}]`;
		losses.extensions(message, path);
		if (message.id !== undefined) losses.dropped(`${path}.id`, 'Messages have no id in this dialect.');
		if (message.role === 'tool') {
			written.push(...encodeResults(message, path, held, losses));
			continue;
		}
		flush(held, written);
		if (message.role === 'assistant') written.push(encodeAssistantMessage(message, path, losses));
		else written.push(...encodeInstructionOrUser(message, path, losses));
	}
	flush(held, written);
	return written;
}
