import type { JsonObject } from '../../spec/index.ts';
import type { Controls } from '../core/controls.ts';
import { digest } from '../core/ids.ts';
import { number, objects, text } from '../core/json.ts';
import { type Outcome, outcomeOf } from '../core/outcome.ts';
import type { Attachment } from '../core/prompt.ts';
import { script } from '../core/script.ts';
import type { OpenAIModel } from './models.ts';
import { promptOf } from './prompt.ts';
import { effortOf } from './rules.ts';
import type { Answer, Counts, Style } from './style.ts';

/** What an answer is made from. */
export interface Question {
	request: JsonObject;
	bytes: Buffer;
	vendor: string;
	model: OpenAIModel;
	files: Attachment[];
	style: Style;
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

function outcomes({ request, vendor, model, files, controls }: Question): Outcome[] {
	const written = script(promptOf(request, vendor, model, files));
	const bounds = {
		maxTokens: number(request.max_completion_tokens) ?? number(request.max_tokens) ?? Math.max(1, model.maxOutput),
		stops: stopsOf(request),
		hiddenTokens: model.thinksAloud === true ? 0 : (HIDDEN[effortOf(request, model) ?? 'none'] ?? 0),
	};
	return Array.from({ length: number(request.n) ?? 1 }, (_, choice) => {
		const varied =
			choice === 0 || written.kind !== 'text' ? written : { ...written, text: `${written.text} (choice ${choice + 1})` };
		return outcomeOf(varied, bounds, controls);
	});
}

function countsOf({ promptTokens, cachedTokens, request }: Question, made: Outcome[]): Counts {
	return {
		prompt: promptTokens,
		cached: cachedTokens,
		completion: made.reduce((sum, outcome) => sum + outcome.outputTokens, 0),
		reasoning: made.reduce((sum, outcome) => sum + outcome.reasoningTokens, 0),
		model: text(request.model),
	};
}

/** Answers a request that is in order: a function of the request, but for the time stamp and what was cached. */
export function answerTo(question: Question): Answer {
	const { request, bytes, vendor, model, style, now } = question;
	const seed = digest(Buffer.concat([Buffer.from(vendor), bytes]));
	const made = outcomes(question);
	const choice = request.tool_choice;
	const reasons = model.efforts !== undefined;
	return {
		id: style.answerId(seed),
		created: Math.floor(now / 1000),
		model: model.snapshot ?? model.id,
		request,
		style,
		reasons,
		outcomes: made,
		callId: (index, position) => style.callId(`${seed}${index}/${position}`),
		usage: style.usage(countsOf(question, made)),
		marks: style.marks(request, { id: model.id, reasons }),
		logprobs: request.logprobs === true ? (number(request.top_logprobs) ?? 0) : undefined,
		legacy: request.functions !== undefined && request.tools === undefined,
		forced: typeof choice === 'object' && choice !== null && !Array.isArray(choice) && choice.type === 'function',
		includeUsage: objects([request.stream_options ?? null])[0]?.include_usage === true,
		obfuscate: style.obfuscates && objects([request.stream_options ?? null])[0]?.include_obfuscation !== false,
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
	return answer.forced && answer.style.forcedStops ? 'stop' : 'tool_calls';
}
