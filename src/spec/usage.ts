import type { Extensible } from './json.ts';

/**
 * Tokens of one answer. Totals include their details: `inputTokens` counts cached reads and writes, `outputTokens` counts
 * reasoning. Vendors that report them apart are added up by their dialect's decoder, once.
 */
export interface Usage extends Extensible {
	inputTokens: number;
	outputTokens: number;
	/** The vendor's own total where it states one; it may differ from the sum. */
	totalTokens?: number;
	/** Read from the provider's prompt cache. */
	cacheReadTokens?: number;
	/** Written to the provider's prompt cache, all lifetimes. */
	cacheWriteTokens?: number;
	/** The part of `cacheWriteTokens` kept for an hour, priced apart. */
	cacheWrite1hTokens?: number;
	reasoningTokens?: number;
	inputAudioTokens?: number;
	outputAudioTokens?: number;
	inputImageTokens?: number;
	outputImageTokens?: number;
	acceptedPredictionTokens?: number;
	rejectedPredictionTokens?: number;
	/** Billable runs of the provider's own tools, by kind (web_search, web_fetch, code_execution). */
	serverToolUses?: { [kind: string]: number };
	/** Cost in USD as the provider (an aggregator) states it. */
	statedCostUsd?: number;
	serviceTier?: string;
	/** True when Relais counted because the provider did not say. */
	estimated?: boolean;
}
