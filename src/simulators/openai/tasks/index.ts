import type { JsonObject } from '../../../spec/index.ts';
import { beginJson } from '../../core/begin.ts';
import { sendBody, sendProblem, sendStream } from '../../core/deliver.ts';
import { post } from '../../core/endpoints.ts';
import type { Exchange } from '../../core/exchange.ts';
import { digest } from '../../core/ids.ts';
import { isObject, text } from '../../core/json.ts';
import { firstViolation, type Shape } from '../../core/shape.ts';
import type { Problem } from '../../core/types.ts';
import type { Call, Endpoint, VendorContext } from '../../core/vendor.ts';
import type { OpenAIModel } from '../models.ts';
import type { Traits } from '../traits.ts';
import { bodyOf, COMPLETIONS, completionOf, framesOf } from './completions.ts';
import { embeddingProblem, embeddings } from './embeddings.ts';
import { MODERATIONS, moderated } from './moderations.ts';

/** What the endpoints need of their vendor. */
export interface TaskHost {
	name: string;
	traits: Traits;
	context: VendorContext;
	/** The error of a call without the right key. */
	unauthorized(exchange: Exchange): Problem | undefined;
}

/** A request that is in order as far as its shape goes. */
interface Asked {
	request: JsonObject;
	model: OpenAIModel;
}

const MODERATOR = 'omni-moderation-latest';

/** The endpoints beside the conversation: vectors, completions of a prompt, moderation. */
export function taskEndpoints(host: TaskHost): { [path: string]: Endpoint } {
	const { traits } = host;
	const found: { [path: string]: Endpoint } = {};
	const serves = new Set([...traits.catalog.values()].map((model) => model.serves));
	if (serves.has('embeddings')) found['/v1/embeddings'] = post('embeddings', (call) => embed(host, call));
	if (serves.has('completions')) found['/v1/completions'] = post('completions', (call) => complete(host, call));
	if (serves.has('moderations')) found['/v1/moderations'] = post('moderations', (call) => moderate(host, call));
	return found;
}

/** Begins an answer and reads the request. Undefined where nothing is left to do. `usual`: the model where none is named. */
async function asked(host: TaskHost, call: Call, shape: Shape, usual?: string): Promise<Asked | undefined> {
	const read = await beginJson(call);
	if (read === undefined) return undefined;
	const { make, lenient, violation: worded, catalog, noModel } = host.traits;
	const fail = (problem: Problem): undefined => {
		sendProblem(call.exchange, problem);
	};
	const refused = host.unauthorized(call.exchange);
	if (refused !== undefined) return fail(refused);
	if (!read.ok || !isObject(read.body)) return fail(make('We could not parse the JSON body of your request.'));
	const name = text(read.body.model) || usual;
	if (name === undefined) return fail(make('you must provide a model parameter'));
	const violation = firstViolation(read.body, shape, lenient);
	if (violation !== undefined) return fail(worded(violation));
	const model = catalog.get(name);
	return model === undefined ? fail(noModel(name)) : { request: read.body, model };
}

function bill({ row }: Exchange, inputTokens: number, outputTokens = 0): void {
	row.usage = { inputTokens, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
}

async function embed(host: TaskHost, call: Call): Promise<void> {
	const { make, embeddings: form } = host.traits;
	const found = await asked(host, call, form.shape);
	if (found === undefined) return;
	const { exchange } = call;
	const { request, model } = found;
	const problem = embeddingProblem(request, model, make);
	if (problem !== undefined) return sendProblem(exchange, problem);
	const { data, tokens } = embeddings(request, model);
	bill(exchange, tokens);
	const body = { ...form.head(digest(call.bytes)), object: 'list', data, model: model.id, usage: form.usage(tokens) };
	return sendBody(exchange, JSON.stringify(body), {});
}

async function complete(host: TaskHost, call: Call): Promise<void> {
	const found = await asked(host, call, COMPLETIONS);
	if (found === undefined) return;
	const { exchange, bytes } = call;
	const { request, model } = found;
	const { make } = host.traits;
	if (model.serves !== 'completions') {
		const message =
			'This is a chat model and not supported in the v1/completions endpoint. Did you mean to use v1/chat/completions?';
		return sendProblem(exchange, make(message, { status: 404, param: 'model' }));
	}
	const { controls } = exchange;
	const made = completionOf(request, bytes, host.name, model, controls, host.context.clock.now());
	const over = made.inputTokens + made.outputTokens;
	if (over > model.window) {
		const message = `This model's maximum context length is ${model.window} tokens, however you requested ${over} tokens. Please reduce your prompt; or completion length.`;
		return sendProblem(exchange, make(message, { code: 'context_length_exceeded' }));
	}
	bill(exchange, made.inputTokens, made.outputTokens);
	if (request.stream === true) return sendStream(exchange, framesOf(made, controls.chunks), {});
	return sendBody(exchange, JSON.stringify(bodyOf(made)), {});
}

async function moderate(host: TaskHost, call: Call): Promise<void> {
	const found = await asked(host, call, MODERATIONS, MODERATOR);
	if (found === undefined) return;
	const { request, model } = found;
	if (model.serves !== 'moderations') {
		const message = `Invalid value for 'model' = ${model.id}. Please check the OpenAI documentation and try again.`;
		return sendProblem(call.exchange, host.traits.make(message, { param: 'model' }));
	}
	const body = { id: `modr-${digest(call.bytes).slice(0, 8)}`, model: model.id, results: moderated(request) };
	return sendBody(call.exchange, JSON.stringify(body), {});
}
