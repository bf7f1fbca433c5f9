import type { Shape } from '../core/shape.ts';
import { anything, flag, listOf, nullable, object, open, text, values, variant } from '../core/shapekit.ts';
import { TYPES } from '../core/vectors.ts';

const DOCUMENT: Shape = { is: 'either', of: [text, object({ id: text, data: { is: 'either', of: [text, open] } }, 'data')] };

const PARTS: { [type: string]: Shape } = {
	text: object({ type: text, text }, 'text'),
	image_url: object({ type: text, image_url: object({ url: text, detail: values('auto', 'low', 'high') }, 'url') }, 'image_url'),
	thinking: object({ type: text, thinking: text }, 'thinking'),
	document: object({ type: text, document: DOCUMENT }, 'document'),
};

function content(...types: string[]): Shape {
	const of: { [type: string]: Shape } = {};
	for (const type of types) of[type] = PARTS[type] ?? anything;
	return { is: 'either', nullable: true, of: [text, listOf(variant(of))] };
}

const CALL = object(
	{ id: text, type: values('function'), function: object({ name: text, arguments: text }, 'name', 'arguments') },
	'id',
	'type',
	'function',
);

const MESSAGE: Shape = {
	is: 'variant',
	by: 'role',
	of: {
		system: object({ role: text, content: content('text') }, 'content'),
		user: object({ role: text, content: content('text', 'image_url') }, 'content'),
		assistant: object({
			role: text,
			content: content('text', 'thinking'),
			tool_calls: nullable(listOf(CALL)),
			tool_plan: nullable(text),
			citations: anything,
		}),
		tool: object({ role: text, content: content('text', 'document'), tool_call_id: text }, 'content', 'tool_call_id'),
	},
};

const TOOL = object(
	{ type: values('function'), function: object({ name: text, description: text, parameters: open }, 'name', 'parameters') },
	'type',
	'function',
);

const FRACTION: Shape = { is: 'number', min: 0, max: 1, nullable: true };

/** The body of `/v2/chat`. */
export const CHAT: Shape = object(
	{
		model: text,
		messages: listOf(MESSAGE, 1),
		stream: nullable(flag),
		tools: nullable(listOf(TOOL)),
		strict_tools: nullable(flag),
		documents: nullable(listOf(DOCUMENT)),
		citation_options: nullable(
			object({ mode: values('FAST', 'ACCURATE', 'OFF', 'ENABLED', 'DISABLED', 'fast', 'accurate', 'off') }),
		),
		response_format: nullable(object({ type: values('text', 'json_object'), schema: open, json_schema: open }, 'type')),
		safety_mode: nullable(values('CONTEXTUAL', 'STRICT', 'OFF', 'NONE')),
		max_tokens: { is: 'integer', min: 1, nullable: true },
		stop_sequences: { is: 'array', max: 5, of: text, nullable: true },
		temperature: FRACTION,
		seed: { is: 'integer', min: 0, nullable: true },
		frequency_penalty: FRACTION,
		presence_penalty: FRACTION,
		k: { is: 'integer', min: 0, max: 500, nullable: true },
		p: { is: 'number', min: 0.01, max: 0.99, nullable: true },
		logprobs: nullable(flag),
		tool_choice: nullable(values('REQUIRED', 'NONE')),
		thinking: nullable(
			object({ type: values('enabled', 'disabled'), token_budget: { is: 'integer', min: 1, nullable: true } }, 'type'),
		),
		priority: { is: 'integer', min: 0, max: 999, nullable: true },
		raw_prompting: nullable(flag),
	},
	'model',
	'messages',
);

/** The body of `/v2/embed`. */
export const EMBED: Shape = object(
	{
		model: text,
		input_type: values('search_document', 'search_query', 'classification', 'clustering', 'image'),
		texts: { is: 'array', max: 96, of: text, nullable: true },
		images: { is: 'array', max: 1, of: text, nullable: true },
		inputs: {
			is: 'array',
			max: 96,
			of: object(
				{ content: listOf(variant({ text: PARTS.text ?? anything, image_url: PARTS.image_url ?? anything })) },
				'content',
			),
			nullable: true,
		},
		max_tokens: { is: 'integer', min: 1, nullable: true },
		output_dimension: { is: 'integer', nullable: true },
		embedding_types: nullable(listOf(values(...TYPES))),
		truncate: nullable(values('NONE', 'START', 'END')),
		priority: { is: 'integer', nullable: true },
	},
	'model',
	'input_type',
);

/** The body of `/v2/rerank`. */
export const RERANK: Shape = object(
	{
		model: text,
		query: { is: 'string', nonEmpty: true },
		documents: { is: 'array', min: 1, max: 10_000, of: text },
		top_n: { is: 'integer', min: 1, nullable: true },
		max_tokens_per_doc: { is: 'integer', min: 1, nullable: true },
		priority: { is: 'integer', nullable: true },
	},
	'model',
	'query',
	'documents',
);
