import type { JsonObject } from '../../spec/index.ts';
import { beginJson } from '../core/begin.ts';
import { sendBody, sendProblem, sendStream } from '../core/deliver.ts';
import type { Exchange, Wire } from '../core/exchange.ts';
import { isObject, objects, text } from '../core/json.ts';
import { cachedPrefix, PromptCache } from '../core/promptcache.ts';
import { firstViolation } from '../core/shape.ts';
import type { Problem, SimulatorVendor } from '../core/types.ts';
import {
	type Call,
	type Endpoint,
	endpointAt,
	type Refusal,
	type Vendor,
	type VendorContext,
	type VendorMaker,
} from '../core/vendor.ts';
import { answerTo } from './answer.ts';
import { bodyOf } from './body.ts';
import { readFiles } from './files.ts';
import { CLOUD_MODELS, LOCAL_MODELS, type OpenAIModel, showcase } from './models.ts';
import { cloudProblem, localProblem, type MakeProblem, violationProblem } from './problems.ts';
import { cachedTokens, promptTokens } from './prompt.ts';
import { ResponsesApi } from './responses/index.ts';
import { ruleProblem } from './rules.ts';
import { CHAT, LOCAL_CHAT } from './shapes.ts';
import { framesOf } from './stream.ts';
import { openaiWire } from './wire.ts';

const BODY_LIMIT = 64 * 1024 * 1024;

/** A simulated vendor of the OpenAI protocol: Chat Completions, Responses and the model list. */
class OpenAISimulator implements Vendor {
	readonly name: string;
	readonly kind = 'openai';
	readonly apiKey: string;
	readonly flavor: 'cloud' | 'local';
	readonly models: readonly string[];
	readonly bodyLimit = BODY_LIMIT;
	readonly wire: Wire;
	readonly #local: boolean;
	readonly #make: MakeProblem;
	readonly #catalog: ReadonlyMap<string, OpenAIModel>;
	readonly #context: VendorContext;
	readonly #cache = new PromptCache();
	readonly #endpoints: { [path: string]: Endpoint };
	/** Open-weight servers have none. */
	readonly #responses: ResponsesApi | undefined;

