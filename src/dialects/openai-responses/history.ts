import { hash } from 'node:crypto';
import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';

/** One turn of a conversation that is kept: the items a request added, and those of its answer. */
export interface KeptTurn {
	input: readonly JsonValue[];
	output: readonly JsonValue[];
}

/** The id of an item that is only referred to. */
export function referenceOf(item: JsonValue): string | undefined {
	return isObject(item) && item.type === 'item_reference' && typeof item.id === 'string' ? item.id : undefined;
}

/** A kept item as it stands in for a reference to it: none, where nobody but its vendor could read it. */
export function standIn(item: JsonObject): JsonValue[] {
	return portable([item]);
}

/** What a request's `input` says, as items. */
export function inputItems(input: JsonValue | undefined): JsonValue[] {
	if (typeof input === 'string') return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }];
	return Array.isArray(input) ? input : [];
}

/** Whether reasoning says anything to whoever has not kept it. */
function isReadable({ encrypted_content: encrypted, content }: JsonObject): boolean {
	return (typeof encrypted === 'string' && encrypted !== '') || (Array.isArray(content) && content.length > 0);
}

/** Items that stand on their own without an id; all others are nothing without theirs. */
const FREE: ReadonlySet<JsonValue | undefined> = new Set(['message', 'function_call', 'custom_tool_call']);

/**
 * An answer's items as anybody takes them. Ids tie items to what one vendor has kept: it would refuse a call whose reasoning is
 * missing. Reasoning that is nothing but an id is left out, and with it what cannot be without it.
 */
function portable(output: readonly JsonValue[]): JsonValue[] {
	const items = output.filter(isObject);
	const readable = items.filter((item) => item.type !== 'reasoning' || isReadable(item));
	const isWhole = readable.length === items.length;
	return readable.flatMap((item) => {
		if (!FREE.has(item.type)) return isWhole || item.type === 'reasoning' ? [item] : [];
		return [unbound(item)];
	});
}

function unbound({ id: _, ...free }: JsonObject): JsonObject {
	return free;
}

/** A conversation without reasoning, and without the items that cannot be without it: those of tools the vendor ran. */
export function withoutReasoning(input: readonly JsonValue[]): JsonValue[] {
	return input.filter(isObject).flatMap((item) => {
		const type = item.type ?? 'message';
		if (FREE.has(type)) return [unbound(item)];
		const isVendors = type === 'reasoning' || (typeof type === 'string' && type.endsWith('_call') && item.call_id === undefined);
		return isVendors ? [] : [item];
	});
}

/** The input of a request that goes on from kept turns, made whole. */
export function continued(turns: readonly KeptTurn[], input: JsonValue | undefined): JsonValue[] {
	return [...turns.flatMap((turn) => [...turn.input, ...portable(turn.output)]), ...inputItems(input)];
}

/** How ids of items begin, by type. */
const PREFIXES: ReadonlyMap<JsonValue | undefined, string> = new Map([
	['message', 'msg'],
	['reasoning', 'rs'],
	['function_call', 'fc'],
	['function_call_output', 'fc'],
	['custom_tool_call', 'ctc'],
	['custom_tool_call_output', 'ctc'],
]);

function fullContent(content: JsonValue | undefined, role: JsonValue | undefined): JsonValue | undefined {
	if (typeof content !== 'string') return content;
	return role === 'assistant'
		? [{ type: 'output_text', text: content, annotations: [], logprobs: [] }]
		: [{ type: 'input_text', text: content }];
}

/**
 * Items as the list of an answer's input items shows them: in their full form, and each with an id, always the same one.
 * @param answer the id of the answer they belong to
 */
export function listedItems(items: readonly JsonValue[], answer: string): JsonObject[] {
	return items.filter(isObject).map((item, index) => {
		const type = item.type ?? 'message';
		const made = hash('sha256', `${answer} ${index}`, 'hex').slice(0, 32);
		const id = typeof item.id === 'string' ? item.id : `${PREFIXES.get(type) ?? 'item'}_${made}`;
		const full = type === 'message' ? { status: 'completed', content: fullContent(item.content, item.role) } : {};
		return { ...item, type, id, ...full };
	});
}
