import type OpenAI from 'openai';
import type { JsonObject } from '../../../src/spec/index.ts';
import { type Answer, type Call, type SeenUsage, type Stop, warningsOf } from '../neutral.ts';

/** A message with the fields of reasoning that many vendors of this protocol add. */
type Message = OpenAI.ChatCompletionMessage & {
	reasoning_content?: string;
	reasoning?: string;
	reasoning_details?: JsonObject[];
	extra_content?: JsonObject;
};
type Delta = OpenAI.ChatCompletionChunk.Choice.Delta & {
	reasoning_content?: string | null;
	reasoning?: string | null;
	reasoning_details?: JsonObject[];
	extra_content?: JsonObject;
};
/** A piece of a call; its type lists neither the calls of tools that take free text nor the field in which vendors put their proofs. */
type Piece = OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall & {
	custom?: { name?: string; input?: string };
	extra_content?: JsonObject;
};
type Choice = OpenAI.ChatCompletion['choices'][number];

const STOPS: { [reason: string]: Stop } = {
	stop: 'end',
	length: 'length',
	tool_calls: 'tools',
	content_filter: 'filtered',
};

function stopOf(choice: Choice): Stop | undefined {
	if ((choice.message.refusal ?? '') !== '') return 'refusal';
	return STOPS[choice.finish_reason];
}

function usageOf(usage: OpenAI.CompletionUsage | undefined): SeenUsage {
	const details: { cached_tokens?: number; cache_write_tokens?: number } = usage?.prompt_tokens_details ?? {};
	return {
		inputTokens: usage?.prompt_tokens ?? -1,
		outputTokens: usage?.completion_tokens ?? -1,
		cacheReadTokens: details.cached_tokens,
		cacheWriteTokens: details.cache_write_tokens,
		reasoningTokens: usage?.completion_tokens_details?.reasoning_tokens,
	};
}

function callsOf(message: Message): Call[] {
	return (message.tool_calls ?? []).map((call) =>
		call.type === 'function'
			? { id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) as unknown }
			: { id: call.id, name: call.custom.name, input: call.custom.input },
	);
}

/** Puts chunks together as an application that iterates over them would: texts and lists joined, calls by their index. */
export class Gathered {
	readonly choices: Choice[] = [];
	head: Omit<OpenAI.ChatCompletion, 'choices' | 'object'> = { id: '', created: 0, model: '' };
	pieces = 0;

	add({ choices, usage, ...head }: OpenAI.ChatCompletionChunk): void {
		const { object: _, ...rest } = head;
		this.head = { ...this.head, ...rest, ...(usage === null || usage === undefined ? {} : { usage }) };
		for (const choice of choices) this.#choice(choice);
	}

	#choice({ index, delta, finish_reason, logprobs }: OpenAI.ChatCompletionChunk.Choice): void {
		const message: Message = { role: 'assistant', content: null, refusal: null };
		this.choices[index] ??= { index, message, finish_reason: 'stop', logprobs: null };
		const choice = this.choices[index];
		this.#delta(choice.message, delta);
		if (finish_reason !== null) choice.finish_reason = finish_reason;
		if (logprobs?.content == null) return;
		choice.logprobs = { content: [...(choice.logprobs?.content ?? []), ...logprobs.content], refusal: null };
	}

	#delta(message: Message, delta: Delta): void {
		if ((delta.content ?? '') !== '') {
			message.content = `${message.content ?? ''}${delta.content}`;
			this.pieces++;
		}
		if ((delta.refusal ?? '') !== '') message.refusal = `${message.refusal ?? ''}${delta.refusal}`;
		const { reasoning_details: details } = delta;
		// Some servers name it without the suffix.
		const reasoning = delta.reasoning_content ?? delta.reasoning;
		if ((reasoning ?? '') !== '') message.reasoning_content = `${message.reasoning_content ?? ''}${reasoning}`;
		if (delta.extra_content !== undefined) message.extra_content = delta.extra_content;
		if (details !== undefined) message.reasoning_details = [...(message.reasoning_details ?? []), ...details];
		for (const piece of delta.tool_calls ?? []) this.#call(message, piece);
	}

	#call(message: Message, { index, id = '', function: called, custom, extra_content: extra }: Piece): void {
		message.tool_calls ??= [];
		const call = message.tool_calls[index];
		if (call?.type === 'function') call.function.arguments += called?.arguments ?? '';
		else if (call?.type === 'custom') call.custom.input += custom?.input ?? '';
		else if (custom === undefined) {
			const { name = '', arguments: input = '' } = called ?? {};
			message.tool_calls[index] = { id, type: 'function', function: { name, arguments: input } };
		} else message.tool_calls[index] = { id, type: 'custom', custom: { name: custom.name ?? '', input: custom.input ?? '' } };
		if (extra !== undefined) Object.assign(message.tool_calls[index] ?? {}, { extra_content: extra });
	}

	whole(): OpenAI.ChatCompletion {
		return { ...this.head, object: 'chat.completion', choices: this.choices };
	}
}

/** An answer as the matrix compares them. `pieces`: how many its text came in. */
export function answerOf(completion: OpenAI.ChatCompletion, headers: Headers, pieces: number): Answer {
	const [choice] = completion.choices;
	if (choice === undefined) throw new Error('an answer without choices');
	const message: Message = choice.message;
	const listed = choice.logprobs?.content;
	return {
		id: completion.id,
		model: completion.model,
		text: (message.content ?? '') || (message.refusal ?? ''),
		reasoning: message.reasoning_content ?? message.reasoning ?? '',
		calls: callsOf(message),
		stop: stopOf(choice),
		stopSequence: undefined,
		usage: usageOf(completion.usage),
		candidates: completion.choices.map((each) => each.message.content ?? ''),
		logprobTokens: listed?.map((token) => token.token).join(''),
		pieces,
		native: message,
		headers,
		warnings: warningsOf(headers),
	};
}
