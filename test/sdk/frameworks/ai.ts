import {
	AISDKError,
	APICallError,
	generateText,
	isStepCount,
	jsonSchema,
	type LanguageModel,
	type LanguageModelCallOptions,
	Output,
	StreamProviderError,
	streamText,
} from 'ai';
import type { z } from 'zod';
import type { JsonObject } from '../../../src/spec/index.ts';
import type { Answer, Ask, Client, ClientOptions, Mode, RunnableTool, SeenError, Surface } from '../neutral.ts';
import { type FetchLog, fetchLog, headersOf } from '../surfaces/replies.ts';
import { answerOf, type Said } from './ai-answer.ts';
import { choiceOf, messagesOf, toolsOf } from './ai-request.ts';

/** What sets one provider package apart from the others. */
export interface Package {
	/** The model by this name, reached through Relais. */
	model(name: string, access: ClientOptions, fetch: typeof globalThis.fetch): LanguageModel;
	/** A field that the package adds to every request by itself, and that the other vendors' clients are told is lost. */
	always?: string;
	/** Settings that stand among the package's own options. */
	options(ask: Ask): { [provider: string]: JsonObject };
}

/** Everything but tools and the form of the answer. */
function settingsOf(ask: Ask, { options }: Package) {
	const { maxTokens, stop, temperature, think, system } = ask;
	const effort = think?.way === 'effort' ? (think.effort ?? 'medium') : undefined;
	const reasoning: LanguageModelCallOptions['reasoning'] = think?.way === 'off' ? 'none' : effort;
	return {
		messages: messagesOf(ask.turns),
		...(system !== undefined && { system }),
		...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
		...(stop !== undefined && { stopSequences: stop }),
		...(temperature !== undefined && { temperature }),
		...(reasoning !== undefined && { reasoning }),
		providerOptions: options(ask),
		...ask.extra,
	};
}

function choiceAndTools(ask: Ask) {
	const toolChoice = choiceOf(ask);
	return {
		...(ask.tools !== undefined && { tools: toolsOf(ask.tools) }),
		...(toolChoice !== undefined && { toolChoice }),
	};
}

function outputOf({ schema }: Ask) {
	return schema === undefined ? {} : { output: Output.object({ schema: jsonSchema<unknown>({ ...schema }) }) };
}

class AIClient implements Client {
	readonly #package: Package;
	readonly #dialect: string;
	readonly #access: ClientOptions;
	readonly #log: FetchLog = fetchLog();
	readonly countTokens = undefined;

	constructor(dialect: string, settings: Package, access: ClientOptions) {
		this.#dialect = dialect;
		this.#package = settings;
		this.#access = access;
	}

