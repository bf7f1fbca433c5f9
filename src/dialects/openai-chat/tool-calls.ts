import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, ToolCallPart } from '../../spec/index.ts';
import { extend, Fields, type Losses, own, read, restored } from '../shared/index.ts';
import { encodeCache } from './cache.ts';
import { DIALECT } from './name.ts';
import { nest, nested, orNothing } from './nested.ts';
import { decodeExtraContent, encodeExtraContent } from './signature.ts';

/** Fields of a complete call that say nothing beyond its place. */
const QUIET = ['index', 'type'] as const;

/**
 * The input of a call as text. Most vendors send a string; some send null, nothing, or the object itself.
 * `form` is the value to write back while the input is unchanged.
 */
export function readInput(value: JsonValue | undefined): { input: string; form: JsonValue | undefined } {
	if (typeof value === 'string') return { input: value, form: undefined };
	if (value === undefined || value === null) return { input: '', form: null };
	return { input: JSON.stringify(value), form: value };
}

/** Writes an input in the form it came in, while it still says the same. */
export function writeInput(input: string, left: JsonObject | undefined): JsonValue | undefined {
	const form = left?.$input;
	if (form === undefined) return input;
	if (form === null && input === '') return left?.$absent === true ? undefined : null;
	return form !== null && JSON.stringify(form) === input ? form : input;
}

/** Reads the `function` or `custom` member of a call into the call's name and input. */
function readBody(fields: Fields, key: 'function' | 'custom', kept: JsonObject): { name: string; input: string } {
	const inner = new Fields(fields.require(key, read.object), fields.at(key), fields.lenient);
	const name = fields.lenient ? (inner.take('name', read.string) ?? '') : inner.require('name', read.string);
	const field = key === 'function' ? 'arguments' : 'input';
	const raw = inner.wire[field];
	const { input, form } = readInput(raw);
	inner.drop(field);
	if (form !== undefined) kept.$input = form;
	if (raw === undefined) kept.$absent = true;
	nest(kept, key, inner.rest());
	return { name, input };
}

/**
 * Reads one entry of `tool_calls`. `madeId` replaces an id the vendor left out or empty, so that every call of a conversation can
 * be told from the others.
 */
export function decodeToolCall(value: JsonValue, path: string, madeId: string, lenient: boolean): ToolCallPart {
	const fields = new Fields(read.object(value, path), path, lenient);
	const kind =
		fields.wire.type === 'custom' || (isObject(fields.wire.custom) && !isObject(fields.wire.function)) ? 'custom' : 'function';
	const type = fields.wire.type;
	if (!lenient && type !== undefined && type !== null && type !== kind) {
		throw read.invalid(fields.at('type'), `'${fields.at('type')}' must be one of 'function', 'custom'.`);
	}
	const kept: JsonObject = {};
	const { name, input } = readBody(fields, kind, kept);
	const id = fields.take('id', read.string) ?? '';
	if (id === '') kept.$id = fields.wire.id === undefined ? null : id;
	if (type === undefined) kept.$untyped = true;
	for (const key of QUIET) fields.keep(key);
	const call: ToolCallPart = { type: 'tool-call', id: id === '' ? madeId : id, name, kind, input };
	const signature = decodeExtraContent(fields.wire.extra_content);
	if (signature !== undefined) {
		call.signature = signature;
		kept.$extra = fields.wire.extra_content;
		fields.drop('extra_content');
	}
	return { ...call, ...extend(DIALECT, orNothing({ ...fields.rest(), ...kept }) ?? {}) };
}

function writeId(call: ToolCallPart, left: JsonObject | undefined): JsonObject {
	if (left?.$id === undefined) return { id: call.id };
	return left.$id === null ? {} : { id: left.$id };
}

/** The `id` a vendor gave a call, or undefined when Relais made it. */
export function hasMadeId(call: ToolCallPart): boolean {
	return own(call, DIALECT)?.$id !== undefined;
}

/** Writes one entry of `tool_calls`. */
export function encodeToolCall(call: ToolCallPart, path: string, losses: Losses): JsonObject {
	losses.extensions(call, path);
	const left = own(call, DIALECT);
	const inner = restored(nested(left, call.kind));
	const body =
		call.kind === 'function'
			? { ...inner, name: call.name, arguments: writeInput(call.input, left) }
			: { ...inner, name: call.name, input: writeInput(call.input, left) };
	const wire: JsonObject = {
		...(left?.$untyped === true ? {} : { type: call.kind }),
		...restored(left),
		...writeId(call, left),
		[call.kind]: body,
	};
	if (call.signature !== undefined) wire.extra_content = encodeExtraContent(call.signature, left?.$extra);
	encodeCache(call.cache, wire, `${path}.cache_control`, losses);
	return wire;
}
