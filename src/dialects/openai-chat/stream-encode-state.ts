import type { Citation, ContentPart, EncodeResponseContext, StreamPart, Usage } from '../../spec/index.ts';
import { Losses } from '../shared/index.ts';
import { DIALECT } from './name.ts';
import { ChunkWriter } from './stream-writer.ts';

/** A block that is open. */
export interface Block {
	candidate: number;
	part: ContentPart;
	/** Place among the candidate's tool calls; undefined for other blocks and for calls that are not shown. */
	tool: number | undefined;
	/** Position of the block's text in that of the answer. */
	start: number;
	/** Citations whose stretch of text is known only when the block ends. */
	citations: Citation[];
	/** Paragraph of its summary a reasoning block has come to. */
	paragraph: number;
	/** Place among the candidate's reasoning blocks. */
	index: number;
	/** Text of a reasoning block so far. */
	thought: string;
}

/** One candidate of the answer. */
export interface Track {
	tools: number;
	reasonings: number;
	/** Characters of text so far. */
	text: number;
	refused: boolean;
}

/** What every handler of a stream part works on. */
export interface EncodeState {
	writer: ChunkWriter;
	losses: Losses;
	/** Whether the client asked for usage. */
	wantsUsage: boolean;
	blocks: Map<number, Block>;
	tracks: Map<number, Track>;
	usage: Usage | undefined;
}

/** Writes one kind of stream part as text; empty when it has no form of its own. */
export type Handler<T extends StreamPart['type']> = (state: EncodeState, part: Extract<StreamPart, { type: T }>) => string;

export function newState(context: EncodeResponseContext): EncodeState {
	return {
		writer: new ChunkWriter(context),
		losses: new Losses(DIALECT),
		wantsUsage: context.streamUsage,
		blocks: new Map(),
		tracks: new Map(),
		usage: undefined,
	};
}

export function trackOf(state: EncodeState, candidate: number): Track {
	const known = state.tracks.get(candidate);
	if (known !== undefined) return known;
	const track: Track = { tools: 0, reasonings: 0, text: 0, refused: false };
	state.tracks.set(candidate, track);
	return track;
}
