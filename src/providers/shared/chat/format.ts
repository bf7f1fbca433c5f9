import { schemaInPrompt } from '../../../dialects/openai-chat/index.ts';
import { isObject } from '../../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../../spec/index.ts';
import type { BodyRule, RuleContext } from '../../rules.ts';

/** Which forms of output a vendor can be asked for. */
export interface FormatHabits {
	/** False: no JSON schema; the model is told it and asked for JSON. */
	schema?: false;
	/** False: JSON only by a schema. */
	object?: false;
	/** True when a schema is taken neither in streams nor beside tools. */
	alone?: true;
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

/** A schema goes before the stream, which is made of the whole answer then; tools go before the schema, which is told instead. */
function separate(told: JsonObject, context: RuleContext): void {
	const tools = context.get('tools');
	if (Array.isArray(tools) && tools.length > 0) {
		context.set('response_format', undefined);
		prepend(context, told);
		const message = `${context.model} takes no schema beside tools: it was told the schema`;
		context.warn({ kind: 'approximated', path: 'response_format', message });
	} else if (context.get('stream') === true) {
		context.set('stream', undefined);
		context.set('stream_options', undefined);
	}
}

/** Puts `response_format` into a form the vendor takes. */
export function formatRule({ schema, object, word, alone }: FormatHabits): BodyRule {
	return (context) => {
		const format = context.get('response_format');
		if (!isObject(format)) return;
		const told = schemaInPrompt(format);
		if (told !== undefined && schema !== false) {
			if (alone === true) separate(told, context);
		} else if (told !== undefined) {
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
