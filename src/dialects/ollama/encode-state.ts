import type { ChatRequest, EncodeRequestContext, ModelTraits, ToolCallPart } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { Losses } from '../shared/index.ts';
import { DIALECT, isOwn } from './dialect.ts';

/** What the encoders of one request share. */
export interface EncodeState {
	readonly losses: Losses;
	readonly traits: ModelTraits;
	/** The request came from a client of this dialect: it is repeated word for word, and only the model's own limits change it. */
	readonly own: boolean;
	/** The calls of the conversation by id, as results here repeat their names. */
	readonly calls: ReadonlyMap<string, ToolCallPart>;
}

export function encodeState(request: ChatRequest, context: EncodeRequestContext): EncodeState {
	const calls = new Map<string, ToolCallPart>();
	for (const message of request.messages)
		for (const part of message.content) if (part.type === 'tool-call') calls.set(part.id, part);
	return { losses: new Losses(DIALECT), traits: context.traits, own: isOwn(request), calls };
}

/** An error for what the dialect cannot express and must not leave out, because the answer would mean something else. */
export function unsupported(path: string, message: string): RelaisError {
	return new RelaisError('unsupported', message, { param: path });
}
