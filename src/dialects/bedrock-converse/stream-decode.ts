import { EXCEPTION } from '../../lib/aws-event-stream.ts';
import { isObject, tryParse } from '../../lib/json.ts';
import type { Frame, JsonObject, JsonValue, StreamDecoder, StreamPart } from '../../spec/index.ts';
import { asAnswer, extend, leftovers, protocol, table } from '../shared/index.ts';
import { decodeBlock } from './block-decode.ts';
import { DIALECT } from './dialect.ts';
import { decodeException } from './errors-decode.ts';
import { tierOf } from './response-decode.ts';
import { decodeStop } from './stop-reason.ts';
import { HeldBlock, impliedContent, type OpenBlock, StreamedBlock } from './stream-block.ts';
import { decodeUsage } from './usage.ts';

interface State {
	started: boolean;
	finished: boolean;
	done: boolean;
	/** Open blocks by their index on the wire. */
	open: Map<JsonValue | undefined, OpenBlock>;
	nextBlock: number;
}

const set = (...keys: string[]): ReadonlySet<string> => new Set(keys);
/** `p` is padding that hides the lengths of tokens from whoever watches the network; it says nothing and is not kept. */
const START = set('p', 'role');
const STOP = set('p', 'stopReason');
const METADATA = set('p', 'usage', 'serviceTier');
const QUIET = set('metrics');

type EventHandler = (event: JsonObject, state: State, out: StreamPart[]) => void;

const EVENTS = table<EventHandler>({
	messageStart: onStart,
	contentBlockStart: onBlockStart,
	contentBlockDelta: onDelta,
	contentBlockStop: onBlockStop,
	messageStop: onStop,
	metadata: onMetadata,
});

/** Reads the events of one streamed answer. */
export function streamDecoder(): StreamDecoder {
	const state: State = { started: false, finished: false, done: false, open: new Map(), nextBlock: 0 };
	return {
		push(frame) {
			const out: StreamPart[] = [];
			if (!state.done) asAnswer(() => onFrame(frame, state, out));
			return out;
		},
		end() {
			const out: StreamPart[] = [];
			if (!state.done && state.finished) finish(state, out);
			return out;
		},
	};
}

function onFrame(frame: Frame, state: State, out: StreamPart[]): void {
	if (frame.data === '') return;
	const event = tryParse(frame.data);
	if (frame.event.startsWith(EXCEPTION)) {
		state.done = true;
		out.push({ type: 'error', error: decodeException(frame.event.slice(EXCEPTION.length), event ?? frame.data) });
		return;
	}
	if (!isObject(event)) throw protocol(`An event of the stream is no JSON object: ${frame.data.slice(0, 100)}`);
	const handler = EVENTS[frame.event];
	if (handler !== undefined) handler(event, state, out);
	else out.push({ type: 'vendor-event', dialect: DIALECT, event: frame.event, data: event, meaningful: true });
}

function onStart(event: JsonObject, state: State, out: StreamPart[]): void {
	if (state.started) return;
	state.started = true;
	out.push({ type: 'start', ...extend(DIALECT, { ...leftovers(event, START), $own: true }) });
}

function start(state: State, out: StreamPart[]): void {
	if (!state.started) onStart({}, state, out);
}

function onBlockStart(event: JsonObject, state: State, out: StreamPart[]): void {
	start(state, out);
	const opening = event.start;
	if (!isObject(opening)) throw protocol("A 'contentBlockStart' event has no start.");
	const number = state.nextBlock++;
	const call = isObject(opening.toolUse) ? decodeBlock(opening, 'start', 'answer') : undefined;
	state.open.set(
		event.contentBlockIndex,
		call === undefined ? new HeldBlock(opening, number) : new StreamedBlock(call, number, out),
	);
}

function onDelta(event: JsonObject, state: State, out: StreamPart[]): void {
	const { delta, contentBlockIndex: index } = event;
	if (!isObject(delta)) throw protocol("A 'contentBlockDelta' event has no delta.");
	start(state, out);
	let block = state.open.get(index);
	if (block === undefined) {
		const content = impliedContent(delta);
		if (content === undefined) throw protocol(`A delta of ${Object.keys(delta).join(', ')} belongs to no open block.`);
		block = new StreamedBlock(content, state.nextBlock++, out);
		state.open.set(index, block);
	}
	if (block.delta(delta, out)) return;
	const { p: _, ...data } = event;
	out.push({ type: 'vendor-event', dialect: DIALECT, event: 'contentBlockDelta', data, meaningful: true });
}

function onBlockStop(event: JsonObject, state: State, out: StreamPart[]): void {
	const block = state.open.get(event.contentBlockIndex);
	state.open.delete(event.contentBlockIndex);
	block?.end(out);
}

function onStop(event: JsonObject, state: State, out: StreamPart[]): void {
	start(state, out);
	closeBlocks(state, out);
	const stop = decodeStop(event.stopReason);
	if (state.finished || stop === undefined) return;
	state.finished = true;
	out.push({ type: 'finish', candidate: 0, stop, ...extend(DIALECT, leftovers(event, STOP)) });
}

/** The last event. */
function onMetadata(event: JsonObject, state: State, out: StreamPart[]): void {
	start(state, out);
	const usage = isObject(event.usage) ? decodeUsage(event.usage) : undefined;
	const tier = tierOf(event.serviceTier);
	if (usage !== undefined && tier !== undefined) usage.serviceTier = tier;
	const kept = extend(DIALECT, leftovers(tier === undefined ? event : { ...event, serviceTier: undefined }, METADATA, QUIET));
	if (usage !== undefined) out.push({ type: 'usage', usage, ...kept });
	else if (kept.extensions !== undefined) {
		const { p: _, ...data } = event;
		out.push({ type: 'vendor-event', dialect: DIALECT, event: 'metadata', data });
	}
	if (state.finished) finish(state, out);
}

function closeBlocks(state: State, out: StreamPart[]): void {
	for (const block of state.open.values()) block.end(out);
	state.open.clear();
}

function finish(state: State, out: StreamPart[]): void {
	closeBlocks(state, out);
	state.done = true;
	out.push({ type: 'end' });
}
