import type { JsonObject } from '../../spec/index.ts';
import type { MadeCall, Outcome } from '../core/outcome.ts';
import { finishReason } from './answer.ts';
import { logprobsOf } from './logprobs.ts';
import type { Answer } from './style.ts';

/** A tool call as it stands in a message. */
export function toolCall(answer: Answer, call: MadeCall, choice: number, position: number): JsonObject {
	const id = answer.callId(choice, position);
	if (answer.customTools.has(call.name)) return { id, type: 'custom', custom: { name: call.name, input: call.input } };
	return { id, type: 'function', function: { name: call.name, arguments: call.input } };
}

/** Reasoning and text as parts of one list. */
export function contentParts(reasoning: string, said: string): JsonObject[] {
	const thought = reasoning === '' ? [] : [{ type: 'thinking', thinking: [{ type: 'text', text: reasoning }], closed: true }];
	return said === '' ? thought : [...thought, { type: 'text', text: said }];
}

function message(answer: Answer, outcome: Outcome, choice: number): JsonObject {
	const { style } = answer;
	const refused = outcome.kind === 'refusal' && style.refusals;
	const silent = outcome.calls.length > 0 && outcome.text === '' ? style.callContent : outcome.text;
	const parted = style.reasoning === 'parts' && outcome.reasoning !== '';
	const content = parted ? contentParts(outcome.reasoning, outcome.text) : silent;
	const made: JsonObject = { role: 'assistant', content: refused ? null : content };
	if (outcome.calls.length > 0) {
		if (answer.legacy) made.function_call = { name: outcome.calls[0]?.name ?? '', arguments: outcome.calls[0]?.input ?? '' };
		else made.tool_calls = outcome.calls.map((call, position) => toolCall(answer, call, choice, position));
	} else if (style.noCalls !== undefined) made.tool_calls = style.noCalls;
	if (style.reasoning !== 'parts' && style.reasoning !== 'hidden' && outcome.reasoning !== '')
		made[style.reasoning] = outcome.reasoning;
	return style.refusals ? { ...made, refusal: refused ? outcome.text : null, annotations: [] } : made;
}

function logprobs(answer: Answer, outcome: Outcome): JsonObject {
	if (answer.logprobs !== undefined) return { logprobs: logprobsOf(outcome.text, answer.logprobs) };
	return answer.reasons || !answer.style.logprobs ? {} : { logprobs: null };
}

/** The answer in one piece: an object of type `chat.completion`. */
export function bodyOf(answer: Answer): JsonObject {
	const { style } = answer;
	const body: JsonObject = {
		id: answer.id,
		object: 'chat.completion',
		created: answer.created,
		model: answer.model,
		choices: answer.outcomes.map((outcome, index) => ({
			index,
			message: message(answer, outcome, index),
			...logprobs(answer, outcome),
			finish_reason: finishReason(answer, outcome),
			...(style.stopReason ? { stop_reason: outcome.stop ?? null } : {}),
		})),
		usage: answer.usage,
		...answer.marks,
	};
	return style.body?.(body, answer) ?? body;
}
