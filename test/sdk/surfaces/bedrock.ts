import {
	BedrockRuntimeClient,
	type BedrockRuntimeClientConfig,
	BedrockRuntimeServiceException,
	ConverseCommand,
	ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { z } from 'zod';
import type { JsonObject } from '../../../src/spec/index.ts';
import type { Answer, Ask, Client, ClientOptions, Leaving, Mode, RunnableTool, SeenError, Surface } from '../neutral.ts';
import { answerOf, Gathered, type Said } from './bedrock-answer.ts';
import { inputOf } from './bedrock-request.ts';
import { type FetchLog, fetchLog, headersOf } from './replies.ts';

/** HTTP as the SDK speaks it, with the heads of the replies kept. The one it takes by itself speaks HTTP/2. */
class LoggedHandler extends NodeHttpHandler {
	readonly log: FetchLog = fetchLog();

	override async handle(...args: Parameters<NodeHttpHandler['handle']>): ReturnType<NodeHttpHandler['handle']> {
		this.log.sent();
		const result = await super.handle(...args);
		this.log.replied(new Headers(Object.entries(result.response.headers)));
		return result;
	}
}

class BedrockClient implements Client {
	readonly #signing: BedrockRuntimeClient;
	/** The same with a bearer key: what `helper` asks with. */
	readonly #bearing: BedrockRuntimeClient;
	readonly #log: FetchLog;
	readonly countTokens = undefined;

	constructor({ url, apiKey, maxRetries = 0, timeout = 20_000 }: ClientOptions) {
		const requestHandler = new LoggedHandler({ requestTimeout: timeout, throwOnRequestTimeout: true });
		this.#log = requestHandler.log;
		const common: BedrockRuntimeClientConfig = {
			region: 'us-east-1',
			endpoint: url,
			requestHandler,
			maxAttempts: maxRetries + 1,
		};
		const credentials = { accessKeyId: apiKey, secretAccessKey: 'what is signed with it is not checked' };
		this.#signing = new BedrockRuntimeClient({ ...common, credentials });
		this.#bearing = new BedrockRuntimeClient({
			...common,
			token: { token: apiKey },
			authSchemePreference: ['httpBearerAuth'],
		});
	}

	ask(ask: Ask, mode: Mode): Promise<Answer> {
		return this.#log.noting(this.#ask(ask, mode));
	}

	async #ask(ask: Ask, mode: Mode): Promise<Answer> {
		if (mode === 'whole') {
			const { output, stopReason, usage } = await this.#signing.send(new ConverseCommand(inputOf(ask)));
			const said: Said = { content: output?.message?.content ?? [], stopReason, usage };
			return answerOf(said, this.headers(), 1);
		}
		const client = mode === 'helper' ? this.#bearing : this.#signing;
		const { stream } = await client.send(new ConverseStreamCommand(inputOf(ask)));
		const headers = this.headers();
		const gathered = new Gathered();
		for await (const event of stream ?? []) gathered.add(event);
		return answerOf(gathered.whole(), headers, gathered.pieces);
	}

	async parse<T>(ask: Ask, schema: z.ZodType<T>, mode: Mode): Promise<T | null | undefined> {
		const { $schema: _, ...plain } = z.toJSONSchema(schema);
		const { text } = await this.ask({ ...ask, schema: plain as JsonObject }, mode);
		return schema.parse(JSON.parse(text));
	}

	/** The SDK leaves the rounds to the application. */
	async runTools(ask: Ask, tools: RunnableTool[], streamed: boolean): Promise<string> {
		const turns = [...ask.turns];
		for (;;) {
			const answer = await this.ask({ ...ask, turns, tools }, streamed ? 'iterator' : 'whole');
			if (answer.calls.length === 0) return answer.text;
			const results = answer.calls.map((call) => ({
				call,
				content: [tools.find(({ name }) => name === call.name)?.run(call.input) ?? ''],
			}));
			turns.push({ answer }, { results });
		}
	}

	async models(): Promise<string[]> {
		throw new Error('models are listed by another service');
	}

	async model(_id: string): Promise<string> {
		throw new Error('models are listed by another service');
	}

	abandon(ask: Ask, signal: AbortSignal): Promise<unknown> {
		return this.#signing.send(new ConverseCommand(inputOf(ask)), { abortSignal: signal });
	}

	async leave(ask: Ask, how: Leaving): Promise<string> {
		const signal = new AbortController();
		const { stream } = await this.#signing.send(new ConverseStreamCommand(inputOf(ask)), { abortSignal: signal.signal });
		let read = '';
		for await (const { contentBlockDelta } of stream ?? []) {
			read += contentBlockDelta?.delta?.text ?? '';
			if (read === '') continue;
			if (how === 'signal') signal.abort();
			else this.#signing.destroy();
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

/** The SDK has no classes for what goes wrong on the way to an answer, only names. */
function known(...names: string[]) {
	return class extends Error {
		static override [Symbol.hasInstance](error: unknown): boolean {
			if (!(error instanceof Error)) return false;
			return names.includes(error.name) || ('code' in error && names.includes(String(error.code)));
		}
	};
}

function read(error: unknown): SeenError {
	if (!(error instanceof BedrockRuntimeServiceException)) throw error;
	const headers = headersOf(error);
	// What a stream raises comes without.
	const status = Object(error.$metadata ?? {}).httpStatusCode as number | undefined;
	return { status, requestId: headers?.get('x-amzn-requestid'), type: error.name, message: error.message, headers };
}

/** Bedrock's Converse API, by the official `@aws-sdk/client-bedrock-runtime` package. */
export const bedrockSurface: Surface = {
	name: 'bedrock',
	dialect: 'bedrock-converse',
	requestIdHeader: 'x-amzn-requestid',
	connect: (options) => new BedrockClient(options),
	errorClass: () => BedrockRuntimeServiceException,
	errors: {
		api: BedrockRuntimeServiceException,
		connection: known('ECONNREFUSED'),
		timeout: known('TimeoutError'),
		userAbort: known('AbortError'),
	},
	read,
	paths: {
		maxTokens: 'inferenceConfig.maxTokens',
		stop: 'inferenceConfig.stopSequences',
		logprobs: '',
		thinking: 'additionalModelRequestFields.thinking',
		toolChoice: 'toolConfig.toolChoice',
	},
	peculiar: { fields: { performanceConfig: { latency: 'optimized' } }, warnings: ['performanceConfig'] },
	lacks: ['noTool', 'models', 'reasoningTokens'],
	can: {
		candidates: false,
		logprobs: false,
		imageResults: true,
		failedResults: true,
		stopSequence: false,
		cacheWrites: true,
		budget: true,
		freeText: false,
		refusals: false,
		silentUsage: false,
		cacheMarks: true,
		singleCalls: false,
		documentNames: false,
		imageUrls: false,
		comments: true,
		streamStatus: false,
		retries: false,
		leaves: ['signal', 'helper'],
	},
};
