import type { ChatRequest, ChatResponse, ContentPart, FunctionTool, Message, StopKind } from '../../spec/index.ts';

/** What an answer or a request says, by aspect: see `essence.ts`. */
export type Aspect = string;

/** A value every dialect is shown. */
export interface Sample<T> {
	readonly name: string;
	readonly value: T;
	/** Aspects that must survive in every dialect; the others may be lost with a warning. */
	readonly core: readonly Aspect[];
}

const text = (words: string): ContentPart => ({ type: 'text', text: words });
const user = (...content: ContentPart[]): Message => ({ role: 'user', content });
const assistant = (...content: ContentPart[]): Message => ({ role: 'assistant', content });

const HELLO = user(text('Hello there.'));

function asking(more: Partial<ChatRequest>): ChatRequest {
	return { model: 'the-model', messages: [HELLO], stream: false, sampling: {}, ...more };
}

const WEATHER: FunctionTool = {
	type: 'function',
	name: 'get_weather',
	description: 'Weather in a city.',
	parameters: {
		type: 'object',
		properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1 } },
		required: ['city'],
	},
};

const CLOCK: FunctionTool = { type: 'function', name: 'clock', parameters: { type: 'object', properties: {} } };

function call(id: string, name: string, input: object): ContentPart {
	return { type: 'tool-call', id, name, kind: 'function', input: JSON.stringify(input) };
}

function result(callId: string, name: string, words: string): ContentPart {
	return { type: 'tool-result', callId, name, content: [text(words)] };
}

/** A PNG of one pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const CALLS = assistant(text('Let me look.'), call('call_a', 'get_weather', { city: 'Paris' }), call('call_b', 'clock', {}));
const RESULTS: Message = {
	role: 'tool',
	content: [result('call_a', 'get_weather', '21 degrees'), result('call_b', 'clock', 'noon')],
};

const SCHEMA = {
	type: 'object',
	properties: { name: { type: 'string' } },
	required: ['name'],
	additionalProperties: false,
};

/** Texts that break careless writers: quotes, line ends, controls, characters outside the first plane, half a pair. */
const AWKWARD = 'a"b\\c\n\r\n\tdata: x\n\n\u0000\u2028\u{1f600} é \u202e </s> <|end|>';

const TURNS = ['turns', 'stream'] as const;

