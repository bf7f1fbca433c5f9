import type { JsonObject } from '../../spec/index.ts';
import { sealed } from '../core/ids.ts';
import { number, object, objects, text } from '../core/json.ts';
import { blocksOf } from './conversation.ts';
import type { AnthropicModel } from './models.ts';

/** How an answer thinks: sentences, and whether they are shown. */
export interface Thinking {
	sentences: number;
	display: 'summarized' | 'omitted';
}

const SENTENCES: { [effort: string]: number } = { low: 1, medium: 2, high: 4, xhigh: 6, max: 8 };

/** Whether the request forces a tool. */
export function forcesTool(request: JsonObject): boolean {
	const type = object(request.tool_choice).type;
	return type === 'any' || type === 'tool';
}

/** Whether thinking was asked for. */
function thinks(request: JsonObject): boolean {
	const type = object(request.thinking).type;
	return type === 'enabled' || type === 'adaptive';
}

/** The thinking of an answer; undefined where there is none. */
export function thinkingOf(request: JsonObject, model: AnthropicModel): Thinking | undefined {
	const always = model.alwaysThinks === true && !forcesTool(request);
	if (!thinks(request) && !always) return undefined;
	const config = object(request.thinking);
	const effort = text(object(request.output_config).effort) || 'high';
	const display = config.display === 'omitted' || config.display === 'summarized' ? config.display : model.display;
	return { sentences: SENTENCES[effort] ?? 4, display };
}

function typeFault(request: JsonObject, model: AnthropicModel): string | undefined {
	const type = object(request.thinking).type;
	if (type === 'enabled' && !model.budget) {
		return '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.';
	}
	if (type === 'adaptive' && !model.adaptive) return 'adaptive thinking is not supported on this model';
	if (type === 'disabled' && model.alwaysThinks === true) return '"thinking.type.disabled" is not supported for this model.';
	if (type === 'between_tools' && model.systemMessages === false)
		return '"thinking.type.between_tools" is not supported for this model.';
	return undefined;
}

function budgetFault(request: JsonObject): string | undefined {
	const budget = number(object(request.thinking).budget_tokens);
	if (budget === undefined || request.max_tokens === undefined || budget < (number(request.max_tokens) ?? 0)) return undefined;
	return '`max_tokens` must be greater than `thinking.budget_tokens`.';
}

function samplingFault(request: JsonObject): string | undefined {
	if (!thinks(request)) return undefined;
	const temperature = number(request.temperature);
	if (temperature !== undefined && temperature !== 1) return '`temperature` may only be set to 1 when thinking is enabled.';
	if (number(request.top_k) !== undefined) return '`top_k` must be unset when thinking is enabled.';
	const topP = number(request.top_p);
	if (topP !== undefined && topP < 0.95)
		return '`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.';
	return undefined;
}

function forcedFault(request: JsonObject, model: AnthropicModel): string | undefined {
	if (!thinks(request) || !forcesTool(request) || !model.forcedToolNeedsNoThinking) return undefined;
	return 'Thinking may not be enabled when tool_choice forces tool use.';
}

/** With a budget, an assistant turn whose tools were just answered has to begin with its thinking. */
function missingFault(request: JsonObject): string | undefined {
	if (object(request.thinking).type !== 'enabled') return undefined;
	const messages = objects(request.messages);
	const answersTools = blocksOf(messages.at(-1)).some((block) => block.type === 'tool_result');
	const index = messages.length - 2;
	const first = blocksOf(messages[index])[0];
	if (!answersTools || first === undefined || first.type === 'thinking' || first.type === 'redacted_thinking') return undefined;
	return (
		`messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${text(first.type)}\`. ` +
		'When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks).'
	);
}

/** Thinking sent back must be as it was made. Omitted thinking is empty, and stays so. */
function signatureFault(request: JsonObject): string | undefined {
	for (const [index, message] of objects(request.messages).entries()) {
		for (const [at, block] of blocksOf(message).entries()) {
			const where = `messages.${index}.content.${at}`;
			if (block.type === 'thinking' && !sealed('thinking', text(block.thinking), text(block.signature))) {
				return `${where}: Invalid \`signature\` in \`thinking\` block`;
			}
			if (block.type === 'redacted_thinking' && !sealed('redacted', '', text(block.data))) {
				return `${where}: Invalid \`data\` in \`redacted_thinking\` block`;
			}
		}
	}
	return undefined;
}

/** What is wrong with the thinking asked for or sent back. */
export function thinkingFault(request: JsonObject, model: AnthropicModel): string | undefined {
	return (
		typeFault(request, model) ??
		budgetFault(request) ??
		samplingFault(request) ??
		forcedFault(request, model) ??
		signatureFault(request) ??
		missingFault(request)
	);
}
