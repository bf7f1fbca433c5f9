import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../src/spec/index.ts';

/** Arbitrary JSON of this dialect for property tests: documented fields, vendors' variations, nulls and unknown fields. */

type Wire = fc.Arbitrary<JsonValue>;

const text = fc.string({ maxLength: 12 });
const filled = fc.string({ minLength: 1, maxLength: 12 });
const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const count = fc.nat(100_000);
const type = (name: string): Wire => fc.constant(name);
const json: Wire = fc.jsonValue({ maxDepth: 2 }).map((value) => value as JsonValue);
const list = (items: Wire, maxLength = 3): Wire => fc.array(items, { maxLength });
const filledList = (items: Wire, maxLength = 3): Wire => fc.array(items, { minLength: 1, maxLength });
const anObject = fc.dictionary(fc.oneof(word, text), json, { maxKeys: 3 }) as fc.Arbitrary<JsonObject>;

const unknownKeys = fc.oneof(
	word.map((name) => `x_${name}`),
	fc.constantFrom('__proto__', '$content', '$form', '$details', '$wire', '$flat', '$in', '$asked'),
);

function withUnknown(arbitrary: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
	const unknown = fc.dictionary(unknownKeys, json, { maxKeys: 2 });
	return fc.tuple(arbitrary, unknown).map(([object, more]) => ({ ...object, ...(more as JsonObject) }));
}

/** A record all of whose `optional` fields may be missing or null. */
function record(required: { [key: string]: Wire }, optional: { [key: string]: Wire } = {}): fc.Arbitrary<JsonObject> {
	const nullable = Object.fromEntries(
		Object.entries(optional).map(([key, arbitrary]) => [key, fc.option(arbitrary, { freq: 6 })]),
	);
	return withUnknown(
		fc.record({ ...required, ...nullable }, { requiredKeys: Object.keys(required) }).map((value) => value as JsonObject),
	);
}

const cache = {
	cache_control: record({ type: type('ephemeral') }, { ttl: fc.constantFrom('5m', '1h') }),
};
const url = fc.oneof(
	fc.constantFrom(
		'https://example.com/a',
		'http://example.com/b',
		'data:image/png;base64,aGk=',
		'data:,plain',
		'data:a/b;c=d;base64,aGk=',
	),
	filled,
);
const textPart = record({ type: type('text'), text }, cache);
const imageUrl = fc.oneof<Wire[]>(url, record({ url }, { detail: fc.constantFrom('low', 'high') }));
const userPart = fc.oneof(
	{ weight: 3, arbitrary: textPart },
	record({ type: type('image_url'), image_url: imageUrl }, cache),
	record({
		type: type('input_audio'),
		input_audio: record({ data: fc.oneof(id, url) }, { format: fc.constantFrom('wav', 'mp3') }),
	}),
	record({ type: type('file'), file: record({ file_id: id }, { filename: text }) }, cache),
	record({ type: type('file'), file: record({ file_data: url }, { filename: text, file_id: id }) }),
	record({ type: type('video_url'), video_url: imageUrl }),
	record({ type: type('audio_url'), audio_url: imageUrl }),
	record({ type: type('document_url'), document_url: imageUrl }, { document_name: text }),
	record({ type: type('part_of_tomorrow') }),
);
const thinking = fc.oneof<Wire[]>(text, list(record({ type: type('text'), text })));
const assistantPart = fc.oneof(
	{ weight: 3, arbitrary: textPart },
	record({ type: type('refusal'), refusal: text }),
	record({ type: type('thinking'), thinking }, { signature: id, closed: fc.boolean() }),
	record({ type: type('image_url'), image_url: imageUrl }),
	record({ type: type('part_of_tomorrow') }),
);
const format = fc.constantFrom('anthropic-claude-v1', 'openai-responses-v1', 'google-gemini-v1', 'unknown', 'format-of-tomorrow');
const detail = fc.oneof(
	record({ type: type('reasoning.text'), text }, { signature: text, format, index: fc.nat(2), id }),
	record({ type: type('reasoning.summary'), summary: text }, { format, index: fc.nat(2), id }),
	record({ type: type('reasoning.encrypted'), data: text }, { format, index: fc.nat(2), id }),
	record({ type: type('reasoning.of_tomorrow') }),
);
const extraContent = fc.oneof(
	record({ google: record({ thought_signature: id }) }),
	record({ signature: record({ vendor: word, value: id }) }),
	anObject,
);
const input = fc.oneof<Wire[]>(text, fc.constant(null), anObject, fc.constant('{}'));
const toolCall = fc.oneof(
	record(
		{ id: fc.oneof(id, fc.constant('')), function: record({ name: word }, { arguments: input }) },
		{ type: type('function'), index: fc.nat(3), extra_content: extraContent },
	),
	record({ id, type: type('custom'), custom: record({ name: word, input: text }) }),
);
const annotation = fc.oneof(
	record({
		type: type('url_citation'),
		url_citation: record({ url: text, title: text, start_index: count, end_index: count }, { content: text }),
	}),
	record({ type: type('file'), file: anObject }),
);

