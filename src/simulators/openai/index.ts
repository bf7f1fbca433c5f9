import type { JsonObject } from '../../spec/index.ts';
import { beginJson } from '../core/begin.ts';
import { sendBody, sendProblem, sendStream } from '../core/deliver.ts';
import { endpointAt, get, post } from '../core/endpoints.ts';
import type { Exchange, Wire } from '../core/exchange.ts';
import { isObject, objects, text } from '../core/json.ts';
import { cachedPrefix, PromptCache } from '../core/promptcache.ts';
import { firstViolation } from '../core/shape.ts';
import { bearerOf, SimulatedVendor } from '../core/simulated.ts';
import type { Flavor, Problem, SimulatorVendor } from '../core/types.ts';
import type { Call, Endpoint, Found, Refusal, VendorContext, VendorMaker } from '../core/vendor.ts';
import { answerTo } from './answer.ts';
import { bodyOf } from './body.ts';
import { readFiles } from './files.ts';
import { FLAVORS } from './flavors/index.ts';
import { type OpenAIModel, showcase } from './models.ts';
import { cachedTokens, promptTokens } from './prompt.ts';
import { ResponsesApi } from './responses/index.ts';
import { ruleProblem } from './rules.ts';
import { framesOf } from './stream.ts';
import { taskEndpoints } from './tasks/index.ts';
import type { Traits } from './traits.ts';

const BODY_LIMIT = 64 * 1024 * 1024;

/** A simulated vendor of the OpenAI protocol: Chat Completions, Responses and the model list. */
class OpenAISimulator extends SimulatedVendor {
	readonly kind = 'openai';
	override readonly flavor: Flavor;
	readonly version: string;
	readonly models: readonly string[];
	readonly bodyLimit = BODY_LIMIT;
	readonly wire: Wire;
	readonly #traits: Traits;
	readonly #cache = new PromptCache();
	readonly #endpoints: { [path: string]: Endpoint };
	/** Open-weight servers have none. */
	readonly #responses: ResponsesApi | undefined;

