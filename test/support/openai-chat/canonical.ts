import fc from 'fast-check';
import type {
	Candidate,
	ChatRequest,
	ChatResponse,
	Citation,
	ContentPart,
	JsonObject,
	Message,
	ReasoningPart,
	StopKind,
	TokenLogprob,
	Tool,
	ToolCallPart,
} from '../../../src/spec/index.ts';

/** Arbitrary canonical values, as another dialect's decoder makes them, of what this dialect can carry without loss. */

const filled = fc.string({ minLength: 1, maxLength: 12 });
const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const schema = fc.record({ type: fc.constant('object'), title: filled }) as fc.Arbitrary<JsonObject>;

function some<T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }, ...required: (keyof T)[]): fc.Arbitrary<T> {
	return fc.record(shape as { [key: string]: fc.Arbitrary<unknown> }, { requiredKeys: required as string[] }) as fc.Arbitrary<T>;
}

const cache = some<{ ttl?: string }>({ ttl: fc.constantFrom('5m', '1h') });
const source = fc.oneof(
	fc.record({ type: fc.constant('url' as const), url: id.map((name) => `https://example.com/${name}`) }),
	fc.record({ type: fc.constant('base64' as const), data: id, mediaType: fc.constantFrom('image/png', 'application/pdf') }),
);
const text: fc.Arbitrary<ContentPart> = fc.record({ type: fc.constant('text' as const), text: filled });
const userPart: fc.Arbitrary<ContentPart> = fc.oneof(
	text,
	some<Extract<ContentPart, { type: 'text' }>>({ type: fc.constant('text'), text: filled, cache }, 'type', 'text'),
	some<Extract<ContentPart, { type: 'image' }>>(
		{ type: fc.constant('image'), source, detail: fc.constantFrom('low', 'high'), cache },
		'type',
		'source',
	),
	fc.record({ type: fc.constant('video' as const), source }),
	fc.record({
		type: fc.constant('audio' as const),
		source: fc.record({ type: fc.constant('base64' as const), data: id, mediaType: fc.constant('audio/wav') }),
		format: fc.constant('wav'),
	}),
	fc.record({
		type: fc.constant('document' as const),
		source: fc.record({ type: fc.constant('base64' as const), data: id, mediaType: fc.constant('application/pdf') }),
		filename: filled,
	}),
);

const vendor = fc.constantFrom('anthropic-messages', 'openai-responses', 'gemini', 'bedrock-converse');
const signature = fc.record({ vendor, value: id });
const proven: fc.Arbitrary<ReasoningPart> = fc.oneof(
	fc.record({ type: fc.constant('reasoning' as const), text: filled, signature }),
	fc.record({
		type: fc.constant('reasoning' as const),
		redacted: fc.constant(true),
		encrypted: fc.record({ vendor: fc.constant('anthropic-messages'), value: id }),
	}),
	fc.record({
		type: fc.constant('reasoning' as const),
		id,
		summary: fc.array(filled, { minLength: 1, maxLength: 2 }),
		encrypted: fc.record({ vendor: fc.constant('openai-responses'), value: id }),
	}),
);
const reasoning: fc.Arbitrary<ReasoningPart[]> = fc.oneof(
	fc.array(proven, { maxLength: 3 }),
	filled.map((thought): ReasoningPart[] => [{ type: 'reasoning', text: thought }]),
);

const calls: fc.Arbitrary<ToolCallPart[]> = fc.uniqueArray(
	some<ToolCallPart>(
		{
			type: fc.constant('tool-call'),
			id,
			name: word,
			kind: fc.constantFrom('function', 'custom'),
			input: fc.oneof(filled, fc.constant('{"a":1}')),
			signature,
		},
		...(['type', 'id', 'name', 'kind', 'input'] as const),
	),
	{ maxLength: 3, selector: (call) => call.id },
);
const assistantContent: fc.Arbitrary<ContentPart[]> = fc
	.tuple(reasoning, fc.option(text), fc.option(filled), calls)
	.map(([thoughts, said, refusal, called]) => [
		...thoughts,
		...(said === null ? [] : [said]),
		...(refusal === null ? [] : [{ type: 'refusal' as const, text: refusal }]),
		...called,
	]);

const message: fc.Arbitrary<Message> = fc.oneof(
	some<Message>(
		{ role: fc.constant('system'), level: fc.constant('developer'), content: fc.array(text, { minLength: 1, maxLength: 2 }) },
		'role',
		'content',
	),
	some<Message>(
		{ role: fc.constant('user'), name: word, content: fc.array(userPart, { minLength: 1, maxLength: 3 }) },
		'role',
		'content',
	),
	fc.record({ role: fc.constant('assistant' as const), content: assistantContent }),
	fc.record({
		role: fc.constant('tool' as const),
		content: fc
			.record({ type: fc.constant('tool-result' as const), callId: id, content: fc.array(text, { maxLength: 2 }) })
			.map((each) => [each]),
	}),
);

