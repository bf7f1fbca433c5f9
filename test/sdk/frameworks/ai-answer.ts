import type { FinishReason, LanguageModelUsage, ModelMessage, ProviderMetadata } from 'ai';
import { type Answer, type Call, type SeenUsage, type Stop, warningsOf } from '../neutral.ts';

/** What both ways of asking give, in one piece or as a stream's end. */
export interface Said {
	text: string;
	reasoningText: string | undefined;
	toolCalls: readonly { toolCallId: string; toolName: string; input: unknown }[];
	finishReason: FinishReason;
	rawFinishReason: string | undefined;
	usage: LanguageModelUsage;
	providerMetadata: ProviderMetadata | undefined;
	response: { id: string; modelId: string };
	responseMessages: ModelMessage[];
}

const STOPS: { [reason in FinishReason]?: Stop } = { stop: 'end', length: 'length', 'tool-calls': 'tools' };

function stopSequenceOf(metadata: ProviderMetadata | undefined): string | undefined {
	const met = metadata?.anthropic?.stopSequence;
	return typeof met === 'string' ? met : undefined;
}

function stopOf({ finishReason, rawFinishReason, providerMetadata }: Said, dialect: string): Stop | undefined {
	if (stopSequenceOf(providerMetadata) !== undefined) return 'sequence';
	if (rawFinishReason === 'refusal') return 'refusal';
	// OpenAI's refusals come under this reason too, though the vendor ends them as it does other texts.
	if (finishReason === 'content-filter' && ['stop', 'completed', undefined].includes(rawFinishReason)) return 'refusal';
	if (finishReason === 'content-filter') return dialect.startsWith('openai') ? 'filtered' : 'refusal';
	return STOPS[finishReason];
}

function usageOf({ inputTokens, outputTokens, inputTokenDetails, outputTokenDetails }: LanguageModelUsage): SeenUsage {
	return {
		inputTokens: inputTokens ?? -1,
		outputTokens: outputTokens ?? -1,
		cacheReadTokens: inputTokenDetails.cacheReadTokens,
		cacheWriteTokens: inputTokenDetails.cacheWriteTokens,
		reasoningTokens: outputTokenDetails.reasoningTokens,
	};
}

/** Tokens whose log-probabilities a provider listed: a list of them, or one for each text. */
function logprobTokensOf(metadata: ProviderMetadata | undefined): string | undefined {
	const listed = metadata?.openai?.logprobs;
	if (!Array.isArray(listed) || listed.flat().length === 0) return undefined;
	return listed
		.flat()
		.map((entry) => (entry as { token: string }).token)
		.join('');
}

/** An answer as the matrix compares them. `pieces`: how many its text came in. */
export function answerOf(said: Said, dialect: string, headers: Headers, pieces: number): Answer {
	return {
		id: said.response.id,
		model: said.response.modelId,
		text: said.text,
		reasoning: said.reasoningText ?? '',
		calls: said.toolCalls.map(({ toolCallId: id, toolName: name, input }): Call => ({ id, name, input })),
		stop: stopOf(said, dialect),
		stopSequence: stopSequenceOf(said.providerMetadata),
		usage: usageOf(said.usage),
		candidates: [said.text],
		logprobTokens: logprobTokensOf(said.providerMetadata),
		pieces,
		native: said.responseMessages,
		headers,
		warnings: warningsOf(headers),
	};
}