/** What an assistant message may hold, in history and in answers. */
const assistant = {
	content: fc.oneof<Wire[]>(text, list(assistantPart)),
	refusal: text,
	reasoning_content: text,
	reasoning: text,
	reasoning_details: list(detail),
	tool_calls: list(toolCall),
	function_call: record({ name: word }, { arguments: input }),
	annotations: list(annotation),
	audio: record({ id }, { data: id, transcript: text, expires_at: count }),
	extra_content: extraContent,
	images: list(record({ image_url: record({ url: filled }, { detail: word }) }, { type: type('image_url'), index: count })),
};

const content = fc.oneof<Wire[]>(text, list(userPart));
const message = fc.oneof(
	record({ role: type('system'), content: fc.oneof<Wire[]>(text, list(textPart)) }, { name: word, ...cache }),
	record({ role: type('developer'), content: text }, { name: word }),
	{ weight: 2, arbitrary: record({ role: type('user'), content }, { name: word, ...cache }) },
	{ weight: 3, arbitrary: record({ role: type('assistant') }, { name: word, ...assistant, ...cache }) },
	record({ role: type('tool'), tool_call_id: fc.oneof(id, fc.constant('')) }, { content, name: word, ...cache }),
	record({ role: type('function'), name: word, content: text }),
);
const tool = fc.oneof(
	record(
		{
			type: type('function'),
			function: record({ name: word }, { description: text, parameters: anObject, strict: fc.boolean() }),
		},
		cache,
	),
	record({
		type: type('custom'),
		custom: record(
			{ name: word },
			{
				description: text,
				format: fc.oneof<Wire[]>(
					record({ type: type('text') }),
					fc.record({ type: type('grammar'), grammar: fc.record({ syntax: word, definition: text }) }) as Wire,
				),
			},
		),
	}),
	record({ type: type('vendor:web_search') }),
);
const named = (kind: 'function' | 'custom'): Wire => record({ type: type(kind), [kind]: record({ name: word }) });
const toolChoice = fc.oneof<Wire[]>(
	fc.constantFrom('auto', 'none', 'required', 'any'),
	named('function'),
	named('custom'),
	record({
		type: type('allowed_tools'),
		allowed_tools: record({ mode: fc.constantFrom('auto', 'required'), tools: list(named('function')) }),
	}),
	record({ type: type('choice_of_tomorrow') }),
);
const responseFormat = fc.oneof(
	record({ type: type('text') }),
	record({ type: type('json_object') }, { schema: anObject }),
	record({
		type: type('json_schema'),
		json_schema: record({}, { name: word, description: text, schema: anObject, strict: fc.boolean() }),
	}),
	record({ type: type('grammar'), grammar: text }),
	record({ type: type('format_of_tomorrow') }),
);
const decimal = fc.double({ min: -2, max: 2, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value));

