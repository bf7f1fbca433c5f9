import type { Cohere } from 'cohere-ai';
import { type Answer, type Call, type SeenUsage, type Stop, warningsOf } from '../neutral.ts';

/** What an answer is made of, whichever way it came. */
export interface Said {
	id: string;
	message: Cohere.AssistantMessageResponse;
	finishReason: string | undefined;
	usage: Cohere.Usage | undefined;
}

/** The SDK raises nothing for a stream that ends with an error: applications have to look. */
export class Interrupted extends Error {}

/** Which sequence was met is not told. */
const STOPS: { [reason: string]: Stop } = { COMPLETE: 'end', STOP_SEQUENCE: 'end', MAX_TOKENS: 'length', TOOL_CALL: 'tools' };

function usageOf(usage: Cohere.Usage | undefined): SeenUsage {
	return {
		inputTokens: usage?.tokens?.inputTokens ?? -1,
		outputTokens: usage?.tokens?.outputTokens ?? -1,
		cacheReadTokens: usage?.cachedTokens,
		cacheWriteTokens: undefined,
		reasoningTokens: undefined,
	};
}

function callsOf(calls: Cohere.ToolCallV2[] = []): Call[] {
	return calls.map(({ id, function: called }) => ({
		id,
		name: called?.name ?? '',
		input: JSON.parse(called?.arguments ?? '{}') as unknown,
	}));
}

/** Puts events together as an application that iterates over them would. */
export class Gathered {
	pieces = 0;
	#id = '';
	readonly #texts: { [index: number]: Cohere.AssistantMessageResponseContentItem } = {};
	readonly #calls: { [index: number]: Cohere.ToolCallV2 } = {};
	#plan = '';
	#finishReason: string | undefined;
	#usage: Cohere.Usage | undefined;

	add(event: Cohere.V2ChatStreamResponse): void {
		if (event.type === 'message-start') this.#id = event.id ?? '';
		else if (event.type === 'content-start') this.#open(event);
		else if (event.type === 'content-delta') this.#say(event);
		else if (event.type === 'tool-plan-delta') this.#plan += event.delta?.message?.toolPlan ?? '';
		else if (event.type === 'tool-call-start') this.#call(event.index ?? 0, event.delta?.message?.toolCalls);
		else if (event.type === 'tool-call-delta') this.#argue(event);
		else if (event.type === 'message-end') {
			this.#finishReason = event.delta?.finishReason;
			this.#usage = event.delta?.usage;
			if (this.#finishReason === 'ERROR') throw new Interrupted(event.delta?.error ?? '');
		}
	}

	#open({ index = 0, delta }: Cohere.ChatContentStartEvent): void {
		const kind = delta?.message?.content?.type ?? 'text';
		this.#texts[index] = kind === 'thinking' ? { type: 'thinking', thinking: '' } : { type: 'text', text: '' };
		this.#say({ index, ...(delta === undefined ? {} : { delta }) });
	}

	#say({ index = 0, delta }: Cohere.ChatContentDeltaEvent): void {
		const { text = '', thinking = '', ...others } = delta?.message?.content ?? {};
		if (text !== '') this.pieces++;
		const item = this.#texts[index];
		if (item === undefined) return;
		if (item.type === 'thinking') item.thinking += thinking;
		else item.text += text;
		// Fields that the type does not list, such as proofs of reasoning.
		Object.assign(item, { ...others, type: item.type });
	}

	#call(index: number, call: Cohere.ToolCallV2 | undefined): void {
		if (call !== undefined) this.#calls[index] = call;
	}

	#argue({ index = 0, delta }: Cohere.ChatToolCallDeltaEvent): void {
		const call = this.#calls[index]?.function;
		if (call !== undefined) call.arguments = `${call.arguments ?? ''}${delta?.message?.toolCalls?.function?.arguments ?? ''}`;
	}

	whole(): Said {
		if (this.#finishReason === undefined) throw new Error('the stream had no end');
		const message: Cohere.AssistantMessageResponse = { role: 'assistant' };
		const [content, toolCalls] = [Object.values(this.#texts), Object.values(this.#calls)];
		if (content.length > 0) message.content = content;
		if (toolCalls.length > 0) message.toolCalls = toolCalls;
		if (this.#plan !== '') message.toolPlan = this.#plan;
		return { id: this.#id, message, finishReason: this.#finishReason, usage: this.#usage };
	}
}

/** An answer as the matrix compares them; its model is not in it. `pieces`: how many its text came in. */
export function answerOf({ id, message, finishReason, usage }: Said, headers: Headers, pieces: number): Answer {
	const content = message.content ?? [];
	const text = content.map((item) => (item.type === 'text' ? item.text : '')).join('');
	return {
		id,
		model: headers.get('x-relais-model') ?? '',
		text,
		reasoning: content.map((item) => (item.type === 'thinking' ? item.thinking : '')).join(''),
		calls: callsOf(message.toolCalls),
		stop: finishReason === undefined ? undefined : STOPS[finishReason],
		stopSequence: undefined,
		usage: usageOf(usage),
		candidates: [text],
		logprobTokens: undefined,
		pieces,
		native: message,
		headers,
		warnings: warningsOf(headers),
	};
}
