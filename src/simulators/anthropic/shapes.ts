import type { Shape } from '../core/shape.ts';

const text: Shape = { is: 'string' };
const any: Shape = { is: 'any' };
const flag: Shape = { is: 'boolean' };

function nullable(shape: Shape): Shape {
	return { ...shape, nullable: true };
}

function values(...of: string[]): Shape {
	return { is: 'string', values: of };
}

function object(keys: { [key: string]: Shape }, ...required: string[]): Shape {
	return { is: 'object', keys, required };
}

function variant(of: { [tag: string]: Shape }): Shape {
	return { is: 'variant', by: 'type', of };
}

const CACHE: Shape = nullable(variant({ ephemeral: object({ type: text, ttl: values('5m', '1h') }) }));

function block(keys: { [key: string]: Shape }, ...required: string[]): Shape {
	return object({ type: text, cache_control: CACHE, ...keys }, ...required);
}

/** A block only checked for being one: made by tools that run at the vendor, which is not simulated. */
const OPEN: Shape = { is: 'object', keys: {}, open: true };
const TEXT = block({ text, citations: any }, 'text');
const IMAGE = block(
	{
		source: variant({
			base64: object(
				{ type: text, media_type: values('image/jpeg', 'image/png', 'image/gif', 'image/webp'), data: text },
				'media_type',
				'data',
			),
			url: object({ type: text, url: text }, 'url'),
			file: object({ type: text, file_id: text }, 'file_id'),
		}),
		transformations: any,
	},
	'source',
);
const DOCUMENT = block(
	{
		source: variant({
			base64: object({ type: text, media_type: values('application/pdf'), data: text }, 'media_type', 'data'),
			text: object({ type: text, media_type: values('text/plain'), data: text }, 'media_type', 'data'),
			url: object({ type: text, url: text }, 'url'),
			file: object({ type: text, file_id: text }, 'file_id'),
			content: object({ type: text, content: any }, 'content'),
		}),
		title: nullable(text),
		context: nullable(text),
		citations: any,
	},
	'source',
);
const SEARCH_RESULT = block({ content: any, source: text, title: text, citations: any }, 'content', 'source', 'title');
const ID: Shape = { is: 'string', pattern: /^[a-zA-Z0-9_-]+$/ };
const NAME: Shape = { is: 'string', pattern: /^[a-zA-Z0-9_-]{1,128}$/ };

function content(of: { [tag: string]: Shape }): Shape {
	return { is: 'either', of: [text, { is: 'array', of: variant(of) }] };
}

const TOOL_RESULT = block(
	{
		tool_use_id: ID,
		content: content({ text: TEXT, image: IMAGE, document: DOCUMENT, search_result: SEARCH_RESULT, tool_reference: OPEN }),
		is_error: flag,
		toolset_name: nullable(text),
	},
	'tool_use_id',
);

const FROM_USER: { [tag: string]: Shape } = {
	text: TEXT,
	image: IMAGE,
	document: DOCUMENT,
	search_result: SEARCH_RESULT,
	tool_result: TOOL_RESULT,
	container_upload: OPEN,
};

const FROM_ASSISTANT: { [tag: string]: Shape } = {
	text: TEXT,
	thinking: object({ type: text, thinking: text, signature: text }, 'thinking', 'signature'),
	redacted_thinking: object({ type: text, data: text }, 'data'),
	tool_use: block({ id: ID, name: NAME, input: OPEN, caller: any, toolset_name: nullable(text) }, 'id', 'name', 'input'),
};
for (const name of [
	'server_tool_use',
	'web_search_tool_result',
	'web_fetch_tool_result',
	'code_execution_tool_result',
	'bash_code_execution_tool_result',
	'text_editor_code_execution_tool_result',
	'tool_search_tool_result',
	'mcp_tool_use',
	'mcp_tool_result',
	'container_upload',
	'compaction',
]) {
	FROM_ASSISTANT[name] = OPEN;
}

const MESSAGE: Shape = {
	is: 'variant',
	by: 'role',
	of: {
		user: object({ role: text, content: content(FROM_USER) }, 'content'),
		assistant: object({ role: text, content: content(FROM_ASSISTANT) }, 'content'),
		system: object({ role: text, content: content({ text: TEXT }) }, 'content'),
	},
};

