import { isObject } from '../../lib/json.ts';
import type { ContentPart, JsonObject, JsonValue, ToolCallPart } from '../../spec/index.ts';
import { extend, Fields, read, unsealPrevious, withMarks } from '../shared/index.ts';
import type { CallBook } from './call-book.ts';
import { DIALECT } from './dialect.ts';
import { unseal } from './seals.ts';

/** A message taken apart: what it holds, and the marks and fields it keeps. */
export interface ReadMessage {
	content: ContentPart[];
	rest: JsonObject | undefined;
}

/** The form of images by how their base64 begins. */
const IMAGE_TYPES: readonly [start: string, mediaType: string][] = [
	['iVBOR', 'image/png'],
	['/9j/', 'image/jpeg'],
	['R0lGOD', 'image/gif'],
	['UklGR', 'image/webp'],
];

/**
 * Takes the content off a message: its reasoning, its text, its images, its calls, in this order, as the message has one place for
 * each.
 */
export function takeContent(fields: Fields, book: CallBook): ReadMessage {
	const marks: JsonObject = {};
	const text = fields.take('content', read.string);
	if (text === undefined) marks.$content = 'none';
	const content = [...takeThinking(fields), ...(text === undefined || text === '' ? [] : [textPart(text)])];
	content.push(...takeImages(fields), ...takeCalls(fields, book));
	return { content, rest: withMarks(fields.rest(), marks) };
}

function textPart(text: string): ContentPart {
	return { type: 'text', text };
}

function takeThinking(fields: Fields): ContentPart[] {
	const thinking = fields.take('thinking', read.string);
	const sealed = unseal(thinking ?? '', fields.wire.seals);
	if (sealed !== undefined) {
		fields.drop('seals');
		return sealed;
	}
	if (thinking === '') fields.keep('thinking');
	return thinking === undefined || thinking === '' ? [] : [{ type: 'reasoning', text: thinking }];
}

/** The images of a message; an empty list is mere form. */
export function takeImages(fields: Fields): ContentPart[] {
	const images = fields.take('images', read.arrayOf(read.string)) ?? [];
	if (images.length === 0) fields.leave('images');
	return images.map((data) => ({ type: 'image', source: { type: 'base64', data, mediaType: imageType(data) } }));
}

function imageType(data: string): string {
	return IMAGE_TYPES.find(([start]) => data.startsWith(start))?.[1] ?? 'image/png';
}

function takeCalls(fields: Fields, book: CallBook): ToolCallPart[] {
	const calls = fields.take('tool_calls', read.arrayOf(read.object)) ?? [];
	if (calls.length === 0) fields.leave('tool_calls');
	return calls.map((call, index) => decodeCall(call, `${fields.at('tool_calls')}[${index}]`, fields.lenient, book));
}

/** Reads a call. Arguments that are a text, as some servers write them, count as JSON text. */
export function decodeCall(wire: JsonObject, path: string, lenient: boolean, book: CallBook): ToolCallPart {
	const outer = new Fields(wire, path, lenient);
	const called = new Fields(outer.require('function', read.object), outer.at('function'), lenient);
	const name = called.require('name', read.string);
	const input = argumentsOf(called.wire.arguments);
	if (input !== undefined) called.drop('arguments');
	const given = outer.take('id', read.string);
	if (given === '') outer.keep('id');
	const signature = unsealPrevious(wire.seal);
	if (signature !== undefined) outer.drop('seal');
	called.keep('index');
	const rest = called.rest();
	const marks: JsonObject = { $call: outer.rest(), ...(given === undefined || given === '' ? { $id: 'none' } : {}) };
	if (typeof called.wire.arguments === 'string') marks.$arguments = 'text';
	else if (input === undefined) marks.$arguments = 'none';
	return {
		type: 'tool-call',
		id: book.call(given === '' ? undefined : given, name, input ?? '{}'),
		name,
		kind: 'function',
		input: input ?? '{}',
		...(signature === undefined ? {} : { signature }),
		...extend(DIALECT, withMarks(rest, marks)),
	};
}

function argumentsOf(value: JsonValue | undefined): string | undefined {
	if (typeof value === 'string') return value;
	return isObject(value) ? JSON.stringify(value) : undefined;
}
