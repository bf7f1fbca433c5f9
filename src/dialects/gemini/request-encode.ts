import type { ChatRequest, EncodeRequestContext, JsonObject, Translated } from '../../spec/index.ts';
import { encodeConfig } from './config-encode.ts';
import { encodeConversation } from './contents-encode.ts';
import { lookup, refill } from './dialect.ts';
import { type EncodeState, encodeState, unsupported } from './encode-state.ts';
import { encodeTools } from './tools-encode.ts';

/**
 * Writes the body of a request; the model and whether to stream belong in the address. Throws `unsupported` for what would change
 * the meaning if it were left out; everything else the API cannot carry becomes a warning.
 */
export function encodeRequest(request: ChatRequest, context: EncodeRequestContext): Translated<JsonObject> {
	const state = encodeState(request, context);
	if (request.dataSources !== undefined && request.dataSources.length > 0)
		throw unsupported('data_sources', 'Grounding in data sources is not offered.');
	if (request.previousResponseId !== undefined)
		throw unsupported('previous_response_id', 'Conversations are not stored; send the whole history.');
	const conversation = encodeConversation(request, state);
	const body: JsonObject = { contents: conversation.contents };
	if (conversation.system !== undefined) body.systemInstruction = conversation.system;
	Object.assign(body, encodeTools(request, state));
	const config = encodeConfig(request, state);
	if (config !== undefined) body.generationConfig = config;
	const tier = serviceTier(request, state);
	if (tier !== undefined) body.serviceTier = tier;
	if (request.store !== undefined && state.own) body.store = request.store;
	report(request, state);
	state.losses.extensions(request, '');
	return { value: refill(body, request), warnings: state.losses.warnings };
}

const TIERS: { [tier: string]: string } = { flex: 'flex', priority: 'priority', default: 'standard', standard: 'standard' };

function serviceTier(request: ChatRequest, state: EncodeState): string | undefined {
	const tier = request.serviceTier;
	if (tier === undefined || state.own || tier === 'auto') return state.own ? tier : undefined;
	const nearest = lookup(TIERS, tier);
	if (nearest === undefined) state.losses.dropped('service_tier', `The service tier '${tier}' is not offered.`);
	return nearest === 'standard' ? undefined : nearest;
}

/** Reports the wishes that have no field. */
function report(request: ChatRequest, state: EncodeState): void {
	const drop = (path: string): void => state.losses.dropped(path, `'${path}' is not offered.`);
	if (request.verbosity !== undefined) drop('verbosity');
	if (request.metadata !== undefined && Object.keys(request.metadata).length > 0) drop('metadata');
	if (request.user !== undefined) drop('user');
	if (request.store === true && !state.own) drop('store');
	if (request.promptCacheKey !== undefined) drop('prompt_cache_key');
	if (request.promptCacheRetention !== undefined) drop('prompt_cache_retention');
	if (request.prediction !== undefined) drop('prediction');
}
