import type { Shape } from '../../core/shape.ts';
import { anything, nullable, object, open, text, values, variant } from '../../core/shapekit.ts';
import { oneOf } from '../shapes.ts';

const breakpoint = { prompt_cache_breakpoint: anything };

const INPUT_PARTS: { [type: string]: Shape } = {
	input_text: object({ type: text, text, ...breakpoint }, 'text'),
	input_image: object({
		type: text,
		image_url: nullable(text),
		file_id: nullable(text),
		detail: oneOf('auto', 'low', 'high', 'original'),
		...breakpoint,
	}),
	input_file: object({
		type: text,
		file_data: nullable(text),
		file_id: nullable(text),
		file_url: nullable(text),
		filename: nullable(text),
		detail: oneOf('low', 'high'),
		...breakpoint,
	}),
};

const OUTPUT_PARTS: { [type: string]: Shape } = {
	output_text: object({ type: text, text, annotations: { is: 'array', of: open }, logprobs: anything }, 'text'),
	refusal: object({ type: text, refusal: text }, 'refusal'),
};

function content(parts: { [type: string]: Shape }): Shape {
	return { is: 'either', of: [text, { is: 'array', of: variant(parts) }] };
}

const STATUS = oneOf('in_progress', 'completed', 'incomplete');
const INSTRUCTION = object({ type: text, role: text, content: content(INPUT_PARTS), id: text, status: STATUS }, 'content');

const MESSAGE: Shape = {
	is: 'variant',
	by: 'role',
	of: {
		assistant: object(
			{
				type: text,
				role: text,
				content: content(OUTPUT_PARTS),
				id: nullable(text),
				status: STATUS,
				phase: oneOf('commentary', 'final_answer'),
			},
			'content',
		),
		system: INSTRUCTION,
		developer: INSTRUCTION,
		user: INSTRUCTION,
	},
};

const CALL_ID: Shape = { is: 'string', nonEmpty: true, maxLength: 64 };

function item(keys: { [key: string]: Shape }, ...required: string[]): Shape {
	return object({ type: text, id: nullable(text), status: STATUS, ...keys }, ...required);
}

const SUMMARY: Shape = { is: 'array', of: variant({ summary_text: object({ type: text, text }, 'text') }) };
const THOUGHTS: Shape = { is: 'array', of: variant({ reasoning_text: object({ type: text, text }, 'text') }), nullable: true };

const ITEMS: { [type: string]: Shape } = {
	message: MESSAGE,
	reasoning: item({ summary: SUMMARY, content: THOUGHTS, encrypted_content: nullable(text) }, 'summary'),
	function_call: item(
		{ call_id: CALL_ID, name: text, arguments: text, namespace: nullable(text), caller: anything },
		'call_id',
		'name',
		'arguments',
	),
	function_call_output: item({ call_id: CALL_ID, output: content(INPUT_PARTS), caller: anything }, 'call_id', 'output'),
	custom_tool_call: item({ call_id: CALL_ID, name: text, input: text, namespace: nullable(text) }, 'call_id', 'name', 'input'),
	custom_tool_call_output: item({ call_id: CALL_ID, output: content(INPUT_PARTS) }, 'call_id', 'output'),
	web_search_call: object(
		{ type: text, id: text, status: values('in_progress', 'searching', 'completed', 'failed'), action: open },
		'id',
		'status',
	),
	item_reference: object({ type: text, id: text }, 'id'),
};
/** Items of tools and services that are not simulated: only checked for being items. */
for (const name of [
	'file_search_call',
	'computer_call',
	'computer_call_output',
	'code_interpreter_call',
	'image_generation_call',
	'local_shell_call',
	'local_shell_call_output',
	'shell_call',
	'shell_call_output',
	'apply_patch_call',
	'apply_patch_call_output',
	'mcp_list_tools',
	'mcp_approval_request',
	'mcp_approval_response',
	'mcp_call',
	'tool_search_call',
	'tool_search_output',
	'compaction',
]) {
	ITEMS[name] = open;
}

/** What a request asks with: a text, or a list of items. */
export const INPUT: Shape = {
	is: 'either',
	of: [text, { is: 'array', of: { is: 'variant', by: 'type', of: ITEMS, fallback: 'message' } }],
};
