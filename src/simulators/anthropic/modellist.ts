import type { JsonObject } from '../../spec/index.ts';
import { ANTHROPIC_MODELS, type AnthropicModel } from './models.ts';

function can(supported: boolean): JsonObject {
	return { supported };
}

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];

function capabilities(model: AnthropicModel): JsonObject {
	const efforts: JsonObject = {};
	for (const effort of EFFORTS) efforts[effort] = can(model.efforts.includes(effort));
	return {
		batch: can(true),
		citations: can(true),
		code_execution: can(false),
		context_management: {
			...can(false),
			clear_tool_uses_20250919: can(false),
			clear_thinking_20251015: can(false),
			compact_20260112: can(false),
		},
		effort: { ...can(model.efforts.length > 0), ...efforts },
		image_input: can(true),
		pdf_input: can(true),
		server_tools: { ...can(false), code_execution: can(false), web_search: can(false) },
		structured_outputs: can(true),
		thinking: {
			...can(model.budget || model.adaptive),
			types: {
				enabled: can(model.budget),
				adaptive: can(model.adaptive),
				disabled: can(model.alwaysThinks !== true),
				between_tools: can(model.systemMessages),
			},
		},
	};
}

/** A model as the vendor lists it. */
export function listed(model: AnthropicModel): JsonObject {
	return {
		type: 'model',
		id: model.id,
		display_name: model.displayName,
		created_at: model.created,
		lifecycle: 'active',
		deprecated_at: null,
		retires_at: null,
		line: model.line,
		max_input_tokens: model.window,
		max_tokens: model.maxOutput,
		capabilities: capabilities(model),
	};
}

/** A page of the list, by the query's `limit`, `after_id` and `before_id`. */
export function modelPage(query: URLSearchParams): JsonObject {
	const all = [...new Set(ANTHROPIC_MODELS.values())];
	const limit = Math.min(1000, Math.max(1, Number(query.get('limit') ?? 20) || 20));
	const after = all.findIndex((model) => model.id === query.get('after_id'));
	const before = all.findIndex((model) => model.id === query.get('before_id'));
	const from = before > 0 ? Math.max(0, before - limit) : after + 1;
	const data = before === 0 ? [] : all.slice(from, before > 0 ? before : from + limit);
	return {
		data: data.map(listed),
		has_more: before > 0 ? from > 0 : from + data.length < all.length,
		first_id: data[0]?.id ?? null,
		last_id: data.at(-1)?.id ?? null,
	};
}
