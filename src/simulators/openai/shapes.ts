import type { Shape } from '../core/shape.ts';
import { anything, nullable, object, open, flag as plainFlag, text, values, variant } from '../core/shapekit.ts';

const flag = nullable(plainFlag);
const breakpoint = { prompt_cache_breakpoint: anything };

/** A decimal within bounds, or null. */
export function decimal(min: number, max: number): Shape {
	return { is: 'number', min, max, nullable: true };
}

/** A whole number within bounds, or null. */
export function whole(min: number, max?: number): Shape {
	return max === undefined ? { is: 'integer', min, nullable: true } : { is: 'integer', min, max, nullable: true };
}

/** One of these texts, or null. */
export function oneOf(...of: string[]): Shape {
	return nullable(values(...of));
}

const PARTS: { [type: string]: Shape } = {
	text: object({ type: text, text, ...breakpoint }, 'text'),
	image_url: object(
		{ type: text, image_url: object({ url: text, detail: oneOf('auto', 'low', 'high', 'original') }, 'url'), ...breakpoint },
		'image_url',
	),
	input_audio: object(
		{
			type: text,
			input_audio: object({ data: text, format: { is: 'string', values: ['wav', 'mp3'] } }, 'data', 'format'),
			...breakpoint,
		},
		'input_audio',
	),
	file: object({ type: text, file: object({ file_data: text, file_id: text, filename: text }), ...breakpoint }, 'file'),
	refusal: object({ type: text, refusal: text }, 'refusal'),
};

function parts(...types: string[]): Shape {
	const of: { [type: string]: Shape } = {};
	for (const type of types) of[type] = PARTS[type] ?? anything;
	return { is: 'either', of: [text, { is: 'array', min: 1, of: variant(of) }] };
}

/** A name of a tool or a schema. */
export const NAME: Shape = { is: 'string', pattern: /^[a-zA-Z0-9_-]+$/, maxLength: 64 };
const CALL_ID: Shape = { is: 'string', maxLength: 40 };

const TOOL_CALL: Shape = {
	is: 'variant',
	by: 'type',
	of: {
		function: object(
			{
				id: CALL_ID,
				type: text,
				// What the vendor's own client adds to calls and messages it parsed comes back with the history, and is taken.
				function: object({ name: NAME, arguments: text, parsed_arguments: anything }, 'name', 'arguments'),
			},
			'id',
			'function',
		),
		custom: object({ id: CALL_ID, type: text, custom: object({ name: NAME, input: text }, 'name', 'input') }, 'id', 'custom'),
	},
};

const INSTRUCTION = object({ role: text, content: parts('text'), name: text }, 'content');

/** `leastCalls`: the vendor refuses an empty list of calls; open-weight servers send such lists themselves. */
function message(leastCalls: number, more: { [key: string]: Shape } = {}): Shape {
	return {
		is: 'variant',
		by: 'role',
		of: {
			system: INSTRUCTION,
			assistant: object({
				role: text,
				content: nullable(parts('text', 'refusal')),
				name: text,
				refusal: nullable(text),
				parsed: anything,
				audio: anything,
				annotations: anything,
				function_call: nullable(object({ name: text, arguments: text }, 'name', 'arguments')),
				tool_calls: { is: 'array', min: leastCalls, of: TOOL_CALL },
				...more,
			}),
			user: object({ role: text, content: parts('text', 'image_url', 'input_audio', 'file'), name: text }, 'content'),
			function: object({ role: text, content: nullable(text), name: text }, 'content', 'name'),
			tool: object({ role: text, content: parts('text'), tool_call_id: text }, 'content', 'tool_call_id'),
			developer: INSTRUCTION,
		},
	};
}

const TOOL: Shape = {
	is: 'variant',
	by: 'type',
	of: {
		function: object(
			{ type: text, function: object({ name: NAME, description: text, parameters: nullable(open), strict: flag }, 'name') },
			'function',
		),
		custom: object({ type: text, custom: object({ name: NAME, description: text, format: anything }, 'name') }, 'custom'),
	},
};

const TOOL_CHOICE: Shape = {
	is: 'either',
	nullable: true,
	of: [
		{ is: 'string', values: ['none', 'auto', 'required'] },
		{
			is: 'variant',
			by: 'type',
			of: {
				allowed_tools: object({ type: text, allowed_tools: anything }, 'allowed_tools'),
				function: object({ type: text, function: object({ name: text }, 'name') }, 'function'),
				custom: object({ type: text, custom: object({ name: text }, 'name') }, 'custom'),
			},
		},
	],
};

const RESPONSE_FORMAT: Shape = {
	is: 'variant',
	nullable: true,
	by: 'type',
	of: {
		json_object: object({ type: text }),
		json_schema: object(
			{ type: text, json_schema: object({ name: NAME, description: text, schema: open, strict: flag }, 'name') },
			'json_schema',
		),
		text: object({ type: text }),
	},
};

const STOP: Shape = { is: 'either', nullable: true, of: [text, { is: 'array', of: text, max: 4 }] };

/** What a request may hold beside its messages. */
const KEYS: { [key: string]: Shape } = {
	model: text,
	audio: anything,
	frequency_penalty: decimal(-2, 2),
	function_call: anything,
	functions: { is: 'array', min: 1, max: 128, of: object({ name: NAME, description: text, parameters: open }, 'name') },
	logit_bias: anything,
	logprobs: flag,
	max_completion_tokens: whole(1),
	max_tokens: whole(1),
	metadata: nullable(open),
	modalities: nullable({ is: 'array', of: { is: 'string', values: ['text', 'audio'] } }),
	moderation: anything,
	n: whole(1, 128),
	parallel_tool_calls: flag,
	prediction: anything,
	presence_penalty: decimal(-2, 2),
	prompt_cache_key: nullable(text),
	prompt_cache_options: anything,
	prompt_cache_retention: oneOf('in_memory', 'in-memory', '24h'),
	reasoning_effort: oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
	response_format: RESPONSE_FORMAT,
	safety_identifier: nullable(text),
	seed: whole(Number.MIN_SAFE_INTEGER),
	service_tier: oneOf('auto', 'default', 'flex', 'scale', 'priority', 'fast'),
	stop: STOP,
	store: flag,
	stream: flag,
	stream_options: nullable(object({ include_usage: flag, include_obfuscation: flag })),
	temperature: decimal(0, 2),
	tool_choice: TOOL_CHOICE,
	tools: { is: 'array', max: 128, of: TOOL, nullable: true },
	top_logprobs: whole(0, 20),
	top_p: decimal(0, 1),
	user: nullable(text),
	verbosity: oneOf('low', 'medium', 'high'),
	web_search_options: anything,
};

function chat(leastCalls: number): Shape {
	return object({ messages: { is: 'array', of: message(leastCalls), min: 1 }, ...KEYS }, 'messages');
}

/** The body of a vendor that takes more keys than these; `assistant`: more keys of its messages. */
export function extended(keys: { [key: string]: Shape }, assistant: { [key: string]: Shape } = {}): Shape {
	return object({ messages: { is: 'array', of: message(1, assistant), min: 1 }, ...KEYS, ...keys }, 'messages');
}

/** The body of `POST /v1/chat/completions` at the vendor. */
export const CHAT = chat(1);

/** The same at open-weight servers. */
export const LOCAL_CHAT = chat(0);
