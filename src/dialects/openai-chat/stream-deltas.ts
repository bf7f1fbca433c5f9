import { isObject } from '../../lib/json.ts';
import type { AudioPart, JsonObject, JsonValue, ReasoningPart, StreamPart } from '../../spec/index.ts';
import { extend, own } from '../shared/index.ts';
import { decodeImage } from './assistant-decode.ts';
import { decodeAnnotations } from './citations.ts';
import { decodeAnswerPart, thinkingText } from './content-decode.ts';
import { DIALECT } from './name.ts';
import { FLAT_FIELDS } from './reasoning.ts';
import { type Detail, readDetail } from './reasoning-details.ts';
import { decodeExtraContent } from './signature.ts';
import { openBlock, reasoningBlock, type State, type Track, textBlock, wholeBlock } from './stream-state.ts';

/** Reads one field of a delta; false where it holds nothing this dialect understands, so that it is kept as a leftover. */
type Handler = (value: JsonValue, state: State, track: Track, delta: JsonObject) => boolean;

function pushText(text: string, kind: 'text' | 'refusal', state: State, track: Track, left?: JsonObject): void {
	const block = textBlock(state, track, kind);
	const part: StreamPart = { type: 'text-delta', block, text };
	state.out.push(left === undefined ? part : { ...part, ...extend(DIALECT, left) });
}

/** One item of a content array: text, reasoning, or a part that comes whole. */
function contentItem(item: JsonValue, state: State, track: Track): void {
	if (isObject(item) && item.type === 'text' && typeof item.text === 'string') {
		const { text, ...rest } = item;
		pushText(text as string, 'text', state, track, { $item: rest });
		return;
	}
	const thought = isObject(item) && item.type === 'thinking' ? thinkingText(item.thinking) : undefined;
	if (thought !== undefined) {
		const { block } = reasoningBlock(state, track, { type: 'reasoning', text: '', ...extend(DIALECT, {}) }, undefined);
		state.out.push({ type: 'reasoning-delta', block, text: thought, ...extend(DIALECT, { $item: item }) });
		return;
	}
	if (!isObject(item)) return;
	const part = decodeAnswerPart(item, 'choices[].delta.content[]');
	track.calls.flush(state, track);
	wholeBlock(state, track, { ...part, ...extend(DIALECT, { ...own(part, DIALECT), $in: 'content' }) });
}

const content: Handler = (value, state, track) => {
	if (typeof value === 'string') {
		if (value === '') return false;
		pushText(value, 'text', state, track);
		return true;
	}
	if (Array.isArray(value)) {
		if (value.length === 0) return false;
		for (const item of value) contentItem(item, state, track);
		return true;
	}
	pushText(JSON.stringify(value), 'text', state, track);
	return true;
};

const refusal: Handler = (value, state, track) => {
	if (typeof value !== 'string' || value === '') return false;
	pushText(value, 'refusal', state, track);
	return true;
};

/** What is known of a reasoning block when its first detail comes. */
function beginning(detail: Detail): ReasoningPart {
	const redacted = detail.kind === 'encrypted' && detail.encrypted?.vendor === 'anthropic-messages';
	return {
		type: 'reasoning',
		...(detail.kind === 'text' ? { text: '' } : {}),
		...(detail.id === undefined ? {} : { id: detail.id }),
		...(redacted ? { redacted } : {}),
		...extend(DIALECT, {}),
	};
}

function pushDetail(detail: Detail, left: JsonObject, state: State, track: Track): void {
	const open = reasoningBlock(state, track, beginning(detail), detail.index);
	if (detail.signature !== undefined || detail.encrypted !== undefined) open.sealed = true;
	state.out.push({
		type: 'reasoning-delta',
		block: open.block,
		...(detail.kind === 'text' ? { text: detail.text } : {}),
		...(detail.kind === 'summary' ? { summary: detail.text, summaryIndex: 0 } : {}),
		...(detail.signature === undefined ? {} : { signature: detail.signature }),
		...(detail.encrypted === undefined ? {} : { encrypted: detail.encrypted }),
		...extend(DIALECT, left),
	});
}

/** Plain reasoning of a delta: the first text there is, and the fields that show exactly it. */
function flatReasoning(delta: JsonObject): { text: string; fields: string[] } {
	let text = '';
	const fields: string[] = [];
	for (const field of FLAT_FIELDS) {
		const value = delta[field];
		if (typeof value !== 'string' || value === '') continue;
		if (text === '') text = value;
		if (value === text) fields.push(field);
	}
	return { text, fields };
}

/**
 * Reasoning comes as plain text, as details, or as both saying the same. Each detail is a delta of its own; the first remembers the
 * plain fields beside it. Returns the fields taken.
 */
