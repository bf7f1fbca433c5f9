import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';

/** Fields of a delta that a user would see something of. */
const VISIBLE = [
	'content',
	'reasoning_content',
	'reasoning',
	'reasoning_details',
	'refusal',
	'tool_calls',
	'function_call',
	'audio',
	'images',
	'annotations',
] as const;

/** The delta of a choice. Some servers answer a stream with one whole message, others with plain `text`. */
export function deltaOf(choice: JsonObject): JsonObject {
	if (isObject(choice.delta)) return choice.delta;
	if (isObject(choice.message)) return choice.message;
	return typeof choice.text === 'string' ? { content: choice.text } : {};
}

/** Whether a choice of a chunk brings content, not only form. */
export function bringsContent(choice: JsonValue): boolean {
	if (!isObject(choice)) return false;
	const delta = deltaOf(choice);
	return VISIBLE.some((field) => {
		const value = delta[field];
		if (typeof value === 'string') return value !== '';
		return Array.isArray(value) ? value.length > 0 : isObject(value);
	});
}
