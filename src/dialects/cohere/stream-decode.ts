import { isObject, tryParse } from '../../lib/json.ts';
import type { ContentPart, Extensions, Frame, JsonObject, JsonValue, StreamDecoder, StreamPart } from '../../spec/index.ts';
import { asAnswer, extend, isSealed, leftovers, protocol, table, unsealReasoning } from '../shared/index.ts';
import { decodeCall } from './calls.ts';
import { decodeCitation } from './citations.ts';
import { decodeBlock } from './content-decode.ts';
import { DIALECT } from './dialect.ts';
import { decodeErrorBody } from './errors.ts';
import { decodeStop } from './stop-reason.ts';
import { decodeUsage } from './usage.ts';

interface Open {
	block: number;
	type: ContentPart['type'];
}

interface State {
	out: StreamPart[];
	started: boolean;
	done: boolean;
	next: number;
	/** Open blocks: content by its index, calls by theirs, the plan. */
	open: Map<string, Open>;
	/** The text that was opened last. */
	text: string | undefined;
}

type Handler = (event: JsonObject, message: JsonObject, state: State) => void;

const EVENTS = table<Handler>({
	'message-start': (event, message, state) => start(event, message, state),
	'content-start': onContentStart,
	'content-delta': onContentDelta,
	'content-end': (event, _message, state) => close(`content ${event.index}`, state),
	'tool-plan-delta': onPlan,
	'tool-call-start': onCallStart,
	'tool-call-delta': onCallDelta,
	'tool-call-end': (event, _message, state) => close(`call ${event.index}`, state),
	'citation-start': onCitation,
	'citation-end': () => {},
	'message-end': onEnd,
});

/** Reads the events of one streamed answer. */
export function streamDecoder(): StreamDecoder {
	const state: State = { out: [], started: false, done: false, next: 0, open: new Map(), text: undefined };
	return {
		push(frame) {
			state.out = [];
			if (!state.done) asAnswer(() => onFrame(frame, state));
			return state.out;
		},
		// Nothing but its last event says that an answer is whole.
		end: () => [],
	};
}

function onFrame({ data, event: name }: Frame, state: State): void {
	if (data === '' || data === '[DONE]') return;
	const event = tryParse(data);
	if (!isObject(event)) throw protocol(`An event of the stream is no JSON object: ${data.slice(0, 100)}`);
	const type = typeof event.type === 'string' ? event.type : name;
	const handler = EVENTS[type];
	const delta = isObject(event.delta) ? event.delta : {};
	if (handler !== undefined) {
		if (type !== 'message-start') start({}, {}, state);
		handler(event, isObject(delta.message) ? delta.message : {}, state);
	} else if (typeof event.message === 'string') fail(event, state);
	else state.out.push({ type: 'vendor-event', dialect: DIALECT, event: type, data: event, meaningful: type !== 'debug' });
}

function fail(body: JsonObject, state: State): void {
	state.done = true;
	state.out.push({ type: 'error', error: decodeErrorBody(body) });
}

const EVENT: ReadonlySet<string> = new Set(['type', 'index', 'delta']);

/** What an event holds beside what its part says. */
function rest(event: JsonObject, more: JsonObject = {}): { extensions?: Extensions } {
	const kept = { ...leftovers(event, EVENT), ...more };
	return extend(DIALECT, Object.keys(kept).length === 0 ? undefined : kept);
}

const START: ReadonlySet<string> = new Set(['type', 'id', 'model', 'delta']);

function start(event: JsonObject, message: JsonObject, state: State): void {
	if (state.started) return;
	state.started = true;
	const { id, model } = event;
	state.out.push({
		type: 'start',
		...(typeof id === 'string' ? { id } : {}),
		...(typeof model === 'string' ? { model } : {}),
		...extend(DIALECT, {
			...leftovers(event, START),
			$own: true,
			$delta: Object.keys(message).length === 0 ? undefined : message,
		}),
	});
}

function begin(key: string, content: ContentPart, state: State, kept: { extensions?: Extensions } = {}): Open {
	close(key, state);
	close('plan', state);
	const opened: Open = { block: state.next++, type: content.type };
	state.open.set(key, opened);
	if (content.type === 'text') state.text = key;
	state.out.push({ type: 'block-start', block: opened.block, candidate: 0, content, ...kept });
	return opened;
}

function close(key: string, state: State): void {
	const opened = state.open.get(key);
	if (opened === undefined) return;
	state.open.delete(key);
	state.out.push({ type: 'block-end', block: opened.block });
}