const TOOL_KEYS: { [key: string]: Shape } = {
	type: text,
	name: NAME,
	description: text,
	input_schema: { is: 'object', keys: { type: values('object') }, required: ['type'], open: true },
	cache_control: CACHE,
	strict: flag,
	defer_loading: flag,
	eager_input_streaming: nullable(flag),
	allowed_callers: any,
	input_examples: any,
};

/** Tools of the vendor's own: named by a dated type, not checked further. */
const VENDOR_TOOLS = [
	'bash_20250124',
	'browser_toolset_20260801',
	'code_execution_20250522',
	'code_execution_20250825',
	'code_execution_20260120',
	'code_execution_20260521',
	'computer_20250124',
	'computer_20251124',
	'computer_toolset_20260801',
	'memory_20250818',
	'text_editor_20250124',
	'text_editor_20250429',
	'text_editor_20250728',
	'tool_search_tool_bm25_20251119',
	'tool_search_tool_regex_20251119',
	'web_fetch_20250910',
	'web_fetch_20260209',
	'web_fetch_20260309',
	'web_fetch_20260318',
	'web_search_20250305',
	'web_search_20260209',
	'web_search_20260318',
];

const TOOL: Shape = {
	is: 'variant',
	by: 'type',
	fallback: 'custom',
	of: { custom: object(TOOL_KEYS, 'name', 'input_schema'), ...Object.fromEntries(VENDOR_TOOLS.map((type) => [type, OPEN])) },
};

const THINKING = variant({
	enabled: object(
		{ type: text, budget_tokens: { is: 'integer', min: 1024 }, display: nullable(values('summarized', 'omitted')) },
		'budget_tokens',
	),
	adaptive: object({ type: text, display: nullable(values('summarized', 'omitted')) }),
	disabled: object({ type: text }),
	between_tools: object({ type: text }),
});

const PARALLEL = { type: text, disable_parallel_tool_use: flag };
const TOOL_CHOICE = variant({
	auto: object(PARALLEL),
	any: object(PARALLEL),
	tool: object({ ...PARALLEL, name: text }, 'name'),
	none: object({ type: text }),
});

const OUTPUT_FORMAT = nullable(variant({ json_schema: object({ type: text, schema: OPEN }, 'schema') }));

/** What both endpoints take. */
const COMMON: { [key: string]: Shape } = {
	model: text,
	messages: { is: 'array', of: MESSAGE },
	system: { is: 'either', of: [text, { is: 'array', of: variant({ text: TEXT }) }] },
	tools: { is: 'array', of: TOOL },
	tool_choice: TOOL_CHOICE,
	thinking: THINKING,
	cache_control: CACHE,
	output_config: object({ effort: nullable(values('low', 'medium', 'high', 'xhigh', 'max')), format: OUTPUT_FORMAT }),
	speed: nullable(values('standard', 'fast')),
	user_profile_id: text,
	workspace_id: text,
};

const FRACTION: Shape = { is: 'number', min: 0, max: 1 };

const MESSAGES_KEYS: { [key: string]: Shape } = {
	...COMMON,
	max_tokens: { is: 'integer', min: 0 },
	container: any,
	diagnostics: any,
	inference_geo: nullable(text),
	metadata: object({ user_id: nullable(text) }),
	service_tier: values('auto', 'standard_only'),
	stop_sequences: { is: 'array', of: text },
	stream: flag,
};

/** Parameters of the older version, gone from the newer one. */
const SAMPLING: { [key: string]: Shape } = { temperature: FRACTION, top_p: FRACTION, top_k: { is: 'integer', min: 0 } };

/** Parameters that need a beta header, by the beginning of its value. */
const BETA: { header: string; keys: { [key: string]: Shape } }[] = [
	{ header: 'context-management-', keys: { context_management: any } },
	{ header: 'mcp-client-', keys: { mcp_servers: any } },
	{ header: 'structured-outputs-', keys: { output_format: OUTPUT_FORMAT } },
];

/** The version from which sampling parameters are gone. */
export const NEWER_VERSION = '2026-10-21';

/** The body of `POST /v1/messages` (or of `/v1/messages/count_tokens`) under a version and beta headers. */
export function requestShape(counting: boolean, version: string, betas: string): Shape {
	const keys = { ...(counting ? COMMON : MESSAGES_KEYS), ...(counting || version === NEWER_VERSION ? {} : SAMPLING) };
	for (const beta of BETA) if (betas.includes(beta.header)) Object.assign(keys, beta.keys);
	return object(keys, ...(counting ? ['model', 'messages'] : ['model', 'messages', 'max_tokens']));
}