	#call(ask: Ask) {
		const { maxRetries = 0, timeout = 20_000, headers = {} } = this.#access;
		const model = this.#package.model(ask.model, this.#access, this.#log.fetch);
		return { model, maxRetries, timeout, headers, ...settingsOf(ask, this.#package) };
	}

	async ask(ask: Ask, mode: Mode): Promise<Answer> {
		const answer = await this.#log.noting(this.#ask(ask, mode));
		return { ...answer, warnings: answer.warnings.filter(({ path }) => path !== this.#package.always) };
	}

	async #ask(ask: Ask, mode: Mode): Promise<Answer> {
		const call = { ...this.#call(ask), ...choiceAndTools(ask), ...outputOf(ask) };
		if (mode === 'whole') {
			const result = await generateText(call);
			return answerOf(result, this.#dialect, this.headers(), 1);
		}
		const failures: unknown[] = [];
		// Where nobody listens the SDK writes errors to the console, and its promises settle on what there is of the answer.
		const result = streamText({ ...call, onError: ({ error }) => void failures.push(error) });
		const pieces = await (mode === 'iterator' ? partsOf(result.stream) : partsOf(result.textStream));
		if (failures.length > 0) {
			Promise.resolve(result.text).catch(() => undefined);
			throw failures[0];
		}
		return answerOf(await saidBy(result), this.#dialect, this.headers(), pieces);
	}

	async parse<T>(ask: Ask, schema: z.ZodType<T>, mode: Mode): Promise<T | null | undefined> {
		const call = { ...this.#call(ask), output: Output.object({ schema }) };
		return mode === 'whole' ? (await generateText(call)).output : await streamText(call).output;
	}

	async runTools(ask: Ask, tools: RunnableTool[], streamed: boolean): Promise<string> {
		const call = { ...this.#call(ask), tools: toolsOf(tools), stopWhen: isStepCount(10) };
		return streamed ? await streamText(call).text : (await generateText(call)).text;
	}

	models(): Promise<string[]> {
		throw new Error('the SDK lists no models');
	}

	model(): Promise<string> {
		throw new Error('the SDK looks up no models');
	}

	abandon(ask: Ask, signal: AbortSignal): Promise<unknown> {
		return generateText({ ...this.#call(ask), abortSignal: signal });
	}

	async leave(ask: Ask): Promise<string> {
		const controller = new AbortController();
		const result = streamText({ ...this.#call(ask), abortSignal: controller.signal, onError: () => undefined });
		let read = '';
		for await (const text of result.textStream) {
			read += text;
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

/** Reads a stream to its end; the number of texts in it. */
async function partsOf(stream: AsyncIterable<string | { type: string }>): Promise<number> {
	let pieces = 0;
	for await (const part of stream) if (typeof part === 'string' || part.type === 'text-delta') pieces++;
	return pieces;
}

async function saidBy(result: { [key in keyof Said]: PromiseLike<Said[key]> }): Promise<Said> {
	return {
		text: await result.text,
		reasoningText: await result.reasoningText,
		toolCalls: await result.toolCalls,
		finishReason: await result.finishReason,
		rawFinishReason: await result.rawFinishReason,
		usage: await result.usage,
		providerMetadata: await result.providerMetadata,
		response: await result.response,
		responseMessages: await result.responseMessages,
	};
}

/** Errors that the SDK tells apart by what they hold, not by their class. */
function errorsThat(holds: (error: unknown) => boolean) {
	return class extends Error {
		static override [Symbol.hasInstance](error: unknown): boolean {
			return holds(error);
		}
	};
}

function read(error: unknown): SeenError {
	const noted = typeof error === 'object' && error !== null ? headersOf(error) : undefined;
	if (APICallError.isInstance(error)) {
		const headers = error.responseHeaders === undefined ? noted : new Headers(error.responseHeaders);
		return seen(error, error.statusCode, headers);
	}
	if (StreamProviderError.isInstance(error)) return seen(error, error.statusCode, noted);
	if (!AISDKError.isInstance(error)) throw error;
	return seen(error, undefined, noted);
}

function seen({ message, name }: Error, status: number | undefined, headers: Headers | undefined): SeenError {
	return { status, requestId: headers?.get('x-relais-request-id'), type: name, message, headers };
}

/** A surface whose client is the AI SDK with one of its provider packages. */
export function aiSurface(
	{ name, dialect }: { name: string; dialect: string },
	settings: Package,
	{ can, lacks, ...rest }: Pick<Surface, 'paths' | 'peculiar' | 'lacks' | 'failedResult'> & { can: Partial<Surface['can']> },
): Surface {
	return {
		name,
		dialect,
		requestIdHeader: 'x-relais-request-id',
		connect: (options) => new AIClient(dialect, settings, options),
		errorClass: (status) => errorsThat((error) => APICallError.isInstance(error) && error.statusCode === status),
		errors: {
			api: errorsThat((error) => AISDKError.isInstance(error)),
			connection: errorsThat((error) => APICallError.isInstance(error) && error.statusCode === undefined),
			timeout: errorsThat((error) => error instanceof DOMException && error.name === 'TimeoutError'),
			userAbort: errorsThat((error) => error instanceof DOMException && error.name === 'AbortError'),
		},
		read,
		// Two streams are read here; the SDK's promises are read wherever it makes one of a stream.
		modes: ['whole', 'iterator'],
		...rest,
		lacks: ['models', 'retryAdvice', ...(lacks ?? [])],
		can: {
			candidates: false,
			logprobs: false,
			imageResults: true,
			failedResults: false,
			stopSequence: false,
			cacheWrites: false,
			budget: false,
			freeText: false,
			refusals: false,
			silentUsage: false,
			cacheMarks: false,
			singleCalls: false,
			documentNames: true,
			imageUrls: 'plain',
			comments: true,
			streamStatus: 'some',
			retries: true,
			leaves: ['signal'],
			...can,
		},
	};
}
