import type {
	Candidate,
	ChatResponse,
	EncodeResponseContext,
	JsonObject,
	JsonValue,
	TokenLogprob,
	Translated,
} from '../../spec/index.ts';
import { Losses, own, restored, same } from '../shared/index.ts';
import { encodeAssistant } from './assistant-encode.ts';
import { decodeChoiceLogprobs, encodeLogprobs } from './logprobs.ts';
import { DIALECT } from './name.ts';
import { nested } from './nested.ts';
import { encodeStop } from './stop-reason.ts';
import { TIERS } from './tiers.ts';
import { encodeUsage } from './usage.ts';

/** Writes a choice's log-probabilities, in full or as they came. */
export function writeLogprobs(
	content: TokenLogprob[] | undefined,
	refusal: TokenLogprob[] | undefined,
	asTheyCame: JsonValue | undefined,
): JsonValue | undefined {
	if (asTheyCame !== undefined && same(decodeChoiceLogprobs(asTheyCame), { content, refusal })) return asTheyCame;
	if (content === undefined && refusal === undefined) return undefined;
	return {
		content: content === undefined ? null : encodeLogprobs(content),
		refusal: refusal === undefined ? null : encodeLogprobs(refusal),
	};
}

function writeMessage(candidate: Candidate, left: JsonObject | undefined, path: string, losses: Losses): JsonObject {
	const context = { path: `${path}.message`, losses, answer: true };
	const message = encodeAssistant(candidate.content, nested(left, 'message'), context, candidate.citations);
	if (left !== undefined) return { role: 'assistant', ...message };
	const { stop } = candidate;
	if (stop?.kind === 'refusal' && stop.message !== undefined) message.refusal ??= stop.message;
	return { role: 'assistant', content: null, refusal: null, ...message };
}

function writeStop(candidate: Candidate, refused: boolean, path: string, losses: Losses): string | undefined {
	const { stop } = candidate;
	if (stop === undefined) return undefined;
	losses.extensions(stop, path);
	const { word, poorer } = encodeStop(stop, refused);
	if (poorer) losses.add('approximated', path, `The answer ended with '${stop.raw ?? stop.kind}'; this dialect says '${word}'.`);
	return word;
}

function writeChoice(candidate: Candidate, losses: Losses): JsonObject {
	const path = `choices[${candidate.index}]`;
	losses.extensions(candidate, path);
	const left = own(candidate, DIALECT);
	const message = writeMessage(candidate, left, path, losses);
	const word = writeStop(candidate, typeof message.refusal === 'string', `${path}.finish_reason`, losses);
	const logprobs = writeLogprobs(candidate.logprobs, candidate.refusalLogprobs, left?.$logprobs);
	const rest = restored(left);
	delete rest.message;
	const choice: JsonObject = { ...rest, index: candidate.index };
	if (left?.$text === true) choice.text = message.content ?? '';
	else choice.message = message;
	if (logprobs !== undefined) choice.logprobs = logprobs;
	else if (left === undefined) choice.logprobs = null;
	if (word !== undefined) choice.finish_reason = word;
	else choice.finish_reason ??= left === undefined ? 'stop' : null;
	return choice;
}

function identity(response: ChatResponse, left: JsonObject | undefined): JsonObject {
	const fields: JsonObject = {};
	if (response.id !== undefined) fields.id = response.id;
	if (response.createdAt !== undefined) fields.created = response.createdAt;
	if (response.model !== undefined) fields.model = response.model;
	const tier = response.serviceTier;
	if (tier !== undefined) fields.service_tier = left === undefined ? (TIERS[tier] ?? tier) : tier;
	if (response.systemFingerprint !== undefined) fields.system_fingerprint = response.systemFingerprint;
	return fields;
}

/** Writes a whole answer as official clients read it; one that came from this dialect is written as it came. */
export function encodeResponse(response: ChatResponse, context: EncodeResponseContext): Translated<JsonObject> {
	const losses = new Losses(DIALECT);
	losses.extensions(response, '');
	const left = own(response, DIALECT);
	const body: JsonObject = {
		id: context.id,
		object: 'chat.completion',
		created: context.now,
		model: context.model,
		...restored(left),
		...identity(response, left),
		choices: response.candidates.map((candidate) => writeChoice(candidate, losses)),
	};
	if (response.usage !== undefined) {
		losses.extensions(response.usage, 'usage');
		body.usage = encodeUsage(response.usage);
	}
	return { value: body, warnings: losses.warnings };
}
