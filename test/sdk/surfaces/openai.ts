import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import type { z } from 'zod';
import type {
	Answer,
	Ask,
	Client,
	ClientOptions,
	ErrorClass,
	Leaving,
	Mode,
	RunnableTool,
	SeenError,
	Surface,
} from '../neutral.ts';
import { answerOf, Gathered } from './openai-answer.ts';
import { messagesOf, toolsOf } from './openai-request.ts';
import { fetchLog } from './replies.ts';

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;
function choiceOf(ask: Ask): OpenAI.ChatCompletionToolChoiceOption | undefined {
	if (typeof ask.choice !== 'object') return ask.choice;
	return { type: 'function', function: { name: ask.choice.name } };
}

function bodyOf(ask: Ask): Body {
	const body: Body = { model: ask.model, messages: messagesOf(ask) };
	const choice = choiceOf(ask);
	if (ask.tools !== undefined) body.tools = toolsOf(ask.tools);
	if (choice !== undefined) body.tool_choice = choice;
	if (ask.parallel !== undefined) body.parallel_tool_calls = ask.parallel;
	if (ask.maxTokens !== undefined) body.max_completion_tokens = ask.maxTokens;
	if (ask.stop !== undefined) body.stop = ask.stop;
	if (ask.temperature !== undefined) body.temperature = ask.temperature;
	if (ask.think !== undefined) body.reasoning_effort = ask.think.way === 'off' ? 'none' : (ask.think.effort ?? 'medium');
	if (ask.candidates !== undefined) body.n = ask.candidates;
	if (ask.logprobs !== undefined) Object.assign(body, { logprobs: true, top_logprobs: ask.logprobs });
	Object.assign(body, ask.extra);
	if (ask.schema !== undefined) {
		body.response_format = { type: 'json_schema', json_schema: { name: 'answer', schema: ask.schema, strict: true } };
	}
	return body;
}

const STREAMED = { stream: true, stream_options: { include_usage: true } } as const;

function streamedBody(ask: Ask): OpenAI.ChatCompletionCreateParamsStreaming {
	return { ...bodyOf(ask), stream: true, ...(ask.usage === false ? {} : STREAMED) };
}

class OpenAIClient implements Client {
	readonly #sdk: OpenAI;
	readonly #log = fetchLog();
	readonly countTokens = undefined;