const tool: fc.Arbitrary<Tool> = fc.oneof(
	some<Extract<Tool, { type: 'function' }>>(
		{ type: fc.constant('function'), name: word, description: filled, parameters: schema, strict: fc.boolean(), cache },
		'type',
		'name',
	),
	some<Extract<Tool, { type: 'custom' }>>(
		{
			type: fc.constant('custom'),
			name: word,
			description: filled,
			grammar: fc.record({ syntax: fc.constant('lark'), definition: filled }),
		},
		'type',
		'name',
	),
);

/** A request some other dialect read, all of which this one can say. */
export const canonicalRequest: fc.Arbitrary<ChatRequest> = some<ChatRequest>(
	{
		model: word,
		messages: fc.array(message, { minLength: 1, maxLength: 4 }),
		stream: fc.constant(false),
		tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
		output: fc.oneof(
			fc.constant({ type: 'json' as const }),
			some<{ type: 'json_schema'; schema: JsonObject; name: string; strict?: boolean }>(
				{ type: fc.constant('json_schema'), schema, name: word, strict: fc.boolean() },
				'type',
				'schema',
				'name',
			),
		),
		maxOutputTokens: fc.integer({ min: 1, max: 9999 }),
		sampling: some<ChatRequest['sampling']>({
			temperature: fc.constantFrom(0, 0.5, 2),
			topP: fc.constant(0.9),
			seed: fc.nat(99),
			stop: fc.array(filled, { minLength: 1, maxLength: 2 }),
			frequencyPenalty: fc.constant(1),
		}),
		reasoning: fc.record({ effort: fc.constantFrom('low', 'medium', 'high') }),
		logprobs: fc.record({ top: fc.nat(5) }),
		candidates: fc.integer({ min: 1, max: 3 }),
		verbosity: fc.constant('low'),
		user: filled,
		metadata: fc.record({ key: filled }),
		store: fc.boolean(),
		promptCacheKey: filled,
	},
	'model',
	'messages',
	'stream',
	'sampling',
);

const citation: fc.Arbitrary<Citation> = some<Citation>(
	{
		source: fc.constant('url'),
		url: filled,
		title: filled,
		citedText: filled,
		answerSpan: fc.record({ unit: fc.constant('char' as const), start: fc.nat(9), end: fc.nat(9) }),
	},
	'source',
	'url',
	'title',
	'answerSpan',
);
const cited: fc.Arbitrary<ContentPart> = fc.record({
	type: fc.constant('text' as const),
	text: filled,
	citations: fc.array(citation, { minLength: 1, maxLength: 2 }),
});
const logprob: fc.Arbitrary<TokenLogprob> = filled.map((token) => ({ token, logprob: -0.5, bytes: null, top: [] }));

function candidate(index: number): fc.Arbitrary<Candidate> {
	return fc
		.record({
			content: fc
				.tuple(assistantContent, fc.boolean(), cited)
				.map(([content, useCited, said]) => content.map((part) => (useCited && part.type === 'text' ? said : part))),
			logprobs: fc.option(fc.array(logprob, { minLength: 1, maxLength: 2 })),
			kind: fc.constantFrom<StopKind>('stop', 'length', 'content_filter'),
		})
		.map(({ content, logprobs, kind }): Candidate => {
			const called = content.some((part) => part.type === 'tool-call');
			return {
				index,
				content,
				stop: { kind: called && kind === 'stop' ? 'tool_calls' : kind },
				...(logprobs === null ? {} : { logprobs }),
			};
		});
}

/** An answer some other dialect read. */
export const canonicalResponse: fc.Arbitrary<ChatResponse> = fc
	.record({
		id,
		model: word,
		createdAt: fc.nat(2_000_000_000),
		candidates: fc.oneof(fc.tuple(candidate(0)), fc.tuple(candidate(0), candidate(1))),
		input: fc.nat(1000),
		output: fc.nat(1000),
		cached: fc.nat(1000),
		reasoning: fc.nat(1000),
	})
	.map(({ input, output, cached, reasoning: thought, ...answer }) => ({
		...answer,
		usage: {
			inputTokens: input,
			outputTokens: output,
			totalTokens: input + output,
			cacheReadTokens: Math.min(cached, input),
			reasoningTokens: Math.min(thought, output),
			inputAudioTokens: 0,
			outputAudioTokens: 0,
			acceptedPredictionTokens: 0,
			rejectedPredictionTokens: 0,
		},
	}));
