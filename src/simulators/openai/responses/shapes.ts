import type { Shape } from '../../core/shape.ts';
import { anything, nullable, object, open, flag as plainFlag, text, values, variant } from '../../core/shapekit.ts';
import { decimal, NAME, oneOf, whole } from '../shapes.ts';
import { INPUT } from './itemshapes.ts';

const flag = nullable(plainFlag);

/** Names under which web search is offered. */
export const WEB_SEARCH = ['web_search', 'web_search_2025_08_26', 'web_search_preview', 'web_search_preview_2025_03_11'];

/** Tools that run at the vendor and are not simulated, with the names that choose them. */
const HOSTED = [
	'file_search',
	'code_interpreter',
	'computer',
	'computer_use_preview',
	'image_generation',
	'mcp',
	'local_shell',
	'shell',
	'apply_patch',
	'namespace',
	'tool_search',
	'programmatic_tool_calling',
];

function each(types: readonly string[], shape: Shape): { [type: string]: Shape } {
	return Object.fromEntries(types.map((type) => [type, shape]));
}

const SEARCH_TOOL = object({
	type: text,
	external_web_access: flag,
	filters: nullable(open),
	return_token_budget: anything,
	search_content_types: anything,
	search_context_size: oneOf('low', 'medium', 'high'),
	user_location: nullable(open),
});

const TOOL = variant({
	function: object(
		{
			type: text,
			name: { ...NAME, maxLength: 128 } as Shape,
			description: nullable(text),
			parameters: nullable(open),
			strict: flag,
			allowed_callers: anything,
			// The form of Chat Completions beside this one is let pass, and not looked at.
			function: anything,
			defer_loading: flag,
			output_schema: nullable(open),
		},
		'name',
	),
	custom: object({ type: text, name: NAME, description: nullable(text), format: anything, defer_loading: flag }, 'name'),
	...each(WEB_SEARCH, SEARCH_TOOL),
	...each(HOSTED, open),
});

const TOOL_CHOICE: Shape = {
	is: 'either',
	nullable: true,
	of: [
		{ is: 'string', values: ['none', 'auto', 'required'] },
		variant({
			function: object({ type: text, name: text }, 'name'),
			custom: object({ type: text, name: text }, 'name'),
			allowed_tools: object({ type: text, mode: values('auto', 'required'), tools: { is: 'array', of: open } }, 'mode', 'tools'),
			...each([...WEB_SEARCH, ...HOSTED], open),
		}),
	],
};

const TEXT = object({
	format: {
		is: 'variant',
		by: 'type',
		nullable: true,
		of: {
			text: object({ type: text }),
			json_object: object({ type: text }),
			json_schema: object({ type: text, name: NAME, description: nullable(text), schema: open, strict: flag }, 'name', 'schema'),
		},
	},
	verbosity: oneOf('low', 'medium', 'high'),
});

const INCLUDE = values(
	'file_search_call.results',
	'web_search_call.results',
	'web_search_call.action.sources',
	'message.input_image.image_url',
	'computer_call_output.output.image_url',
	'code_interpreter_call.outputs',
	'reasoning.encrypted_content',
	'message.output_text.logprobs',
);

const REASONING = nullable(
	object({
		effort: oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
		summary: oneOf('auto', 'concise', 'detailed'),
		generate_summary: oneOf('auto', 'concise', 'detailed'),
		context: oneOf('auto', 'current_turn', 'all_turns'),
		mode: oneOf('standard', 'pro'),
	}),
);

/** What makes the prompt: the body of `POST /v1/responses/input_tokens`. */
const PROMPT = {
	model: text,
	conversation: anything,
	input: INPUT,
	instructions: nullable(text),
	parallel_tool_calls: flag,
	previous_response_id: nullable(text),
	reasoning: REASONING,
	text: nullable(TEXT),
	tool_choice: TOOL_CHOICE,
	tools: { is: 'array', max: 128, of: TOOL, nullable: true } as const,
	truncation: oneOf('auto', 'disabled'),
};

export const COUNT_REQUEST = object(PROMPT);

/** The body of `POST /v1/responses`. */
export const RESPONSE_REQUEST = object({
	...PROMPT,
	access_programs: anything,
	background: flag,
	context_management: anything,
	image: anything,
	include: nullable({ is: 'array', of: INCLUDE }),
	max_output_tokens: whole(16),
	max_tool_calls: whole(1),
	metadata: nullable(open),
	moderation: anything,
	prompt: nullable(object({ id: text, variables: anything, version: anything }, 'id')),
	prompt_cache_key: nullable(text),
	prompt_cache_options: anything,
	prompt_cache_retention: oneOf('in_memory', 'in-memory', '24h'),
	safety_identifier: nullable(text),
	service_tier: oneOf('auto', 'default', 'flex', 'scale', 'priority', 'fast'),
	store: flag,
	stream: flag,
	stream_options: nullable(object({ include_obfuscation: flag })),
	temperature: decimal(0, 2),
	top_logprobs: whole(0, 20),
	top_p: decimal(0, 1),
	user: nullable(text),
});
