import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import type { z } from 'zod';
import type { Answer, Ask, Client, ClientOptions, Leaving, Mode, RunnableTool, Surface } from '../neutral.ts';
import { openaiSurface } from './openai.ts';
import { fetchLog } from './replies.ts';
import { answerOf, Gathered } from './responses-answer.ts';
import { bodyOf } from './responses-request.ts';

class ResponsesClient implements Client {
	readonly #sdk: OpenAI;
	readonly #log = fetchLog();

	constructor({ url, apiKey, maxRetries = 0, timeout = 20_000, headers = {} }: ClientOptions) {
		const options = { apiKey, maxRetries, timeout, defaultHeaders: headers, fetch: this.#log.fetch };
		this.#sdk = new OpenAI({ baseURL: `${url}/v1`, ...options });
	}

	async ask(ask: Ask, mode: Mode): Promise<Answer> {
		const body = bodyOf(ask);
		if (mode === 'whole') return answerOf(await this.#sdk.responses.create(body), this.headers(), 1);
		if (mode === 'helper') {
			let pieces = 0;
			const stream = this.#sdk.responses.stream({ ...body, stream: true });
			stream.on('response.output_text.delta', () => pieces++);
			const response = await stream.finalResponse();
			return answerOf(response, this.headers(), pieces);
		}
		const gathered = new Gathered();
		for await (const event of await this.#sdk.responses.create({ ...body, stream: true })) gathered.add(event);
		return answerOf(gathered.whole(), this.headers(), gathered.pieces);
	}

	async parse<T>(ask: Ask, schema: z.ZodType<T>, mode: Mode): Promise<T | null | undefined> {
		const body = { ...bodyOf(ask), text: { format: zodTextFormat(schema, 'answer') } };
		if (mode === 'whole') return (await this.#sdk.responses.parse(body)).output_parsed;
		return (await this.#sdk.responses.stream({ ...body, stream: true }).finalResponse()).output_parsed;
	}

	/** The SDK has no runner for this API: this one sends nothing but results, and goes on by the answer's id. */
	async runTools(ask: Ask, tools: RunnableTool[], streamed: boolean): Promise<string> {
		let body = bodyOf({ ...ask, tools });
		for (let round = 0; round < 10; round++) {
			const response = streamed
				? await this.#sdk.responses.stream({ ...body, stream: true }).finalResponse()
				: await this.#sdk.responses.create(body);
			const { calls } = answerOf(response as OpenAI.Responses.Response, this.headers(), 1);
			if (calls.length === 0) return response.output_text;
			const input = calls.map(({ id: call_id, name, input: given }) => {
				const tool = tools.find((each) => each.name === name);
				const output = tool?.run(given) ?? 'There is no such tool.';
				return { type: 'function_call_output' as const, call_id, output };
			});
			body = { ...body, input, previous_response_id: response.id };
		}
		throw new Error('the model would not stop to call tools');
	}

	async countTokens(ask: Ask): Promise<number> {
		const { model, input, instructions, tools } = bodyOf(ask);
		const body = { model, input, instructions, tools } as OpenAI.Responses.InputTokenCountParams;
		return (await this.#sdk.responses.inputTokens.count(body)).input_tokens;
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
		return this.#sdk.responses.create(bodyOf(ask), { signal });
	}

	async leave(ask: Ask, how: Leaving): Promise<string> {
		const body = { ...bodyOf(ask), stream: true as const };
		let read = '';
		if (how === 'helper') {
			const helper = this.#sdk.responses.stream(body);
			helper.on('response.output_text.delta', ({ delta }) => {
				read += delta;
				helper.abort();
			});
			await helper.done();
			return read;
		}
		const signal = new AbortController();
		const stream = await this.#sdk.responses.create(body, { signal: signal.signal });
		for await (const event of stream) {
			if (event.type !== 'response.output_text.delta') continue;
			read += event.delta;
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

/** Responses, by the official `openai` package. */
export const responsesSurface: Surface = {
	...openaiSurface,
	name: 'responses',
	dialect: 'openai-responses',
	connect: (options) => new ResponsesClient(options),
	paths: { maxTokens: 'max_output_tokens', stop: '', logprobs: 'include', thinking: 'reasoning', toolChoice: 'tool_choice' },
	peculiar: {
		fields: { truncation: 'auto', max_tool_calls: 3, include: ['file_search_call.results'] },
		warnings: ['include', 'max_tool_calls', 'truncation'],
	},
	can: {
		...openaiSurface.can,
		candidates: false,
		imageResults: true,
		silentUsage: false,
		cacheMarks: false,
	},
};
