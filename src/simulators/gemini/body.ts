import type { JsonObject } from '../../spec/index.ts';
import { pick } from '../core/ids.ts';
import { tokenPieces } from '../core/tokens.ts';
import { type Answer, type Candidate, outputTokens, total } from './answer.ts';

const CATEGORIES = ['HATE_SPEECH', 'DANGEROUS_CONTENT', 'HARASSMENT', 'SEXUALLY_EXPLICIT'];

/** Ratings of a text that was blocked: for its first category. */
function ratings(): JsonObject[] {
	return CATEGORIES.map((name, index) => {
		const category = `HARM_CATEGORY_${name}`;
		return index === 0 ? { category, probability: 'HIGH', blocked: true } : { category, probability: 'NEGLIGIBLE' };
	});
}

/** What a candidate's last object says beside its content. */
export function ending({ finishReason, calls }: Candidate, { model }: Answer): JsonObject {
	const said: JsonObject = { finishReason };
	if (calls.length > 0 && model.generation === 3) said.finishMessage = 'Model generated function call(s).';
	if (finishReason === 'SAFETY') said.safetyRatings = ratings();
	return said;
}

function details(tokens: ReadonlyMap<string, number>): JsonObject[] {
	return [...tokens].map(([modality, tokenCount]) => ({ modality, tokenCount }));
}

/** Usage. `candidates`: output tokens so far, thinking aside; `thoughts`: tokens of thinking so far. */
export function usageMetadata(answer: Answer, candidates: number, thoughts: number): JsonObject {
	const prompt = total(answer.promptTokens);
	const usage: JsonObject = { promptTokenCount: prompt };
	if (answer.cachedTokens > 0) usage.cachedContentTokenCount = answer.cachedTokens;
	if (candidates > 0) usage.candidatesTokenCount = candidates;
	usage.totalTokenCount = prompt + candidates + thoughts;
	usage.promptTokensDetails = details(answer.promptTokens);
	if (answer.cachedTokens > 0) usage.cacheTokensDetails = [{ modality: 'TEXT', tokenCount: answer.cachedTokens }];
	if (thoughts > 0) usage.thoughtsTokenCount = thoughts;
	return { ...usage, serviceTier: 'standard' };
}

function listed(token: string, logProbability: number): JsonObject {
	return { token, tokenId: pick(token, 200_000), logProbability };
}

/** Log probabilities of a text's tokens: made up, the same for the same text. */
export function logprobsOf(text: string, most: number): JsonObject {
	const tokens = tokenPieces(text).map((token, index) => ({ token, value: -(pick(`${index}${token}`, 1000) + 1) / 10_000 }));
	const average = tokens.reduce((sum, { value }) => sum + value, 0) / Math.max(1, tokens.length);
	const result: JsonObject = { chosenCandidates: tokens.map(({ token, value }) => listed(token, value)) };
	if (most > 0) {
		result.topCandidates = tokens.map(({ token, value }) => ({
			candidates: Array.from({ length: most }, (_, rank) =>
				rank === 0 ? listed(token, value) : listed(`${token.trimEnd()}~${rank}`, value - rank),
			),
		}));
	}
	return { avgLogprobs: average, logprobsResult: result };
}

function parts({ outcome, calls, textSignature }: Candidate): JsonObject[] {
	const made: JsonObject[] = outcome.reasoning === '' ? [] : [{ text: outcome.reasoning, thought: true }];
	if (outcome.text !== '' && outcome.kind !== 'filtered') {
		made.push({ text: outcome.text, ...(textSignature === undefined ? {} : { thoughtSignature: textSignature }) });
	}
	return [...made, ...calls];
}

function candidate(answer: Answer, one: Candidate): JsonObject {
	const written = parts(one);
	// What was cut before its first word has content without parts; what was blocked has content without anything.
	const role = one.finishReason === 'SAFETY' ? {} : { role: 'model' };
	const content: JsonObject = written.length === 0 ? role : { parts: written, role: 'model' };
	const logprobs = answer.logprobs === undefined ? {} : logprobsOf(one.outcome.text, answer.logprobs);
	return { content, ...ending(one, answer), ...logprobs, index: one.index };
}

/** What answers begin and end with when the prompt was blocked. */
export function blockedBody(answer: Answer): JsonObject {
	return {
		promptFeedback: { blockReason: 'SAFETY', safetyRatings: ratings() },
		usageMetadata: usageMetadata(answer, 0, 0),
		modelVersion: answer.model.id,
		responseId: answer.id,
	};
}

/** The answer in one piece. */
export function bodyOf(answer: Answer): JsonObject {
	if (answer.blocked) return blockedBody(answer);
	const { output, thoughts } = outputTokens(answer);
	return {
		candidates: answer.candidates.map((one) => candidate(answer, one)),
		usageMetadata: usageMetadata(answer, output - thoughts, thoughts),
		modelVersion: answer.model.id,
		responseId: answer.id,
	};
}
