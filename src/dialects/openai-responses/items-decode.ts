import { isObject } from '../../lib/json.ts';
import type { ContentPart, JsonObject, JsonValue, ReasoningPart, Signature, ToolCallPart } from '../../spec/index.ts';
import { Fields, read, table } from '../shared/index.ts';
import { marked, nest, withLeft } from './forms.ts';
import { DIALECT } from './name.ts';
import { decodeAnswerPart, decodePart } from './part-decode.ts';
import { isSealed, unsealPrevious, unsealReasoning } from './seal.ts';
import { decodeWholeItem } from './whole-items.ts';

type ItemDecoder = (fields: Fields) => ContentPart[];

/** What is left of an item is kept on its first part; the others are marked as belonging to it. */
function around(parts: ContentPart[], fields: Fields, marks: JsonObject = {}): ContentPart[] {
	const left: JsonObject = { $first: true };
	nest(left, 'item', { ...fields.rest(), ...marks });
	return parts.map((part, index) => marked(part, index === 0 ? left : { $of: true }));
}

function outputPart(value: JsonValue, path: string, lenient: boolean): ContentPart {
	const part = (lenient ? decodeAnswerPart : decodePart)(value, path);
	if (part.type === 'opaque') return marked(part, { $in: 'content' });
	const type = isObject(value) ? value.type : undefined;
	const usual = type === 'output_text' || type === 'refusal';
	return usual || type === undefined ? part : marked(part, { $type: type });
}

/** A message of the model: easy form or full form. One without any content is kept whole. */
const message: ItemDecoder = (fields) => {
	const content = fields.wire.content;
	fields.drop('role');
	fields.keep('id');
	fields.keep('status');
	fields.keep('type');
	// The usual phase says nothing that clients of other dialects do not take for granted.
	if (fields.wire.phase === 'final_answer') fields.keep('phase');
	if (typeof content === 'string') {
		fields.drop('content');
		return around([{ type: 'text', text: content }], fields, { $content: 'string' });
	}
	const list = fields.require('content', read.array);
	if (list.length === 0) return [{ type: 'opaque', dialect: DIALECT, value: fields.wire }];
	return around(
		list.map((item, index) => outputPart(item, read.at(fields.at('content'), index), fields.lenient)),
		fields,
	);
};

function texts(fields: Fields, key: string, left: JsonObject): string[] {
	const list = fields.take(key, read.array);
	if (list === undefined) return [];
	const found = list.flatMap((item) => (isObject(item) && typeof item.text === 'string' ? [item.text] : []));
	if (list.length === 0) fields.keep(key);
	else left[`$${key}`] = list;
	return found;
}

/** Reasoning: a summary, the text itself, and the encrypted form only its vendor reads; each may be missing. */
const reasoning: ItemDecoder = (fields) => {
	const left: JsonObject = {};
	const part: ReasoningPart = { type: 'reasoning' };
	const id = fields.take('id', read.string);
	const summary = texts(fields, 'summary', left);
	const content = texts(fields, 'content', left);
	const encrypted = fields.take('encrypted_content', read.string);
	if (summary.length > 0) part.summary = summary;
	if (content.length > 0) part.text = content.join('\n\n');
	if (isSealed(encrypted)) return unsealed(encrypted, id, part);
	if (id !== undefined) part.id = id;
	if (encrypted !== undefined && encrypted !== '') part.encrypted = { vendor: DIALECT, value: encrypted };
	fields.keep('status');
	fields.keep('type');
	return [withLeft(part, { ...fields.rest(), ...left })];
};

/** What another vendor's model thought comes back as it was; the id and the form of the item were made here. */
function unsealed(sealed: string, id: string | undefined, shown: ReasoningPart): ContentPart[] {
	const previous = unsealPrevious(sealed);
	if (previous !== undefined) return [marked<ReasoningPart>({ type: 'reasoning' }, { $previous: { ...previous } })];
	const part = unsealReasoning(sealed) ?? shown;
	return [marked(part, { $sealed: sealed, ...(id === undefined ? {} : { $id: id }) })];
}

function call(kind: ToolCallPart['kind'], field: 'arguments' | 'input'): ItemDecoder {
	return (fields) => {
		const raw = fields.wire[field];
		const odd = typeof raw !== 'string';
		fields.drop(field);
		const input = odd ? (raw === undefined || raw === null ? '' : JSON.stringify(raw)) : raw;
		const part: ToolCallPart = {
			type: 'tool-call',
			id: fields.require('call_id', read.string),
			name: fields.require('name', read.string),
			kind,
			input,
		};
		for (const key of ['id', 'status', 'type']) fields.keep(key);
		return [withLeft(part, { ...fields.rest(), ...(odd ? { $input: raw ?? null } : {}), $call: true })];
	};
}

const DECODERS = table<ItemDecoder>({
	message,
	reasoning,
	function_call: call('function', 'arguments'),
	custom_tool_call: call('custom', 'input'),
});

/** Reads an item of the model's. Throws `invalid_request` for one that is not as it should be, unless `lenient`, which keeps it whole. */
export function decodeItem(wire: JsonObject, path: string, lenient: boolean): ContentPart[] {
	const type = wire.type === undefined || wire.type === null ? 'message' : wire.type;
	const decoder = typeof type === 'string' ? DECODERS[type] : undefined;
	if (decoder === undefined) return decodeWholeItem(wire);
	if (!lenient) return decoder(new Fields(wire, path));
	try {
		return decoder(new Fields(wire, path, true));
	} catch {
		return [{ type: 'opaque', dialect: DIALECT, value: wire }];
	}
}

/** The signature that belongs to the part before, where a part is nothing but its carrier. */
export function previousSignature(part: ContentPart): Signature | undefined {
	const value = part.type === 'reasoning' ? part.extensions?.[DIALECT]?.$previous : undefined;
	if (!isObject(value) || typeof value.vendor !== 'string' || typeof value.value !== 'string') return undefined;
	return { vendor: value.vendor, value: value.value };
}

/** Puts parts behind those of earlier items; a carried signature goes to the part it belongs to. */
export function append(content: ContentPart[], parts: readonly ContentPart[]): void {
	for (const part of parts) {
		const signature = previousSignature(part);
		const last = content.at(-1);
		if (signature === undefined) content.push(part);
		else if (last?.type === 'text' || last?.type === 'tool-call') content[content.length - 1] = { ...last, signature };
	}
}
