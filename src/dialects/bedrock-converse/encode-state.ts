import { type ChatRequest, type EncodeRequestContext, type ModelTraits, RelaisError } from '../../spec/index.ts';
import { Losses, ToolIds } from '../shared/index.ts';
import { DIALECT, isOwn } from './dialect.ts';
import { DocumentNames } from './document-names.ts';

/** Most characters of a tool's name and of a call's id. */
export const LONGEST_NAME = 64;

/** What the encoders of one request share. */
export interface EncodeState {
	readonly losses: Losses;
	readonly traits: ModelTraits;
	readonly ids: ToolIds;
	readonly documents: DocumentNames;
	/** The request came from a client of this dialect: it is repeated word for word, and only the model's own limits change it. */
	readonly own: boolean;
	/** The model thinks with a budget or by its own measure, and takes only thoughts it has signed. */
	readonly signs: boolean;
}

export function encodeState(request: ChatRequest, context: EncodeRequestContext): EncodeState {
	const { reasoning } = context.traits;
	return {
		losses: new Losses(DIALECT),
		traits: context.traits,
		ids: new ToolIds(request.messages, LONGEST_NAME),
		documents: new DocumentNames(),
		own: isOwn(request),
		signs: reasoning === 'budget' || reasoning === 'adaptive',
	};
}

/** An error for what the dialect cannot express and must not leave out, because the answer would mean something else. */
export function unsupported(path: string, message: string): RelaisError {
	return new RelaisError('unsupported', message, { param: path });
}