function reasoning(delta: JsonObject, state: State, track: Track): Set<string> {
	const taken = new Set<string>();
	const { text, fields } = flatReasoning(delta);
	const listed = delta.reasoning_details;
	const details = Array.isArray(listed) && listed.every(isObject) ? listed.map(readDetail) : [];
	const shown = details.map((detail) => detail.text).join('');
	if (details.length > 0) taken.add('reasoning_details');
	const alone = text !== '' && shown === '';
	const repeated = text !== '' && text === shown;
	if (alone || repeated) for (const field of fields) taken.add(field);
	if (alone) {
		const usual = details.length === 0 && fields.length === 1 && fields[0] === FLAT_FIELDS[0];
		const { block } = reasoningBlock(state, track, { type: 'reasoning', text: '', ...extend(DIALECT, {}) }, undefined);
		state.out.push({ type: 'reasoning-delta', block, text, ...(usual ? {} : extend(DIALECT, { $flat: fields })) });
	}
	for (const [index, detail] of details.entries()) {
		pushDetail(detail, { $details: [detail.wire], $flat: repeated && index === 0 ? fields : [] }, state, track);
	}
	return taken;
}

/** Sound comes in pieces: the id first, then data and transcript, the expiry last. */
const audio: Handler = (value, state, track) => {
	if (!isObject(value)) return false;
	const { id, data, transcript, ...rest } = value;
	if (track.open?.kind !== 'audio') {
		const part: AudioPart = {
			type: 'audio',
			source: { type: 'base64', data: '', mediaType: 'audio/*' },
			...(typeof id === 'string' ? { id } : {}),
			...extend(DIALECT, { $in: 'audio' }),
		};
		track.calls.flush(state, track);
		openBlock(state, track, part, 'audio');
	}
	const block = track.open?.block ?? 0;
	state.out.push({
		type: 'media-delta',
		block,
		...(typeof data === 'string' ? { data } : {}),
		...(typeof transcript === 'string' ? { transcript } : {}),
		...extend(DIALECT, { $audio: { ...(id === undefined ? {} : { id }), ...rest } }),
	});
	return true;
};

const images: Handler = (value, state, track) => {
	if (!Array.isArray(value) || value.length === 0) return false;
	if (!value.every((item) => isObject(item) && isObject(item.image_url) && typeof item.image_url.url === 'string')) return false;
	track.calls.flush(state, track);
	for (const item of value) wholeBlock(state, track, decodeImage(item, 'choices[].delta.images[]'));
	return true;
};

const annotations: Handler = (value, state, track) => {
	if (!Array.isArray(value) || value.length === 0) return false;
	const { citations, others } = decodeAnnotations(value);
	if (citations.length === 0 || others.length > 0) return false;
	const block = textBlock(state, track, 'text');
	for (const [index, citation] of citations.entries()) {
		state.out.push({ type: 'citation', block, citation, ...extend(DIALECT, { $annotation: value[index] }) });
	}
	return true;
};

const toolCalls: Handler = (value, state, track) => {
	if (!Array.isArray(value) || value.length === 0) return false;
	for (const item of value) if (isObject(item)) track.calls.push(item, state, track);
	return true;
};

const functionCall: Handler = (value, state, track) => {
	if (!isObject(value)) return false;
	track.calls.pushLegacy(value, state, track);
	return true;
};

/** A signature beside text belongs to the text; beside calls it is left where it is. */
const extraContent: Handler = (value, state, track, delta) => {
	const signature = decodeExtraContent(value);
	if (signature === undefined || Array.isArray(delta.tool_calls)) return false;
	const block = textBlock(state, track, 'text');
	state.out.push({ type: 'text-delta', block, text: '', signature, ...extend(DIALECT, { $extra: value }) });
	return true;
};

const HANDLERS: ReadonlyMap<string, Handler> = new Map([
	['content', content],
	['refusal', refusal],
	['annotations', annotations],
	['extra_content', extraContent],
	['audio', audio],
	['images', images],
	['tool_calls', toolCalls],
	['function_call', functionCall],
]);

const REASONING: ReadonlySet<string> = new Set([...FLAT_FIELDS, 'reasoning_details']);

function reasons(delta: JsonObject): boolean {
	for (const key in delta) if (REASONING.has(key)) return true;
	return false;
}

/** Turns a delta into parts, reasoning first; returns the fields nobody took, if any. */
export function decodeDelta(delta: JsonObject, state: State, track: Track): string[] | undefined {
	const thought = reasons(delta) ? reasoning(delta, state, track) : undefined;
	let left: string[] | undefined;
	for (const field in delta) {
		const value = delta[field];
		if (value === undefined || thought?.has(field) === true) continue;
		const handle = value === null ? undefined : HANDLERS.get(field);
		if (handle?.(value, state, track, delta) === true) continue;
		left ??= [];
		left.push(field);
	}
	return left;
}
