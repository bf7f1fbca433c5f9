import type { ChatRequest, JsonObject, OutputFormat } from '../../spec/index.ts';
import { mark } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';
import type { Conversation } from './request-messages.ts';
import { supportedSchema } from './schema.ts';

const JSON_ONLY = 'Answer with one valid JSON value and nothing else: no explanation, no code fence.';

/** Writes the wanted form of the answer: a field of the request, or an instruction added to the system prompt. */
export function encodeOutput(request: ChatRequest, conversation: Conversation, state: EncodeState): JsonObject {
	const format = request.output;
	if (format === undefined || format.type === 'text') return {};
	if (format.type === 'json') {
		instruct(conversation, JSON_ONLY);
		state.losses.add('approximated', 'response_format', 'JSON without a schema is asked for in the system prompt.');
		return {};
	}
	if (format.type !== 'json_schema') throw unsupported('response_format', `Output bound by a ${format.type} is not offered.`);
	if (state.traits.jsonSchema === false) {
		instruct(conversation, `${JSON_ONLY} It must satisfy this JSON Schema:\n${JSON.stringify(format.schema)}`);
		state.losses.add('approximated', 'response_format', 'The model takes no schema; it is asked for in the system prompt.');
		return {};
	}
	const wire: JsonObject = { type: 'json_schema', schema: schemaOf(format, state) };
	return mark(request, '$format') === 'output_format' ? { output_format: wire } : { output_config: { format: wire } };
}

function schemaOf(format: Extract<OutputFormat, { type: 'json_schema' }>, state: EncodeState): JsonObject {
	if (state.own) return format.schema;
	const { schema, changed } = supportedSchema(format.schema);
	if (changed) {
		state.losses.add(
			'changed',
			'response_format',
			'Constraints the API cannot enforce moved into descriptions; objects were closed.',
		);
	}
	if (format.description === undefined || format.description === schema.description) return schema;
	if (schema.description === undefined) return { ...schema, description: format.description };
	state.losses.dropped('response_format.json_schema.description', 'The schema has a description of its own, which was kept.');
	return schema;
}

function instruct(conversation: Conversation, text: string): void {
	const { system } = conversation;
	if (typeof system === 'string') conversation.system = `${system}\n\n${text}`;
	else if (Array.isArray(system)) conversation.system = [...system, { type: 'text', text }];
	else conversation.system = text;
}
