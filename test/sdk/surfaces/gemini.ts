import { ApiError, type CallableTool, type GenerateContentResponse, GoogleGenAI } from '@google/genai';
import { z } from 'zod';
import type { Answer, Ask, Client, ClientOptions, Leaving, Mode, RunnableTool, SeenError, Surface } from '../neutral.ts';
import { answerOf, Gathered } from './gemini-answer.ts';
import { addressed, type Body, bodyOf } from './gemini-request.ts';
import { fetchLog, headersOf } from './replies.ts';

async function gathered(stream: AsyncIterable<GenerateContentResponse>): Promise<Gathered> {
	const pieces = new Gathered();
	for await (const piece of stream) pieces.add(piece);
	return pieces;
}

class GeminiClient implements Client {
	readonly #sdk: GoogleGenAI;
	readonly #log = fetchLog();

	constructor({ url, apiKey, maxRetries = 0, timeout = 20_000, headers = {} }: ClientOptions) {
		const retries = maxRetries === 0 ? {} : { retryOptions: { attempts: maxRetries + 1, initialDelay: 0.1 } };
		const httpOptions = { baseUrl: url, timeout, headers, fetch: this.#log.fetch, ...retries };
		this.#sdk = new GoogleGenAI({ apiKey, httpOptions });
	}

	ask(ask: Ask, mode: Mode): Promise<Answer> {
		return this.#log.noting(this.#ask(ask, mode));
	}

	async #ask(ask: Ask, mode: Mode): Promise<Answer> {
		const body = bodyOf(ask);
		if (mode === 'whole') return answerOf(await this.#sdk.models.generateContent(body), this.headers(), 1);
		const stream = mode === 'helper' ? await this.#chat(body) : await this.#sdk.models.generateContentStream(body);
		const pieces = await gathered(stream);
		return answerOf(pieces.whole(), this.headers(), pieces.pieces);
	}

	/** The SDK's own conversation: what was said so far, and a last message. */
	#chat({ model, contents, config }: Body): Promise<AsyncIterable<GenerateContentResponse>> {
		const message = contents.at(-1)?.parts ?? [];
		const chat = this.#sdk.chats.create({ model, config, history: contents.slice(0, -1) });
		return chat.sendMessageStream({ message });
	}

	async parse<T>(ask: Ask, schema: z.ZodType<T>, mode: Mode): Promise<T | null | undefined> {
		const { $schema: _, ...plain } = z.toJSONSchema(schema);
		const { text } = await this.ask({ ...ask, schema: plain as NonNullable<Ask['schema']> }, mode);
		return schema.parse(JSON.parse(text));
	}

	async runTools(ask: Ask, tools: RunnableTool[], streamed: boolean): Promise<string> {
		const callable: CallableTool = {
			tool: async () => ({
				functionDeclarations: tools.map(({ name, schema }) => ({ name, description: name, parametersJsonSchema: schema })),
			}),
			callTool: async (calls) =>
				calls.map((call) => {
					const output = tools.find(({ name }) => name === call.name)?.run(call.args);
					const id = call.id === undefined ? {} : { id: call.id };
					return { functionResponse: { ...id, name: call.name ?? '', response: { output } } };
				}),
		};
		const body = bodyOf(ask);
		const request = { ...body, config: { ...body.config, tools: [callable] } };
		if (!streamed) return (await this.#sdk.models.generateContent(request)).text ?? '';
		const pieces = await gathered(await this.#sdk.models.generateContentStream(request));
		return answerOf(pieces.whole(), this.headers(), 1).text;
	}

	async countTokens(ask: Ask): Promise<number> {
		const { model, contents, config } = bodyOf(ask);
		const { systemInstruction } = config;
		// The SDK itself has no place for instructions in this call; the API has.
		const inner = { model: `models/${model}`, contents, systemInstruction: { parts: [{ text: systemInstruction }] } };
		const extraBody = systemInstruction === undefined ? {} : { generateContentRequest: inner };
		const request = { model, contents, config: { httpOptions: { extraBody } } };
		return (await this.#log.noting(this.#sdk.models.countTokens(request))).totalTokens ?? -1;
	}

	async models(): Promise<string[]> {
		const ids: string[] = [];
		for await (const { name = '' } of await this.#sdk.models.list({ config: { pageSize: 7 } })) ids.push(idOf(name));
		return ids;
	}

	async model(id: string): Promise<string> {
		return idOf((await this.#log.noting(this.#sdk.models.get({ model: addressed(id) }))).name ?? '');
	}

	abandon(ask: Ask, signal: AbortSignal): Promise<unknown> {
		const body = bodyOf(ask);
		return this.#sdk.models.generateContent({ ...body, config: { ...body.config, abortSignal: signal } });
	}

	async leave(ask: Ask, _how: Leaving): Promise<string> {
		const body = bodyOf(ask);
		const controller = new AbortController();
		const config = { ...body.config, abortSignal: controller.signal };
		let read = '';
		for await (const piece of await this.#sdk.models.generateContentStream({ ...body, config })) {
			read += piece.text ?? '';
			if (read !== '') controller.abort();
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

function idOf(name: string): string {
	return name.replace(/^models\//, '');
}

/** The SDK's message is the answer's body, or a text around it. */
function read(error: unknown): SeenError {
	if (!(error instanceof ApiError)) throw error;
	const headers = headersOf(error);
	const body = /\{.*\}/s.exec(error.message)?.[0];
	const { message, status } = body === undefined ? { message: error.message } : wordsOf(body);
	const requestId = headers?.get('x-relais-request-id');
	return { status: error.status, requestId, type: status, message: message ?? error.message, headers };
}

function wordsOf(body: string): { message?: string; status?: string } {
	return (JSON.parse(body) as { error?: { message?: string; status?: string } }).error ?? {};
}

/** The Gemini API, by the official `@google/genai` package. */
export const geminiSurface: Surface = {
	name: 'gemini',
	dialect: 'gemini',
	requestIdHeader: 'x-request-id',
	connect: (options) => new GeminiClient(options),
	errorClass: () => ApiError,
	errors: { api: ApiError, connection: TypeError, timeout: DOMException, userAbort: DOMException },
	read,
	paths: {
		maxTokens: 'generationConfig.maxOutputTokens',
		stop: 'generationConfig.stopSequences',
		logprobs: 'generationConfig.responseLogprobs',
		thinking: 'generationConfig.thinkingConfig',
		toolChoice: 'toolConfig',
	},
	peculiar: {
		fields: { topK: 7, mediaResolution: 'MEDIA_RESOLUTION_LOW' },
		warnings: ['generationConfig', 'generationConfig.topK'],
	},
	can: {
		candidates: true,
		logprobs: true,
		imageResults: true,
		failedResults: true,
		stopSequence: false,
		cacheWrites: false,
		cacheMarks: false,
		budget: true,
		freeText: false,
		refusals: false,
		silentUsage: false,
		singleCalls: false,
		documentNames: false,
		imageUrls: 'typed',
		comments: false,
		streamStatus: true,
		retries: false,
		leaves: ['signal'],
	},
};
