import type { ChatRequest, EncodeRequestContext, ModelTraits } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { Losses } from '../shared/index.ts';
import { DIALECT, isOwn } from './dialect.ts';
import { ToolIds } from './tool-ids.ts';

/** What the encoders of one request share. */
export interface EncodeState {
	readonly losses: Losses;
	readonly traits: ModelTraits;
	readonly ids: ToolIds;
	/** The request came from a client of this dialect: it is repeated word for word, and only the model's own limits change it. */
	readonly own: boolean;
	/** Set when reasoning of another vendor's model had to be left out of the history. */
	reasoningDropped: boolean;
}

export function encodeState(request: ChatRequest, context: EncodeRequestContext): EncodeState {
	return {
		losses: new Losses(DIALECT),
		traits: context.traits,
		ids: new ToolIds(request.messages),
		own: isOwn(request),
		reasoningDropped: false,
	};
}

/** An error for what the dialect cannot express and must not leave out, because the answer would mean something else. */
export function unsupported(path: string, message: string): RelaisError {
	return new RelaisError('unsupported', message, { param: path });
}
