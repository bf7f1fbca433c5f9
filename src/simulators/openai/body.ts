import type { JsonObject } from '../../spec/index.ts';
import type { MadeCall, Outcome } from '../core/outcome.ts';
import { type Answer, finishReason } from './answer.ts';
import { logprobsOf } from './logprobs.ts';

/** A tool call as it stands in a message. */
export function toolCall(answer: Answer, call: MadeCall, choice: number, position: number): JsonObject {
	const id = answer.callId(choice, position);
	if (answer.customTools.has(call.name)) return { id, type: 'custom', custom: { name: call.name, input: call.input } };
	return { id, type: 'function', function: { name: call.name, arguments: call.input } };
}

function message(answer: Answer, outcome: Outcome, choice: number): JsonObject {
	const refused = outcome.kind === 'refusal';
	const content = outcome.calls.length > 0 && outcome.text === '' ? null : outcome.text;
	const made: JsonObject = { role: 'assistant', content: refused && !answer.local ? null : content };
	if (outcome.calls.length > 0) {
		if (answer.legacy) made.function_call = { name: outcome.calls[0]?.name ?? '', arguments: outcome.calls[0]?.input ?? '' };
		else made.tool_calls = outcome.calls.map((call, position) => toolCall(answer, call, choice, position));
	} else if (answer.local) made.tool_calls = [];
	if (answer.local) {
		if (outcome.reasoning !== '') made.reasoning_content = outcome.reasoning;
		return made;
	}
	return { ...made, refusal: refused ? outcome.text : null, annotations: [] };
}

function logprobs(answer: Answer, outcome: Outcome): JsonObject {
	if (answer.logprobs !== undefined) return { logprobs: logprobsOf(outcome.text, answer.logprobs) };
	return answer.reasons ? {} : { logprobs: null };
}

/** The answer in one piece: an object of type `chat.completion`. */
export function bodyOf(answer: Answer): JsonObject {
	return {
		id: answer.id,
		object: 'chat.completion',
		created: answer.created,
		model: answer.model,
		choices: answer.outcomes.map((outcome, index) => ({
			index,
			message: message(answer, outcome, index),
			...logprobs(answer, outcome),
			finish_reason: finishReason(answer, outcome),
			...(answer.local ? { stop_reason: outcome.stop ?? null } : {}),
		})),
		usage: answer.usage,
		...answer.marks,
	};
}
