import { isObject, omit, tryParse } from '../../lib/json.ts';
import type { Frame, JsonObject, JsonValue, StreamDecoder, StreamPart } from '../../spec/index.ts';
import { asAnswer, extend, leftovers, protocol, saysNothing } from '../shared/index.ts';
import { decodeBlock } from './block-decode.ts';
import { DIALECT, lookup } from './dialect.ts';
import { decodeErrorBody } from './errors-decode.ts';
import { editedNothing, messageRest } from './response-decode.ts';
import { decodeStop } from './stop-reason.ts';
import { type OpenBlock, openBlock } from './stream-block.ts';
import { DELTAS, deltaRest } from './stream-deltas.ts';
import { decodeUsage, mergeUsage } from './usage.ts';

interface State {
	started: boolean;
	finished: boolean;
	done: boolean;
	/** Usage as stated so far, on the wire. */
	usage: JsonObject | undefined;
	/** Open blocks by their index on the wire. */
	open: Map<JsonValue | undefined, OpenBlock>;
	nextBlock: number;
}

const set = (...keys: string[]): ReadonlySet<string> => new Set(keys);
const MESSAGE_EVENT = set('type', 'usage');
const STOP_FIELDS = set('stop_reason', 'stop_sequence', 'stop_details');
const TYPE = set('type');

type EventHandler = (event: JsonObject, state: State, out: StreamPart[]) => void;

const EVENTS: { [type: string]: EventHandler } = {
	message_start: onStart,
	content_block_start: onBlockStart,
	content_block_delta: onDelta,
	content_block_stop: onBlockStop,
	message_delta: onMessageDelta,
	message_stop: onStop,
	ping: (event, _state, out) => out.push({ type: 'ping', ...extend(DIALECT, leftovers(event, TYPE)) }),
	error: (event, state, out) => {
		state.done = true;
		out.push({ type: 'error', error: decodeErrorBody(event) });
	},
};

/** Reads the events of one streamed answer. */
export function streamDecoder(): StreamDecoder {
	const state: State = { started: false, finished: false, done: false, usage: undefined, open: new Map(), nextBlock: 0 };
	return {
		push(frame) {
			const out: StreamPart[] = [];
			if (!state.done) asAnswer(() => onFrame(frame, state, out));
			return out;
		},
		end() {
			const out: StreamPart[] = [];
			if (!state.done && state.finished) onStop({}, state, out);
			return out;
		},
	};
}

function onFrame(frame: Frame, state: State, out: StreamPart[]): void {
	if (frame.data === '' || frame.data === '[DONE]') return;
	const event = tryParse(frame.data);
	if (!isObject(event)) throw protocol(`An event of the stream is no JSON object: ${frame.data.slice(0, 100)}`);
	const type = typeof event.type === 'string' ? event.type : frame.event;
	const handler = lookup(EVENTS, type);
	if (handler !== undefined) handler(event, state, out);
	else out.push({ type: 'vendor-event', dialect: DIALECT, event: type, data: event, meaningful: true });
}

function stateUsage(usage: JsonValue | undefined, state: State): boolean {
	if (!isObject(usage)) return false;
	state.usage = mergeUsage(state.usage, usage);
	return true;
}

/** A second start inside one answer only updates usage. */
function onStart(event: JsonObject, state: State, out: StreamPart[]): void {
	const message = isObject(event.message) ? event.message : {};
	const counted = stateUsage(message.usage, state);
	const usage = state.usage === undefined ? undefined : decodeUsage(state.usage);
	if (state.started) {
		if (counted && usage !== undefined) out.push({ type: 'usage', usage });
		return;
	}
	state.started = true;
	out.push({
		type: 'start',
		...(typeof message.id === 'string' ? { id: message.id } : {}),
		...(typeof message.model === 'string' ? { model: message.model } : {}),
		...(usage === undefined ? {} : { usage }),
		...(usage?.serviceTier === undefined ? {} : { serviceTier: usage.serviceTier }),
		...extend(DIALECT, messageRest(message, false)),
	});
}

function start(state: State, out: StreamPart[]): void {
	if (!state.started) onStart({}, state, out);
}

function onBlockStart(event: JsonObject, state: State, out: StreamPart[]): void {
	start(state, out);
	if (!isObject(event.content_block)) throw protocol("A 'content_block_start' event has no block.");
	begin(event.content_block, event.index, state, out);
}

function begin(wire: JsonObject, index: JsonValue | undefined, state: State, out: StreamPart[]): OpenBlock {
	const part = decodeBlock(wire, 'content_block', 'answer');
	const block = openBlock(part, state.nextBlock++);
	state.open.set(index, block);
	block.begin(out);
	return block;
}

/** Blocks that deltas may belong to although no start came. */
const IMPLIED: { [delta: string]: JsonObject } = {
	text_delta: { type: 'text', text: '' },
	thinking_delta: { type: 'thinking', thinking: '', signature: '' },
};

function onDelta(event: JsonObject, state: State, out: StreamPart[]): void {
	const { delta } = event;
	if (!isObject(delta) || typeof delta.type !== 'string') throw protocol("A 'content_block_delta' event has no delta.");
	start(state, out);
	const implied = lookup(IMPLIED, delta.type);
	let block = state.open.get(event.index);
	if (block === undefined && implied !== undefined) block = begin(implied, event.index, state, out);
	if (block === undefined) throw protocol(`A '${delta.type}' event belongs to no open block.`);
	const handler = lookup(DELTAS, delta.type);
	const known = handler?.(delta, block.number, out, (taken) => deltaRest(event, delta, taken));
	if (known !== true) block.unknown(event, out);
}

function onBlockStop(event: JsonObject, state: State, out: StreamPart[]): void {
	const block = state.open.get(event.index);
	state.open.delete(event.index);
	block?.end(out);
}

function onMessageDelta(event: JsonObject, state: State, out: StreamPart[]): void {
	start(state, out);
	const delta = isObject(event.delta) ? event.delta : {};
	stateUsage(event.usage, state);
	const kept = extend(DIALECT, messageDeltaRest(event, delta));
	const stop = decodeStop(delta);
	const finishes = stop !== undefined && !state.finished;
	if (finishes) {
		state.finished = true;
		out.push({ type: 'finish', candidate: 0, stop, ...kept });
	}
	if (state.usage !== undefined) out.push({ type: 'usage', usage: decodeUsage(state.usage), ...(finishes ? {} : kept) });
}

/** What a `message_delta` holds besides stop and usage: the container, reports on the request. */
function messageDeltaRest(event: JsonObject, delta: JsonObject): JsonObject | undefined {
	const inner = omit(delta, STOP_FIELDS);
	const keys = Object.keys(inner);
	const quiet = new Set(editedNothing(event.context_management) ? ['context_management'] : []);
	if (keys.every((key) => saysNothing(inner[key] ?? null))) quiet.add('delta');
	return leftovers({ ...event, delta: keys.length === 0 ? undefined : inner }, MESSAGE_EVENT, quiet);
}

function onStop(_event: JsonObject, state: State, out: StreamPart[]): void {
	start(state, out);
	for (const block of state.open.values()) block.end(out);
	state.open.clear();
	state.done = true;
	out.push({ type: 'end' });
}
