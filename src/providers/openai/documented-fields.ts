import { documentedMessages, documentedTools } from '../../dialects/openai-chat/index.ts';
import type { BodyRule } from '../rules.ts';

/** The API refuses members of messages and tools it does not document, such as another vendor's reasoning in the history. */
export const documentedFieldsOnly: BodyRule = (context) => {
	const report = (path: string): void => {
		context.warn({ kind: 'dropped', path, message: `${context.model} takes no such member` });
	};
	const messages = documentedMessages(context.get('messages'), report);
	if (messages !== undefined) context.set('messages', messages);
	const tools = documentedTools(context.get('tools'), report);
	if (tools !== undefined) context.set('tools', tools.length === 0 ? undefined : tools);
};
