import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../src/spec/index.ts';

/** Arbitrary JSON of this dialect for property tests: every documented block and field, nulls and unknown fields among them. */

const text = fc.string({ minLength: 0, maxLength: 12 });
const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const count = fc.nat(100_000);

export const json: fc.Arbitrary<JsonValue> = fc.jsonValue({ maxDepth: 2 }).map((value) => value as JsonValue);
export const jsonObject: fc.Arbitrary<JsonObject> = fc.dictionary(fc.oneof(word, text), json, {
	maxKeys: 3,
}) as fc.Arbitrary<JsonObject>;

/** Adds fields nobody knows, under names no documented field has. */
function withUnknown(arbitrary: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
	const unknown = fc.dictionary(
		fc.oneof(
			word.map((name) => `x_${name}`),
			fc.constantFrom('__proto__', '$own', '$turn', '$form', '$type'),
		),
		json,
		{ maxKeys: 2 },
	);
	return fc.tuple(arbitrary, unknown).map(([object, more]) => ({ ...object, ...(more as JsonObject) }));
}

/** A record all of whose `optional` fields may be missing or null. */
function record(
	required: { [key: string]: fc.Arbitrary<JsonValue> },
	optional: { [key: string]: fc.Arbitrary<JsonValue> } = {},
): fc.Arbitrary<JsonObject> {
	const nullable = Object.fromEntries(
		Object.entries(optional).map(([key, arbitrary]) => [key, fc.option(arbitrary, { freq: 6 })]),
	);
	return withUnknown(
		fc.record({ ...required, ...nullable }, { requiredKeys: Object.keys(required) }).map((value) => value as JsonObject),
	);
}

const type = (name: string): fc.Arbitrary<JsonValue> => fc.constant(name);
const cacheControl = record({ type: type('ephemeral') }, { ttl: fc.constantFrom('5m', '1h', '24h') });
const cached = { cache_control: cacheControl };
const span = (start: string, end: string) => ({ [start]: count, [end]: count });
const documentCitation = { cited_text: text, document_index: fc.nat(9), document_title: fc.option(text), file_id: fc.option(id) };

export const citation: fc.Arbitrary<JsonObject> = fc.oneof(
	record({ type: type('char_location'), ...documentCitation, ...span('start_char_index', 'end_char_index') }),
	record({ type: type('page_location'), ...documentCitation, ...span('start_page_number', 'end_page_number') }),
	record({ type: type('content_block_location'), ...documentCitation, ...span('start_block_index', 'end_block_index') }),
	record({
		type: type('web_search_result_location'),
		url: text,
		title: fc.option(text),
		cited_text: text,
		encrypted_index: id,
	}),
	record({
		type: type('search_result_location'),
		...{ source: text, title: fc.option(text), cited_text: text, search_result_index: fc.nat(9) },
		...span('start_block_index', 'end_block_index'),
	}),
	record({ type: type('location_of_tomorrow'), place: text }),
);

const list = (items: fc.Arbitrary<JsonObject>, maxLength = 3): fc.Arbitrary<JsonValue> => fc.array(items, { maxLength });
export const textBlock = record({ type: type('text'), text }, { ...cached, citations: list(citation, 2) });
const source = fc.oneof(
	record({ type: type('base64'), media_type: fc.constantFrom('image/png', 'image/jpeg'), data: id }),
	record({ type: type('url'), url: text }),
	record({ type: type('file'), file_id: id }),
	record({ type: type('source_of_tomorrow') }),
);
const imageBlock = record({ type: type('image'), source }, { ...cached, transformations: jsonObject });
const documentSource = fc.oneof(
	record({ type: type('base64'), media_type: type('application/pdf'), data: id }),
	record({ type: type('url'), url: text }),
	record({ type: type('file'), file_id: id }),
	record({ type: type('text'), data: text }, { media_type: type('text/plain') }),
	record({ type: type('content'), content: fc.oneof<fc.Arbitrary<JsonValue>[]>(text, list(fc.oneof(textBlock, imageBlock))) }),
);
const citations = record({}, { enabled: fc.boolean() });
const documentBlock = record(
	{ type: type('document'), source: documentSource },
	{ ...cached, title: text, context: text, citations },
);
const searchResult = record(
	{ type: type('search_result'), source: text, title: text, content: list(textBlock) },
	{ ...cached, citations },
);
const caller = fc.oneof(record({ type: type('direct') }), record({ type: type('code_execution_20260120'), tool_id: id }));
const call = { id, name: word, input: jsonObject };
const toolUse = record({ type: type('tool_use'), ...call }, { ...cached, caller, toolset_name: word });
const serverToolUse = record({ type: type('server_tool_use'), ...call }, { ...cached, caller });
const mcpToolUse = record({ type: type('mcp_tool_use'), ...call, server_name: word }, cached);
const resultContent = fc.oneof<fc.Arbitrary<JsonValue>[]>(
	text,
	list(fc.oneof(textBlock, imageBlock, documentBlock, searchResult, record({ type: type('tool_reference'), tool_name: word }))),
);
const toolResult = record(
	{ type: type('tool_result'), tool_use_id: id },
	{ ...cached, content: resultContent, is_error: fc.boolean(), toolset_name: word },
);
const serverContent = fc.oneof<fc.Arbitrary<JsonValue>[]>(
	list(record({ type: type('web_search_result'), url: text, title: text, encrypted_content: text })),
	record({ type: type('web_fetch_tool_result_error'), error_code: word }),
	record({ type: type('code_execution_result'), stdout: text, return_code: count }),
);
const serverResult = record(
	{
		type: fc
			.constantFrom('web_search', 'web_fetch', 'code_execution', 'bash_code_execution', 'tool_search', 'advisor')
			.map((name) => `${name}_tool_result`),
		tool_use_id: id,
		content: serverContent,
	},
	{ ...cached, caller },
);
const mcpResult = record(
	{ type: type('mcp_tool_result'), tool_use_id: id },
	{ ...cached, content: fc.oneof<fc.Arbitrary<JsonValue>[]>(text, list(textBlock)), is_error: fc.boolean() },
);
const thinking = record({ type: type('thinking'), thinking: text }, { signature: text });
const redacted = record({ type: type('redacted_thinking'), data: text });
const opaque = fc.oneof(
	record({ type: type('container_upload'), file_id: id }, cached),
	record({ type: type('compaction'), content: fc.option(text) }, { encrypted_content: text, signature: text }),
	record({ type: type('fallback'), from: record({ model: word }), to: record({ model: word }) }),
	record({ type: type('block_of_tomorrow') }, { text }),
);

