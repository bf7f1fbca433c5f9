import { put } from '../../../src/lib/json.ts';
import { SseScanner } from '../../../src/lib/sse.ts';
import type { Frame, JsonObject, JsonValue } from '../../../src/spec/index.ts';

/** What all chunks of a stream say together, in a form in which two streams can be compared whatever their cut into chunks. */
export interface Accumulated {
	/** Every value each field of the chunks had, in order, repetitions left out. */
	fields: { [key: string]: JsonValue[] };
	usage: JsonValue;
	choices: { [index: string]: AccumulatedChoice };
}

interface AccumulatedChoice {
	fields: { [key: string]: JsonValue[] };
	finish: string | null;
	logprobs: { content: JsonValue[]; refusal: JsonValue[] };
	/** Values of delta fields that are not accumulated by name, and the empty values of those that are. */
	delta: { [key: string]: JsonValue[] };
	/** Texts of delta fields, joined. */
	texts: { [key: string]: string };
	content: JsonValue[];
	details: JsonValue[];
	calls: Call[];
	functionCall: { name: string; arguments: string } | null;
	audio: JsonObject;
	lists: { [key: string]: JsonValue[] };
}

interface Call {
	id: string;
	name: string;
	input: string;
	others: { [key: string]: JsonValue[] };
	index: number | undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function note(into: { [key: string]: JsonValue[] }, key: string, value: JsonValue): void {
	const known = Object.hasOwn(into, key) ? into[key] : undefined;
	const list = known ?? [];
	if (known === undefined) put(into, key, list);
	if (JSON.stringify(list.at(-1)) !== JSON.stringify(value)) list.push(value);
}

function isEmpty(value: JsonValue): boolean {
	return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Joins items of a content array that go on with the one before: the same members apart from their text. */
function addItem(content: JsonValue[], item: JsonValue): void {
	const last = content.at(-1);
	if (
		isObject(item) &&
		isObject(last) &&
		item.type === last.type &&
		typeof item.text === 'string' &&
		typeof last.text === 'string'
	) {
		content[content.length - 1] = { ...last, ...item, text: last.text + item.text };
	} else content.push(item);
}

function addCall(calls: Call[], piece: JsonObject): void {
	const body = isObject(piece.function) ? piece.function : isObject(piece.custom) ? piece.custom : {};
	const index = typeof piece.index === 'number' ? piece.index : undefined;
	const id = typeof piece.id === 'string' ? piece.id : '';
	const name = typeof body.name === 'string' ? body.name : '';
	const raw = body.arguments ?? body.input;
	const input = typeof raw === 'string' ? raw : raw === undefined || raw === null ? '' : JSON.stringify(raw);
	const same = index === undefined ? calls.at(-1) : calls.findLast((call) => call.index === index);
	const begins = same === undefined || (id !== '' && same.id !== '' && id !== same.id) || (index === undefined && name !== '');
	const call = begins ? { id, name, input: '', others: {}, index } : same;
	if (begins) calls.push(call);
	if (call.id === '') call.id = id;
	if (call.name === '') call.name = name;
	call.input += input;
	for (const key in piece) {
		if (!['index', 'id', 'function', 'custom', 'type'].includes(key)) note(call.others, key, piece[key] ?? null);
	}
}

/** How each field of a delta is accumulated; a field not named here is noted value by value. */
const ADD: { [field: string]: (choice: AccumulatedChoice, value: JsonValue) => boolean } = {
	content: (choice, value) => {
		if (!Array.isArray(value)) return addText(choice, 'content', value);
		for (const item of value) addItem(choice.content, item);
		return true;
	},
	reasoning: (choice, value) => addText(choice, 'reasoning', value),
	reasoning_content: (choice, value) => addText(choice, 'reasoning_content', value),
	refusal: (choice, value) => addText(choice, 'refusal', value),
	reasoning_details: (choice, value) => Array.isArray(value) && choice.details.push(...value) > 0,
	tool_calls: (choice, value) => {
		if (!Array.isArray(value)) return false;
		for (const piece of value) addCall(choice.calls, piece as JsonObject);
		return true;
	},
	function_call: (choice, value) => isObject(value) && addFunctionCall(choice, value),
	audio: (choice, value) => isObject(value) && addAudio(choice.audio, value),
	annotations: (choice, value) => addList(choice, 'annotations', value),
	images: (choice, value) => addList(choice, 'images', value),
};

function addText(choice: AccumulatedChoice, key: string, value: JsonValue): boolean {
	if (typeof value !== 'string') return false;
	choice.texts[key] = (choice.texts[key] ?? '') + value;
	return true;
}

function addList(choice: AccumulatedChoice, key: string, value: JsonValue): boolean {
	if (!Array.isArray(value)) return false;
	choice.lists[key] = [...(choice.lists[key] ?? []), ...value];
	return true;
}

function addDelta(choice: AccumulatedChoice, delta: JsonObject): void {
	for (const key in delta) {
		const value = delta[key];
		if (value === undefined) continue;
		if (isEmpty(value) || (Object.hasOwn(ADD, key) ? ADD[key] : undefined)?.(choice, value) !== true)
			note(choice.delta, key, value);
	}
}

function addFunctionCall(choice: AccumulatedChoice, value: JsonObject): boolean {
	choice.functionCall ??= { name: '', arguments: '' };
	choice.functionCall.name += typeof value.name === 'string' ? value.name : '';
	choice.functionCall.arguments += typeof value.arguments === 'string' ? value.arguments : '';
	return true;
}

function addAudio(audio: JsonObject, value: JsonObject): boolean {
	for (const key in value) {
		const joined = key === 'data' || key === 'transcript';
		audio[key] = joined ? `${audio[key] ?? ''}${String(value[key])}` : value[key];
	}
	return true;
}

function newChoice(): AccumulatedChoice {
	return {
		fields: {},
		finish: null,
		logprobs: { content: [], refusal: [] },
		delta: {},
		texts: {},
		content: [],
		details: [],
		calls: [],
		functionCall: null,
		audio: {},
		lists: {},
	};
}

function addLogprobs(choice: AccumulatedChoice, value: JsonValue): void {
	if (!isObject(value)) {
		note(choice.fields, 'logprobs', value);
		return;
	}
	if (Array.isArray(value.content)) choice.logprobs.content.push(...value.content);
	if (Array.isArray(value.refusal)) choice.logprobs.refusal.push(...value.refusal);
}

function addChoice(choices: Accumulated['choices'], wire: JsonObject): void {
	const index = String(wire.index ?? 0);
	choices[index] ??= newChoice();
	const choice = choices[index];
	for (const key in wire) {
		const value = wire[key];
		if (value === undefined || key === 'index') continue;
		if (key === 'delta' && isObject(value)) addDelta(choice, value);
		else if (key === 'logprobs') addLogprobs(choice, value);
		else if (key === 'finish_reason') choice.finish ??= typeof value === 'string' && value !== '' ? value : null;
		else note(choice.fields, key, value);
	}
}

export function accumulate(chunks: JsonObject[]): Accumulated {
	const whole: Accumulated = { fields: {}, usage: null, choices: {} };
	for (const chunk of chunks) {
		for (const key in chunk) {
			const value = chunk[key];
			if (value === undefined) continue;
			if (key === 'choices' && Array.isArray(value)) for (const choice of value) addChoice(whole.choices, choice as JsonObject);
			else if (key === 'usage' && isObject(value)) whole.usage = value;
			else note(whole.fields, key, value);
		}
	}
	return withoutPlaces(whole);
}

/** Places of calls are the vendor's business: some repeat or skip them. */
function withoutPlaces(whole: Accumulated): Accumulated {
	for (const choice of Object.values(whole.choices)) for (const call of choice.calls) call.index = undefined;
	return whole;
}

/** The frames of a recorded body: server-sent events, or one payload a line. */
export function framesOf(text: string, framing?: string): Frame[] {
	if (framing === 'payload-lines') {
		const lines = text.split('\n').filter((line) => line.trim() !== '');
		return lines.map((data) => ({ event: '', data }));
	}
	const scanner = new SseScanner();
	const frames: Frame[] = scanner.push(Buffer.from(text));
	const last = scanner.end();
	return last === undefined ? frames : [...frames, last];
}

/** The chunks among frames. */
export function chunksOf(frames: Frame[]): JsonObject[] {
	return frames.filter((frame) => frame.data.trim().startsWith('{')).map((frame) => JSON.parse(frame.data) as JsonObject);
}
