import type { ContentPart, JsonObject, JsonValue, Message, ToolResultPart } from '../../spec/index.ts';
import { extend, Fields, read, withMarks } from '../shared/index.ts';
import { CallBook } from './call-book.ts';
import { DIALECT } from './dialect.ts';
import { takeContent, takeImages } from './message-decode.ts';

const ROLES = ['system', 'user', 'assistant', 'tool'] as const;

/** Reads a conversation: each message of the wire is one message. */
export function decodeMessages(list: JsonValue[]): Message[] {
	const book = new CallBook();
	return list.map((value, index) => decodeMessage(read.object(value, read.at('messages', index)), index, book));
}

function decodeMessage(wire: JsonObject, index: number, book: CallBook): Message {
	const fields = new Fields(wire, read.at('messages', index));
	const role = fields.require('role', read.oneOf(ROLES));
	if (role === 'tool') return decodeResult(fields, book);
	const { content, rest } = takeContent(fields, book);
	return { role, content, ...extend(DIALECT, rest) };
}

/** A result: its call is the one it names by id, or the first of the tool's that has none. */
function decodeResult(fields: Fields, book: CallBook): Message {
	const marks: JsonObject = {};
	const text = fields.take('content', read.string);
	if (text === undefined) marks.$content = 'none';
	const id = fields.take('tool_call_id', read.string);
	const named = fields.take('tool_name', read.string);
	if (named === undefined) marks.$name = 'none';
	if (id === undefined) marks.$id = 'none';
	const call = book.result(id, named);
	const content: ContentPart[] = [...(text === undefined || text === '' ? [] : [{ type: 'text' as const, text }])];
	content.push(...takeImages(fields));
	const result: ToolResultPart = { type: 'tool-result', callId: call.id, content };
	if (call.name !== undefined) result.name = call.name;
	return { role: 'tool', content: [result], ...extend(DIALECT, withMarks(fields.rest(), marks)) };
}
