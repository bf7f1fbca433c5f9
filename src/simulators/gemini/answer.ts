import type { JsonObject } from '../../spec/index.ts';
import type { Controls } from '../core/controls.ts';
import { digest, idFrom } from '../core/ids.ts';
import { isObject, list, number, object, text } from '../core/json.ts';
import { type MadeCall, type Outcome, outcomeOf } from '../core/outcome.ts';
import { script } from '../core/script.ts';
import type { GeminiModel } from './models.ts';
import { promptOf } from './prompt.ts';
import { signature } from './signatures.ts';
import { thinkingOf } from './thinking.ts';

/** One answer among those asked for. */
export interface Candidate {
	index: number;
	outcome: Outcome;
	/** Its parts; of a broken call nothing is left. */
	calls: JsonObject[];
	/** The signature that its text ends with. */
	textSignature: string | undefined;
	finishReason: string;
}

/** Everything that the body and the stream of one answer are written from. */
export interface Answer {
	id: string;
	model: GeminiModel;
	candidates: Candidate[];
	/** The prompt itself was blocked: there are no candidates. */
	blocked: boolean;
	/** Tokens by modality, and how many of them were cached. */
	promptTokens: ReadonlyMap<string, number>;
	cachedTokens: number;
	/** Alternatives to list for each token; undefined: no log probabilities. */
	logprobs: number | undefined;
}

/** What an answer is made from. */
export interface Question {
	request: JsonObject;
	bytes: Buffer;
	vendor: string;
	model: GeminiModel;
	controls: Controls;
	promptTokens: ReadonlyMap<string, number>;
	cachedTokens: number;
}

const BLOCKED = /simulate (?:a |the )?blocked prompt/i;

function argsOf(call: MadeCall): JsonObject | undefined {
	const args: unknown = call.broken ? {} : JSON.parse(call.input);
	// Arguments that are none are left out.
	return isObject(args) && Object.keys(args).length > 0 ? args : undefined;
}

function callParts(outcome: Outcome, model: GeminiModel, seed: string): JsonObject[] {
	const whole = outcome.calls.filter((call) => !call.broken);
	return whole.map((call, position) => {
		const args = argsOf(call);
		const id = model.generation === 3 ? { id: idFrom(`${seed}/${position}`, 8).toLowerCase() } : {};
		const functionCall: JsonObject = { name: call.name, ...(args === undefined ? {} : { args }), ...id };
		const signed = position === 0 && (model.generation === 3 || outcome.reasoningTokens > 0);
		if (!signed) return { functionCall };
		return { functionCall, thoughtSignature: signature({ functionCall }, `${seed}/${position}`, outcome.reasoningTokens) };
	});
}

function finishReason(outcome: Outcome): string {
	if (outcome.ending === 'length') return 'MAX_TOKENS';
	return outcome.kind === 'filtered' ? 'SAFETY' : 'STOP';
}

/** Tokens of a prompt in all modalities. */
export function total(tokens: ReadonlyMap<string, number>): number {
	return [...tokens.values()].reduce((sum, count) => sum + count, 0);
}

/** Answers a request that is in order: a function of the request, but for what was cached. */
export function answerTo({ request, bytes, vendor, model, controls, promptTokens, cachedTokens }: Question): Answer {
	const seed = digest(Buffer.concat([Buffer.from(`${vendor}/${model.id}`), bytes]));
	const config = object(request.generationConfig);
	const thinking = thinkingOf(request, model);
	const prompt = promptOf(request, vendor, model.id, thinking);
	const written = script(prompt);
	const stops = list(config.stopSequences).map(text);
	const bounds = { maxTokens: number(config.maxOutputTokens) ?? model.maxOutput, stops, hiddenTokens: thinking.tokens };
	const candidates = Array.from({ length: number(config.candidateCount) ?? 1 }, (_, index): Candidate => {
		const varied =
			index === 0 || written.kind !== 'text' ? written : { ...written, text: `${written.text} (choice ${index + 1})` };
		const outcome = outcomeOf(varied, bounds, controls);
		const signs = model.generation === 3 && outcome.reasoningTokens > 0 && outcome.text !== '' && outcome.kind !== 'filtered';
		return {
			index,
			outcome,
			calls: callParts(outcome, model, `${seed}/${index}`),
			textSignature: signs ? signature({ text: '' }, `${seed}/${index}/text`, outcome.reasoningTokens) : undefined,
			finishReason: finishReason(outcome),
		};
	});
	return {
		id: idFrom(seed, 23),
		model,
		candidates,
		blocked: BLOCKED.test(prompt.said),
		promptTokens,
		cachedTokens,
		logprobs: config.responseLogprobs === true ? (number(config.logprobs) ?? 0) : undefined,
	};
}

/** Output tokens of an answer, thinking included, and the thinking's share. */
export function outputTokens({ candidates, blocked }: Answer): { output: number; thoughts: number } {
	if (blocked) return { output: 0, thoughts: 0 };
	const sum = (of: (outcome: Outcome) => number): number => candidates.reduce((all, { outcome }) => all + of(outcome), 0);
	return { output: sum((outcome) => outcome.outputTokens), thoughts: sum((outcome) => outcome.reasoningTokens) };
}
