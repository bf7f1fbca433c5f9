import { schemaInPrompt } from '../../dialects/openai-chat/index.ts';
import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import type { BodyRule, RuleContext } from '../rules.ts';

/** Which forms of output a vendor can be asked for. */
export interface FormatHabits {
	/** False: no JSON schema; the model is told it and asked for JSON. */
	schema?: false;
	/** False: JSON only by a schema. */
	object?: false;
	/** True when a request for JSON is refused unless its messages say the word. */
	word?: true;
}

function prepend(context: RuleContext, message: JsonObject): void {
	const messages = context.get('messages');
	if (Array.isArray(messages)) context.set('messages', [message, ...messages]);
}

function says(value: JsonValue | undefined): boolean {
	return JSON.stringify(value ?? null)
		.toLowerCase()
		.includes('json');
}

/** Puts `response_format` into a form the vendor takes. */
export function formatRule({ schema, object, word }: FormatHabits): BodyRule {
	return (context) => {
		const format = context.get('response_format');
		if (!isObject(format)) return;
		const told = schema === false ? schemaInPrompt(format) : undefined;
		if (told !== undefined) {
			context.set('response_format', { type: 'json_object' });
			prepend(context, told);
			const message = `${context.model} takes no JSON schema: it was asked for JSON and told the schema`;
			context.warn({ kind: 'approximated', path: 'response_format', message });
		} else if (format.type === 'json_object' && object === false) {
			context.set('response_format', { type: 'json_schema', json_schema: { name: 'object', schema: { type: 'object' } } });
		} else if (format.type === 'json_object' && word === true && !says(context.get('messages'))) {
			prepend(context, { role: 'system', content: 'Answer with JSON only.' });
			const message = `${context.model} refuses to answer in JSON unless a message asks for it: one does now`;
			context.warn({ kind: 'changed', path: 'messages', message });
		}
	};
}
