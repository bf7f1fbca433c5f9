import type { BlockStartPart, ContentPart, Extensible, JsonObject, JsonValue, StreamPart } from '../../spec/index.ts';

/** Kinds of blocks that stay open for deltas. */
export type OpenKind = 'text' | 'refusal' | 'reasoning' | 'tool' | 'audio';

/** The block of a candidate that takes deltas now; the canonical stream has one at a time for each candidate. */
export interface OpenBlock {
	block: number;
	kind: OpenKind;
	/** Tells two blocks of one kind apart: the index of a reasoning detail. */
	key: number | undefined;
	/** A signature has come: more reasoning begins a new block. */
	sealed: boolean;
}

/** The tool calls of a candidate, which may come interleaved. */
export interface Calls {
	/** Takes an entry of `tool_calls`. */
	push(wire: JsonObject, state: State, track: Track): void;
	/** Takes the `function_call` of the time before `tool_calls`. */
	pushLegacy(wire: JsonObject, state: State, track: Track): void;
	/** Passes on all that waits and closes the open call: something else follows. */
	flush(state: State, track: Track): void;
}

/** One candidate of the stream. */
export interface Track {
	index: number;
	open: OpenBlock | undefined;
	calls: Calls;
	/** Whether the model asked the client to run something. */
	called: boolean;
	/** The first finish reason that came, with the stop sequence beside it. */
	finish: { word: string; met: string | undefined } | undefined;
	/** What the chunk that finished says besides. */
	finishExtensions: Extensible | undefined;
	/** The finish has been passed on. */
	released: boolean;
	/** Last value of each leftover field of the choice and of its delta: a repeated one is no news. */
	seenChoice: Map<string, JsonValue>;
	seenDelta: Map<string, JsonValue>;
}

/** What every handler of a delta works on. */
export interface State {
	/** Parts made of the chunk at hand. */
	out: StreamPart[];
	nextBlock: number;
	/** Prefix of ids for calls that come without. */
	answer: string;
}

/** Parts that end a block's life or begin it are made here alone, so that numbers never collide. */
export function openBlock(state: State, track: Track, content: ContentPart, kind: OpenKind, key?: number): OpenBlock {
	closeBlock(state, track);
	const open: OpenBlock = { block: state.nextBlock++, kind, key, sealed: false };
	state.out.push({ type: 'block-start', block: open.block, candidate: track.index, content });
	track.open = open;
	return open;
}

export function closeBlock(state: State, track: Track): void {
	if (track.open === undefined) return;
	state.out.push({ type: 'block-end', block: track.open.block });
	track.open = undefined;
}

/** A part that arrives whole. */
export function wholeBlock(state: State, track: Track, content: ContentPart): void {
	closeBlock(state, track);
	const block = state.nextBlock++;
	const start: BlockStartPart = { type: 'block-start', block, candidate: track.index, content };
	state.out.push(start, { type: 'block-end', block });
}

const EMPTY_TEXT: { readonly [kind in 'text' | 'refusal']: ContentPart } = {
	text: { type: 'text', text: '' },
	refusal: { type: 'refusal', text: '' },
};

/** The open block of text or refusal, opened if need be. */
export function textBlock(state: State, track: Track, kind: 'text' | 'refusal'): number {
	if (track.open?.kind === kind) return track.open.block;
	track.calls.flush(state, track);
	return openBlock(state, track, { ...EMPTY_TEXT[kind] }, kind).block;
}

/** The open block of reasoning that may go on; another detail index, or a seal, begins a new one. */
export function reasoningBlock(state: State, track: Track, content: ContentPart, key: number | undefined): OpenBlock {
	const { open } = track;
	if (open?.kind === 'reasoning' && !open.sealed && (key === undefined || open.key === undefined || open.key === key)) {
		open.key ??= key;
		return open;
	}
	track.calls.flush(state, track);
	return openBlock(state, track, content, 'reasoning', key);
}
