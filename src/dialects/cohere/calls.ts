import type { JsonObject, ToolCallPart } from '../../spec/index.ts';
import { extend, Fields, keepInside, type Losses, read, sealPrevious, unsealPrevious, withMarks } from '../shared/index.ts';
import { DIALECT, mark, refill } from './dialect.ts';

/** Reads a call. */
export function decodeCall(wire: JsonObject, path: string, lenient: boolean): ToolCallPart {
	const outer = new Fields(wire, path, lenient);
	const inner = new Fields(outer.take('function', read.object) ?? {}, outer.at('function'), lenient);
	const type = outer.take('type', read.string);
	const signature = unsealPrevious(wire.seal);
	if (signature !== undefined) outer.drop('seal');
	const input = inner.take('arguments', read.string);
	const call: ToolCallPart = {
		type: 'tool-call',
		id: outer.take('id', read.string) ?? '',
		name: lenient ? (inner.take('name', read.string) ?? '') : inner.require('name', read.string),
		kind: 'function',
		input: input ?? '',
	};
	if (signature !== undefined) call.signature = signature;
	const kept: JsonObject = { ...outer.rest() };
	keepInside(kept, 'function', inner.rest());
	const marks = {
		$type: type === 'function' ? undefined : (type ?? 'none'),
		$arguments: input === undefined ? 'none' : input === '' ? 'empty' : undefined,
		$id: wire.id === undefined ? 'none' : undefined,
	};
	return { ...call, ...extend(DIALECT, noneIfEmpty(withMarks(kept, marks))) };
}

function noneIfEmpty(kept: JsonObject | undefined): JsonObject | undefined {
	return kept === undefined || Object.keys(kept).length === 0 ? undefined : kept;
}

/** Writes a call. `id`: what to write for its id. Input that is free text goes out as the one argument of an object. */
export function encodeCall(part: ToolCallPart, id: string, path: string, losses: Losses): JsonObject {
	losses.extensions(part, path);
	const type = mark(part, '$type') ?? 'function';
	const called: JsonObject = { name: part.name };
	if (mark(part, '$arguments') !== 'none') called.arguments = inputOf(part, path, losses);
	const wire: JsonObject = { function: called };
	if (mark(part, '$id') !== 'none') wire.id = id;
	if (type !== 'none') wire.type = type;
	if (part.signature !== undefined) wire.seal = sealPrevious(part.signature);
	return refill(wire, part);
}

function inputOf(part: ToolCallPart, path: string, losses: Losses): string {
	if (part.kind === 'custom') {
		losses.add('changed', path, "A call's free text was wrapped in an object.");
		return JSON.stringify({ input: part.input });
	}
	return part.input === '' && mark(part, '$arguments') !== 'empty' ? '{}' : part.input;
}