	constructor(definition: SimulatorVendor, context: VendorContext) {
		this.name = definition.name;
		this.apiKey = definition.apiKey ?? `sk-${definition.name}`;
		this.flavor = definition.flavor ?? 'cloud';
		this.#local = this.flavor === 'local';
		this.#make = this.#local ? localProblem : cloudProblem;
		this.#catalog = this.#local ? LOCAL_MODELS : CLOUD_MODELS;
		this.models = showcase(this.#catalog);
		this.#context = context;
		this.wire = openaiWire(this.#make, this.#local);
		const models: Endpoint = { name: 'models', methods: ['GET'], answer: (call) => this.#list(call) };
		this.#endpoints = {
			'/v1/chat/completions': { name: 'chat', methods: ['POST'], answer: (call) => this.#chat(call) },
			'/v1/models': models,
			'/v1/models/': models,
		};
		this.#responses = this.#local ? undefined : this.#makeResponses();
	}

	#makeResponses(): ResponsesApi {
		return new ResponsesApi({
			name: this.name,
			catalog: this.#catalog,
			context: this.#context,
			unauthorized: (exchange) => this.#unauthorized(exchange),
			cached: (model, prefix, total) => {
				const { promptCache, clock } = this.#context;
				return promptCache ? cachedPrefix(model, prefix, total, this.#cache, clock.now()) : 0;
			},
		});
	}

	endpoint(path: string): { endpoint: Endpoint; rest: string } | undefined {
		return this.#responses?.endpoint(path) ?? endpointAt(this.#endpoints, path);
	}

	refuse(exchange: Exchange, reason: Refusal): void {
		const { method, path } = exchange.row;
		const problems: { [reason in Refusal]: () => Problem } = {
			no_path: () => this.#make(`Invalid URL (${method} ${path})`, { status: 404 }),
			wrong_method: () => this.#make(`Not allowed to ${method} on ${path}.`, { status: 405, code: 'method_not_supported' }),
			too_large: () => this.wire.problem(413, exchange),
		};
		sendProblem(exchange, problems[reason]());
	}

	reset(): void {
		this.#cache.clear();
		this.#responses?.reset();
	}

	#unauthorized({ request }: Exchange): Problem | undefined {
		if (this.#local) return undefined;
		const given = /^Bearer\s+(.*)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim();
		if (given === undefined || given === '') {
			const message =
				"You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth.";
			return this.#make(message, { status: 401 });
		}
		if (given === this.apiKey) return undefined;
		const hidden = given.length > 12 ? `${given.slice(0, 8)}****${given.slice(-4)}` : `${given.slice(0, 3)}****`;
		const message = `Incorrect API key provided: ${hidden}. You can find your API key at https://platform.openai.com/account/api-keys.`;
		return this.#make(message, { status: 401, code: 'invalid_api_key' });
	}

	async #list(call: Call): Promise<void> {
		if (await call.begin(null, '')) return;
		const problem = this.#unauthorized(call.exchange);
		if (problem !== undefined) return sendProblem(call.exchange, problem);
		if (call.rest !== '') {
			const model = this.#catalog.get(call.rest);
			if (model === undefined) return sendProblem(call.exchange, this.#noModel(call.rest));
			return sendBody(call.exchange, JSON.stringify(this.#listed(model)), {});
		}
		const data = [...new Set(this.#catalog.values())].map((model) => this.#listed(model));
		return sendBody(call.exchange, JSON.stringify({ object: 'list', data }), {});
	}

	#listed({ id, created, window }: OpenAIModel): JsonObject {
		if (!this.#local) return { id, object: 'model', created, owned_by: 'system' };
		return { id, object: 'model', created, owned_by: 'vllm', root: id, parent: null, max_model_len: window };
	}

	#noModel(id: string): Problem {
		if (this.#local) return this.#make(`The model \`${id}\` does not exist.`, { status: 404, param: 'model' });
		return this.#make(`The model \`${id}\` does not exist or you do not have access to it.`, {
			status: 404,
			code: 'model_not_found',
		});
	}

	#wrongEndpoint(model: OpenAIModel): Problem | undefined {
		if (model.serves === 'embeddings') return this.#make('You are not allowed to sample from this model', { status: 403 });
		if (model.serves === 'chat') return undefined;
		const message = 'This model is only supported in v1/responses and not in v1/chat/completions.';
		return this.#make(message, { status: 404, param: 'model' });
	}

	#overflow(model: OpenAIModel, tokens: number): Problem | undefined {
		if (tokens <= (model.maxInput ?? model.window)) return undefined;
		const limit = model.maxInput ?? model.window;
		const message =
			model.maxInput === undefined
				? `This model's maximum context length is ${limit} tokens. However, your messages resulted in ${tokens} tokens.`
				: `Input tokens exceed the configured limit of ${limit} tokens. Your messages resulted in ${tokens} tokens.`;
		return this.#make(`${message} Please reduce the length of the messages.`, {
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
			return sendProblem(exchange, this.#make('We could not parse the JSON body of your request.'));
		}
		const problem = await this.#answer(exchange, read.body, call.bytes);
		if (problem !== undefined) sendProblem(exchange, problem);
	}

	/** Answers a chat request, or returns what is wrong with it. */
	async #answer(exchange: Exchange, request: JsonObject, bytes: Buffer): Promise<Problem | undefined> {
		if (request.model === undefined) return this.#make('you must provide a model parameter');
		const violation = firstViolation(request, this.#local ? LOCAL_CHAT : CHAT, this.#local);
		if (violation !== undefined) return violationProblem(violation, this.#make);
		const model = this.#catalog.get(text(request.model));
		if (model === undefined) return this.#noModel(text(request.model));
		const broken = this.#wrongEndpoint(model) ?? ruleProblem(request, model, this.#make, this.#local);
		if (broken !== undefined) return broken;
		const files = readFiles(objects(request.messages), model, this.#make);
		if (!Array.isArray(files)) return files;
		const tokens = promptTokens(request, files);
		const overflow = this.#overflow(model, tokens);
		if (overflow !== undefined) return overflow;
		const now = this.#context.clock.now();
		const cached = this.#context.promptCache ? cachedTokens(request, tokens, this.#cache, now) : 0;
		const { controls, row } = exchange;
		const question = { request, bytes, vendor: this.name, model, files, local: this.#local, controls, now };
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
