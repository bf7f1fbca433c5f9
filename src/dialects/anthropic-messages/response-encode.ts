import type { Candidate, ChatResponse, EncodeResponseContext, JsonObject, Translated } from '../../spec/index.ts';
import { type AnswerState, Losses } from '../shared/index.ts';
import { encodeAnswer } from './answer-encode.ts';
import { DIALECT, isOwn, refill } from './dialect.ts';
import { encodeStop } from './stop-reason.ts';
import { encodeUsage } from './usage.ts';

/** Writes a whole answer for a client. Of several candidates, only the first can be told. */
export function encodeResponse(response: ChatResponse, context: EncodeResponseContext): Translated<JsonObject> {
	const losses = new Losses(DIALECT);
	const own = isOwn(response);
	losses.extensions(response, '');
	const [candidate, ...others] = [...response.candidates].sort((a, b) => a.index - b.index);
	if (others.length > 0) losses.dropped('candidates', `Only the first of ${response.candidates.length} answers is shown.`);
	const content = candidate?.content ?? [];
	const message: JsonObject = {
		...skeleton(response, context),
		content: candidate === undefined ? [] : writeContent(candidate, { losses, own, fallbackId: callId(context, 0) }),
		...encodeStop(candidate?.stop, {
			own,
			calls: content.some((part) => part.type === 'tool-call' && part.providerExecuted === undefined),
			refused: content.some((part) => part.type === 'refusal'),
		}),
		usage: encodeUsage(response.usage, response.serviceTier),
	};
	return { value: refill(message, response), warnings: losses.warnings };
}

/** The fields of a message that are known before its content. */
export function skeleton(start: { id?: string; model?: string }, context: EncodeResponseContext): JsonObject {
	return { id: start.id ?? fallbackId('msg', context), type: 'message', role: 'assistant', model: start.model ?? context.model };
}

/** An id for a call that came without one. */
export function callId(context: EncodeResponseContext, index: number): string {
	return `${fallbackId('toolu', context)}_${index}`;
}

function fallbackId(prefix: string, context: EncodeResponseContext): string {
	return `${prefix}_${context.id.replace(/[^a-zA-Z0-9]/g, '')}`;
}

function writeContent(candidate: Candidate, state: AnswerState): JsonObject[] {
	const { losses } = state;
	losses.extensions(candidate, '');
	if (candidate.stop !== undefined) losses.extensions(candidate.stop, 'stop_reason');
	if (candidate.logprobs !== undefined) losses.dropped('logprobs', 'Log-probabilities are not shown in this dialect.');
	return encodeAnswer(withCitations(candidate, losses), 'content', state);
}

/** Sources listed for the answer as a whole become citations of its last text. */
function withCitations(candidate: Candidate, losses: Losses): Candidate['content'] {
	const { citations, content } = candidate;
	if (citations === undefined || citations.length === 0) return content;
	const last = content.findLastIndex((part) => part.type === 'text');
	if (last < 0) {
		losses.dropped('citations', 'There is no text the sources could be cited in.');
		return content;
	}
	return content.map((part, i) =>
		i === last && part.type === 'text' ? { ...part, citations: [...(part.citations ?? []), ...citations] } : part,
	);
}