export const REQUESTS: readonly Sample<ChatRequest>[] = [
	{ name: 'a question', value: asking({}), core: [...TURNS, 'system'] },
	{ name: 'a question to be streamed', value: asking({ stream: true, streamUsage: true }), core: [...TURNS] },
	{
		name: 'instructions and a conversation',
		value: asking({
			messages: [{ role: 'system', content: [text('Be brief.')] }, HELLO, assistant(text('Hello.')), user(text('How are you?'))],
		}),
		core: [...TURNS, 'system'],
	},
	{ name: 'awkward characters', value: asking({ messages: [user(text(AWKWARD))] }), core: [...TURNS] },
	{
		name: 'limits and sampling',
		value: asking({ maxOutputTokens: 321, sampling: { temperature: 0.5, topP: 0.9, topK: 40, seed: 7, stop: ['END', '\n\n'] } }),
		core: [...TURNS, 'maxOutputTokens'],
	},
	{
		name: 'tools',
		value: asking({ tools: [WEATHER, CLOCK], toolChoice: { type: 'auto' } }),
		core: [...TURNS, 'tools', 'toolChoice'],
	},
	{
		name: 'a tool that must be called',
		value: asking({ tools: [WEATHER], toolChoice: { type: 'tool', name: 'get_weather' }, parallelToolCalls: false }),
		core: [...TURNS, 'tools'],
	},
	{
		name: 'parallel tool calls and their results',
		value: asking({ tools: [WEATHER, CLOCK], messages: [HELLO, CALLS, RESULTS] }),
		core: [...TURNS, 'tools'],
	},
	{
		name: 'a tool that failed',
		value: asking({
			tools: [CLOCK],
			messages: [
				HELLO,
				assistant(call('call_a', 'clock', {})),
				{ role: 'tool', content: [{ type: 'tool-result', callId: 'call_a', content: [text('no clock here')], isError: true }] },
			],
		}),
		core: ['stream'],
	},
	{
		name: 'an image',
		value: asking({
			messages: [user(text('What is it?'), { type: 'image', source: { type: 'base64', data: PNG, mediaType: 'image/png' } })],
		}),
		core: ['stream'],
	},
	{
		name: 'an image under an address',
		value: asking({
			messages: [user({ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }, text('This?'))],
		}),
		core: ['stream'],
	},
	{
		name: 'a document',
		value: asking({
			messages: [
				user(text('Sum it up.'), {
					type: 'document',
					source: { type: 'base64', data: 'JVBERi0xLjQ=', mediaType: 'application/pdf' },
					filename: 'a.pdf',
				}),
			],
		}),
		core: ['stream'],
	},
	{
		name: 'an answer by a schema',
		value: asking({ output: { type: 'json_schema', name: 'person', schema: SCHEMA, strict: true } }),
		core: [...TURNS],
	},
	{ name: 'reasoning by effort', value: asking({ reasoning: { mode: 'on', effort: 'high' } }), core: [...TURNS] },
	{
		name: 'reasoning by budget',
		value: asking({ maxOutputTokens: 9000, reasoning: { mode: 'on', budgetTokens: 2000 } }),
		core: [...TURNS],
	},
	{
		name: 'another vendor’s reasoning in the history',
		value: asking({
			messages: [
				HELLO,
				assistant({ type: 'reasoning', text: 'Hm.', signature: { vendor: 'another-vendor', value: 'c2ln' } }, text('Hello.')),
				user(text('And now?')),
			],
		}),
		core: ['stream'],
	},
	{
		name: 'an end user, metadata and a tier',
		value: asking({ user: 'user-1', metadata: { team: 'blue' }, serviceTier: 'priority' }),
		core: [...TURNS],
	},
];

const USAGE = { inputTokens: 20, outputTokens: 10 };

function answering(content: ContentPart[], kind: StopKind = 'stop', more: Partial<ChatResponse> = {}): ChatResponse {
	return {
		id: 'answer-1',
		model: 'the-model',
		createdAt: 1_700_000_000,
		candidates: [{ index: 0, content, stop: { kind } }],
		usage: USAGE,
		...more,
	};
}

const SAID = ['content', 'stop', 'tokens'] as const;

/** @param dialect name of the dialect, the only one that can verify its own signatures */
export function responses(dialect: string): readonly Sample<ChatResponse>[] {
	const signature = { vendor: dialect, value: 'EpQBCkYIBxgCKkA=' };
	return [
		{ name: 'a text', value: answering([text('Hello, how may I help?')]), core: [...SAID, 'model'] },
		{ name: 'awkward characters', value: answering([text(AWKWARD)]), core: [...SAID] },
		{ name: 'a text that was cut', value: answering([text('Hello, how')], 'length'), core: [...SAID] },
		{
			name: 'a tool call',
			value: answering([call('call_a', 'get_weather', { city: 'Paris', days: 2 })], 'tool_calls'),
			core: [...SAID],
		},
		{
			name: 'a text and parallel tool calls',
			value: answering(CALLS.content, 'tool_calls'),
			core: [...SAID],
		},
		{
			name: 'signed reasoning before a text',
			value: answering([{ type: 'reasoning', text: 'The user greets.', signature }, text('Hello.')]),
			core: ['stop', 'tokens'],
		},
		{ name: 'a refusal', value: answering([{ type: 'refusal', text: 'I will not.' }], 'refusal'), core: ['tokens'] },
		{ name: 'a filtered answer', value: answering([text('Then')], 'content_filter'), core: ['content', 'tokens'] },
		{
			name: 'usage in detail',
			value: answering([text('Hello.')], 'stop', {
				usage: { inputTokens: 100, outputTokens: 30, cacheReadTokens: 60, cacheWriteTokens: 20, reasoningTokens: 15 },
			}),
			core: [...SAID],
		},
		{ name: 'nothing', value: answering([]), core: ['stop', 'tokens'] },
	];
}
