import type { ChatRequest, EncodeRequestContext, ModelTraits, ToolCallPart } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { Losses } from '../shared/index.ts';
import { DIALECT, isOwn } from './dialect.ts';

/** Models of the third generation on: they think in levels, demand signatures on calls, and take media in results of tools. */
const SIGNING = /gemini-(?:[3-9]|[1-9]\d)(?:[.-]|$)/;

/** What the encoders of one request share. */
export interface EncodeState {
	readonly losses: Losses;
	readonly traits: ModelTraits;
	/** The request came from a client of this dialect: it is repeated word for word, and only the model's own limits change it. */
	readonly own: boolean;
	/** The model refuses calls in its history that carry no thought signature. */
	readonly signing: boolean;
	/** The message being written bears a signature of this vendor's: unsigned thoughts in it are its own too. */
	readonly proven?: boolean;
	/** The calls of the conversation by id, as results here repeat their names. */
	readonly calls: ReadonlyMap<string, ToolCallPart>;
}

export function encodeState(request: ChatRequest, context: EncodeRequestContext): EncodeState {
	const calls = new Map<string, ToolCallPart>();
	for (const message of request.messages)
		for (const part of message.content) if (part.type === 'tool-call') calls.set(part.id, part);
	return {
		losses: new Losses(DIALECT),
		traits: context.traits,
		own: isOwn(request),
		signing: context.traits.reasoning === 'effort' || SIGNING.test(context.model),
		calls,
	};
}

/** An error for what the dialect cannot express and must not leave out, because the answer would mean something else. */
export function unsupported(path: string, message: string): RelaisError {
	return new RelaisError('unsupported', message, { param: path });
}
