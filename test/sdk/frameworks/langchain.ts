import { type AIMessageChunk, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI, type ChatOpenAICallOptions } from '@langchain/openai';
import type { z } from 'zod';
import type { JsonObject } from '../../../src/spec/index.ts';
import type { Answer, Ask, Client, ClientOptions, Mode, RunnableTool, Surface } from '../neutral.ts';
import { openaiSurface } from '../surfaces/openai.ts';
import { fetchLog } from '../surfaces/replies.ts';
import { responsesSurface } from '../surfaces/responses.ts';
import { answerOf } from './langchain-answer.ts';
import { messagesOf, toolsOf } from './langchain-request.ts';

function optionsOf(ask: Ask): ChatOpenAICallOptions {
	const { choice, parallel, stop, schema } = ask;
	const options: ChatOpenAICallOptions = {};
	if (ask.tools !== undefined) options.tools = toolsOf(ask.tools);
	if (choice !== undefined)
		options.tool_choice = typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
	if (parallel !== undefined) options.parallel_tool_calls = parallel;
	if (stop !== undefined) options.stop = stop;
	if (schema !== undefined)
		options.response_format = { type: 'json_schema', json_schema: { name: 'answer', schema: { ...schema }, strict: true } };
	return options;
}

class LangChainClient implements Client {
	readonly #access: ClientOptions;
	readonly #responses: boolean;
	readonly #log = fetchLog();
	readonly countTokens = undefined;

	constructor(access: ClientOptions, responses: boolean) {
		this.#access = access;
		this.#responses = responses;
	}

