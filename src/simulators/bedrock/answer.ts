import type { JsonObject } from '../../spec/index.ts';
import type { HostedAnswer, HostedBlock, HostedUsage } from '../core/hosted.ts';
import { idFrom } from '../core/ids.ts';
import { countTokens } from '../core/tokens.ts';
import { BLOCKED_BY_GUARDRAIL, guardrailTrace } from './guardrail.ts';
import type { BedrockModel } from './models.ts';

/** Everything that the body and the stream of one answer are written from. */
export interface Answer {
	/** What ids and padding are derived from. */
	seed: string;
	model: BedrockModel;
	blocks: HostedBlock[];
	stopReason: string;
	input: HostedUsage;
	outputTokens: number;
	reasoningTokens: number;
	/** `trace`, `performanceConfig` and `serviceTier`, where the request asks for them. */
	marks: JsonObject;
}

/** Names of stop reasons, where they are not the same. */
const STOPS: { [reason: string]: string } = { refusal: 'content_filtered' };

function marksOf(request: JsonObject): JsonObject {
	const { performanceConfig, serviceTier } = request;
	return {
		...(performanceConfig === undefined ? {} : { performanceConfig }),
		...(serviceTier === undefined ? {} : { serviceTier }),
	};
}

/** The answer that a filter leaves: a guardrail's own words, or nothing. */
export function filteredAnswer(request: JsonObject, model: BedrockModel, seed: string, total: number): Answer {
	const guarded = request.guardrailConfig !== undefined;
	const said = guarded ? BLOCKED_BY_GUARDRAIL : 'Simulated answer: here is';
	return {
		seed,
		model,
		blocks: [{ type: 'text', text: said }],
		stopReason: guarded ? 'guardrail_intervened' : 'content_filtered',
		input: { total, read: 0, written: { '5m': 0, '1h': 0 } },
		outputTokens: countTokens(said),
		reasoningTokens: 0,
		marks: { ...marksOf(request), ...guardrailTrace(request, said, guarded) },
	};
}

/** The answer in this service's terms. */
export function answerFrom(hosted: HostedAnswer, request: JsonObject, model: BedrockModel, seed: string): Answer {
	const said = hosted.blocks.map((block) => (block.type === 'text' ? block.text : '')).join('');
	return {
		seed,
		model,
		blocks: hosted.blocks,
		stopReason: STOPS[hosted.stopReason] ?? hosted.stopReason,
		input: hosted.input,
		outputTokens: hosted.outcome.outputTokens,
		reasoningTokens: hosted.outcome.reasoningTokens,
		marks: { ...marksOf(request), ...guardrailTrace(request, said, false) },
	};
}

/** The id of a tool call. */
export function callId({ seed }: Answer, index: number): string {
	return `tooluse_${idFrom(`${seed}/${index}`, 22)}`;
}

/** The usage, in the order of keys that the service writes. */
export function usageOf({ model, input, outputTokens }: Answer): JsonObject {
	const written = input.written['5m'] + input.written['1h'];
	const caches = model.caches.length > 0;
	const details = (['1h', '5m'] as const)
		.filter((ttl) => input.written[ttl] > 0)
		.map((ttl) => ({ inputTokens: input.written[ttl], ttl }));
	return {
		...(details.length === 0 ? {} : { cacheDetails: details }),
		...(caches ? { cacheReadInputTokenCount: input.read, cacheReadInputTokens: input.read } : {}),
		...(caches ? { cacheWriteInputTokenCount: written, cacheWriteInputTokens: written } : {}),
		inputTokens: input.total - input.read - written,
		outputTokens,
		serverToolUsage: {},
		totalTokens: input.total + outputTokens,
	};
}

/** Whether blocks of thinking carry a signature. */
export function signs({ model }: Answer): boolean {
	return model.thinks === 'claude';
}
