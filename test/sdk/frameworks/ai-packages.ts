import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { JsonObject } from '../../../src/spec/index.ts';
import type { Ask, Surface, Think } from '../neutral.ts';
import { anthropicSurface } from '../surfaces/anthropic.ts';
import { bedrockSurface } from '../surfaces/bedrock.ts';
import { geminiSurface } from '../surfaces/gemini.ts';
import { openaiSurface } from '../surfaces/openai.ts';
import { responsesSurface } from '../surfaces/responses.ts';
import { aiSurface } from './ai.ts';

function openaiOptions({ parallel, logprobs, think, schema }: Ask): { [provider: string]: JsonObject } {
	const openai: JsonObject = {};
	if (parallel !== undefined) openai.parallelToolCalls = parallel;
	if (logprobs !== undefined) openai.logprobs = logprobs;
	// The package knows OpenAI's models by their bare names only.
	if (think !== undefined) openai.forceReasoning = true;
	if (schema !== undefined) openai.strictJsonSchema = true;
	return { openai };
}

/** How the packages of OpenAI's APIs say that a tool failed, for which these have no flag. */
function failedResult(error: string): string {
	return JSON.stringify({ error });
}

const SAMPLING: Surface['peculiar'] = {
	fields: { seed: 7, presencePenalty: 0.5, frequencyPenalty: 0.5 },
	warnings: ['frequency_penalty', 'presence_penalty', 'seed'],
};

/** Chat Completions by `@ai-sdk/openai`: without a word of the reasoning, which it does not look for. */
export const aiOpenAIChat = aiSurface(
	{ name: 'ai openai.chat', dialect: 'openai-chat' },
	{
		model: (name, { url, apiKey }, fetch) => createOpenAI({ baseURL: `${url}/v1`, apiKey, fetch }).chat(name),
		options: openaiOptions,
	},
	{
		paths: { ...openaiSurface.paths, maxTokens: 'max_tokens' },
		peculiar: SAMPLING,
		failedResult,
		lacks: ['textDocuments', 'reasoningText', 'reasoningProofs', 'proofsAtHand', 'redactedReasoning'],
		can: { logprobs: true, singleCalls: true, imageResults: false, refusals: true },
	},
);

/** Chat Completions by `@ai-sdk/openai-compatible`. */
export const aiCompatible = aiSurface(
	{ name: 'ai compatible', dialect: 'openai-chat' },
	{
		model: (name, { url, apiKey }, fetch) =>
			createOpenAICompatible({
				name: 'relais',
				baseURL: `${url}/v1`,
				apiKey,
				fetch,
				includeUsage: true,
				supportsStructuredOutputs: true,
			})(name),
		options: ({ parallel }) => ({ relais: parallel === undefined ? {} : { parallel_tool_calls: parallel } }),
	},
	{
		paths: { ...openaiSurface.paths, maxTokens: 'max_tokens' },
		peculiar: SAMPLING,
		// It fetches images by itself, and sends texts as a part of the message.
		lacks: ['reasoningProofs', 'proofsAtHand', 'redactedReasoning', 'textDocuments'],
		can: { singleCalls: true, imageResults: false, imageUrls: false, refusals: true },
	},
);

/** Responses by `@ai-sdk/openai`, which is what it takes by itself. */
export const aiOpenAIResponses = aiSurface(
	{ name: 'ai openai', dialect: 'openai-responses' },
	{
		model: (name, { url, apiKey }, fetch) => createOpenAI({ baseURL: `${url}/v1`, apiKey, fetch })(name),
		options: openaiOptions,
	},
	{
		paths: responsesSurface.paths,
		peculiar: { fields: {}, warnings: [] },
		failedResult,
		// Of reasoning it reads summaries, and Relais puts what other vendors think where whole thoughts stand.
		// What was said before it only refers to, which lies with Relais.
		lacks: ['textDocuments', 'foreignReasoning', 'proofsAtHand'],
		can: { logprobs: true, singleCalls: true, refusals: true },
	},
);

