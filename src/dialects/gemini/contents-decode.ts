import type { ContentPart, JsonObject, JsonValue, Message, ReasoningPart } from '../../spec/index.ts';
import { extend, read } from '../shared/index.ts';
import { CallBook } from './call-book.ts';
import { DIALECT, mark, withMarks } from './dialect.ts';
import { decodePart } from './part-decode.ts';
import { fieldsOf, listed } from './spelling.ts';

/** The roles the API takes; `function` is the older name of a turn that holds results. */
const ROLES = ['user', 'model', 'function'] as const;

/** Reads the `systemInstruction`, whatever role it names. */
export function decodeSystem(value: JsonValue): Message {
	const content = fieldsOf(value, 'systemInstruction');
	content.keep('role');
	const parts = content.take('parts', listed) ?? [];
	return { role: 'system', content: readParts(parts, content.at('parts'), new CallBook()), ...extend(DIALECT, content.rest()) };
}

function readParts(parts: JsonObject[], path: string, book: CallBook): ContentPart[] {
	return parts.map((part, index) => decodePart(part, read.at(path, index), 'request', book));
}

/**
 * Reads a conversation. A content of the user's becomes a message for each result and one for its other parts. Contents of the
 * model that follow one another, as clients keep the pieces of a stream, become one message.
 */
export function decodeContents(contents: JsonObject[]): Message[] {
	const messages: Message[] = [];
	const book = new CallBook();
	contents.forEach((value, index) => {
		const content = fieldsOf(value, read.at('contents', index));
		const role = content.take('role', read.oneOf(ROLES));
		const parts = content.take('parts', listed) ?? [];
		const decoded = readParts(parts, content.at('parts'), book);
		const rest = content.rest();
		if (role === 'model') addModelTurn(messages, decoded, rest);
		else messages.push(...userMessages(decoded, rest, role ?? ''));
	});
	return messages.map(unsealed);
}

function addModelTurn(messages: Message[], content: ContentPart[], rest: JsonObject | undefined): void {
	const last = messages.at(-1);
	const turns = last?.role === 'assistant' ? mark(last, '$turns') : undefined;
	if (last !== undefined && Array.isArray(turns) && rest === undefined) {
		last.content.push(...content);
		turns.push(content.length);
		return;
	}
	messages.push({ role: 'assistant', content, ...extend(DIALECT, withMarks(rest, { $turns: [content.length] })) });
}

/**
 * Results are messages of their own, before what else a content holds: clients put a result's images behind it, amid other results,
 * and elsewhere all results must follow their calls at once. The first piece of a content remembers that it opened one.
 */
function userMessages(content: ContentPart[], rest: JsonObject | undefined, role: string): Message[] {
	const messages: Message[] = [];
	const results = content.filter((part) => part.type === 'tool-result');
	for (const part of results.length === 0 ? content : [...results, ...content.filter(({ type }) => type !== 'tool-result')]) {
		const last = messages.at(-1);
		if (part.type === 'tool-result') messages.push({ role: 'tool', content: [part] });
		else if (last?.role === 'user') last.content.push(part);
		else messages.push({ role: 'user', content: [part] });
	}
	const [first = { role: 'user', content: [] } satisfies Message, ...others] = messages;
	return [{ ...first, ...extend(DIALECT, withMarks(rest, { $turn: role })) }, ...others];
}

/**
 * Puts reasoning of another vendor together again: clients keep its text in thoughts and what else belongs to it in an empty one
 * behind them.
 */
function unsealed(message: Message): Message {
	if (message.role !== 'assistant' || !message.content.some(isUnsealed)) return withoutBlanks(message);
	const content: ContentPart[] = [];
	for (const part of message.content) {
		if (!isUnsealed(part)) content.push(part);
		else {
			const texts: string[] = [];
			for (let last = content.at(-1); last !== undefined && isBareThought(last); last = content.at(-1)) {
				texts.unshift(last.text ?? '');
				content.pop();
			}
			content.push(part.summary === undefined && texts.length > 0 ? { ...part, text: texts.join('') + (part.text ?? '') } : part);
		}
	}
	return withoutBlanks({ role: 'assistant', content });
}

function isUnsealed(part: ContentPart): part is ReasoningPart {
	return part.type === 'reasoning' && mark(part, '$thought') !== true;
}

function isBareThought(part: ContentPart): part is ReasoningPart {
	return part.type === 'reasoning' && mark(part, '$thought') === true && part.signature === undefined;
}

/** Streams end with a blank text that says nothing; where pieces of a stream were joined it would be refused elsewhere. */
function withoutBlanks(message: Message): Message {
	const turns = mark(message, '$turns');
	if (message.role !== 'assistant' || (Array.isArray(turns) && turns.length === 1)) return message;
	const content = message.content.filter((part) => part.type !== 'text' || part.text !== '' || part.signature !== undefined);
	return content.length === message.content.length ? message : { role: 'assistant', content };
}