	constructor(definition: SimulatorVendor, context: VendorContext) {
		super(definition, context);
		this.flavor = definition.flavor ?? 'cloud';
		this.#traits = FLAVORS[this.flavor];
		this.version = this.#traits.base ?? '/v1';
		this.models = showcase(this.#traits.catalog);
		this.wire = this.#traits.wire;
		const models: Endpoint = get('models', (call) => this.#list(call));
		this.#endpoints = {
			'/v1/chat/completions': post('chat', (call) => this.#chat(call)),
			'/v1/models': models,
			'/v1/models/': models,
			...taskEndpoints({
				name: this.name,
				traits: this.#traits,
				context,
				unauthorized: (exchange) => this.#unauthorized(exchange),
			}),
		};
		this.#responses = this.#traits.responses ? this.#makeResponses() : undefined;
	}

	#makeResponses(): ResponsesApi {
		return new ResponsesApi({
			name: this.name,
			catalog: this.#traits.catalog,
			context: this.context,
			unauthorized: (exchange) => this.#unauthorized(exchange),
			cached: (model, prefix, total) => {
				const { promptCache, clock } = this.context;
				return promptCache ? cachedPrefix(model, prefix, total, this.#cache, clock.now()) : 0;
			},
		});
	}

	endpoint(path: string): Found | undefined {
		const { base } = this.#traits;
		// Where the base has no version, clients put one in or leave it out.
		const bare = base !== undefined && path.startsWith(`${base}/`) ? path.slice(base.length) : undefined;
		const under = bare === undefined || bare.startsWith('/v1/') ? path : `/v1${bare}`;
		return this.#responses?.endpoint(under) ?? endpointAt(this.#endpoints, under);
	}

	refuse(exchange: Exchange, reason: Refusal): void {
		const { method, path } = exchange.row;
		const problems: { [reason in Refusal]: () => Problem } = {
			no_path: () => this.#traits.noPath(method, path),
			wrong_method: () =>
				this.#traits.make(`Not allowed to ${method} on ${path}.`, { status: 405, code: 'method_not_supported' }),
			too_large: () => this.wire.problem(413, exchange),
		};
		sendProblem(exchange, problems[reason]());
	}

	override reset(): void {
		this.#cache.clear();
		this.#responses?.reset();
	}

	#unauthorized(exchange: Exchange): Problem | undefined {
		if (this.context.access !== undefined) return this.context.access(exchange);
		if (this.#traits.open) return undefined;
		const given = bearerOf(exchange) ?? '';
		return given === this.apiKey ? undefined : this.#traits.wrongKey(given, exchange);
	}

	async #list(call: Call): Promise<void> {
		if (await call.begin(null, '')) return;
		const problem = this.#unauthorized(call.exchange);
		if (problem !== undefined) return sendProblem(call.exchange, problem);
		if (call.rest !== '') {
			const model = this.#traits.catalog.get(call.rest);
			if (model === undefined) return sendProblem(call.exchange, this.#traits.noModel(call.rest));
			return sendBody(call.exchange, JSON.stringify(this.#traits.listed(model)), {});
		}
		const data = [...new Set(this.#traits.catalog.values())].map((model) => this.#traits.listed(model));
		return sendBody(call.exchange, JSON.stringify({ object: 'list', data }), {});
	}

	#wrongEndpoint(model: OpenAIModel): Problem | undefined {
		const { make } = this.#traits;
		if (model.serves === 'chat') return undefined;
		if (model.serves === 'completions') {
			const message =
				'This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean to use v1/completions?';
			return make(message, { status: 404, param: 'model' });
		}
		if (model.serves !== 'responses') return make('You are not allowed to sample from this model', { status: 403 });
		const message = 'This model is only supported in v1/responses and not in v1/chat/completions.';
		return make(message, { status: 404, param: 'model' });
	}

	#overflow(model: OpenAIModel, tokens: number): Problem | undefined {
		if (tokens <= (model.maxInput ?? model.window)) return undefined;
		const limit = model.maxInput ?? model.window;
		const message =
			model.maxInput === undefined
				? `This model's maximum context length is ${limit} tokens. However, your messages resulted in ${tokens} tokens.`
				: `Input tokens exceed the configured limit of ${limit} tokens. Your messages resulted in ${tokens} tokens.`;
		return this.#traits.make(`${message} Please reduce the length of the messages.`, {
			param: 'messages',
			code: 'context_length_exceeded',
		});
	}

	async #chat(call: Call): Promise<void> {
		const read = await beginJson(call);
		if (read === undefined) return;
		const { exchange } = call;
		const refused = this.#unauthorized(exchange);
		if (refused !== undefined) return sendProblem(exchange, refused);
		if (!read.ok || !isObject(read.body)) {
			return sendProblem(exchange, this.#traits.make('We could not parse the JSON body of your request.'));
		}
		const problem = await this.#answer(exchange, read.body, call.bytes);
		if (problem !== undefined) sendProblem(exchange, problem);
	}

	/** Answers a chat request, or returns what is wrong with it. */
	async #answer(exchange: Exchange, request: JsonObject, bytes: Buffer): Promise<Problem | undefined> {
		const { make, shape, lenient, violation: worded, catalog, noModel, rules, style } = this.#traits;
		if (request.model === undefined) return make('you must provide a model parameter');
		const violation = firstViolation(request, shape, lenient);
		if (violation !== undefined) return worded(violation);
		const model = catalog.get(text(request.model));
		if (model === undefined) return noModel(text(request.model));
		const broken = this.#wrongEndpoint(model) ?? ruleProblem(request, model, make, rules);
		if (broken !== undefined) return broken;
		const files = readFiles(objects(request.messages), model, make);
		if (!Array.isArray(files)) return files;
		const tokens = promptTokens(request, files);
		const overflow = this.#overflow(model, tokens);
		if (overflow !== undefined) return overflow;
		const now = this.context.clock.now();
		const cached = this.context.promptCache ? cachedTokens(request, tokens, this.#cache, now) : 0;
		const { controls, row } = exchange;
		const question = { request, bytes, vendor: this.name, model, files, style, controls, now };
		const answer = answerTo({ ...question, promptTokens: tokens, cachedTokens: cached });
		row.usage = {
			inputTokens: tokens,
			outputTokens: answer.outcomes.reduce((sum, outcome) => sum + outcome.outputTokens, 0),
			cacheReadTokens: cached,
			cacheWriteTokens: 0,
			reasoningTokens: answer.outcomes.reduce((sum, outcome) => sum + outcome.reasoningTokens, 0),
		};
		if (request.stream === true) await sendStream(exchange, framesOf(answer, controls.chunks), {});
		else await sendBody(exchange, JSON.stringify(bodyOf(answer)), {});
		return undefined;
	}
}

/** Makes a simulated vendor of the OpenAI protocol. */
export const openaiVendor: VendorMaker = (definition, context) => new OpenAISimulator(definition, context);
