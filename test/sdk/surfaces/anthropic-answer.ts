import type Anthropic from '@anthropic-ai/sdk';
import { type Answer, type Call, type SeenUsage, type Stop, warningsOf } from '../neutral.ts';

const STOPS: { [reason: string]: Stop } = {
	end_turn: 'end',
	max_tokens: 'length',
	model_context_window_exceeded: 'length',
	stop_sequence: 'sequence',
	tool_use: 'tools',
	refusal: 'refusal',
};

function usageOf(usage: Anthropic.Usage): SeenUsage {
	const read = usage.cache_read_input_tokens ?? 0;
	const written = usage.cache_creation_input_tokens ?? 0;
	return {
		inputTokens: usage.input_tokens + read + written,
		outputTokens: usage.output_tokens,
		cacheReadTokens: read,
		cacheWriteTokens: written,
		reasoningTokens: usage.output_tokens_details?.thinking_tokens,
	};
}

function joined(blocks: Anthropic.ContentBlock[]): string {
	return blocks.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

/** An answer as the matrix compares them. `pieces`: how many its text came in. */
export function answerOf(message: Anthropic.Message, headers: Headers, pieces: number): Answer {
	const { content, stop_reason: reason } = message;
	const calls: Call[] = content.flatMap((block) =>
		block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
	);
	return {
		id: message.id,
		model: message.model,
		text: joined(content),
		reasoning: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
		calls,
		stop: reason === null ? undefined : STOPS[reason],
		stopSequence: message.stop_sequence ?? undefined,
		usage: usageOf(message.usage),
		candidates: [joined(content)],
		logprobTokens: undefined,
		pieces,
		native: content,
		headers,
		warnings: warningsOf(headers),
	};
}

/** Puts events together as an application that iterates over them would. */
export class Gathered {
	message: Anthropic.Message | undefined;
	pieces = 0;
	#input = '';
	#ended = false;

	add(event: Anthropic.RawMessageStreamEvent): void {
		if (event.type === 'message_start') this.message = { ...event.message, content: [] };
		else if (this.message === undefined) throw new Error(`${event.type} before message_start`);
		else if (event.type === 'content_block_start') this.#open(this.message, event);
		else if (event.type === 'content_block_delta') this.#grow(this.message.content[event.index], event.delta);
		else if (event.type === 'content_block_stop') this.#close(this.message.content[event.index]);
		else if (event.type === 'message_delta') this.#finish(this.message, event);
		else this.#ended = true;
	}

	#open(message: Anthropic.Message, { index, content_block: block }: Anthropic.RawContentBlockStartEvent): void {
		if (index !== message.content.length) throw new Error(`block ${index} out of order`);
		message.content.push({ ...block });
		this.#input = '';
	}

	#grow(block: Anthropic.ContentBlock | undefined, delta: Anthropic.RawContentBlockDelta): void {
		if (delta.type === 'text_delta' && block?.type === 'text') {
			block.text += delta.text;
			this.pieces++;
		} else if (delta.type === 'citations_delta' && block?.type === 'text') {
			block.citations = [...(block.citations ?? []), delta.citation];
		} else if (delta.type === 'thinking_delta' && block?.type === 'thinking') block.thinking += delta.thinking;
		else if (delta.type === 'signature_delta' && block?.type === 'thinking') block.signature = delta.signature;
		else if (delta.type === 'input_json_delta') this.#input += delta.partial_json;
		// Blocks of beta features grow by deltas of their own, which the released types do not list.
		else if (String(block?.type) === 'compaction') Object.assign(block ?? {}, delta, { type: 'compaction' });
		else throw new Error(`a ${delta.type} in a ${block?.type} block`);
	}

	#close(block: Anthropic.ContentBlock | undefined): void {
		if (block?.type === 'tool_use') block.input = this.#input === '' ? {} : JSON.parse(this.#input);
	}

	#finish(message: Anthropic.Message, { delta, usage }: Anthropic.RawMessageDeltaEvent): void {
		message.stop_reason = delta.stop_reason;
		message.stop_sequence = delta.stop_sequence;
		for (const [key, value] of Object.entries(usage)) if (value !== null) Object.assign(message.usage, { [key]: value });
	}

	whole(): Anthropic.Message {
		if (this.message === undefined || !this.#ended) throw new Error('the stream ended early');
		return this.message;
	}
}