	constructor({ url, apiKey, maxRetries = 0, timeout = 20_000, headers = {} }: ClientOptions) {
		const options = { apiKey, maxRetries, timeout, defaultHeaders: headers, fetch: this.#log.fetch };
		this.#sdk = new OpenAI({ baseURL: `${url}/v1`, ...options });
	}

	async ask(ask: Ask, mode: Mode): Promise<Answer> {
		const body = bodyOf(ask);
		if (mode === 'whole') return answerOf(await this.#sdk.chat.completions.create(body), this.headers(), 1);
		if (mode === 'helper') {
			let pieces = 0;
			const stream = this.#sdk.chat.completions.stream(streamedBody(ask));
			stream.on('content', () => pieces++);
			const completion = await stream.finalChatCompletion();
			return answerOf(completion, this.headers(), pieces);
		}
		const gathered = new Gathered();
		for await (const chunk of await this.#sdk.chat.completions.create(streamedBody(ask))) gathered.add(chunk);
		return answerOf(gathered.whole(), this.headers(), gathered.pieces);
	}

	async parse<T>(ask: Ask, schema: z.ZodType<T>, mode: Mode): Promise<T | null | undefined> {
		const body = { ...bodyOf(ask), response_format: zodResponseFormat(schema, 'answer') };
		if (mode === 'whole') return (await this.#sdk.chat.completions.parse(body)).choices[0]?.message.parsed;
		return (await this.#sdk.chat.completions.stream({ ...body, ...STREAMED }).finalChatCompletion()).choices[0]?.message.parsed;
	}

	async runTools(ask: Ask, tools: RunnableTool[], streamed: boolean): Promise<string> {
		const runnable = tools.map((tool) => ({
			type: 'function' as const,
			function: {
				name: tool.name,
				description: tool.name,
				parameters: tool.schema,
				parse: (text: string): unknown => JSON.parse(text),
				function: (input: unknown) => tool.run(input),
			},
		}));
		const { tools: _, ...rest } = bodyOf(ask);
		const body = { ...rest, tools: runnable };
		const runner = streamed
			? this.#sdk.chat.completions.runTools({ ...body, stream: true })
			: this.#sdk.chat.completions.runTools({ ...body, stream: false });
		return (await runner.finalContent()) ?? '';
	}

	async models(): Promise<string[]> {
		const ids: string[] = [];
		for await (const model of this.#sdk.models.list()) ids.push(model.id);
		return ids;
	}

	async model(id: string): Promise<string> {
		return (await this.#sdk.models.retrieve(id)).id;
	}

	abandon(ask: Ask, signal: AbortSignal): Promise<unknown> {
		return this.#sdk.chat.completions.create(bodyOf(ask), { signal });
	}

	async leave(ask: Ask, how: Leaving): Promise<string> {
		const body = { ...bodyOf(ask), ...STREAMED };
		if (how === 'helper') {
			const helper = this.#sdk.chat.completions.stream(body);
			let read = '';
			helper.on('content', (text) => {
				read += text;
				helper.abort();
			});
			await helper.done();
			return read;
		}
		const signal = new AbortController();
		const stream = await this.#sdk.chat.completions.create(body, { signal: signal.signal });
		let read = '';
		for await (const chunk of stream) {
			const text = chunk.choices[0]?.delta.content ?? '';
			read += text;
			if (text === '') continue;
			if (how === 'break') break;
			if (how === 'signal') signal.abort();
			else stream.controller.abort();
		}
		return read;
	}

	headers(): Headers {
		return this.#log.last();
	}

	requests(): number {
		return this.#log.count();
	}
}

const CLASSES: { [status: number]: ErrorClass } = {
	400: OpenAI.BadRequestError,
	401: OpenAI.AuthenticationError,
	403: OpenAI.PermissionDeniedError,
	404: OpenAI.NotFoundError,
	409: OpenAI.ConflictError,
	422: OpenAI.UnprocessableEntityError,
	429: OpenAI.RateLimitError,
};

function read(error: unknown): SeenError {
	if (!(error instanceof OpenAI.APIError)) throw error;
	const { status, requestID, type, code, message, headers } = error;
	return { status, requestId: requestID, type: code ?? type, message, headers };
}

/** Chat Completions, by the official `openai` package. */
export const openaiSurface: Surface = {
	name: 'openai',
	dialect: 'openai-chat',
	requestIdHeader: 'x-request-id',
	connect: (options) => new OpenAIClient(options),
	errorClass: (status) => CLASSES[status] ?? (status >= 500 ? OpenAI.InternalServerError : OpenAI.APIError),
	errors: {
		api: OpenAI.APIError,
		connection: OpenAI.APIConnectionError,
		timeout: OpenAI.APIConnectionTimeoutError,
		userAbort: OpenAI.APIUserAbortError,
	},
	read,
	paths: {
		maxTokens: 'max_completion_tokens',
		stop: 'stop',
		logprobs: 'logprobs',
		thinking: 'thinking',
		toolChoice: 'tool_choice',
	},
	peculiar: {
		fields: { seed: 7, presence_penalty: 0.5, frequency_penalty: 0.5, logit_bias: { '50256': -100 }, verbosity: 'low' },
		warnings: ['frequency_penalty', 'logit_bias', 'presence_penalty', 'seed', 'verbosity'],
	},
	can: {
		candidates: true,
		logprobs: true,
		imageResults: false,
		failedResults: false,
		stopSequence: false,
		cacheWrites: false,
		budget: false,
		freeText: true,
		refusals: true,
		silentUsage: true,
		cacheMarks: true,
		singleCalls: true,
		documentNames: true,
		imageUrls: 'plain',
		comments: true,
		streamStatus: false,
		retries: true,
		leaves: ['signal', 'controller', 'break', 'helper'],
	},
};
