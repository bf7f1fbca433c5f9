import type { JsonObject } from '../../spec/index.ts';
import { beginJson } from '../core/begin.ts';
import { uncached } from '../core/bill.ts';
import { sendBody, sendProblem, sendStream } from '../core/deliver.ts';
import { endpointAt, get, post } from '../core/endpoints.ts';
import type { Exchange } from '../core/exchange.ts';
import { uuidFrom } from '../core/ids.ts';
import { isObject, text } from '../core/json.ts';
import { firstViolation, type Shape } from '../core/shape.ts';
import { bearerOf, SimulatedVendor } from '../core/simulated.ts';
import type { Problem, SimulatorVendor } from '../core/types.ts';
import type { Call, Endpoint, Found, Refusal, VendorContext, VendorMaker } from '../core/vendor.ts';
import { answerTo, bodyOf } from './answer.ts';
import { COHERE_MODELS, type CohereModel, SHOWCASE } from './models.ts';
import { noModel, problem, violationProblem } from './problems.ts';
import { ruleFault } from './rules.ts';
import { CHAT, EMBED, RERANK } from './shapes.ts';
import { framesOf } from './stream.ts';
import { embedded, embedFault, type Made, reranked } from './vectors.ts';
import { cohereWire, errorId } from './wire.ts';

const BODY_LIMIT = 32 * 1024 * 1024;

/** A request that is in order, and its model. */
interface Asked {
	request: JsonObject;
	model: CohereModel;
}

/** A simulated Cohere: chat, embed and rerank of version 2, the list of models. */
class CohereSimulator extends SimulatedVendor {
	readonly kind = 'cohere';
	readonly models = SHOWCASE;
	readonly version = '';
	readonly bodyLimit = BODY_LIMIT;
	readonly wire = cohereWire;
	readonly #endpoints: { [path: string]: Endpoint };

	constructor(definition: SimulatorVendor, context: VendorContext) {
		super(definition, context);
		const models: Endpoint = get('models', (call) => this.#list(call));
		this.#endpoints = {
			'/v2/chat': post('chat', (call) => this.#chat(call)),
			'/v2/embed': post('embeddings', (call) => this.#embed(call)),
			'/v2/rerank': post('rerank', (call) => this.#rerank(call)),
			'/v1/models': models,
			'/v1/models/': models,
		};
	}

	endpoint(path: string): Found | undefined {
		return endpointAt(this.#endpoints, path);
	}

	refuse(exchange: Exchange, reason: Refusal): void {
		const id = errorId(exchange);
		const problems: { [reason in Refusal]: Problem } = {
			no_path: problem(id, 'path not found', 404),
			wrong_method: problem(id, 'method not allowed', 405),
			too_large: problem(id, 'request too large', 413),
		};
		sendProblem(exchange, problems[reason]);
	}

	#refused(exchange: Exchange): Problem | undefined {
		const given = bearerOf(exchange) ?? '';
		if (given === this.apiKey) return undefined;
		return problem(errorId(exchange), given === '' ? 'no api key supplied' : 'invalid api token', 401);
	}

	async #list(call: Call): Promise<void> {
		if (await call.begin(null, '')) return;
		const { exchange, rest, query } = call;
		const refused = this.#refused(exchange);
		if (refused !== undefined) return sendProblem(exchange, refused);
		const listed = ({ name, endpoints, window }: CohereModel): JsonObject => ({
			name,
			endpoints: [...endpoints],
			finetuned: false,
			context_length: window,
			tokenizer_url: '',
			default_endpoints: [],
		});
		if (rest !== '') {
			const model = COHERE_MODELS.get(rest);
			if (model === undefined) return sendProblem(exchange, noModel(errorId(exchange), rest));
			return sendBody(exchange, JSON.stringify(listed(model)), {});
		}
		const endpoint = query.get('endpoint');
		const found = [...COHERE_MODELS.values()].filter(
			(model) => endpoint === null || model.endpoints.some((one) => one === endpoint),
		);
		return sendBody(exchange, JSON.stringify({ models: found.map(listed) }), {});
	}

	/** Begins an answer and checks the request. Undefined where nothing is left to do. */
	async #ask(call: Call, endpoint: 'chat' | 'embed' | 'rerank', shape: Shape): Promise<Asked | undefined> {
		const read = await beginJson(call);
		if (read === undefined) return undefined;
		const { exchange } = call;
		const fail = (wrong: Problem): undefined => {
			sendProblem(exchange, wrong);
		};
		const id = errorId(exchange);
		const refused = this.#refused(exchange);
		if (refused !== undefined) return fail(refused);
		if (!read.ok || !isObject(read.body)) return fail(problem(id, 'invalid json syntax: the body is not a JSON object', 400));
		const violation = firstViolation(read.body, shape);
		if (violation !== undefined) return fail(violationProblem(violation, id, endpoint));
		const name = text(read.body.model);
		const model = COHERE_MODELS.get(name);
		if (model === undefined) return fail(noModel(id, name));
		if (!model.endpoints.includes(endpoint)) {
			return fail(problem(id, `model '${name}' is not supported by the ${endpoint} API`));
		}
		return { request: read.body, model };
	}

	async #chat(call: Call): Promise<void> {
		const asked = await this.#ask(call, 'chat', CHAT);
		if (asked === undefined) return;
		const { exchange, bytes } = call;
		const { request, model } = asked;
		const fault = ruleFault(request, model);
		if (fault !== undefined) return sendProblem(exchange, problem(errorId(exchange), fault));
		const { controls, row } = exchange;
		const answer = answerTo({ request, bytes, vendor: this.name, model, controls });
		const over = answer.inputTokens - model.window;
		if (over > 0) {
			const message = `too many tokens: size limit exceeded by ${over} tokens. Try using shorter or fewer inputs. The limit for this model is ${model.window} tokens.`;
			return sendProblem(exchange, problem(errorId(exchange), message, 400, { error_type: 'TOO_MANY_TOKENS' }));
		}
		row.usage = uncached(answer.inputTokens, answer.outcome.outputTokens, answer.outcome.reasoningTokens);
		const headers = { 'content-type': 'text/event-stream' };
		if (request.stream === true) return sendStream(exchange, framesOf(answer, controls.chunks), headers);
		return sendBody(exchange, JSON.stringify(bodyOf(answer)), {});
	}

	async #embed(call: Call): Promise<void> {
		const asked = await this.#ask(call, 'embed', EMBED);
		if (asked === undefined) return;
		const { exchange, bytes } = call;
		const fault = embedFault(asked.request, asked.model);
		if (fault !== undefined) return sendProblem(exchange, problem(errorId(exchange), fault));
		return this.#send(exchange, embedded(asked.request, asked.model, uuidFrom(bytes.toString('utf8'))));
	}

	async #rerank(call: Call): Promise<void> {
		const asked = await this.#ask(call, 'rerank', RERANK);
		if (asked !== undefined) await this.#send(call.exchange, reranked(asked.request, uuidFrom(call.bytes.toString('utf8'))));
	}

	#send(exchange: Exchange, { body, inputTokens }: Made): Promise<void> {
		exchange.row.usage = uncached(inputTokens);
		return sendBody(exchange, JSON.stringify(body), {});
	}
}

/** Makes simulated Coheres. */
export const cohereVendor: VendorMaker = (definition, context) => new CohereSimulator(definition, context);
