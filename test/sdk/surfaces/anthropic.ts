import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
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
import { answerOf, Gathered } from './anthropic-answer.ts';
import { choiceOf, messagesOf, thinkingOf, toolsOf } from './anthropic-request.ts';
import { fetchLog } from './replies.ts';

type Body = Anthropic.MessageCreateParamsNonStreaming;

function bodyOf(ask: Ask): Body {
	const body: Body = { model: ask.model, max_tokens: ask.maxTokens ?? 8000, messages: messagesOf(ask.turns) };
	const choice = choiceOf(ask);
	if (ask.system !== undefined) body.system = ask.system;
	if (ask.tools !== undefined) body.tools = toolsOf(ask.tools);
	if (choice !== undefined) body.tool_choice = choice;
	if (ask.stop !== undefined) body.stop_sequences = ask.stop;
	if (ask.temperature !== undefined) Object.assign(body, { temperature: ask.temperature });
	if (ask.think !== undefined) body.thinking = thinkingOf(ask.think);
	const effort = ask.think?.way === 'effort' ? { effort: ask.think.effort ?? ('medium' as const) } : {};
	const format = ask.schema === undefined ? {} : { format: { type: 'json_schema' as const, schema: { ...ask.schema } } };
	Object.assign(body, ask.extra);
	if ('effort' in effort || 'format' in format) body.output_config = { ...effort, ...format };
	return body;
}

/** Sampling parameters are gone from the version this SDK speaks by itself: who still wants them asks for the one before. */
function optionsOf(ask: Ask): Anthropic.RequestOptions {
	return ask.temperature === undefined ? {} : { headers: { 'anthropic-version': '2023-06-01' } };
}

class AnthropicClient implements Client {
	readonly #sdk: Anthropic;
	readonly #log = fetchLog();

	constructor({ url, apiKey, maxRetries = 0, timeout = 20_000, headers = {} }: ClientOptions) {
		const options = { apiKey, maxRetries, timeout, defaultHeaders: headers, fetch: this.#log.fetch };
		this.#sdk = new Anthropic({ baseURL: url, ...options });
	}

	async ask(ask: Ask, mode: Mode): Promise<Answer> {
		const body = bodyOf(ask);
		if (mode === 'whole') return answerOf(await this.#sdk.messages.create(body, optionsOf(ask)), this.headers(), 1);
		if (mode === 'helper') {
			let pieces = 0;
			const message = await this.#sdk.messages
				.stream(body, optionsOf(ask))
				.on('text', () => pieces++)
				.finalMessage();
			return answerOf(message, this.headers(), pieces);
		}
		const gathered = new Gathered();
		for await (const event of await this.#sdk.messages.create({ ...body, stream: true }, optionsOf(ask))) gathered.add(event);
		return answerOf(gathered.whole(), this.headers(), gathered.pieces);
	}

	async parse<T>(ask: Ask, schema: z.ZodType<T>, mode: Mode): Promise<T | null | undefined> {
		const body = { ...bodyOf(ask), output_config: { format: zodOutputFormat(schema) } };
		if (mode === 'whole') return (await this.#sdk.messages.parse(body)).parsed_output;
		return (await this.#sdk.messages.stream(body).finalMessage()).parsed_output;
	}

	async runTools(ask: Ask, tools: RunnableTool[], streamed: boolean): Promise<string> {
		const { model, max_tokens, messages } = bodyOf(ask);
		const runnable = tools.map((tool) =>
			betaTool({
				name: tool.name,
				description: tool.name,
				inputSchema: { ...tool.schema, type: 'object' as const },
				run: tool.run,
			}),
		);
		const body = { model, max_tokens, messages, tools: runnable };
		const runner = streamed
			? this.#sdk.beta.messages.toolRunner({ ...body, stream: true })
			: this.#sdk.beta.messages.toolRunner({ ...body, stream: false });
		const last = await runner.runUntilDone();
		return last.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
	}

	async countTokens(ask: Ask): Promise<number> {
		const { max_tokens: _, ...body } = bodyOf(ask);
		return (await this.#sdk.messages.countTokens(body)).input_tokens;
	}

	async models(): Promise<string[]> {
		const ids: string[] = [];
		for await (const model of this.#sdk.models.list({ limit: 7 })) ids.push(model.id);
		return ids;
	}

	async model(id: string): Promise<string> {
		return (await this.#sdk.models.retrieve(id)).id;
	}

	abandon(ask: Ask, signal: AbortSignal): Promise<unknown> {
		return this.#sdk.messages.create(bodyOf(ask), { signal });
	}

	async leave(ask: Ask, how: Leaving): Promise<string> {
		let read = '';
		if (how === 'helper') {
			const helper = this.#sdk.messages.stream(bodyOf(ask));
			helper.on('text', (text) => {
				read += text;
				helper.abort();
			});
			await helper.done();
			return read;
		}
		const signal = new AbortController();
		const stream = await this.#sdk.messages.create({ ...bodyOf(ask), stream: true }, { signal: signal.signal });
		for await (const event of stream) {
			if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') continue;
			read += event.delta.text;
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
	400: Anthropic.BadRequestError,
	401: Anthropic.AuthenticationError,
	403: Anthropic.PermissionDeniedError,
	404: Anthropic.NotFoundError,
	409: Anthropic.ConflictError,
	413: Anthropic.ContentTooLargeError,
	422: Anthropic.UnprocessableEntityError,
	429: Anthropic.RateLimitError,
	503: Anthropic.ServiceUnavailableError,
	504: Anthropic.GatewayTimeoutError,
	529: Anthropic.OverloadedError,
};

function read(error: unknown): SeenError {
	if (!(error instanceof Anthropic.APIError)) throw error;
	const { status, requestID, type, message, headers } = error;
	return { status, requestId: requestID, type: type ?? undefined, message, headers };
}

/** Messages, by the official `@anthropic-ai/sdk` package. */
export const anthropicSurface: Surface = {
	name: 'anthropic',
	dialect: 'anthropic-messages',
	requestIdHeader: 'request-id',
	connect: (options) => new AnthropicClient(options),
	errorClass: (status) => CLASSES[status] ?? (status >= 500 ? Anthropic.InternalServerError : Anthropic.APIError),
	errors: {
		api: Anthropic.APIError,
		connection: Anthropic.APIConnectionError,
		timeout: Anthropic.APIConnectionTimeoutError,
		userAbort: Anthropic.APIUserAbortError,
	},
	read,
	paths: {
		maxTokens: 'max_tokens',
		stop: 'stop_sequences',
		logprobs: 'logprobs',
		thinking: 'thinking',
		toolChoice: 'tool_choice',
	},
	peculiar: {
		fields: { inference_geo: 'us', container: 'container_1', cache_control: { type: 'ephemeral' } },
		warnings: ['cache_control', 'container', 'inference_geo'],
	},
	can: {
		candidates: false,
		logprobs: false,
		imageResults: true,
		failedResults: true,
		stopSequence: true,
		cacheWrites: true,
		budget: true,
		freeText: false,
		refusals: true,
		silentUsage: false,
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