const assistantBlock = fc.oneof(
	textBlock,
	...[thinking, redacted, toolUse, serverToolUse, mcpToolUse, serverResult, mcpResult, opaque],
);
const userBlock = fc.oneof(textBlock, imageBlock, documentBlock, searchResult, toolResult, opaque);

const turn = fc.oneof(
	record({ role: type('user'), content: fc.oneof<fc.Arbitrary<JsonValue>[]>(text, list(userBlock, 4)) }),
	record({ role: type('assistant'), content: fc.oneof<fc.Arbitrary<JsonValue>[]>(text, list(assistantBlock, 4)) }),
	record({ role: type('system'), content: fc.oneof<fc.Arbitrary<JsonValue>[]>(text, list(fc.oneof(textBlock, opaque))) }),
);

const tool = fc.oneof(
	record(
		{ name: word, input_schema: jsonObject },
		{ ...cached, type: type('custom'), description: text, strict: fc.boolean(), defer_loading: fc.boolean() },
	),
	record(
		{ type: fc.constantFrom('web_search_20260318', 'bash_20250124', 'mcp_toolset'), name: word },
		{ ...cached, max_uses: count },
	),
);

const display = fc.constantFrom('summarized', 'omitted', 'updates');
const thinkingConfig = fc.oneof(
	record({ type: type('enabled'), budget_tokens: count }, { display }),
	record({ type: type('adaptive') }, { display }),
	record({ type: type('disabled') }),
	record({ type: type('between_tools') }),
);
const format = fc.oneof(record({ type: type('json_schema'), schema: jsonObject }), record({ type: type('format_of_tomorrow') }));
const toolChoice = fc.oneof(
	record({ type: fc.constantFrom('auto', 'any', 'none') }, { disable_parallel_tool_use: fc.boolean() }),
	record({ type: type('tool'), name: word }, { disable_parallel_tool_use: fc.boolean() }),
);

export const request: fc.Arbitrary<JsonObject> = record(
	{ model: word, max_tokens: count, messages: fc.array(turn, { minLength: 1, maxLength: 4 }) },
	{
		system: fc.oneof<fc.Arbitrary<JsonValue>[]>(text, list(textBlock)),
		stream: fc.boolean(),
		temperature: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
		top_p: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
		top_k: count,
		stop_sequences: fc.array(text, { maxLength: 2 }),
		tools: list(tool),
		tool_choice: toolChoice,
		thinking: thinkingConfig,
		output_config: record({}, { effort: fc.constantFrom('low', 'xhigh', 'new'), format, task_budget: jsonObject }),
		output_format: format,
		metadata: record({}, { user_id: text }),
		service_tier: fc.constantFrom('auto', 'standard_only', 'tier_of_tomorrow'),
		container: fc.oneof<fc.Arbitrary<JsonValue>[]>(id, jsonObject),
		context_management: jsonObject,
		mcp_servers: list(jsonObject),
		...cached,
	},
);

export const usage: fc.Arbitrary<JsonObject> = record(
	{ input_tokens: count, output_tokens: count },
	{
		cache_read_input_tokens: count,
		cache_creation_input_tokens: count,
		cache_creation: record({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count }),
		output_tokens_details: record({ thinking_tokens: count }),
		server_tool_use: record({ web_search_requests: count }),
		service_tier: fc.constantFrom('standard', 'priority'),
		iterations: list(jsonObject),
	},
);

const stopReason = fc.constantFrom(
	...['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'pause_turn', 'refusal', 'model_context_window_exceeded'],
	...['compaction', 'reason_of_tomorrow'],
);
const stopDetails = record({ type: type('refusal') }, { category: word, explanation: text });

/** A message without its stop fields, which streams state apart. */
const messageHead = record(
	{ id, type: type('message'), role: type('assistant'), model: word, usage },
	{ container: record({ id }), context_management: record({ applied_edits: list(jsonObject) }) },
);
const stop = fc.record({ stop_reason: stopReason, stop_sequence: fc.option(text) });

export const response: fc.Arbitrary<JsonObject> = fc
	.tuple(messageHead, list(assistantBlock, 5), stop, fc.option(fc.record({ stop_details: fc.option(stopDetails) }), { nil: {} }))
	.map(([head, content, stopFields, details]) => ({ ...head, content, ...stopFields, ...details }));

/** A streamed answer: a message to be told in pieces whose sizes `cuts` gives, with pings between them. */
export const streamed = fc.record({
	message: response,
	cuts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
	pings: fc.boolean(),
	finalUsage: usage,
});
