import type { Shape } from '../../../core/shape.ts';
import { text as anyText, anything, flag, listOf, nullable, object, open, values, variant } from '../../../core/shapekit.ts';

const WHOLE: Shape = nullable({ is: 'integer', min: 0 });
const CHUNKS: Shape = {
	is: 'array',
	of: variant({
		text: object({ type: anyText, text: anyText }, 'text'),
		image_url: object(
			{ type: anyText, image_url: { is: 'either', of: [anyText, object({ url: anyText, detail: nullable(anyText) }, 'url')] } },
			'image_url',
		),
		document_url: object({ type: anyText, document_url: anyText, document_name: nullable(anyText) }, 'document_url'),
		input_audio: object({ type: anyText, input_audio: anything }, 'input_audio'),
		file: object({ type: anyText, file_id: anyText }, 'file_id'),
		reference: object({ type: anyText, reference_ids: anything }, 'reference_ids'),
		thinking: object({ type: anyText, thinking: listOf(open), closed: flag, signature: anything }, 'thinking'),
	}),
};
const CONTENT: Shape = { is: 'either', nullable: true, of: [anyText, CHUNKS] };
const CALL = object(
	{
		id: anyText,
		type: values('function'),
		index: WHOLE,
		function: object({ name: anyText, arguments: { is: 'either', of: [anyText, open] } }, 'name', 'arguments'),
	},
	'function',
);
const MESSAGE: Shape = {
	is: 'variant',
	by: 'role',
	of: {
		system: object({ role: anyText, content: CONTENT }, 'content'),
		user: object({ role: anyText, content: CONTENT }, 'content'),
		assistant: object({ role: anyText, content: CONTENT, tool_calls: nullable(listOf(CALL)), prefix: flag }),
		tool: object({ role: anyText, content: CONTENT, tool_call_id: nullable(anyText), name: nullable(anyText) }, 'content'),
	},
};
const TOOL = object(
	{
		type: values('function'),
		function: object({ name: anyText, description: nullable(anyText), strict: flag, parameters: open }, 'name', 'parameters'),
	},
	'function',
);

/** What a chat request may hold. */
export const CHAT: Shape = object(
	{
		model: anyText,
		messages: listOf(MESSAGE, 1),
		temperature: nullable({ is: 'number', min: 0, max: 1.5 }),
		top_p: nullable({ is: 'number', min: 0, max: 1 }),
		max_tokens: WHOLE,
		stream: nullable(flag),
		stream_options: anything,
		stop: { is: 'either', nullable: true, of: [anyText, listOf(anyText)] },
		random_seed: WHOLE,
		metadata: nullable(open),
		response_format: nullable(
			object(
				{
					type: values('text', 'json_object', 'json_schema'),
					json_schema: nullable(
						object({ name: anyText, description: nullable(anyText), schema: open, strict: flag }, 'name', 'schema'),
					),
				},
				'type',
			),
		),
		tools: nullable(listOf(TOOL)),
		tool_choice: {
			is: 'either',
			nullable: true,
			of: [
				values('auto', 'none', 'any', 'required'),
				object({ type: values('function'), function: object({ name: anyText }, 'name') }, 'function'),
			],
		},
		presence_penalty: { is: 'number', min: -2, max: 2 },
		frequency_penalty: { is: 'number', min: -2, max: 2 },
		n: nullable({ is: 'integer', min: 1 }),
		prediction: anything,
		parallel_tool_calls: flag,
		prompt_mode: nullable(values('reasoning')),
		reasoning_effort: nullable(values('none', 'high')),
		prompt_cache_key: nullable(anyText),
		guardrails: anything,
		safe_prompt: flag,
	},
	'model',
	'messages',
);
