import type { JsonObject } from '../../spec/index.ts';
import { objects, text } from '../core/json.ts';
import type { Problem } from '../core/types.ts';
import type { MakeProblem } from './problems.ts';

/** Walks the messages, keeping the calls that wait for their results. */
class Turns {
	readonly #make: MakeProblem;
	/** Ids of the last assistant message's calls that have no result yet. */
	#waiting: string[] = [];
	/** Whether a tool message may follow. */
	#answerable = new Set<string>();

	constructor(make: MakeProblem) {
		this.#make = make;
	}

	/** Takes the next message; returns what is wrong with its place. */
	take(message: JsonObject, index: number): Problem | undefined {
		if (message.role === 'tool') return this.#result(message, index);
		const unanswered = this.unanswered(index);
		if (unanswered !== undefined) return unanswered;
		this.#waiting = objects(message.tool_calls).map((call) => text(call.id));
		this.#answerable = new Set(this.#waiting);
		return undefined;
	}

	#result(message: JsonObject, index: number): Problem | undefined {
		const id = text(message.tool_call_id);
		if (!this.#answerable.has(id)) {
			return this.#make(
				"Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
				{
					param: `messages.[${index}].role`,
				},
			);
		}
		this.#waiting = this.#waiting.filter((other) => other !== id);
		return undefined;
	}

	/** The error when a message (or the end) comes before all results are there. */
	unanswered(index: number): Problem | undefined {
		if (this.#waiting.length === 0) return undefined;
		return this.#make(
			"An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
				`The following tool_call_ids did not have response messages: ${this.#waiting.join(', ')}`,
			{ param: `messages.[${index}].role` },
		);
	}
}

function emptyAssistant(message: JsonObject): boolean {
	if (message.role !== 'assistant') return false;
	const { content, tool_calls: calls, function_call: call, refusal, audio } = message;
	return (content ?? calls ?? call ?? refusal ?? audio ?? null) === null;
}

/** Checks the order of messages: every call answered, no answer without a call, no assistant message without content. */
export function conversationProblem(messages: JsonObject[], make: MakeProblem): Problem | undefined {
	const turns = new Turns(make);
	for (const [index, message] of messages.entries()) {
		const problem = turns.take(message, index);
		if (problem !== undefined) return problem;
		if (emptyAssistant(message)) {
			return make("Invalid value for 'content': expected a string, got null.", { param: `messages.[${index}].content` });
		}
	}
	return turns.unanswered(messages.length);
}
