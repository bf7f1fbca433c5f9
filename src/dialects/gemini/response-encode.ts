import { isObject } from '../../lib/json.ts';
import type { Candidate, ChatResponse, EncodeResponseContext, JsonObject, Translated } from '../../spec/index.ts';
import { Losses, restored } from '../shared/index.ts';
import { type AnswerState, encodeAnswerPart } from './answer-encode.ts';
import { type CitedText, encodeGrounding } from './citations.ts';
import { DIALECT, isOwn, mark, refill } from './dialect.ts';
import { encodeLogprobs } from './logprobs.ts';
import { encodeStop, isBlock } from './stop-reason.ts';
import { encodeUsage } from './usage.ts';

/** Writes a whole answer for a client. */
export function encodeResponse(response: ChatResponse, context: EncodeResponseContext): Translated<JsonObject> {
	const losses = new Losses(DIALECT);
	const state: AnswerState = { losses, own: isOwn(response) };
	losses.extensions(response, '');
	const candidates = [...response.candidates]
		.sort((a, b) => a.index - b.index)
		.filter((candidate) => !isBlock(candidate.stop))
		.map((candidate, index) => encodeCandidate(candidate, `candidates[${index}]`, state));
	const body: JsonObject = mark(response, '$candidates') === 'none' && candidates.length === 0 ? {} : { candidates };
	if (response.usage !== undefined) body.usageMetadata = encodeUsage(response.usage, losses);
	Object.assign(body, encodeHead(response, context, state.own));
	const feedback = mark(response, '$feedback');
	if (feedback !== undefined) body.promptFeedback = feedback;
	return { value: refill(body, response), warnings: losses.warnings };
}

/** What an answer says of itself: its model, its id, and when it was made where that is known. */
export function encodeHead(
	head: Pick<ChatResponse, 'id' | 'model' | 'createdAt' | 'extensions'>,
	context: EncodeResponseContext,
	own: boolean,
): JsonObject {
	const wire: JsonObject = {};
	const model = head.model ?? (own ? undefined : context.model);
	if (model !== undefined) wire.modelVersion = model;
	const id = head.id ?? (own ? undefined : context.id);
	if (id !== undefined) wire.responseId = id;
	const created = mark(head, '$created');
	if (created !== undefined) wire.createTime = created;
	else if (head.createdAt !== undefined && !own) wire.createTime = new Date(head.createdAt * 1000).toISOString();
	return wire;
}

function encodeCandidate(candidate: Candidate, path: string, state: AnswerState): JsonObject {
	const { losses } = state;
	losses.extensions(candidate, path);
	const parts: JsonObject[] = [];
	const texts: CitedText[] = [];
	candidate.content.forEach((part, index) => {
		const wire = encodeAnswerPart(part, `${path}.content[${index}]`, state);
		if (wire === undefined) return;
		if (part.type === 'text' && part.citations !== undefined)
			texts.push({ part: parts.length, text: part.text, citations: part.citations });
		parts.push(wire);
	});
	const wire: JsonObject = contentOf(candidate, parts);
	if (mark(candidate, '$index') !== 'none') wire.index = candidate.index;
	if (candidate.stop !== undefined) {
		losses.extensions(candidate.stop, `${path}.finishReason`);
		Object.assign(wire, encodeStop(candidate.stop));
	}
	Object.assign(wire, sourcesOf(candidate, texts, losses));
	if (candidate.logprobs !== undefined) wire.logprobsResult = mark(candidate, '$logprobs') ?? encodeLogprobs(candidate.logprobs);
	return refill(wire, candidate);
}

/** The content, with parts and role, as far as they came. */
function contentOf(candidate: Candidate, parts: JsonObject[]): JsonObject {
	if (mark(candidate, '$content') === 'none' && parts.length === 0) return {};
	const content: JsonObject = mark(candidate, '$parts') === 'none' && parts.length === 0 ? {} : { parts };
	const role = mark(candidate, '$role') ?? 'model';
	if (role !== 'none') content.role = role;
	const inner = mark(candidate, '$inner');
	return { content: isObject(inner) ? { ...restored(inner), ...content } : content };
}

function sourcesOf(candidate: Candidate, texts: readonly CitedText[], losses: Losses): JsonObject {
	const grounding = mark(candidate, '$grounding');
	const recited = mark(candidate, '$citations');
	if (grounding === undefined && recited === undefined) {
		const made = encodeGrounding(texts, candidate.citations ?? [], losses);
		return made === undefined ? {} : { groundingMetadata: made };
	}
	const wire: JsonObject = {};
	if (grounding !== undefined) wire.groundingMetadata = grounding;
	if (recited !== undefined) wire.citationMetadata = recited;
	return wire;
}
