import { CohereClientV2, CohereError } from 'cohere-ai';
import { z } from 'zod';
import type { JsonObject } from '../../../src/spec/index.ts';
import type { Answer, Ask, Client, ClientOptions, Mode, RunnableTool, SeenError, Surface } from '../neutral.ts';
import { answerOf, Gathered, Interrupted } from './cohere-answer.ts';
import { bodyOf } from './cohere-request.ts';
import { fetchLog, headersOf } from './replies.ts';

class CohereV2 implements Client {
	readonly #sdk: CohereClientV2;
	readonly #log = fetchLog();
	readonly countTokens = undefined;

	constructor({ url, apiKey, maxRetries = 0, timeout = 20_000, headers = {} }: ClientOptions) {
		this.#sdk = new CohereClientV2({
			token: apiKey,
			environment: url,
			maxRetries,
			timeoutInSeconds: timeout / 1000,
			headers,
			fetch: this.#log.fetch,
		});
	}

	ask(ask: Ask, mode: Mode): Promise<Answer> {
		return this.#log.noting(this.#ask(ask, mode));
	}

	async #ask(ask: Ask, mode: Mode): Promise<Answer> {
		const body = bodyOf(ask);
		if (mode === 'whole') {
			const { id, message, finishReason, usage } = await this.#sdk.chat(body);
			return answerOf({ id, message, finishReason, usage }, this.headers(), 1);
		}
		const gathered = new Gathered();
		for await (const event of await this.#sdk.chatStream(body)) gathered.add(event);
		return answerOf(gathered.whole(), this.headers(), gathered.pieces);
	}

	/** The SDK has no helper for schemas. */
	async parse<T>(ask: Ask, schema: z.ZodType<T>, mode: Mode): Promise<T | null | undefined> {
		const { $schema: _, ...plain } = z.toJSONSchema(schema);
		const { text } = await this.ask({ ...ask, schema: plain as JsonObject }, mode);
		return schema.parse(JSON.parse(text));
	}

	/** The SDK leaves the rounds to the application. */
	async runTools(ask: Ask, tools: RunnableTool[], streamed: boolean): Promise<string> {
		const turns = [...ask.turns];
		for (let round = 0; round < 10; round++) {
			const answer = await this.ask({ ...ask, tools, turns }, streamed ? 'iterator' : 'whole');
			if (answer.calls.length === 0) return answer.text;
			const results = answer.calls.map((call) => {
				const tool = tools.find(({ name }) => name === call.name);
				return { call, content: [tool?.run(call.input) ?? 'There is no such tool.'] };
			});
			turns.push({ answer }, { results });
		}
		throw new Error('the model would not stop to call tools');
	}

	async models(): Promise<string[]> {
		return (await this.#sdk.models.list({ endpoint: 'chat' })).models.map(({ name = '' }) => name);
	}

	async model(id: string): Promise<string> {
		return (await this.#log.noting(this.#sdk.models.get(id))).name ?? '';
	}

	abandon(ask: Ask, signal: AbortSignal): Promise<unknown> {
		return this.#sdk.chat(bodyOf(ask), { abortSignal: signal });
	}

	async leave(ask: Ask, how: string): Promise<string> {
		const controller = new AbortController();
		let read = '';
		for await (const event of await this.#sdk.chatStream(bodyOf(ask), { abortSignal: controller.signal })) {
			const text = event.type === 'content-delta' ? (event.delta?.message?.content?.text ?? '') : '';
			read += text;
			if (text === '') continue;
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

/** Errors that the SDK tells apart by what they hold, not by their class. */
function errorsThat(holds: (error: unknown) => boolean) {
	return class extends Error {
		static override [Symbol.hasInstance](error: unknown): boolean {
			return holds(error);
		}
	};
}

function read(error: unknown): SeenError {
	if (!(error instanceof CohereError || error instanceof Interrupted)) throw error;
	const headers = headersOf(error);
	const common = { requestId: headers?.get('x-request-id'), type: undefined, headers };
	if (error instanceof Interrupted) return { ...common, status: undefined, message: error.message };
	const told = (error.body as { message?: string } | undefined)?.message;
	return { ...common, status: error.statusCode, message: told ?? error.message };
}

const withStatus = (error: unknown): boolean => error instanceof CohereError && error.statusCode !== undefined;

/** The second version of Cohere's API, by the official `cohere-ai` package. */
export const cohereSurface: Surface = {
	name: 'cohere',
	dialect: 'cohere',
	requestIdHeader: 'x-request-id',
	connect: (options) => new CohereV2(options),
	errorClass: (status) => errorsThat((error) => error instanceof CohereError && error.statusCode === status),
	errors: {
		api: errorsThat((error) => error instanceof CohereError || error instanceof Interrupted),
		connection: errorsThat((error) => error instanceof CohereError && !withStatus(error)),
		timeout: errorsThat((error) => error instanceof CohereError && /timeout/i.test(error.message)),
		userAbort: CohereError,
	},
	modes: ['whole', 'iterator'],
	read,
	paths: {
		maxTokens: 'max_tokens',
		stop: 'stop_sequences',
		logprobs: 'logprobs',
		thinking: 'thinking',
		toolChoice: 'tool_choice',
	},
	peculiar: { fields: { safetyMode: 'STRICT', priority: 3 }, warnings: ['priority', 'safety_mode'] },
	lacks: ['namedTool', 'documents', 'textDocuments', 'filters', 'reasoningTokens', 'textProofs', 'retryAdvice'],
	can: {
		candidates: false,
		logprobs: false,
		imageResults: false,
		failedResults: false,
		stopSequence: false,
		cacheWrites: false,
		budget: false,
		freeText: false,
		refusals: false,
		silentUsage: false,
		cacheMarks: false,
		singleCalls: false,
		documentNames: false,
		imageUrls: 'plain',
		comments: true,
		streamStatus: false,
		retries: true,
		leaves: ['signal', 'break'],
	},
};
