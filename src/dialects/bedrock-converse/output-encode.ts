import { tryParse } from '../../lib/json.ts';
import type { ChatRequest, JsonObject, OutputFormat } from '../../spec/index.ts';
import { same, supportedSchema } from '../shared/index.ts';
import { mark } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';
import type { Conversation } from './request-messages.ts';

const JSON_ONLY = 'Answer with one valid JSON value and nothing else: no explanation, no code fence.';
const NAME_CHARACTERS = /[^a-zA-Z0-9_-]/g;

/** Writes the wanted form of the answer: `outputConfig`, or an instruction added to the system prompt. */
export function encodeOutput(request: ChatRequest, conversation: Conversation, state: EncodeState): JsonObject | undefined {
	const format = request.output;
	if (format === undefined || format.type === 'text') return undefined;
	if (format.type === 'json') {
		instruct(conversation, JSON_ONLY);
		state.losses.add('approximated', 'response_format', 'JSON without a schema is asked for in the system prompt.');
		return undefined;
	}
	if (format.type !== 'json_schema') throw unsupported('response_format', `Output bound by a ${format.type} is not offered.`);
	if (!state.own && state.traits.jsonSchema === false) {
		instruct(conversation, `${JSON_ONLY} It must satisfy this JSON Schema:\n${JSON.stringify(format.schema)}`);
		state.losses.add('approximated', 'response_format', 'The model takes no schema; it is asked for in the system prompt.');
		return undefined;
	}
	const jsonSchema: JsonObject = { schema: schemaText(request, format, state) };
	if (format.name !== undefined) jsonSchema.name = state.own ? format.name : format.name.replace(NAME_CHARACTERS, '_');
	if (format.description !== undefined) jsonSchema.description = format.description;
	return { textFormat: { type: 'json_schema', structure: { jsonSchema } } };
}

/** The schema as text; its own text where it still says the same. */
function schemaText(request: ChatRequest, format: Extract<OutputFormat, { type: 'json_schema' }>, state: EncodeState): string {
	const given = mark(request, '$schema');
	if (typeof given === 'string' && same(tryParse(given), format.schema)) return given;
	if (state.own) return JSON.stringify(format.schema);
	const { schema, changed } = supportedSchema(format.schema);
	if (changed) {
		state.losses.add(
			'changed',
			'response_format',
			'Constraints that cannot be enforced moved into descriptions; objects were closed.',
		);
	}
	return JSON.stringify(schema);
}

function instruct(conversation: Conversation, text: string): void {
	conversation.system = [...(conversation.system ?? []), { text }];
}
