import { list, objects, text } from '../../../core/json.ts';
import type { Problem } from '../../../core/types.ts';
import type { Rule } from '../../rules.ts';
import { make } from './problems.ts';

const CALL_ID = /^[a-zA-Z0-9]{9}$/;

function misorder(message: string): Problem {
	return make(message, { type: 'invalid_request_message_order' });
}

/** Which role may follow which. */
export const order: Rule = (request) => {
	const messages = objects(request.messages);
	for (const [index, message] of messages.entries()) {
		const before = text(messages[index - 1]?.role);
		if (message.role === 'user' && before === 'tool') return misorder("Unexpected role 'user' after role 'tool'");
		if (message.role === 'system' && (before === 'tool' || before === 'assistant')) {
			return misorder(`Unexpected role 'system' after role '${before}'`);
		}
		if (message.role === 'tool' && before !== 'tool' && list(messages[index - 1]?.tool_calls).length === 0) {
			return misorder(`Unexpected role 'tool' after role '${before || 'start'}'`);
		}
	}
	const last = messages.at(-1);
	if (last?.role === 'user' || last?.role === 'tool' || (last?.role === 'assistant' && last.prefix === true)) return undefined;
	return misorder(`Expected last role User or Tool (or Assistant with prefix True) for serving but got ${text(last?.role)}`);
};

/** Calls have ids of nine characters, and one result each. */
export const calls: Rule = (request) => {
	const messages = objects(request.messages);
	for (const [index, message] of messages.entries()) {
		const made = objects(message.tool_calls);
		if (message.role === 'assistant' && made.length === 0 && (message.content ?? '') === '') {
			return make('Assistant message must have either content or tool_calls, but not none.', {
				type: 'invalid_assistant_message',
			});
		}
		const ids = [...made.map((call) => call.id), ...(message.role === 'tool' ? [message.tool_call_id ?? ''] : [])].map((id) =>
			text(id),
		);
		const wrong = ids.find((id) => !CALL_ID.test(id));
		if (wrong !== undefined) {
			const words = `Tool call id was ${wrong} but must be a-z, A-Z, 0-9, with a length of 9.`;
			return make(words, { type: 'invalid_function_call' });
		}
		if (made.length === 0) continue;
		const end = messages.findIndex((later, at) => at > index && later.role !== 'tool');
		const results = messages.slice(index + 1, end < 0 ? messages.length : end);
		if (results.length !== made.length) return misorder('Not the same number of function calls and responses');
	}
	return undefined;
};
