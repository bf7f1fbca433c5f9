import { isObject } from '../../lib/json.ts';
import type { ChatRequest, EncodeRequestContext, JsonObject, Translated } from '../../spec/index.ts';
import { refuseStored, refuseUnoffered, table } from '../shared/index.ts';
import { limitCachePoints } from './cache.ts';
import { mark, refill } from './dialect.ts';
import { type EncodeState, encodeState } from './encode-state.ts';
import { encodeInference } from './inference-encode.ts';
import { encodeOutput } from './output-encode.ts';
import { encodeReasoning, type ReasoningFields } from './reasoning-encode.ts';
import { gatherTurns, type Turn, writeTurns } from './request-messages.ts';
import { arrangeTurns } from './request-turns.ts';
import { encodeTools } from './tools-encode.ts';

/**
 * Writes the body of a request; model and stream stand in the path. Throws `unsupported` for what would change the meaning if it
 * were left out; everything else the API cannot carry becomes a warning.
 */
export function encodeRequest(request: ChatRequest, context: EncodeRequestContext): Translated<JsonObject> {
	const state = encodeState(request, context);
	refuseUnoffered(request);
	refuseStored(request);
	const conversation = gatherTurns(request, state);
	arrangeTurns(conversation, state);
	const reasoning = thinkable(encodeReasoning(request, state), conversation.turns, state);
	const format = modelsFormat(request);
	const output = format === undefined ? encodeOutput(request, conversation, state) : undefined;
	const { config, topK } = encodeInference(request, reasoning.maxTokens, reasoning.thinks, state);
	const fields: JsonObject = { ...reasoning.fields, ...(topK === undefined ? {} : { top_k: topK }) };
	if (format !== undefined) fields.output_config = { ...(isObject(fields.output_config) ? fields.output_config : {}), format };
	const toolConfig = encodeTools(request, reasoning.budgeted, state);
	const metadata = requestMetadata(request, state);
	const tier = serviceTier(request, state);
	const body: JsonObject = {
		messages: writeTurns(conversation.turns),
		...(conversation.system === undefined ? {} : { system: conversation.system }),
		...(Object.keys(config).length === 0 ? {} : { inferenceConfig: config }),
		...(toolConfig === undefined ? {} : { toolConfig }),
		...(Object.keys(fields).length === 0 ? {} : { additionalModelRequestFields: fields }),
		...(output === undefined ? {} : { outputConfig: output }),
		...(metadata === undefined ? {} : { requestMetadata: metadata }),
		...(tier === undefined ? {} : { serviceTier: { type: tier } }),
	};
	if (!state.own) limitCachePoints(body, state.losses);
	state.losses.extensions(request, '');
	return { value: refill(body, request), warnings: state.losses.warnings };
}

/** The wanted form of the answer where it came among the model's own fields. */
function modelsFormat(request: ChatRequest): JsonObject | undefined {
	const { output } = request;
	if (mark(request, '$format') !== 'output_config' || output?.type !== 'json_schema') return undefined;
	return { type: 'json_schema', schema: output.schema };
}

/**
 * With a thinking budget, an assistant turn that awaits results of tools must begin with its thinking. Where that is another
 * vendor's and had to be left out, thinking is turned off for this step.
 */
function thinkable(reasoning: ReasoningFields, turns: readonly Turn[], state: EncodeState): ReasoningFields {
	if (!reasoning.budgeted || state.own) return reasoning;
	const results = turns.at(-1)?.blocks.some((block) => block.toolResult !== undefined);
	const calling = results === true ? turns.at(-2) : turns.at(-1);
	if (calling?.role !== 'assistant' || isObject(calling.blocks[0]?.reasoningContent)) return reasoning;
	state.losses.dropped(
		'reasoning',
		"Thinking was turned off: the last assistant turn has no thinking of this vendor's to go on from.",
	);
	return { ...reasoning, fields: {}, thinks: false, budgeted: false };
}

/** Keys and values the API takes: at most 16 pairs of short, plain texts. */
const PLAIN = /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/;
const MOST_PAIRS = 16;

function requestMetadata(request: ChatRequest, state: EncodeState): JsonObject | undefined {
	const given = Object.entries(request.metadata ?? {});
	if (given.length === 0) return undefined;
	if (state.own) return Object.fromEntries(given);
	const taken = given.filter(([key, value]) => key !== '' && PLAIN.test(key) && typeof value === 'string' && PLAIN.test(value));
	const kept = taken.slice(0, MOST_PAIRS);
	if (kept.length < given.length) {
		state.losses.dropped('metadata', `At most ${MOST_PAIRS} entries of short, plain texts are taken; the others were left out.`);
	}
	return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

const TIERS = table<string>({
	default: 'default',
	standard_only: 'default',
	priority: 'priority',
	flex: 'flex',
	reserved: 'reserved',
});

function serviceTier(request: ChatRequest, state: EncodeState): string | undefined {
	const tier = request.serviceTier;
	if (tier === undefined || state.own || tier === 'auto') return state.own ? tier : undefined;
	const nearest = TIERS[tier];
	if (nearest === undefined) state.losses.dropped('service_tier', `The service tier '${tier}' is not offered.`);
	return nearest;
}
