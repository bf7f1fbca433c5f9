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
	const content = candidate === undefined ? [] : writeContent(candidate, { losses, own, fallbackId: callId(context, 0) });
	const calls = candidate?.content.some((part) => part.type === 'tool-call' && part.providerExecuted === undefined) === true;
	const body: JsonObject = { output: { message: { role: 'assistant', content } } };
	if (!own || candidate?.stop !== undefined) body.stopReason = encodeStop(candidate?.stop, calls);
	if (!own || response.usage !== undefined) body.usage = encodeUsage(response.usage, losses);
	// Clients always read how long the answer took, which only its vendor can say.
	if (!own) body.metrics = { latencyMs: 0 };
	if (response.serviceTier !== undefined) body.serviceTier = { type: response.serviceTier };
	return { value: refill(body, response), warnings: losses.warnings };
}

/** An id for a call that came without one. */
export function callId(context: EncodeResponseContext, index: number): string {
	return `tooluse_${context.id.replace(/[^a-zA-Z0-9]/g, '').slice(0, 40)}_${index}`;
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
	if (last < 0) losses.dropped('citations', 'There is no text the sources could be cited in.');
	return content.map((part, i) =>
		i === last && part.type === 'text' ? { ...part, citations: [...(part.citations ?? []), ...citations] } : part,
	);
}
