import type { JsonObject } from '../../spec/index.ts';
import { isObject } from '../core/json.ts';
import type { Answer, Block } from './answer.ts';
import type { InputUsage } from './segments.ts';

/** The counts of input that every usage object begins with. */
export function inputCounts({ total, read, written }: InputUsage): JsonObject {
	const creation = written['5m'] + written['1h'];
	return { input_tokens: total - read - creation, cache_creation_input_tokens: creation, cache_read_input_tokens: read };
}

/** The usage of a whole message. `output`: tokens so far. */
export function messageUsage({ input }: Answer, output: number): JsonObject {
	return {
		...inputCounts(input),
		cache_creation: { ephemeral_5m_input_tokens: input.written['5m'], ephemeral_1h_input_tokens: input.written['1h'] },
		output_tokens: output,
		service_tier: 'standard',
		inference_geo: 'global',
	};
}

/** The tokens of thinking, as newer answers list them. */
export function outputDetails({ outcome }: Answer): JsonObject {
	return { output_tokens_details: { thinking_tokens: outcome.reasoningTokens } };
}

function parsed(input: string): JsonObject {
	const value: unknown = JSON.parse(input);
	return isObject(value) ? value : {};
}

function content(block: Block): JsonObject {
	if (block.type !== 'tool_use') return { ...block };
	const input = block.broken ? {} : parsed(block.input);
	return { type: 'tool_use', id: block.id, name: block.name, input, caller: { type: 'direct' } };
}

/** The head of a message: the same in one piece and at the start of a stream. */
export function messageHead(answer: Answer): JsonObject {
	return { model: answer.model, id: answer.id, type: 'message', role: 'assistant' };
}

/** The answer in one piece: an object of type `message`. */
export function bodyOf(answer: Answer): JsonObject {
	return {
		...messageHead(answer),
		content: answer.blocks.map(content),
		stop_reason: answer.stopReason,
		stop_sequence: answer.stopSequence,
		stop_details: answer.stopDetails,
		usage: { ...messageUsage(answer, answer.outcome.outputTokens), ...outputDetails(answer) },
	};
}