	#model({ model, maxTokens, temperature, logprobs, extra, think }: Ask): ChatOpenAI {
		const { url, apiKey, maxRetries = 0, timeout = 20_000, headers = {} } = this.#access;
		return new ChatOpenAI({
			model,
			apiKey,
			maxRetries,
			timeout,
			useResponsesApi: this.#responses,
			configuration: { baseURL: `${url}/v1`, defaultHeaders: headers, fetch: this.#log.fetch },
			...(maxTokens !== undefined && { maxTokens }),
			...(temperature !== undefined && { temperature }),
			...(logprobs !== undefined && { logprobs: true, topLogprobs: logprobs }),
			modelKwargs: { ...(think !== undefined && reasoningFields(think, this.#responses)), ...extra },
		});
	}

	async ask(ask: Ask, mode: Mode): Promise<Answer> {
		const model = this.#model(ask);
		if (mode === 'whole') return answerOf(await model.invoke(messagesOf(ask), optionsOf(ask)), this.headers(), 1);
		let whole: AIMessageChunk | undefined;
		let pieces = 0;
		for await (const chunk of await model.stream(messagesOf(ask), optionsOf(ask))) {
			if (chunk.text !== '') pieces++;
			whole = whole === undefined ? chunk : whole.concat(chunk);
		}
		if (whole === undefined) throw new Error('an empty stream');
		return answerOf(whole, this.headers(), pieces);
	}

	async parse<T>(ask: Ask, schema: z.ZodType<T>, mode: Mode): Promise<T | null | undefined> {
		const model = this.#model(ask).withStructuredOutput<{ [key: string]: unknown }>(
			schema as z.ZodType<{ [key: string]: unknown }>,
			{
				name: 'answer',
				method: 'jsonSchema',
			},
		);
		if (mode === 'whole') return schema.parse(await model.invoke(messagesOf(ask)));
		let last: unknown;
		for await (const chunk of await model.stream(messagesOf(ask))) last = chunk;
		return schema.parse(last);
	}

	/** The rounds are the application's, or those of a framework above this one. */
	async runTools(ask: Ask, tools: RunnableTool[], streamed: boolean): Promise<string> {
		const model = this.#model(ask).bindTools(toolsOf(tools));
		const messages = messagesOf(ask);
		for (let round = 0; round < 10; round++) {
			let answer: AIMessageChunk | undefined;
			if (streamed) for await (const chunk of await model.stream(messages)) answer = answer?.concat(chunk) ?? chunk;
			else answer = await model.invoke(messages);
			const calls = answer?.tool_calls ?? [];
			if (answer === undefined || calls.length === 0) return answer?.text ?? '';
			messages.push(answer);
			for (const { id = '', name, args } of calls) {
				const content = tools.find((tool) => tool.name === name)?.run(args) ?? 'There is no such tool.';
				messages.push(new ToolMessage({ tool_call_id: id, content }));
			}
		}
		throw new Error('the model would not stop to call tools');
	}

	models(): Promise<string[]> {
		throw new Error('LangChain lists no models');
	}

	model(): Promise<string> {
		throw new Error('LangChain looks up no models');
	}

	abandon(ask: Ask, signal: AbortSignal): Promise<unknown> {
		return this.#model(ask).invoke(messagesOf(ask), { signal });
	}

	async leave(ask: Ask, how: string): Promise<string> {
		const controller = new AbortController();
		let read = '';
		for await (const chunk of await this.#model(ask).stream(messagesOf(ask), { signal: controller.signal })) {
			read += chunk.text;
			if (chunk.text === '') continue;
			if (how === 'break') break;
			controller.abort();
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

/** It knows OpenAI's models by their bare names only, and keeps what it is told of reasoning from all others: hence the API's own fields. */
function reasoningFields({ way, effort: wanted = 'medium' }: NonNullable<Ask['think']>, responses: boolean): JsonObject {
	const effort = way === 'off' ? 'none' : wanted;
	if (!responses) return { reasoning_effort: effort };
	return { reasoning: way === 'off' ? { effort } : { effort, summary: 'auto' } };
}

/** Errors are those of the `openai` package but for time limits and signals, which LangChain has words of its own for. */
function named(...names: string[]) {
	return class extends Error {
		static override [Symbol.hasInstance](error: unknown): boolean {
			return error instanceof Error && names.includes(error.name);
		}
	};
}

const errors = {
	...openaiSurface.errors,
	timeout: named('TimeoutError'),
	userAbort: named('AbortError', 'ModelAbortError'),
};

/** A prompt over the model's window is an error of its own, which holds the other. */
function unwrapped(error: unknown): unknown {
	return error instanceof Error && error.name === 'ContextOverflowError' ? error.cause : error;
}

function errorClass(status: number) {
	const known = openaiSurface.errorClass(status);
	return class extends Error {
		static override [Symbol.hasInstance](error: unknown): boolean {
			return unwrapped(error) instanceof known;
		}
	};
}

const common = { errors, errorClass, read: (error: unknown) => openaiSurface.read(unwrapped(error)) };

/** Chat Completions by LangChain's `ChatOpenAI`. */
export const langChainChat: Surface = {
	...openaiSurface,
	name: 'langchain',
	connect: (options) => new LangChainClient(options, false),
	modes: ['whole', 'iterator'],
	...common,
	paths: { ...openaiSurface.paths, maxTokens: 'max_tokens' },
	// A setting named `verbosity` would be taken for its own, which it leaves out for these models.
	peculiar: {
		fields: { seed: 7, presence_penalty: 0.5, frequency_penalty: 0.5, logit_bias: { '50256': -100 } },
		warnings: ['frequency_penalty', 'logit_bias', 'presence_penalty', 'seed'],
	},
	// A refusal's words are left out of answers.
	lacks: ['models', 'refusals', 'reasoningProofs', 'proofsAtHand', 'redactedReasoning'],
	can: {
		...openaiSurface.can,
		candidates: false,
		freeText: false,
		silentUsage: false,
		cacheMarks: false,
		cacheWrites: false,
		leaves: ['signal', 'break'],
	},
};

/** Responses by LangChain's `ChatOpenAI`. */
export const langChainResponses: Surface = {
	...responsesSurface,
	name: 'langchain responses',
	connect: (options) => new LangChainClient(options, true),
	modes: ['whole', 'iterator'],
	...common,
	// Of tool choices only named ones are sent, and of files those that stand at a URL or are images.
	lacks: ['models', 'toolChoice', 'noTool', 'documents', 'textDocuments', 'foreignReasoning'],
	can: {
		...responsesSurface.can,
		logprobs: false,
		imageResults: false,
		freeText: false,
		leaves: ['signal', 'break'],
	},
};
