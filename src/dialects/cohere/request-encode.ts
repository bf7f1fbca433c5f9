import type { ChatRequest, EncodeRequestContext, JsonObject, OutputFormat, Translated } from '../../spec/index.ts';
import { dropUnoffered, Losses, refuseStored, refuseUnoffered } from '../shared/index.ts';
import { DIALECT, isOwn, mark, refill, unsupported } from './dialect.ts';
import { encodeConversation } from './messages-encode.ts';
import { NUMBERS } from './request-decode.ts';
import { encodeTools } from './tools.ts';

/** Ranges the API refuses to leave. */
const MOST_STOPS = 5;

interface State {
	readonly losses: Losses;
	readonly traits: EncodeRequestContext['traits'];
	/** The request came from a client of this dialect: it is repeated word for word. */
	readonly own: boolean;
}

/**
 * Writes a request for a model. Throws `unsupported` for what would change the meaning if it were left out; everything else the API
 * cannot carry becomes a warning.
 */
export function encodeRequest(request: ChatRequest, context: EncodeRequestContext): Translated<JsonObject> {
	const losses = new Losses(DIALECT);
	const state: State = { losses, traits: context.traits, own: isOwn(request) };
	refuseUnoffered(request, "Grounding in a vendor's data sources is not offered; send documents.");
	refuseStored(request);
	const { messages, documents } = encodeConversation(request.messages, losses);
	const body: JsonObject = { model: context.model, messages };
	if (documents.length > 0) body.documents = documents;
	Object.assign(body, encodeTools(request, state.own, losses));
	if (request.output !== undefined) Object.assign(body, encodeFormat(request, request.output, state));
	Object.assign(body, encodeThinking(request, state), encodeSampling(request, state));
	const limit = request.maxOutputTokens ?? (state.own ? undefined : context.traits.maxOutputTokens);
	if (limit !== undefined) body.max_tokens = limit;
	if (request.logprobs !== undefined) body.logprobs = true;
	if (request.stream) body.stream = true;
	report(request, state);
	losses.extensions(request, '');
	return { value: refill(body, request), warnings: losses.warnings };
}

function encodeFormat(request: ChatRequest, output: OutputFormat, { losses, own, traits }: State): JsonObject {
	switch (output.type) {
		case 'text':
			return own ? { response_format: { type: 'text' } } : {};
		case 'json':
			return { response_format: { type: 'json_object' } };
		case 'json_schema': {
			if (output.description !== undefined && output.description !== output.schema.description)
				losses.dropped('response_format.json_schema.description', 'A schema is described in itself alone.');
			const key = mark(request, '$schema') === 'json_schema' ? 'json_schema' : 'schema';
			if (traits.jsonSchema !== false) return { response_format: { type: 'json_object', [key]: output.schema } };
			losses.dropped('response_format', 'The model takes no schema; it was asked for JSON alone.');
			return { response_format: { type: 'json_object' } };
		}
		default:
			throw unsupported('response_format', `Output bound by a ${output.type} is not offered; send a JSON schema.`);
	}
}

function encodeThinking(request: ChatRequest, { losses, own, traits }: State): JsonObject {
	const wish = request.reasoning;
	if (wish === undefined) return {};
	const off = wish.mode === 'off' || (wish.mode === undefined && wish.effort === 'none');
	if (traits.reasoning === 'none') {
		if (!off) losses.dropped('reasoning', 'The model cannot reason apart from its answer.');
		return {};
	}
	const budget = wish.budgetTokens === undefined ? {} : { token_budget: wish.budgetTokens };
	if (off) return { thinking: { type: 'disabled', ...(own ? budget : {}) } };
	if (wish.summary !== undefined && wish.summary !== 'auto') losses.dropped('reasoning.summary', 'Reasoning is shown in full.');
	if (wish.effort !== undefined)
		losses.add('approximated', 'reasoning', `Reasoning has no levels; for the effort '${wish.effort}' it was turned on.`);
	return { thinking: { type: 'enabled', ...budget } };
}

/** Sampling without a field here, and the value that asks for nothing. */
const UNKNOWN = [
	{ key: 'minP', path: 'min_p', neutral: 0 },
	{ key: 'repetitionPenalty', path: 'repetition_penalty', neutral: 1 },
] as const;

function encodeSampling({ sampling }: ChatRequest, { losses, own, traits }: State): JsonObject {
	const wire: JsonObject = {};
	for (const [field, key] of NUMBERS) {
		const value = sampling[key];
		if (value === undefined) continue;
		if (traits.sampling === false && key !== 'seed') losses.dropped(field, 'The model does not let its sampling be set.');
		else wire[field] = value;
	}
	for (const { key, path, neutral } of UNKNOWN)
		if (sampling[key] !== undefined && sampling[key] !== neutral) losses.dropped(path, `'${path}' is not offered.`);
	if (sampling.logitBias !== undefined && Object.keys(sampling.logitBias).length > 0)
		losses.dropped('logit_bias', 'Tokens cannot be favoured.');
	const stop = sampling.stop ?? [];
	if (!own && stop.length > MOST_STOPS)
		losses.dropped('stop', `At most ${MOST_STOPS} stop sequences are taken; the others were left out.`);
	if (stop.length > 0) wire.stop_sequences = own ? stop : stop.slice(0, MOST_STOPS);
	return wire;
}

/** Reports the wishes that have no field. */
function report(request: ChatRequest, { losses }: State): void {
	const drop = (path: string): void => losses.dropped(path, `'${path}' is not offered.`);
	if (request.verbosity !== undefined) drop('verbosity');
	if (request.logprobs !== undefined && request.logprobs.top > 0) drop('top_logprobs');
	dropUnoffered(request, losses);
}