export const request: fc.Arbitrary<JsonObject> = record(
	{ model: filled, messages: filledList(message, 5) },
	{
		stream: fc.constant(true),
		stream_options: record({}, { include_usage: fc.boolean() }),
		temperature: decimal,
		top_p: decimal,
		top_k: count,
		min_p: decimal,
		frequency_penalty: decimal,
		presence_penalty: decimal,
		repetition_penalty: decimal,
		seed: count,
		random_seed: count,
		stop: fc.oneof<Wire[]>(text, list(text)),
		logit_bias: fc.dictionary(fc.stringMatching(/^\d{1,5}$/), fc.integer({ min: -100, max: 100 }), { maxKeys: 2 }) as Wire,
		logprobs: fc.boolean(),
		top_logprobs: fc.nat(20),
		n: fc.integer({ min: 1, max: 4 }),
		max_tokens: fc.integer({ min: 1, max: 9999 }),
		max_completion_tokens: fc.integer({ min: 1, max: 9999 }),
		tools: list(tool),
		functions: list(record({ name: word }, { description: text, parameters: anObject })),
		tool_choice: toolChoice,
		function_call: fc.oneof<Wire[]>(fc.constantFrom('auto', 'none'), record({ name: word })),
		parallel_tool_calls: fc.boolean(),
		response_format: responseFormat,
		reasoning_effort: fc.constantFrom('none', 'low', 'high', 'effort_of_tomorrow'),
		reasoning: record({}, { effort: word, max_tokens: count, enabled: fc.boolean(), exclude: fc.boolean(), summary: word }),
		thinking: record({ type: fc.constantFrom('enabled', 'disabled', 'auto') }, { budget_tokens: count }),
		enable_thinking: fc.boolean(),
		thinking_budget: count,
		modalities: list(word),
		audio: record({}, { voice: fc.oneof<Wire[]>(word, record({ id })), format: word }),
		prediction: record({ type: type('content'), content: fc.oneof<Wire[]>(text, list(textPart)) }),
		verbosity: word,
		user: text,
		safety_identifier: text,
		metadata: anObject,
		service_tier: word,
		store: fc.boolean(),
		prompt_cache_key: text,
		prompt_cache_retention: word,
		web_search_options: fc.oneof(fc.constant({}), fc.record({ search_context_size: word })) as Wire,
		data_sources: list(anObject),
	},
);

