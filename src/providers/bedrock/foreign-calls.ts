import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import type { BodyRule } from '../rules.ts';

/** How ids of calls begin that models of this service made. */
const OWN_CALL = /^(tooluse_|toolu_bdrk_)/;

function blocksOf(message: JsonValue | undefined, role: string): JsonObject[] {
	if (!isObject(message) || message.role !== role || !Array.isArray(message.content)) return [];
	return message.content.filter(isObject);
}

/** Whether the conversation waits on results of calls that another vendor's model made, without a thought before them. */
function awaitsForeignCalls(messages: JsonValue | undefined): boolean {
	if (!Array.isArray(messages) || !blocksOf(messages.at(-1), 'user').some((block) => isObject(block.toolResult))) return false;
	const turn = blocksOf(messages.at(-2), 'assistant');
	if (isObject(turn[0]?.reasoningContent)) return false;
	return turn.some(
		({ toolUse }) => isObject(toolUse) && typeof toolUse.toolUseId === 'string' && !OWN_CALL.test(toolUse.toolUseId),
	);
}

/**
 * With a thinking budget Claude refuses results whose calls do not begin with thinking of its own. Where a conversation comes from
 * another vendor's model in the midst of its calls, there is none: this one step goes without.
 */
export const noBudgetAmidForeignCalls: BodyRule = (context) => {
	const fields = context.get('additionalModelRequestFields');
	if (!isObject(fields) || !isObject(fields.thinking) || fields.thinking.type !== 'enabled') return;
	if (!awaitsForeignCalls(context.get('messages'))) return;
	const { thinking: _, ...rest } = fields;
	context.set('additionalModelRequestFields', Object.keys(rest).length === 0 ? undefined : rest);
	context.warn({
		kind: 'dropped',
		path: 'additionalModelRequestFields.thinking',
		message: `${context.model} cannot think before it has answered the calls another vendor's model made`,
	});
};
