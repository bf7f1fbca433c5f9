import type { ChatResponse, GenerateResponse, Message } from 'ollama';
import { type Answer, type Call, type Stop, warningsOf } from '../neutral.ts';

const STOPS: { [reason: string]: Stop } = { stop: 'end', length: 'length' };

/** A call as some servers send it: with an id, which the SDK's type does not list. */
function callOf(call: NonNullable<Message['tool_calls']>[number], at: number): Call {
	const id = 'id' in call && typeof call.id === 'string' ? call.id : `#${at}`;
	return { id, name: call.function.name, input: call.function.arguments };
}

/** Puts lines together as an application that keeps its history would: texts and lists joined, whatever their names. */
export class Gathered {
	pieces = 0;
	#last: ChatResponse | undefined;
	#logprobs: NonNullable<ChatResponse['logprobs']> = [];
	readonly #message: Message = { role: 'assistant', content: '' };

	add(line: ChatResponse): void {
		this.#last = line;
		if (line.logprobs !== undefined) this.#logprobs.push(...line.logprobs);
		if (line.message.content !== '') this.pieces++;
		const message: { [key: string]: unknown } = Object(this.#message);
		for (const [key, value] of Object.entries(line.message)) {
			if (key === 'role') continue;
			const before = message[key];
			if (Array.isArray(value)) message[key] = [...(Array.isArray(before) ? before : []), ...value];
			else if (typeof value === 'string') message[key] = `${typeof before === 'string' ? before : ''}${value}`;
		}
	}

	whole(): ChatResponse {
		if (this.#last?.done !== true) throw new Error('the stream ended early');
		const logprobs = this.#logprobs.length === 0 ? {} : { logprobs: this.#logprobs };
		return { ...this.#last, message: this.#message, ...logprobs };
	}
}

/** What was generated, as a conversation's answer: the two differ in the names of their members. */
export function asChat({ response, thinking, ...rest }: GenerateResponse): ChatResponse {
	const seals = 'seals' in rest ? { seals: rest.seals } : {};
	const thought = thinking === undefined ? {} : { thinking };
	return { ...rest, message: { role: 'assistant', content: response ?? '', ...thought, ...seals } };
}

/** An answer as the matrix compares them. The API has no ids of answers: Relais's own stands in. */
export function answerOf(response: ChatResponse, headers: Headers, pieces: number): Answer {
	const { message, logprobs } = response;
	const calls = (message.tool_calls ?? []).map(callOf);
	const stop = STOPS[response.done_reason];
	return {
		id: headers.get('x-relais-request-id') ?? '',
		model: response.model,
		text: message.content,
		reasoning: message.thinking ?? '',
		calls,
		stop: stop === 'end' && calls.length > 0 ? 'tools' : stop,
		stopSequence: undefined,
		usage: {
			inputTokens: response.prompt_eval_count,
			outputTokens: response.eval_count,
			cacheReadTokens: undefined,
			cacheWriteTokens: undefined,
			reasoningTokens: undefined,
		},
		candidates: [message.content],
		logprobTokens: logprobs?.map(({ token }) => token).join(''),
		pieces,
		native: message,
		headers,
		warnings: warningsOf(headers),
	};
}
