import { isObject, omit } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { saysNothing, table } from '../shared/index.ts';
import { madeId } from './made-id.ts';

/**
 * Members of messages that the API's own documentation names. Vendors of this dialect extend them freely (reasoning of earlier turns,
 * cache hints, signatures); the API it is named after refuses a request with any other member.
 */
const MESSAGES = table<ReadonlySet<string>>({
	system: new Set(['role', 'content', 'name']),
	developer: new Set(['role', 'content', 'name']),
	user: new Set(['role', 'content', 'name']),
	assistant: new Set(['role', 'content', 'name', 'refusal', 'audio', 'annotations', 'function_call', 'tool_calls']),
	tool: new Set(['role', 'content', 'tool_call_id']),
	function: new Set(['role', 'content', 'name']),
});

const PARTS = table<ReadonlySet<string>>({
	text: new Set(['type', 'text', 'prompt_cache_breakpoint']),
	image_url: new Set(['type', 'image_url', 'prompt_cache_breakpoint']),
	input_audio: new Set(['type', 'input_audio', 'prompt_cache_breakpoint']),
	file: new Set(['type', 'file', 'prompt_cache_breakpoint']),
	refusal: new Set(['type', 'refusal']),
});

const CALLS: ReadonlySet<string> = new Set(['id', 'type', 'function', 'custom']);
const TOOLS: ReadonlySet<string> = new Set(['type', 'function', 'custom']);

/** Longest id of a call, in characters. */
const LONGEST_ID = 40;

/** Members of a message that say nothing when empty, and are refused when empty. */
const NOT_EMPTY: ReadonlySet<string> = new Set(['tool_calls', 'function_call', 'audio', 'name']);

/** Told the path of everything that was left out and said something. */
export type Report = (path: string) => void;

/** An object without members that are not documented; the same object where there is nothing to leave out. */
function keep(wire: JsonObject, documented: ReadonlySet<string>, path: string, report: Report): JsonObject {
	let extra: Set<string> | undefined;
	for (const key in wire) {
		const value = wire[key];
		if (value === undefined || (documented.has(key) && !(NOT_EMPTY.has(key) && saysNothing(value)))) continue;
		extra ??= new Set();
		extra.add(key);
		if (!saysNothing(value) && value !== '' && key !== 'index') report(`${path}.${key}`);
	}
	return extra === undefined ? wire : omit(wire, extra);
}

/** A list with each entry made plain; the same list where nothing changed. `undefined` leaves an entry out. */
function each(list: JsonValue[], plain: (item: JsonValue, index: number) => JsonValue | undefined): JsonValue[] {
	let changed = false;
	const made: JsonValue[] = [];
	for (const [index, item] of list.entries()) {
		const result = plain(item, index);
		if (result !== item) changed = true;
		if (result !== undefined) made.push(result);
	}
	return changed ? made : list;
}

function plainPart(part: JsonValue, path: string, report: Report): JsonValue | undefined {
	if (!isObject(part) || typeof part.type !== 'string') return part;
	const documented = PARTS[part.type];
	if (documented !== undefined) return keep(part, documented, path, report);
	report(path);
	return undefined;
}

function plainContent(content: JsonValue[], path: string, report: Report): JsonValue {
	const parts = each(content, (part, index) => plainPart(part, `${path}[${index}]`, report));
	return parts.length === 0 && content.length > 0 ? '' : parts;
}

/** Ids that are too long are shortened, alike in the call and in its result. */
function withShortId<T extends JsonObject>(wire: T, key: 'id' | 'tool_call_id'): T {
	const id = wire[key];
	return typeof id === 'string' && id.length > LONGEST_ID ? { ...wire, [key]: madeId(id) } : wire;
}

function plainCall(call: JsonValue, path: string, report: Report): JsonValue {
	return isObject(call) ? withShortId(keep(call, CALLS, path, report), 'id') : call;
}

function plainMessage(message: JsonValue, path: string, report: Report): JsonValue {
	if (!isObject(message) || typeof message.role !== 'string') return message;
	const documented = MESSAGES[message.role];
	if (documented === undefined) return message;
	const kept = withShortId(keep(message, documented, path, report), 'tool_call_id');
	const content = Array.isArray(kept.content) ? plainContent(kept.content, `${path}.content`, report) : kept.content;
	const calls = Array.isArray(kept.tool_calls)
		? each(kept.tool_calls, (call, index) => plainCall(call, `${path}.tool_calls[${index}]`, report))
		: kept.tool_calls;
	if (content === kept.content && calls === kept.tool_calls) return kept;
	return { ...kept, content, ...(calls === undefined ? {} : { tool_calls: calls }) };
}

/** The messages of a request body with documented members only; undefined when they are so already. */
export function documentedMessages(messages: JsonValue | undefined, report: Report): JsonValue[] | undefined {
	if (!Array.isArray(messages)) return undefined;
	const plain = each(messages, (message, index) => plainMessage(message, `messages[${index}]`, report));
	return plain === messages ? undefined : plain;
}

/** The same for its tools: those of other types than the documented ones are left out. */
export function documentedTools(tools: JsonValue | undefined, report: Report): JsonValue[] | undefined {
	if (!Array.isArray(tools)) return undefined;
	const plain = each(tools, (tool, index) => {
		const path = `tools[${index}]`;
		if (!isObject(tool)) return tool;
		if (isObject(tool.function) || isObject(tool.custom)) return keep(tool, TOOLS, path, report);
		report(path);
		return undefined;
	});
	return plain === tools ? undefined : plain;
}
