import { isObject } from '../../lib/json.ts';
import type { ChatRequest, JsonObject, ReasoningRequest } from '../../spec/index.ts';
import { table } from '../shared/index.ts';
import { remainder } from './dialect.ts';

const MODES = table<NonNullable<ReasoningRequest['mode']>>({ enabled: 'on', adaptive: 'adaptive', disabled: 'off' });

/**
 * Takes from the model's own fields those that have a canonical name: thinking with its budget, an effort, top-k, a schema for the answer. They reach the
 * model unread by the API, so one that is not of the expected form is left as it is. Returns what is left.
 */
export function takeModelFields(fields: JsonObject, request: ChatRequest, markers: JsonObject): JsonObject | undefined {
	const taken = new Set<string>();
	const thinking = takeThinking(fields.thinking, request);
	if (thinking) taken.add('thinking');
	if (typeof fields.top_k === 'number') {
		request.sampling.topK = fields.top_k;
		taken.add('top_k');
	}
	if (takeOutputConfig(fields.output_config, request, markers)) taken.add('output_config');
	else if (typeof fields.reasoning_effort === 'string') {
		request.reasoning = { ...request.reasoning, effort: fields.reasoning_effort };
		markers.$effort = 'reasoning_effort';
		taken.add('reasoning_effort');
	}
	return remainder(fields, taken);
}

/** Takes Claude's `output_config` where all of it has a canonical place: an effort, and the schema as its own API takes it. */
function takeOutputConfig(wire: JsonObject[string], request: ChatRequest, markers: JsonObject): boolean {
	if (!isObject(wire) || Object.keys(wire).length === 0) return false;
	const { effort, format, ...others } = wire;
	if (Object.keys(others).length > 0 || (effort !== undefined && typeof effort !== 'string')) return false;
	const schema = format === undefined ? undefined : schemaIn(format);
	if (format !== undefined && schema === undefined) return false;
	if (effort !== undefined) {
		request.reasoning = { ...request.reasoning, effort };
		markers.$effort = 'output_config';
	}
	if (schema !== undefined) {
		request.output = { type: 'json_schema', schema };
		markers.$format = 'output_config';
	}
	return true;
}

function schemaIn(format: JsonObject[string]): JsonObject | undefined {
	if (!isObject(format) || format.type !== 'json_schema' || !isObject(format.schema)) return undefined;
	return Object.keys(format).length === 2 ? format.schema : undefined;
}

/** What `display` asks for, in the canonical words for summaries. */
export const SUMMARIES = table<string>({ summarized: 'auto', omitted: 'omitted' });

/** Takes `thinking` where all of it has a canonical place. */
function takeThinking(wire: JsonObject[string], request: ChatRequest): boolean {
	if (!isObject(wire) || typeof wire.type !== 'string') return false;
	const mode = MODES[wire.type];
	const { type: _, budget_tokens: budget, display, ...others } = wire;
	const summary = typeof display === 'string' ? SUMMARIES[display] : undefined;
	if (mode === undefined || Object.keys(others).length > 0 || (display !== undefined && summary === undefined)) return false;
	if (budget !== undefined && (mode !== 'on' || typeof budget !== 'number')) return false;
	request.reasoning = { mode };
	if (typeof budget === 'number') request.reasoning.budgetTokens = budget;
	if (summary !== undefined) request.reasoning.summary = summary;
	return true;
}
