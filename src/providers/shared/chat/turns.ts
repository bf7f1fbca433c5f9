import { isObject } from '../../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../../spec/index.ts';
import type { RuleContext } from '../../rules.ts';

/** What stands between the results of calls and the user's next words, where an assistant turn must. */
const BETWEEN: JsonObject = { role: 'assistant', content: 'Noted.' };

function saysNothing({ role, content, tool_calls: calls }: JsonObject): boolean {
	if (role !== 'assistant' || (Array.isArray(calls) && calls.length > 0)) return false;
	return content === undefined || content === null || content === '' || (Array.isArray(content) && content.length === 0);
}

/**
 * Brings the turns into an order that servers with a strict one take: no assistant turn that says nothing, instructions only before the
 * first answer, an assistant turn between results and the user. The list itself where it is so already.
 */
export function orderly(messages: JsonValue[], context: RuleContext): JsonValue[] {
	const made: JsonValue[] = [];
	let changed = false;
	let before = '';
	for (const [index, message] of messages.entries()) {
		if (!isObject(message) || typeof message.role !== 'string') {
			made.push(message);
			continue;
		}
		if (saysNothing(message)) {
			changed = true;
			continue;
		}
		let turn = message;
		if (turn.role === 'system' && (before === 'assistant' || before === 'tool')) {
			turn = { ...turn, role: 'user' };
			const note = `${context.model} takes no instructions after its first answer: they were sent as a user message`;
			context.warn({ kind: 'changed', path: `messages[${index}].role`, message: note });
		}
		if (turn.role === 'user' && before === 'tool') {
			made.push(BETWEEN);
			const note = `${context.model} takes no user message right after results: a short assistant message stands between them`;
			context.warn({ kind: 'changed', path: `messages[${index}]`, message: note });
		}
		changed ||= turn !== message || made.at(-1) === BETWEEN;
		made.push(turn);
		before = String(turn.role);
	}
	return changed ? made : messages;
}
