import type { CacheHint, ContentPart, JsonObject, JsonValue, Message, ToolResultPart } from '../../spec/index.ts';
import { extend, Fields, own, read } from '../shared/index.ts';
import { decodeAssistant, type MadeIds } from './assistant-decode.ts';
import { decodeCache } from './cache.ts';
import { decodePart } from './content-decode.ts';
import { madeId } from './made-id.ts';
import { DIALECT } from './name.ts';
import { hasMadeId } from './tool-calls.ts';

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const;

/** Calls of the conversation so far whose id the client left out: their results are matched by order or by name. */
class Pending {
	readonly #calls: { id: string; name: string; legacy: boolean }[] = [];

	add(content: ContentPart[]): void {
		for (const part of content) {
			if (part.type !== 'tool-call') continue;
			const legacy = own(part, DIALECT)?.$in === 'function_call';
			if (legacy || hasMadeId(part)) this.#calls.push({ id: part.id, name: part.name, legacy });
		}
	}

	/** The earliest open call that fits; it is open no longer. */
	take(legacy: boolean, name: string | undefined): string | undefined {
		const at = this.#calls.findIndex((call) => call.legacy === legacy && (name === undefined || call.name === name));
		return at < 0 ? undefined : this.#calls.splice(at, 1)[0]?.id;
	}
}

function madeIds(index: number): MadeIds {
	return {
		call: (position) => madeId(index, position),
		legacy: (name) => madeId(index, name),
	};
}

/** `content` of a message that is not the assistant's: a string or an array of parts. `empty`: null and absence are allowed. */
function decodeContent(fields: Fields, kept: JsonObject, empty: boolean): ContentPart[] {
	const value = fields.wire.content;
	const path = fields.at('content');
	if (value === '' || (empty && (value === null || value === undefined))) {
		fields.keep('content');
		return [];
	}
	if (value === undefined) throw read.invalid(path, `'${path}' is required.`);
	fields.drop('content');
	if (typeof value === 'string') return [{ type: 'text', text: value }];
	if (!Array.isArray(value)) {
		throw read.invalid(path, `'${path}' must be a string or an array of parts, not ${read.kindOf(value)}.`);
	}
	kept.$content = 'array';
	return value.map((item, index) => decodePart(item, read.at(path, index)));
}

/** A hint on the message as a whole stands for its last part. */
function addCache(content: ContentPart[], cache: CacheHint | undefined, fields: Fields): ContentPart[] {
	const last = content.at(-1);
	if (cache === undefined) return content;
	if (last === undefined || last.cache !== undefined) {
		for (const field of ['cache_control', 'prompt_cache_breakpoint']) fields.keep(field);
		return content;
	}
	const hint: CacheHint = { ...cache, ...extend(DIALECT, { ...own(cache, DIALECT), $at: 'message' }) };
	return content.with(-1, { ...last, cache: hint });
}

function decodeResult(fields: Fields, role: 'tool' | 'function', pending: Pending): { part: ToolResultPart; kept: JsonObject } {
	const kept: JsonObject = {};
	const content = decodeContent(fields, kept, true);
	const cache = decodeCache(fields);
	const name = role === 'function' ? fields.require('name', read.string) : fields.take('name', read.string);
	let callId = role === 'tool' ? fields.require('tool_call_id', read.string) : '';
	if (callId === '') {
		kept.$id = true;
		callId = pending.take(role === 'function', role === 'function' ? name : undefined) ?? madeId(name ?? '');
	}
	if (role === 'function') kept.$role = role;
	const part: ToolResultPart = {
		type: 'tool-result',
		callId,
		content,
		...(name === undefined ? {} : { name }),
		...(cache === undefined ? {} : { cache }),
	};
	return { part, kept };
}

function decodeMessage(value: JsonValue, path: string, index: number, pending: Pending): Message {
	const fields = new Fields(read.object(value, path), path);
	const role = fields.require('role', read.oneOf(ROLES));
	if (role === 'tool' || role === 'function') {
		const { part, kept } = decodeResult(fields, role, pending);
		return { role: 'tool', content: [part], ...extend(DIALECT, { ...fields.rest(), ...kept }) };
	}
	const name = fields.take('name', read.string);
	const named = name === undefined ? {} : { name };
	if (role === 'assistant') {
		const cache = decodeCache(fields);
		const { content, left } = decodeAssistant(fields, madeIds(index));
		pending.add(content);
		return { role, content: addCache(content, cache, fields), ...named, ...extend(DIALECT, left ?? {}) };
	}
	const kept: JsonObject = {};
	const content = addCache(decodeContent(fields, kept, false), decodeCache(fields), fields);
	const level: Pick<Message, 'level'> = role === 'developer' ? { level: 'developer' } : {};
	const left = { ...fields.rest(), ...kept };
	return { role: role === 'user' ? 'user' : 'system', ...level, content, ...named, ...extend(DIALECT, left) };
}

/** Reads the conversation. Throws `invalid_request` with the path of what is wrong. */
export function decodeMessages(value: JsonValue, path: string): Message[] {
	const wire = read.array(value, path);
	if (wire.length === 0) throw read.invalid(path, `'${path}' must hold at least one message.`);
	const pending = new Pending();
	return wire.map((item, index) => decodeMessage(item, read.at(path, index), index, pending));
}
