import type { ChatRequest, ChatResponse, Message } from '../../spec/index.ts';
import { mark } from './forms.ts';

/** A conversation as it stood after an answer, to be kept under the answer's id. */
export interface StoredHistory {
	messages: Message[];
}

/** `instructions` hold for one request only: they are not carried over to the next. */
function isCarriedOver(message: Message): boolean {
	return mark(message, '$instructions') !== true;
}

/** What to keep of a request and its answer, so that a later request can go on from it. */
export function historyOf(request: ChatRequest, response: ChatResponse): StoredHistory {
	const messages = request.messages.filter(isCarriedOver);
	const content = response.candidates[0]?.content ?? [];
	return { messages: content.length === 0 ? messages : [...messages, { role: 'assistant', content }] };
}

/**
 * A request that goes on from an earlier answer, made whole: the conversation so far, then what is new. The reference itself is gone,
 * so that any provider can answer. Its own instructions stay in front.
 */
export function continueFrom(request: ChatRequest, history: StoredHistory): ChatRequest {
	const { previousResponseId: _, ...rest } = request;
	const own = request.messages.filter((message) => !isCarriedOver(message));
	const added = request.messages.filter(isCarriedOver);
	return { ...rest, messages: [...own, ...history.messages, ...added] };
}