function onContentStart(event: JsonObject, message: JsonObject, state: State): void {
	if (!isObject(message.content)) throw protocol("A 'content-start' event has no content.");
	begin(`content ${event.index}`, decodeBlock(message.content, 'content', true), state, rest(event));
}

function onContentDelta(event: JsonObject, message: JsonObject, state: State): void {
	const content = isObject(message.content) ? message.content : {};
	const { text, thinking, signature } = content;
	const key = `content ${event.index}`;
	const kind = thinking !== undefined || signature !== undefined ? 'reasoning' : 'text';
	let opened = state.open.get(key);
	if (opened === undefined || opened.type !== kind)
		opened = begin(key, kind === 'text' ? { type: 'text', text: '' } : { type: 'reasoning' }, state);
	const { block } = opened;
	if (kind === 'text') state.out.push({ type: 'text-delta', block, text: textOf(text), ...rest(event) });
	else state.out.push({ type: 'reasoning-delta', block, text: textOf(thinking), ...proofsOf(signature), ...rest(event) });
}

function textOf(value: JsonValue | undefined): string {
	return typeof value === 'string' ? value : '';
}

/** What Relais sealed for another vendor, where one Relais speaks to another. */
function proofsOf(value: JsonValue | undefined): object {
	if (!isSealed(value)) return {};
	const { signature, encrypted } = unsealReasoning(value, '');
	return { ...(signature === undefined ? {} : { signature }), ...(encrypted === undefined ? {} : { encrypted }) };
}

/** The plan has no start and no end of its own. */
function onPlan(event: JsonObject, message: JsonObject, state: State): void {
	const text = textOf(message.tool_plan);
	const opened = state.open.get('plan') ?? begin('plan', { type: 'reasoning', ...extend(DIALECT, { $plan: true }) }, state);
	state.out.push({ type: 'reasoning-delta', block: opened.block, text, ...rest(event) });
}

function onCallStart(event: JsonObject, message: JsonObject, state: State): void {
	if (!isObject(message.tool_calls)) throw protocol("A 'tool-call-start' event has no call.");
	const { input, ...call } = decodeCall(message.tool_calls, 'tool_calls', true);
	const { block } = begin(`call ${event.index}`, { ...call, input: '' }, state, rest(event));
	if (input !== '') state.out.push({ type: 'tool-input-delta', block, input });
}

function onCallDelta(event: JsonObject, message: JsonObject, state: State): void {
	const opened = state.open.get(`call ${event.index}`);
	if (opened === undefined) throw protocol("A 'tool-call-delta' event belongs to no open call.");
	const called = isObject(message.tool_calls) ? message.tool_calls.function : undefined;
	const input = isObject(called) ? textOf(called.arguments) : '';
	state.out.push({ type: 'tool-input-delta', block: opened.block, input, ...rest(event) });
}

/** A citation belongs to the text at its `content_index`, else to the one opened last; it may come when that has ended. */
function onCitation(event: JsonObject, message: JsonObject, state: State): void {
	const wire = message.citations;
	const named =
		isObject(wire) && typeof wire.content_index === 'number' ? state.open.get(`content ${wire.content_index}`) : undefined;
	const opened = named?.type === 'text' ? named : state.text === undefined ? undefined : state.open.get(state.text);
	if (!isObject(wire) || opened === undefined || opened.type !== 'text') {
		state.out.push({ type: 'vendor-event', dialect: DIALECT, event: 'citation-start', data: event, meaningful: true });
		return;
	}
	for (const citation of decodeCitation(wire)) state.out.push({ type: 'citation', block: opened.block, citation });
}

function onEnd(event: JsonObject, _message: JsonObject, state: State): void {
	const delta = isObject(event.delta) ? event.delta : {};
	if (typeof delta.error === 'string' && delta.error !== '') {
		fail({ message: delta.error, type: 'message-end' }, state);
		return;
	}
	for (const key of [...state.open.keys()]) close(key, state);
	const { finish_reason: reason, usage, ...more } = delta;
	const stop = decodeStop(reason) ?? { kind: 'other' };
	state.done = true;
	const kept = rest(event, Object.keys(more).length === 0 ? {} : { delta: more });
	state.out.push({ type: 'finish', candidate: 0, stop, ...kept });
	if (isObject(usage)) state.out.push({ type: 'usage', usage: decodeUsage(usage) });
	state.out.push({ type: 'end' });
}
