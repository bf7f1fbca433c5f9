import type { ContentPart, JsonObject, JsonValue, Message, ToolResultPart } from '../../spec/index.ts';
import { extend, Fields, read, table } from '../shared/index.ts';
import { withLeft } from './forms.ts';
import { append, decodeItem } from './items-decode.ts';
import { DIALECT } from './name.ts';
import { decodePart } from './part-decode.ts';
import { decodeWholeItem } from './whole-items.ts';

const ROLES = ['user', 'assistant', 'system', 'developer'] as const;

/** `content` or `output`: a string or a list of parts. `left` learns which. */
function decodeContent(fields: Fields, key: string, left: JsonObject): ContentPart[] {
	const value = fields.wire[key];
	const path = fields.at(key);
	if (value === undefined || value === null) throw read.invalid(path, `'${path}' is required.`);
	fields.drop(key);
	if (typeof value === 'string') {
		left.$content = 'string';
		return value === '' ? [] : [{ type: 'text', text: value }];
	}
	if (!Array.isArray(value)) {
		throw read.invalid(path, `'${path}' must be a string or a list of parts, not ${read.kindOf(value)}.`);
	}
	return value.map((item, index) => decodePart(item, read.at(path, index)));
}

function decodeMessage(fields: Fields, role: 'user' | 'system' | 'developer'): Message {
	const left: JsonObject = {};
	const content = decodeContent(fields, 'content', left);
	for (const key of ['type', 'status', 'id']) fields.keep(key);
	fields.drop('role');
	const level: Pick<Message, 'level'> = role === 'developer' ? { level: 'developer' } : {};
	return { role: role === 'user' ? 'user' : 'system', ...level, content, ...extend(DIALECT, { ...fields.rest(), ...left }) };
}

function decodeOutput(fields: Fields): ToolResultPart {
	const left: JsonObject = { $output: true };
	const callId = fields.require('call_id', read.string);
	const content = decodeContent(fields, 'output', left);
	for (const key of ['type', 'status', 'id']) fields.keep(key);
	return withLeft<ToolResultPart>({ type: 'tool-result', callId, content }, { ...fields.rest(), ...left });
}

type ResultDecoder = (wire: JsonObject, path: string) => ContentPart;

function whole(wire: JsonObject): ContentPart {
	return decodeWholeItem(wire)[0];
}

/** Items by which the client answers a call. */
const RESULTS = table<ResultDecoder>({
	function_call_output: (wire, path) => decodeOutput(new Fields(wire, path)),
	custom_tool_call_output: (wire, path) => decodeOutput(new Fields(wire, path)),
	computer_call_output: whole,
	local_shell_call_output: whole,
	shell_call_output: whole,
	apply_patch_call_output: whole,
});

/** Items of the client's that no other dialect has; what they refer to is known to this vendor alone. */
const CLIENTS: ReadonlySet<JsonValue | undefined> = new Set([
	'item_reference',
	'mcp_approval_response',
	'tool_search_output',
	'additional_tools',
	'configuration_update',
	'compaction_trigger',
]);

/** Gathers items into turns: what the model made in a row is one message, each answer to a call is one of its own. */
class Turns {
	readonly messages: Message[] = [];
	#turn: ContentPart[] | undefined;

	model(parts: readonly ContentPart[]): void {
		if (this.#turn === undefined) {
			this.#turn = [];
			this.messages.push({ role: 'assistant', content: this.#turn, extensions: { [DIALECT]: {} } });
		}
		append(this.#turn, parts);
	}

	client(message: Message): void {
		this.#turn = undefined;
		this.messages.push(message);
	}
}

function isInput(wire: JsonObject): boolean {
	const { type } = wire;
	return type === undefined || type === null || type === 'message';
}

function decodeInputItem(value: JsonValue, path: string, turns: Turns): void {
	const wire = read.object(value, path);
	const fields = new Fields(wire, path);
	if (isInput(wire)) {
		const role = fields.require('role', read.oneOf(ROLES));
		if (role === 'assistant') turns.model(decodeItem(wire, path, false));
		else turns.client(decodeMessage(fields, role));
		return;
	}
	const type = fields.require('type', read.string);
	const result = RESULTS[type];
	if (result !== undefined) {
		turns.client({ role: 'tool', content: [result(wire, path)], extensions: { [DIALECT]: {} } });
	} else if (CLIENTS.has(type)) {
		turns.client({ role: 'tool', content: decodeWholeItem(wire), extensions: { [DIALECT]: {} } });
	} else turns.model(decodeItem(wire, path, false));
}

/** Reads `input`: a string, or the items of a conversation. Throws `invalid_request` with the path of what is wrong. */
export function decodeInput(value: JsonValue, path: string): Message[] {
	if (typeof value === 'string') return [{ role: 'user', content: [{ type: 'text', text: value }] }];
	if (!Array.isArray(value)) {
		throw read.invalid(path, `'${path}' must be a string or a list of items, not ${read.kindOf(value)}.`);
	}
	const turns = new Turns();
	for (const [index, item] of value.entries()) decodeInputItem(item, read.at(path, index), turns);
	return turns.messages;
}

/** Where a part of a canonical message stands in the input: its item, and its place among the parts of that. */
export interface Place {
	item: number;
	part: number;
}

/** The places of the parts of each message that `decodeInput` reads. */
export function decodeInputPlaces(input: JsonValue): Place[][] {
	if (!Array.isArray(input)) return [];
	const places: Place[][] = [];
	const turns = new Turns();
	for (const [item, value] of input.entries()) {
		const before = turns.messages.length;
		const last = turns.messages.at(-1);
		const had = last?.content.length ?? 0;
		decodeInputItem(value, read.at('input', item), turns);
		const grown = turns.messages.length === before ? last : turns.messages.at(-1);
		const from = turns.messages.length === before ? had : 0;
		const here = turns.messages.length === before ? (places.at(-1) ?? []) : [];
		if (turns.messages.length !== before) places.push(here);
		for (let at = from; at < (grown?.content.length ?? 0); at++) here.push({ item, part: at - from });
		if (grown?.content.length === 0) here.push({ item, part: 0 });
	}
	return places;
}
