import { Ollama } from 'ollama';
import { z } from 'zod';
import type { JsonObject } from '../../../src/spec/index.ts';
import type { Answer, Ask, Client, ClientOptions, Leaving, Mode, RunnableTool, SeenError, Surface } from '../neutral.ts';
import { answerOf, asChat, Gathered } from './ollama-answer.ts';
import { chatOf, promptOf } from './ollama-request.ts';
import { fetchLog, headersOf } from './replies.ts';

class OllamaClient implements Client {
	readonly #sdk: Ollama;
	readonly #log = fetchLog();
	readonly countTokens = undefined;
	/** The SDK has neither time limits nor signals for answers in one piece: applications put them into its `fetch`. */
	#signal: AbortSignal | undefined;

	constructor({ url, apiKey, timeout = 20_000, headers = {} }: ClientOptions) {
		const limited: typeof fetch = (input, init) => {
			const signals = [AbortSignal.timeout(timeout), init?.signal, this.#signal].filter(
				(signal) => signal instanceof AbortSignal,
			);
			return this.#log.fetch(input, { ...init, signal: AbortSignal.any(signals) });
		};
		this.#sdk = new Ollama({ host: url, headers: { authorization: `Bearer ${apiKey}`, ...headers }, fetch: limited });
	}

	ask(ask: Ask, mode: Mode): Promise<Answer> {
		return this.#log.noting(this.#ask(ask, mode));
	}

	async #ask(ask: Ask, mode: Mode): Promise<Answer> {
		if (mode === 'whole') return answerOf(await this.#sdk.chat({ ...chatOf(ask), stream: false }), this.headers(), 1);
		const gathered = new Gathered();
		const prompt = mode === 'helper' ? promptOf(ask) : undefined;
		if (prompt === undefined) {
			for await (const line of await this.#sdk.chat({ ...chatOf(ask), stream: true })) gathered.add(line);
		} else {
			for await (const line of await this.#sdk.generate({ ...prompt, stream: true })) gathered.add(asChat(line));
		}
		return answerOf(gathered.whole(), this.headers(), gathered.pieces);
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
		return (await this.#sdk.list()).models.map(({ name }) => name);
	}

	/** What is shown of a model does not repeat its name. */
	async model(id: string): Promise<string> {
		const { capabilities } = await this.#log.noting(this.#sdk.show({ model: id }));
		return capabilities.includes('completion') ? id : '';
	}

	async abandon(ask: Ask, signal: AbortSignal): Promise<unknown> {
		this.#signal = signal;
		return this.#sdk.chat({ ...chatOf(ask), stream: false });
	}

	async leave(ask: Ask, how: Leaving): Promise<string> {
		const stream = await this.#sdk.chat({ ...chatOf(ask), stream: true });
		let read = '';
		for await (const { message } of stream) {
			read += message.content;
			if (read === '') continue;
			if (how === 'helper') this.#sdk.abort();
			else stream.abort();
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

/** The SDK does not export its class of errors, and raises those inside a stream as plain ones. */
function read(error: unknown): SeenError {
	if (!(error instanceof Error)) throw error;
	const status = 'status_code' in error && typeof error.status_code === 'number' ? error.status_code : undefined;
	const headers = headersOf(error);
	const requestId = headers?.get('x-relais-request-id');
	return { status, requestId, type: undefined, message: error.message, headers };
}

/** Ollama's own API, by the official `ollama` package. */
export const ollamaSurface: Surface = {
	name: 'ollama',
	dialect: 'ollama',
	requestIdHeader: 'x-request-id',
	connect: (options) => new OllamaClient(options),
	errorClass: () => Error,
	errors: { api: Error, connection: TypeError, timeout: DOMException, userAbort: DOMException },
	read,
	paths: {
		maxTokens: 'options.num_predict',
		stop: 'options.stop',
		logprobs: 'logprobs',
		thinking: 'think',
		toolChoice: '',
	},
	peculiar: { fields: { keep_alive: '5m', shift: true }, warnings: ['keep_alive', 'shift'] },
	lacks: [
		'toolChoice',
		'noTool',
		'namedTool',
		'documents',
		'textDocuments',
		'cacheReads',
		'reasoningTokens',
		'filters',
		'textProofs',
	],
	can: {
		candidates: false,
		logprobs: true,
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
		imageUrls: false,
		comments: true,
		streamStatus: false,
		retries: false,
		leaves: ['controller', 'helper'],
	},
};
