import type {
	ContentBlock,
	ContentBlockDelta,
	ConverseStreamOutput,
	ReasoningContentBlock,
	TokenUsage,
} from '@aws-sdk/client-bedrock-runtime';
import { type Answer, type Call, type SeenUsage, type Stop, warningsOf } from '../neutral.ts';

/** Which sequence was met is not told, so that the end is one like others. */
const STOPS: { [reason: string]: Stop } = {
	end_turn: 'end',
	stop_sequence: 'end',
	max_tokens: 'length',
	model_context_window_exceeded: 'length',
	tool_use: 'tools',
	content_filtered: 'refusal',
	guardrail_intervened: 'refusal',
};

/** What an answer is made of, whichever way it came. */
export interface Said {
	content: ContentBlock[];
	stopReason: string | undefined;
	usage: TokenUsage | undefined;
}

function usageOf(usage: TokenUsage | undefined): SeenUsage {
	const read = usage?.cacheReadInputTokens ?? 0;
	const written = usage?.cacheWriteInputTokens ?? 0;
	return {
		inputTokens: (usage?.inputTokens ?? -1) + read + written,
		outputTokens: usage?.outputTokens ?? -1,
		cacheReadTokens: read,
		cacheWriteTokens: written,
		reasoningTokens: undefined,
	};
}

/** Text stands in a block of its own kind where it is cited. */
function textOf({ text, citationsContent }: ContentBlock): string {
	return text ?? citationsContent?.content?.map((piece) => piece.text ?? '').join('') ?? '';
}

/** The application's own; what the service runs by itself is no call to it. */
function callsOf(content: ContentBlock[]): Call[] {
	return content.flatMap(({ toolUse }) =>
		toolUse === undefined || toolUse.type === 'server_tool_use'
			? []
			: [{ id: toolUse.toolUseId ?? '', name: toolUse.name ?? '', input: toolUse.input }],
	);
}

/** Puts events together as an application that iterates over them would. */
export class Gathered {
	pieces = 0;
	readonly #blocks: ContentBlock[] = [];
	readonly #inputs: string[] = [];
	#stopReason: string | undefined;
	#usage: TokenUsage | undefined;

	add({ contentBlockStart, contentBlockDelta, messageStop, metadata }: ConverseStreamOutput): void {
		if (contentBlockStart !== undefined) {
			const { contentBlockIndex: at = 0, start } = contentBlockStart;
			if (start?.toolUse !== undefined) this.#blocks[at] = { toolUse: { ...start.toolUse, input: {} } };
		}
		if (contentBlockDelta?.delta !== undefined) this.#grow(contentBlockDelta.contentBlockIndex ?? 0, contentBlockDelta.delta);
		if (messageStop !== undefined) this.#stopReason = messageStop.stopReason;
		if (metadata !== undefined) this.#usage = metadata.usage;
	}

	#grow(at: number, { text, toolUse, reasoningContent }: ContentBlockDelta): void {
		const block = this.#blocks[at];
		if (text !== undefined) {
			if (text !== '') this.pieces++;
			this.#blocks[at] = { text: `${block?.text ?? ''}${text}` };
		} else if (toolUse !== undefined) this.#inputs[at] = `${this.#inputs[at] ?? ''}${toolUse.input ?? ''}`;
		else if (reasoningContent?.redactedContent !== undefined) this.#blocks[at] = { reasoningContent } as ContentBlock;
		else if (reasoningContent !== undefined) {
			const before = block?.reasoningContent?.reasoningText;
			const words = `${before?.text ?? ''}${reasoningContent.text ?? ''}`;
			const signature = reasoningContent.signature ?? before?.signature;
			const reasoningText: ReasoningContentBlock.ReasoningTextMember['reasoningText'] = { text: words };
			if (signature !== undefined) reasoningText.signature = signature;
			this.#blocks[at] = { reasoningContent: { reasoningText } };
		}
	}

	whole(): Said {
		if (this.#stopReason === undefined) throw new Error('the stream ended early');
		const content = this.#blocks.map((block, at): ContentBlock => {
			const input = this.#inputs[at] ?? '';
			return block.toolUse === undefined || input === ''
				? block
				: { toolUse: { ...block.toolUse, input: JSON.parse(input) as NonNullable<typeof block.toolUse.input> } };
		});
		return { content, stopReason: this.#stopReason, usage: this.#usage };
	}
}

/** An answer as the matrix compares them. The API names neither answer nor model: Relais's headers stand in. */
export function answerOf({ content, stopReason = '', usage }: Said, headers: Headers, pieces: number): Answer {
	const text = content.map(textOf).join('');
	return {
		id: headers.get('x-amzn-requestid') ?? '',
		model: headers.get('x-relais-model') ?? '',
		text,
		reasoning: content.map((block) => block.reasoningContent?.reasoningText?.text ?? '').join(''),
		calls: callsOf(content),
		stop: STOPS[stopReason],
		stopSequence: undefined,
		usage: usageOf(usage),
		candidates: [text],
		logprobTokens: undefined,
		pieces,
		native: { role: 'assistant', content },
		headers,
		warnings: warningsOf(headers),
	};
}
