import { isObject } from '../../lib/json.ts';
import type { ChatRequest, EncodeRequestContext, JsonObject, JsonValue, Translated } from '../../spec/index.ts';
import { refuseUnoffered } from '../shared/index.ts';
import { limitBreakpoints } from './cache.ts';
import { lookup, refill } from './dialect.ts';
import { type EncodeState, encodeState } from './encode-state.ts';
import { encodeOutput } from './output-encode.ts';
import { encodeReasoning, type ReasoningFields } from './reasoning-encode.ts';
import { type Conversation, gatherTurns, type Turn, writeTurns } from './request-messages.ts';
import { arrangeTurns } from './request-turns.ts';
import { encodeSampling } from './sampling-encode.ts';
import { encodeThread } from './thread.ts';
import { encodeTools } from './tools-encode.ts';

/** Output limit where neither the request nor the model states one. */
const DEFAULT_MAX_TOKENS = 4096;

/**
 * Writes a request for a model. Throws `unsupported` for what would change the meaning if it were left out; everything else the API
 * cannot carry becomes a warning.
 */
export function encodeRequest(request: ChatRequest, context: EncodeRequestContext): Translated<JsonObject> {
	const state = encodeState(request, context);
	refuseUnoffered(request);
	const conversation = gatherTurns(request, state);
	arrangeTurns(conversation, state);
	const maxTokens = outputLimit(request, state);
	const reasoning = thinkable(encodeReasoning(request, maxTokens, state), conversation.turns, state);
	const output = encodeOutput(request, conversation, state);
	const body = assemble(request, context, state, { conversation, maxTokens, reasoning, output });
	if (!state.own) limitBreakpoints(body, state.losses);
	state.losses.extensions(request, '');
	return { value: withoutHusks(refill(body, request)), warnings: state.losses.warnings };
}

/** Objects that say nothing once what gave them their type was left out: unknown fields of theirs alone would be refused. */
function withoutHusks(body: JsonObject): JsonObject {
	for (const field of ['thinking', 'tool_choice', 'output_format']) if (isHusk(body[field])) delete body[field];
	const config = body.output_config;
	if (isObject(config) && isHusk(config.format)) {
		const { format: _, ...rest } = config;
		if (Object.keys(rest).length > 0) body.output_config = rest;
		else delete body.output_config;
	}
	return body;
}

function isHusk(value: JsonValue | undefined): boolean {
	return isObject(value) && value.type === undefined;
}

interface Pieces {
	conversation: Conversation;
	maxTokens: number;
	reasoning: ReasoningFields;
	output: JsonObject;
}

function assemble(request: ChatRequest, context: EncodeRequestContext, state: EncodeState, pieces: Pieces): JsonObject {
	const { conversation, reasoning, output } = pieces;
	const budgeted = reasoning.thinking?.type === 'enabled';
	const body: JsonObject = { model: context.model, [state.traits.maxTokensField ?? 'max_tokens']: pieces.maxTokens };
	if (conversation.system !== undefined) body.system = conversation.system;
	body.messages = writeTurns(conversation.turns);
	const thinks = reasoning.thinking !== undefined && reasoning.thinking.type !== 'disabled';
	Object.assign(
		body,
		encodeTools(request, budgeted, state),
		output,
		encodeSampling(request, thinks, state),
		encodeThread(request, state),
	);
	if (reasoning.thinking !== undefined) body.thinking = reasoning.thinking;
	if (reasoning.effort !== undefined) {
		body.output_config = { effort: reasoning.effort, ...(isObject(output.output_config) ? output.output_config : {}) };
	}
	const user = endUser(request, state);
	if (user !== undefined) body.metadata = { user_id: user };
	const tier = serviceTier(request, state);
	if (tier !== undefined) body.service_tier = tier;
	if (request.stream) body.stream = true;
	return body;
}

function outputLimit(request: ChatRequest, state: EncodeState): number {
	const limit = request.maxOutputTokens ?? state.traits.maxOutputTokens;
	if (limit !== undefined) return limit;
	state.losses.add('defaulted', 'max_tokens', `An output limit is required; ${DEFAULT_MAX_TOKENS} tokens were allowed.`);
	return DEFAULT_MAX_TOKENS;
}

/**
 * With a thinking budget, an assistant turn that awaits results of tools must begin with its thinking. Where that is another
 * vendor's and had to be left out, thinking is turned off for this step.
 */
function thinkable(reasoning: ReasoningFields, turns: readonly Turn[], state: EncodeState): ReasoningFields {
	if (reasoning.thinking?.type !== 'enabled' || (state.own && !state.reasoningDropped)) return reasoning;
	const results = turns.at(-1)?.blocks.some((block) => block.type === 'tool_result');
	const calling = results === true ? turns.at(-2) : turns.at(-1);
	const first = calling?.role === 'assistant' ? calling.blocks[0]?.type : 'thinking';
	if (first === 'thinking' || first === 'redacted_thinking') return reasoning;
	state.losses.dropped(
		'reasoning',
		"Thinking was turned off: the last assistant turn has no thinking of this vendor's to go on from.",
	);
	return {};
}

/** Longest id of an end user the API takes. */
const LONGEST_USER = 256;

function endUser(request: ChatRequest, state: EncodeState): string | undefined {
	const { user } = request;
	if (user === undefined || state.own || user.length <= LONGEST_USER) return user;
	state.losses.dropped('user', `The id of an end user has at most ${LONGEST_USER} characters.`);
	return undefined;
}

const TIERS: { [tier: string]: string } = {
	auto: 'auto',
	priority: 'auto',
	default: 'standard_only',
	standard_only: 'standard_only',
};

function serviceTier(request: ChatRequest, state: EncodeState): string | undefined {
	const tier = request.serviceTier;
	if (tier === undefined || state.own) return tier;
	const nearest = lookup(TIERS, tier);
	if (nearest === undefined) state.losses.dropped('service_tier', `The service tier '${tier}' is not offered.`);
	else if (tier === 'priority')
		state.losses.add('approximated', 'service_tier', "Priority is used where the account has it ('auto').");
	return nearest;
}
