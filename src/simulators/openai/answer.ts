import type { JsonObject } from '../../spec/index.ts';
import type { Controls } from '../core/controls.ts';
import { digest, idFrom } from '../core/ids.ts';
import { number, objects, text } from '../core/json.ts';
import { type Outcome, outcomeOf } from '../core/outcome.ts';
import type { Attachment } from '../core/prompt.ts';
import { script } from '../core/script.ts';
import type { OpenAIModel } from './models.ts';
import { promptOf } from './prompt.ts';
import { effortOf } from './rules.ts';

/** Everything that the body and the stream of one answer are written from. */
export interface Answer {
	id: string;
	/** Unix seconds. */
	created: number;
	/** The name answers carry. */
	model: string;
	local: boolean;
	/** Reasoning models leave the `logprobs` key out. */
	reasons: boolean;
	outcomes: Outcome[];
	/** Ids of the tool calls, by choice and position. */
	callId(choice: number, position: number): string;
	usage: JsonObject;
	/** `service_tier` and `system_fingerprint` (or what a local server sends instead). */
	marks: JsonObject;
	/** Alternatives to list for each token; undefined: no log probabilities. */
	logprobs: number | undefined;
	/** The request used the older `functions`. */
	legacy: boolean;
	/** A tool was forced by name: the vendor then ends with `stop`, not `tool_calls`. */
	forced: boolean;
	includeUsage: boolean;
	obfuscate: boolean;
	/** Names of tools that take free text. */
	customTools: ReadonlySet<string>;
}

/** What an answer is made from. */
export interface Question {
	request: JsonObject;
	bytes: Buffer;
	vendor: string;
	model: OpenAIModel;
	files: Attachment[];
	local: boolean;
	controls: Controls;
	/** Unix ms. */
	now: number;
	promptTokens: number;
	cachedTokens: number;
}

/** Reasoning tokens at each effort, hidden from the client but billed. */
export const HIDDEN: { [effort: string]: number } = {
	none: 0,
	minimal: 0,
	low: 64,
	medium: 128,
	high: 320,
	xhigh: 640,
	max: 1024,
};

function stopsOf(request: JsonObject): string[] {
	if (typeof request.stop === 'string') return [request.stop];
	return Array.isArray(request.stop) ? request.stop.map(text) : [];
}

function outcomes({ request, vendor, model, files, local, controls }: Question): Outcome[] {
	const written = script(promptOf(request, vendor, model, files));
	const bounds = {
		maxTokens: number(request.max_completion_tokens) ?? number(request.max_tokens) ?? Math.max(1, model.maxOutput),
		stops: stopsOf(request),
		hiddenTokens: local ? 0 : (HIDDEN[effortOf(request, model) ?? 'none'] ?? 0),
	};
	return Array.from({ length: number(request.n) ?? 1 }, (_, choice) => {
		const varied =
			choice === 0 || written.kind !== 'text' ? written : { ...written, text: `${written.text} (choice ${choice + 1})` };
		return outcomeOf(varied, bounds, controls);
	});
}

function usageOf({ promptTokens, cachedTokens, local, request }: Question, made: Outcome[]): JsonObject {
	const completion = made.reduce((sum, outcome) => sum + outcome.outputTokens, 0);
	const reasoning = made.reduce((sum, outcome) => sum + outcome.reasoningTokens, 0);
	const sums = { prompt_tokens: promptTokens, completion_tokens: completion, total_tokens: promptTokens + completion };
	if (local) return { ...sums, prompt_tokens_details: cachedTokens > 0 ? { cached_tokens: cachedTokens } : null };
	const newer = /^gpt-(?:5\.6|6)/.test(text(request.model));
	return {
		...sums,
		prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0, ...(newer ? { cache_write_tokens: 0 } : {}) },
		completion_tokens_details: {
			reasoning_tokens: reasoning,
			audio_tokens: 0,
			accepted_prediction_tokens: 0,
			rejected_prediction_tokens: 0,
		},
	};
}

function marksOf({ request, model, local }: Question): JsonObject {
	if (local) return {};
	const tier = text(request.service_tier);
	const fingerprint =
		request.seed === undefined && model.efforts !== undefined ? null : `fp_${digest(`${model.id}/${request.seed}`).slice(0, 10)}`;
	return { service_tier: tier === '' || tier === 'auto' ? 'default' : tier, system_fingerprint: fingerprint };
}

/** Answers a request that is in order: a function of the request, but for the time stamp and what was cached. */
export function answerTo(question: Question): Answer {
	const { request, bytes, vendor, model, local, now } = question;
	const seed = digest(Buffer.concat([Buffer.from(vendor), bytes]));
	const made = outcomes(question);
	const choice = request.tool_choice;
	return {
		id: `chatcmpl-${idFrom(seed, 29)}`,
		created: Math.floor(now / 1000),
		model: model.snapshot ?? model.id,
		local,
		reasons: model.efforts !== undefined,
		outcomes: made,
		callId: (index, position) =>
			local
				? `chatcmpl-tool-${digest(`${seed}${index}/${position}`).slice(0, 24)}`
				: `call_${idFrom(`${seed}${index}/${position}`, 24)}`,
		usage: usageOf(question, made),
		marks: marksOf(question),
		logprobs: request.logprobs === true ? (number(request.top_logprobs) ?? 0) : undefined,
		legacy: request.functions !== undefined && request.tools === undefined,
		forced: typeof choice === 'object' && choice !== null && !Array.isArray(choice) && choice.type === 'function',
		includeUsage: objects([request.stream_options ?? null])[0]?.include_usage === true,
		obfuscate: !local && objects([request.stream_options ?? null])[0]?.include_obfuscation !== false,
		customTools: new Set(
			objects(request.tools)
				.filter((tool) => tool.type === 'custom')
				.map((tool) => text(objects([tool.custom ?? null])[0]?.name)),
		),
	};
}

/** Why a choice ends, in the vendor's word. */
export function finishReason(answer: Answer, outcome: Outcome): string {
	if (outcome.ending === 'length') return 'length';
	if (outcome.kind === 'filtered') return 'content_filter';
	if (outcome.calls.length === 0) return 'stop';
	if (answer.legacy) return 'function_call';
	return answer.forced ? 'stop' : 'tool_calls';
}
