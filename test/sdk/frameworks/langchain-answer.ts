import type { AIMessage, UsageMetadata } from '@langchain/core/messages';
import { type Answer, type Stop, warningsOf } from '../neutral.ts';

const STOPS: { [reason: string]: Stop } = { stop: 'end', length: 'length', tool_calls: 'tools', content_filter: 'filtered' };

function refusalOf({ additional_kwargs: more }: AIMessage): string {
	return typeof more.refusal === 'string' ? more.refusal : '';
}

function stopOf(message: AIMessage): Stop | undefined {
	const { response_metadata: told, tool_calls: calls = [] } = message;
	if (refusalOf(message) !== '') return 'refusal';
	if (typeof told.finish_reason === 'string') return STOPS[told.finish_reason];
	const reason = (told.incomplete_details as { reason?: string } | null | undefined)?.reason;
	if (reason !== undefined) return reason === 'content_filter' ? 'filtered' : 'length';
	return calls.length > 0 ? 'tools' : 'end';
}

/** What LangChain shows of reasoning, by the API that was asked. */
function reasoningOf({ additional_kwargs: more }: AIMessage): string {
	if (typeof more.reasoning_content === 'string') return more.reasoning_content;
	const item = more.reasoning as { summary?: { text: string }[] } | undefined;
	return (item?.summary ?? []).map(({ text }) => text).join('');
}

/** An answer as the matrix compares them. `pieces`: how many its text came in. */
export function answerOf(message: AIMessage, headers: Headers, pieces: number): Answer {
	const { response_metadata: told } = message;
	const usage = message.usage_metadata as UsageMetadata | undefined;
	const logprobs = told.logprobs as { content?: { token: string }[] | null } | null | undefined;
	return {
		id: String(told.id ?? message.id ?? ''),
		model: String(told.model_name ?? told.model ?? ''),
		text: message.text || refusalOf(message),
		reasoning: reasoningOf(message),
		calls: (message.tool_calls ?? []).map(({ id = '', name, args }) => ({ id, name, input: args })),
		stop: stopOf(message),
		stopSequence: undefined,
		usage: {
			inputTokens: usage?.input_tokens ?? -1,
			outputTokens: usage?.output_tokens ?? -1,
			cacheReadTokens: usage?.input_token_details?.cache_read,
			cacheWriteTokens: usage?.input_token_details?.cache_creation,
			reasoningTokens: usage?.output_token_details?.reasoning,
		},
		candidates: [message.text],
		logprobTokens: logprobs?.content?.map(({ token }) => token).join(''),
		pieces,
		native: message,
		headers,
		warnings: warningsOf(headers),
	};
}