function claudeThinking({ way, effort = 'medium', shown }: Think): JsonObject {
	const display = shown === true ? { display: 'summarized' } : {};
	if (way === 'off') return { thinking: { type: 'disabled' } };
	if (way === 'budget') return { thinking: { type: 'enabled', budgetTokens: 2048, ...display } };
	return { thinking: { type: 'adaptive', ...display }, effort };
}

/** Messages by `@ai-sdk/anthropic`. */
export const aiAnthropic = aiSurface(
	{ name: 'ai anthropic', dialect: 'anthropic-messages' },
	{
		model: (name, { url, apiKey }, fetch) => createAnthropic({ baseURL: `${url}/v1`, apiKey, fetch })(name),
		options: ({ parallel, think, schema }) => ({
			anthropic: {
				...(parallel !== undefined && { disableParallelToolUse: !parallel }),
				...(think !== undefined && claudeThinking(think)),
				...(schema !== undefined && { structuredOutputMode: 'outputFormat' }),
			},
		}),
	},
	{
		paths: anthropicSurface.paths,
		// Streams are asked for with more about each tool, which the vendor counts.
		lacks: ['sameRequests'],
		peculiar: { fields: { topK: 7 }, warnings: ['top_k'] },
		can: {
			failedResults: true,
			stopSequence: true,
			cacheWrites: true,
			cacheMarks: true,
			budget: true,
			refusals: true,
			singleCalls: true,
		},
	},
);

function geminiThinking({ way, effort = 'medium', shown }: Think): JsonObject {
	const display = shown === true ? { includeThoughts: true } : {};
	if (way === 'off') return { thinkingBudget: 0 };
	return { ...(way === 'budget' ? { thinkingBudget: 2048 } : { thinkingLevel: effort }), ...display };
}

/** The Gemini API by `@ai-sdk/google`. */
export const aiGoogle = aiSurface(
	{ name: 'ai google', dialect: 'gemini' },
	{
		// What stands behind a sign that ends paths is for the simulator only.
		model: (name, { url, apiKey }, fetch) =>
			createGoogle({ baseURL: `${url}/v1beta`, apiKey, fetch })(name.replace(/[#&?]/g, encodeURIComponent)),
		options: ({ think }) => ({ google: think === undefined ? {} : { thinkingConfig: geminiThinking(think) } }),
	},
	{
		paths: geminiSurface.paths,
		peculiar: { fields: { topK: 7 }, warnings: ['generationConfig.topK'] },
		// Images of results are sent behind them, as parts of the same message.
		lacks: ['redactedReasoning'],
		can: { budget: true, documentNames: false, imageResults: false, failedResults: true, imageUrls: false },
	},
);

/** Reasoning is asked for as Claude's; that there be none cannot be said. */
function bedrockThinking({ way, effort = 'medium', shown }: Think): JsonObject {
	if (way === 'budget') return { reasoningConfig: { type: 'enabled', budgetTokens: 2048 } };
	const display = shown === true ? { display: 'summarized' } : {};
	return { reasoningConfig: { type: 'adaptive', maxReasoningEffort: effort, ...display } };
}

/** Bedrock's Converse API by `@ai-sdk/amazon-bedrock`. */
export const aiBedrock = aiSurface(
	{ name: 'ai bedrock', dialect: 'bedrock-converse' },
	{
		always: 'additionalModelResponseFieldPaths',
		model: (name, { url, apiKey }, fetch) =>
			createAmazonBedrock({ baseURL: url, region: 'us-east-1', apiKey, fetch })(name, { modelFamily: 'anthropic' }),
		options: ({ think, schema }) => ({
			bedrock: {
				...(think !== undefined && bedrockThinking(think)),
				...(schema !== undefined && { structuredOutputMode: 'outputFormat' }),
			},
		}),
	},
	{
		paths: bedrockSurface.paths,
		peculiar: { fields: {}, warnings: [] },
		lacks: ['noTool', 'reasoningTokens', 'redactedReasoning', 'reasoningOff'],
		can: { cacheWrites: true, cacheMarks: true, budget: true, documentNames: false, imageUrls: false },
	},
);
