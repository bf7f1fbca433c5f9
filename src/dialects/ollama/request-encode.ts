import type { ChatRequest, EncodeRequestContext, JsonObject, JsonValue, OutputFormat, Translated } from '../../spec/index.ts';
import { dropUnoffered, refuseStored, refuseUnoffered } from '../shared/index.ts';
import { mark, refill } from './dialect.ts';
import { type EncodeState, encodeState, unsupported } from './encode-state.ts';
import { encodeMessages } from './messages-encode.ts';
import { NUMBERS } from './options.ts';
import { encodeTools } from './tools.ts';

/**
 * Writes a request for a model. Throws `unsupported` for what would change the meaning if it were left out; everything else the API
 * cannot carry becomes a warning.
 */
export function encodeRequest(request: ChatRequest, context: EncodeRequestContext): Translated<JsonObject> {
	const state = encodeState(request, context);
	refuseUnoffered(request);
	refuseStored(request);
	const body: JsonObject = { model: context.model, messages: encodeMessages(request.messages, state) };
	const tools = encodeTools(request, state.own, state.losses);
	if (tools !== undefined) body.tools = tools;
	const format = request.output === undefined ? undefined : encodeFormat(request.output, state);
	if (format !== undefined) body.format = format;
	if (!request.stream || mark(request, '$stream') !== 'absent') body.stream = request.stream;
	const think = encodeThink(request, state);
	if (think !== undefined) body.think = think;
	if (request.logprobs !== undefined) {
		body.logprobs = true;
		if (request.logprobs.top > 0) body.top_logprobs = request.logprobs.top;
	}
	const options = encodeOptions(request, state);
	if (Object.keys(options).length > 0) body.options = options;
	report(request, state);
	state.losses.extensions(request, '');
	return { value: refill(body, request), warnings: state.losses.warnings };
}

function encodeFormat(output: OutputFormat, { losses, traits }: EncodeState): JsonValue | undefined {
	switch (output.type) {
		case 'text':
			return undefined;
		case 'json':
			return 'json';
		case 'json_schema':
			if (output.description !== undefined && output.description !== output.schema.description)
				losses.dropped('response_format.json_schema.description', 'A schema is described in itself alone.');
			if (traits.jsonSchema !== false) return output.schema;
			losses.dropped('response_format', 'The model takes no schema; it was asked for JSON alone.');
			return 'json';
		default:
			throw unsupported('response_format', `Output bound by a ${output.type} is not offered; send a JSON schema.`);
	}
}

/** The levels the API knows, and the nearest of them to other vendors' words. */
const LEVELS: { readonly [effort: string]: string } = {
	minimal: 'low',
	low: 'low',
	medium: 'medium',
	high: 'high',
	xhigh: 'high',
	max: 'max',
};

function encodeThink(request: ChatRequest, state: EncodeState): JsonValue | undefined {
	const wish = request.reasoning;
	const { losses, own, traits } = state;
	if (wish === undefined) return undefined;
	const asked = mark(request, '$think');
	if (own && asked !== undefined && traits.reasoning === undefined) return asked;
	if (wish.mode === 'off' || (wish.mode === undefined && wish.effort === 'none'))
		return traits.reasoning === 'none' ? undefined : false;
	if (traits.reasoning === 'none') {
		losses.dropped('reasoning', 'The model cannot reason apart from its answer.');
		return undefined;
	}
	if (wish.summary !== undefined && wish.summary !== 'auto') losses.dropped('reasoning.summary', 'Reasoning is shown in full.');
	if (wish.budgetTokens !== undefined)
		losses.add('approximated', 'reasoning.budget_tokens', 'Reasoning has no budget; it was turned on.');
	if (wish.effort === undefined) return wish.mode === 'on' ? true : undefined;
	return levelOf(wish.effort, state);
}

function levelOf(effort: string, { losses, own }: EncodeState): JsonValue {
	if (own) return effort;
	const level = Object.hasOwn(LEVELS, effort) ? LEVELS[effort] : undefined;
	if (level !== effort)
		losses.add(
			'approximated',
			'reasoning',
			`The effort '${effort}' is not known; ${level === undefined ? 'reasoning was turned on' : `'${level}' was sent`}.`,
		);
	return level ?? true;
}

function encodeOptions(request: ChatRequest, { losses, own, traits }: EncodeState): JsonObject {
	const options: JsonObject = {};
	const { sampling } = request;
	for (const [wire, key] of NUMBERS) {
		const value = sampling[key];
		if (value === undefined) continue;
		if (traits.sampling === false && key !== 'seed') losses.dropped(wire, 'The model does not let its sampling be set.');
		else options[wire] = value;
	}
	if (sampling.stop !== undefined) options.stop = sampling.stop;
	if (sampling.logitBias !== undefined && Object.keys(sampling.logitBias).length > 0)
		losses.dropped('logit_bias', 'Tokens cannot be favoured.');
	const limit = request.maxOutputTokens ?? (own ? undefined : traits.maxOutputTokens);
	if (limit !== undefined) options.num_predict = limit;
	return options;
}

/** Reports the wishes that have no field. */
function report(request: ChatRequest, { losses }: EncodeState): void {
	if (request.verbosity !== undefined) losses.dropped('verbosity', "'verbosity' is not offered.");
	dropUnoffered(request, losses);
}
