import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import type { BodyRule } from '../rules.ts';

/** How ids of calls begin that the vendor's own models made. */
const OWN_CALL = 'toolu_';

function blocksOf(message: JsonValue | undefined, role: string): JsonObject[] {
	if (!isObject(message) || message.role !== role || !Array.isArray(message.content)) return [];
	return message.content.filter(isObject);
}

/** Whether the conversation waits on results of calls that another vendor's model made, without a thought before them. */
function awaitsForeignCalls(messages: JsonValue | undefined): boolean {
	if (!Array.isArray(messages) || !blocksOf(messages.at(-1), 'user').some((block) => block.type === 'tool_result')) return false;
	const turn = blocksOf(messages.at(-2), 'assistant');
	const first = turn[0]?.type;
	if (first === 'thinking' || first === 'redacted_thinking') return false;
	return turn.some((block) => block.type === 'tool_use' && typeof block.id === 'string' && !block.id.startsWith(OWN_CALL));
}

/**
 * With a thinking budget the API refuses results whose calls do not begin with thinking of its own. Where a conversation comes from
 * another vendor's model in the midst of its calls, there is none: this one step goes without.
 */
export const noBudgetAmidForeignCalls: BodyRule = (context) => {
	const thinking = context.get('thinking');
	if (!isObject(thinking) || thinking.type !== 'enabled' || !awaitsForeignCalls(context.get('messages'))) return;
	context.set('thinking', undefined);
	context.warn({
		kind: 'dropped',
		path: 'thinking',
		message: `${context.model} cannot think before it has answered the calls another vendor's model made`,
	});
};
