import type { Shape } from '../core/shape.ts';
import { anything, flag, nullable, object, open, text, values, variant } from '../core/shapekit.ts';
import { CACHE, MESSAGE, NAME, TEXT } from './blocks.ts';

const TOOL_KEYS: { [key: string]: Shape } = {
	type: text,
	name: NAME,
	description: text,
	input_schema: { is: 'object', keys: { type: values('object') }, required: ['type'], open: true },
	cache_control: CACHE,
	strict: flag,
	defer_loading: flag,
	eager_input_streaming: nullable(flag),
	allowed_callers: anything,
	input_examples: anything,
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
	of: { custom: object(TOOL_KEYS, 'name', 'input_schema'), ...Object.fromEntries(VENDOR_TOOLS.map((type) => [type, open])) },
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

const OUTPUT_FORMAT = nullable(variant({ json_schema: object({ type: text, schema: open }, 'schema') }));

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
	container: anything,
	diagnostics: anything,
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
	{ header: 'context-management-', keys: { context_management: anything } },
	{
		header: 'message-threads-',
		keys: {
			thread: nullable(
				variant({
					create: object({ type: text }),
					continue: object({ type: text, previous_message_id: text }, 'previous_message_id'),
				}),
			),
		},
	},
	{ header: 'mcp-client-', keys: { mcp_servers: anything } },
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
