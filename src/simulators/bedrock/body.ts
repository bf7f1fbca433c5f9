import type { JsonObject } from '../../spec/index.ts';
import type { HostedBlock } from '../core/hosted.ts';
import { isObject } from '../core/json.ts';
import { type Answer, callId, signs, usageOf } from './answer.ts';

function input(block: HostedBlock & { type: 'tool_use' }): JsonObject {
	const parsed: unknown = block.broken ? {} : JSON.parse(block.input);
	return isObject(parsed) ? parsed : {};
}

function content(answer: Answer, block: HostedBlock, index: number): JsonObject {
	switch (block.type) {
		case 'text':
			return { text: block.text };
		case 'tool_use':
			return {
				toolUse: {
					input: input(block),
					name: block.name,
					toolUseId: callId(answer, index),
					...(signs(answer) ? { type: 'tool_use' } : {}),
				},
			};
		case 'thinking': {
			const signature = signs(answer) ? { signature: block.signature } : {};
			return { reasoningContent: { reasoningText: { ...signature, text: block.thinking } } };
		}
		case 'redacted_thinking':
			return { reasoningContent: { redactedContent: Buffer.from(block.data).toString('base64') } };
	}
}

/** The answer in one piece. */
export function bodyOf(answer: Answer): JsonObject {
	return {
		metrics: { latencyMs: 1 },
		output: { message: { content: answer.blocks.map((block, index) => content(answer, block, index)), role: 'assistant' } },
		...answer.marks,
		stopReason: answer.stopReason,
		usage: usageOf(answer),
	};
}
