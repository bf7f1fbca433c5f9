import type { ChatRequest, JsonObject } from '../../spec/index.ts';
import { read } from '../shared/index.ts';
import { untaken } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';

const TAKEN = new Set(['type', 'previous_message_id']);

/**
 * Reads `thread`, by which the vendor holds a conversation and is sent only what is new in it. One that continues from an earlier
 * answer is taken; one that only asks to be held stays with the fields that others leave out: its request is whole.
 */
export function takeThread(body: JsonObject, request: ChatRequest, left: JsonObject): void {
	const wire = read.optional(body, 'thread', '', read.object);
	if (wire?.type !== 'continue') return;
	request.previousResponseId = read.required(wire, 'previous_message_id', 'thread', read.nonEmptyString);
	left.thread = untaken(wire, TAKEN);
}

/** Writes `thread`. Throws `unsupported` for a conversation of another dialect's, which this vendor does not hold. */
export function encodeThread(request: ChatRequest, state: EncodeState): JsonObject {
	const id = request.previousResponseId;
	if (id === undefined) return {};
	if (!state.own) throw unsupported('previous_response_id', 'Conversations are not stored; send the whole history.');
	return { thread: { type: 'continue', previous_message_id: id } };
}

/** What official clients look for in a refusal to continue a conversation: they then send the whole of it. */
export const NO_THREADS: JsonObject = { error_code: 'thread_unsupported_request', unsupported: ['thread'] };
