import { type ChatRequest, type EncodeRequestContext, type JsonObject, RelaisError, type Translated } from '../../spec/index.ts';
import { Losses, own, restored } from '../shared/index.ts';
import { encodePart } from './content-encode.ts';
import { encodeMessages } from './messages-encode.ts';
import { DIALECT } from './name.ts';
import { nested } from './nested.ts';
import { encodeOutputFormat } from './output-format.ts';
import { encodeReasoningSettings } from './reasoning-settings.ts';
import { encodeSampling } from './sampling.ts';
import { TIERS } from './tiers.ts';
import { encodeFunctionCall, encodeToolChoice } from './tool-choice.ts';
import { encodeTools } from './tools.ts';
import { fitToModel } from './traits.ts';

/** What the parts of the encoder share: the request, what this dialect left on it, and the losses. */
interface State {
	request: ChatRequest;
	left: JsonObject | undefined;
	losses: Losses;
	body: JsonObject;
}

function writeTools({ request, left, losses, body }: State): void {
	if (request.tools !== undefined) {
		const { tools, functions, webSearch } = encodeTools(request.tools, losses);
		if (tools.length > 0) body.tools = tools;
		if (functions.length > 0) body.functions = functions;
		if (webSearch !== undefined) body.web_search_options = webSearch;
	}
	const callable = left !== undefined || body.tools !== undefined || body.functions !== undefined;
	const { toolChoice, parallelToolCalls } = request;
	if (toolChoice !== undefined && callable) {
		if (left?.$legacyChoice !== undefined) body.function_call = encodeFunctionCall(toolChoice, left.$legacyChoice);
		else body.tool_choice = encodeToolChoice(toolChoice, left?.$tool_choice, losses);
	} else if (toolChoice !== undefined && toolChoice.type !== 'auto' && toolChoice.type !== 'none') {
		losses.dropped('tool_choice', 'There are no tools to choose from.');
	}
	if (parallelToolCalls !== undefined && callable) body.parallel_tool_calls = parallelToolCalls;
}

/** Streams of other dialects always report usage, so it is asked for unless the request says otherwise. */
function writeStream({ request, left, body }: State): void {
	if (request.stream) body.stream = true;
	else if (left?.$streamOptions !== 'idle') return;
	const usage = request.streamUsage ?? (left === undefined ? true : undefined);
	const options = { ...restored(nested(left, 'stream_options')), ...(usage === undefined ? {} : { include_usage: usage }) };
	if (usage === true || left?.$streamOptions !== undefined) body.stream_options = options;
}

function writeLimit({ request, left, body }: State): void {
	if (request.maxOutputTokens === undefined) return;
	body[left?.$limit === 'max_completion_tokens' ? 'max_completion_tokens' : 'max_tokens'] = request.maxOutputTokens;
}

function writeAudio({ request, left, body }: State): void {
	const output = request.audioOutput;
	if (output === undefined) return;
	body.audio = {
		...restored(nested(left, 'audio')),
		...(output.voice === undefined ? {} : { voice: output.voice }),
		...(output.format === undefined ? {} : { format: output.format }),
		...output.extra,
	};
}

function writePrediction({ request, left, losses, body }: State): void {
	const parts = request.prediction;
	if (parts === undefined) return;
	const items = parts.flatMap((part, index) => encodePart(part, `prediction.content[${index}]`, losses));
	const [first] = items;
	const plain = items.length === 1 && left?.$predictionForm !== 'array' && first?.type === 'text';
	body.prediction = { ...restored(nested(left, 'prediction')), type: 'content', content: plain ? first.text : items };
}

/** Fields that go out under one name, as they are. */
function writeSimple({ request, left, body }: State): void {
	const fields: JsonObject = {
		n: request.candidates,
		modalities: request.modalities,
		verbosity: request.verbosity,
		metadata: request.metadata,
		store: request.store,
		prompt_cache_key: request.promptCacheKey,
		prompt_cache_retention: request.promptCacheRetention,
		data_sources: request.dataSources,
		[left?.$user === 'safety_identifier' ? 'safety_identifier' : 'user']: request.user,
	};
	for (const key in fields) if (fields[key] !== undefined) body[key] = fields[key];
	if (request.logprobs !== undefined) {
		body.logprobs = true;
		if (request.logprobs.top > 0) body.top_logprobs = request.logprobs.top;
	}
}

function writeTier({ request, left, losses, body }: State): void {
	const tier = request.serviceTier;
	if (tier === undefined) return;
	const known = left === undefined ? TIERS[tier] : undefined;
	if (known !== undefined) losses.add('approximated', 'service_tier', `Service tier '${tier}' was asked for as '${known}'.`);
	body.service_tier = known ?? tier;
}

/** What has no form here whatever the target. */
function reportUnsaid({ request, losses }: State): void {
	losses.extensions(request, '');
	if (request.previousResponseId !== undefined) {
		throw new RelaisError('unsupported', 'Conversations are not stored; send the whole history.', {
			param: 'previous_response_id',
		});
	}
}

/** A reasoning model refuses stop sequences; a request of this dialect is left to say so itself. */
function dropStop({ left, losses, body }: State, sampling: boolean | undefined): void {
	if (left !== undefined || sampling !== false || body.stop === undefined) return;
	delete body.stop;
	losses.dropped('stop', 'This model takes no stop sequences.');
}

/**
 * Writes the request body for a target of this dialect. What came from this dialect comes out as it was, save what the target's
 * traits forbid; what came from another is written in the plainest form vendors take.
 */
export function encodeRequest(request: ChatRequest, context: EncodeRequestContext): Translated<JsonObject> {
	const losses = new Losses(DIALECT);
	const left = own(request, DIALECT);
	const body: JsonObject = { ...restored(left), model: context.model, messages: encodeMessages(request.messages, losses) };
	const state: State = { request, left, losses, body };
	reportUnsaid(state);
	writeTools(state);
	writeStream(state);
	writeLimit(state);
	writeAudio(state);
	writePrediction(state);
	writeSimple(state);
	writeTier(state);
	if (request.output !== undefined) body.response_format = encodeOutputFormat(request.output, left?.$response_format);
	Object.assign(body, encodeSampling(request.sampling, left, losses));
	Object.assign(body, encodeReasoningSettings(request.reasoning, left, context.traits, losses));
	dropStop(state, context.traits.sampling);
	fitToModel(body, context.traits, losses);
	return { value: body, warnings: losses.warnings };
}