const token = record(
	{ token: text, logprob: fc.double({ min: -10, max: 0, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value)) },
	{ bytes: list(fc.nat(255)), top_logprobs: list(record({ token: text, logprob: fc.constant(-1) }), 2) },
);
const finishWord = fc.oneof(fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter', 'function_call', 'eos', ''), word);
export const usage = record(
	{ prompt_tokens: count, completion_tokens: count },
	{
		total_tokens: count,
		cached_tokens: fc.nat(1000),
		prompt_tokens_details: record({}, { cached_tokens: fc.nat(1000), audio_tokens: fc.nat(9), cache_write_tokens: fc.nat(9) }),
		completion_tokens_details: record({}, { reasoning_tokens: fc.nat(1000), audio_tokens: fc.nat(9) }),
		cost: fc.oneof<Wire[]>(fc.constant(0.5), record({ total_cost: fc.constant(0.25) })),
	},
);
const choice = record(
	{ message: record({ role: type('assistant') }, assistant), index: fc.nat(3), finish_reason: fc.option(finishWord) },
	{
		logprobs: record({}, { content: list(token), refusal: list(token) }),
		stop_reason: fc.oneof<Wire[]>(text, count),
		content_filter_results: anObject,
	},
);

export const answer: fc.Arbitrary<JsonObject> = record(
	{ id: text, object: type('chat.completion'), created: count, model: text, choices: filledList(choice, 2) },
	{
		usage,
		service_tier: text,
		system_fingerprint: text,
		citations: list(text),
		search_results: list(record({ url: text, title: text }, { snippet: text })),
	},
);

/** Fields a vendor may add to any chunk, choice or delta; their values change from chunk to chunk. */
const additions = fc.dictionary(unknownKeys, fc.oneof<Wire[]>(fc.nat(3), fc.constant(null), word, anObject), {
	maxKeys: 1,
}) as fc.Arbitrary<JsonObject>;

const textDelta = fc.oneof(
	fc.record({ content: filled }),
	fc.record({ content: filled, refusal: fc.constant(null) }),
	fc.record({ content: filledList(fc.record({ type: type('text'), text: filled }), 2) }),
	fc.record({ content: filledList(fc.record({ type: type('thinking'), thinking: filled }), 2) }),
	fc.record({ refusal: filled }),
	fc.record({ content: fc.constantFrom('', null) }),
	fc.record({ audio: fc.record({ data: id, transcript: text }) }),
) as fc.Arbitrary<JsonObject>;

const detailOf = fc.oneof(
	fc.record({ type: type('reasoning.text'), text, index: fc.nat(1) }),
	fc.record({ type: type('reasoning.text'), text, signature: id, format, index: fc.nat(1) }),
	fc.record({ type: type('reasoning.summary'), summary: text, format, index: fc.nat(1) }),
	fc.record({ type: type('reasoning.encrypted'), data: id, format, index: fc.nat(1) }),
);
const reasoningDelta = fc.oneof(
	fc.record({ reasoning_content: filled }),
	fc.record({ reasoning: filled }),
	filled.map((same) => ({ reasoning: same, reasoning_content: same })),
	fc.record({ reasoning_details: filledList(detailOf, 2) }),
	filled.map((same) => ({ reasoning: same, reasoning_details: [{ type: 'reasoning.text', text: same, index: 0 }] })),
	fc.record({ reasoning: filled, reasoning_details: filledList(detailOf, 1) }),
) as fc.Arbitrary<JsonObject>;

/** Deltas of up to three calls, whose pieces may come interleaved. */
const callDeltas: fc.Arbitrary<JsonObject[]> = fc
	.tuple(fc.nat(3), fc.array(fc.tuple(fc.nat(2), text), { maxLength: 6 }), fc.boolean())
	.map(([calls, pieces, whole]) => {
		const first = (index: number): JsonObject => ({
			index,
			id: `call_${index}`,
			type: 'function',
			function: { name: `tool_${index}`, arguments: whole ? `{"n":${index}}` : '' },
		});
		const begun = Array.from({ length: calls }, (_, index) => ({ tool_calls: [first(index)] }));
		if (whole) return begun;
		return [
			...begun,
			...pieces
				.filter(([index]) => index < calls)
				.map(([index, piece]) => ({ tool_calls: [{ index, function: { arguments: `[${piece}` } }] })),
		];
	});

/** The deltas of one candidate, in an order models produce. */
const deltas: fc.Arbitrary<JsonObject[]> = fc
	.tuple(fc.array(reasoningDelta, { maxLength: 3 }), fc.array(textDelta, { maxLength: 4 }), callDeltas)
	.map(([thoughts, texts, calls]) => [{ role: 'assistant' }, ...thoughts, ...texts, ...calls]);

/** Chunks of a whole streamed answer of one or two candidates, the last one with usage. */
export const chunks: fc.Arbitrary<JsonObject[]> = fc
	.record({
		candidates: fc.array(deltas, { minLength: 1, maxLength: 2 }),
		order: fc.infiniteStream(fc.nat(1)),
		extra: fc.infiniteStream(fc.tuple(additions, additions, additions)),
		finish: fc.constantFrom('stop', 'length', 'tool_calls', 'word_of_tomorrow'),
		usage,
		usageBeside: fc.boolean(),
	})
	.map(({ candidates, order, extra, finish, usage: tokens, usageBeside }) => {
		const envelope = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'model' };
		const queues = candidates.map((list) => [...list.map((delta) => ({ delta, word: null })), { delta: {}, word: finish }]);
		const made: JsonObject[] = [];
		while (queues.some((queue) => queue.length > 0)) {
			const wanted = order.next().value ?? 0;
			const index = (queues[wanted]?.length ?? 0) > 0 ? wanted : queues.findIndex((queue) => queue.length > 0);
			const next = queues[index]?.shift();
			const [onChunk, onChoice, onDelta] = extra.next().value ?? [{}, {}, {}];
			const choice = { ...onChoice, index, delta: { ...onDelta, ...next?.delta }, finish_reason: next?.word ?? null };
			made.push({ ...onChunk, ...envelope, choices: [choice] });
		}
		const last = made.at(-1);
		if (usageBeside && last !== undefined) last.usage = tokens;
		else made.push({ ...envelope, choices: [], usage: tokens });
		return made;
	});
