import type { JsonObject } from '../../spec/index.ts';
import type { Controls } from '../core/controls.ts';
import { digest, idFrom, uuidFrom } from '../core/ids.ts';
import { list, number, object, text } from '../core/json.ts';
import { type Outcome, outcomeOf } from '../core/outcome.ts';
import { script } from '../core/script.ts';
import type { CohereModel } from './models.ts';
import { promptOf, promptTokens, type Source, sourcesOf } from './prompt.ts';

/** A place in the text that a source stands behind. */
export interface Citation {
	start: number;
	end: number;
	text: string;
	sources: JsonObject[];
}

/** Everything that the body and the stream of one answer are written from. */
export interface Answer {
	id: string;
	outcome: Outcome;
	/** What the model says it will do before it calls tools. */
	plan: string;
	calls: JsonObject[];
	citations: Citation[];
	finishReason: string;
	inputTokens: number;
	logprobs: boolean;
}

/** What an answer is made from. */
export interface Question {
	request: JsonObject;
	bytes: Buffer;
	vendor: string;
	model: CohereModel;
	controls: Controls;
}

function sourceOf({ type, id, content }: Source): JsonObject {
	return type === 'document' ? { type, id, document: { id, ...content } } : { type, id, tool_output: content };
}

/** Each source is cited once, behind its own words where the answer quotes them, else behind the first words. */
function citationsOf(request: JsonObject, said: string): Citation[] {
	const mode = text(object(request.citation_options).mode).toUpperCase();
	if (mode === 'OFF' || mode === 'DISABLED' || said === '') return [];
	return sourcesOf(request).map((source) => {
		const words = Object.values(source.content)
			.map((value) => text(value))
			.find((value) => value !== '' && said.includes(value));
		const start = words === undefined ? 0 : said.indexOf(words);
		const end = words === undefined ? Math.min(said.length, 9) : start + words.length;
		return { start, end, text: said.slice(start, end), sources: [sourceOf(source)] };
	});
}

const ENDINGS: { [ending in Outcome['ending']]: string } = { natural: 'COMPLETE', length: 'MAX_TOKENS', stop: 'STOP_SEQUENCE' };

/** Answers a request that is in order: a function of the request. */
export function answerTo({ request, bytes, vendor, model, controls }: Question): Answer {
	const seed = digest(Buffer.concat([Buffer.from(`${vendor}/${model.name}`), bytes]));
	const written = script(promptOf(request, vendor, model));
	const bounds = {
		maxTokens: number(request.max_tokens) ?? model.maxOutput,
		stops: list(request.stop_sequences).map(text),
		hiddenTokens: 0,
	};
	const outcome = outcomeOf(written, bounds, controls);
	const names = outcome.calls.map((call) => call.name);
	const said = outcome.text;
	return {
		id: uuidFrom(seed),
		outcome,
		plan: names.length === 0 || outcome.reasoning !== '' ? '' : `I will call ${[...new Set(names)].join(' and ')}.`,
		calls: outcome.calls.map(({ name, input }, index) => ({
			id: `${name}_${idFrom(`${seed}/${index}`, 12).toLowerCase()}`,
			type: 'function',
			function: { name, arguments: input },
		})),
		citations: outcome.kind === 'text' ? citationsOf(request, said) : [],
		finishReason:
			outcome.kind === 'filtered'
				? 'ERROR'
				: outcome.calls.length > 0 && outcome.ending !== 'length'
					? 'TOOL_CALL'
					: ENDINGS[outcome.ending],
		inputTokens: promptTokens(request),
		logprobs: request.logprobs === true,
	};
}

/** The usage: what is billed stands beside what was counted, which the vendor's own template makes longer. */
export function usageOf({ inputTokens, outcome }: Answer): JsonObject {
	const reasoning = outcome.reasoningTokens > 0 ? { reasoning_tokens: outcome.reasoningTokens } : {};
	return {
		billed_units: { input_tokens: inputTokens, output_tokens: outcome.outputTokens },
		tokens: { input_tokens: inputTokens + 500, output_tokens: outcome.outputTokens + 2, ...reasoning },
		cached_tokens: 0,
	};
}

/** A citation as it stands in a message. */
export function citationObject(citation: Citation, index: number): JsonObject {
	return { ...citation, type: 'TEXT_CONTENT', ...(index > 0 ? { content_index: index } : {}) };
}

/** The answer in one piece. */
export function bodyOf(answer: Answer): JsonObject {
	const { outcome, plan, calls, citations } = answer;
	const content: JsonObject[] = [];
	if (outcome.reasoning !== '') content.push({ type: 'thinking', thinking: outcome.reasoning });
	if (outcome.text !== '') content.push({ type: 'text', text: outcome.text });
	const message: JsonObject = { role: 'assistant' };
	if (content.length > 0) message.content = content;
	if (plan !== '') message.tool_plan = plan;
	if (calls.length > 0) message.tool_calls = calls;
	if (citations.length > 0) message.citations = citations.map((citation) => citationObject(citation, content.length - 1));
	return { id: answer.id, message, finish_reason: answer.finishReason, usage: usageOf(answer) };
}
