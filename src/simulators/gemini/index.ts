import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { uncached } from '../core/bill.ts';
import { splitModel } from '../core/controls.ts';
import { sendBody, sendProblem, sendStream } from '../core/deliver.ts';
import { get, post } from '../core/endpoints.ts';
import type { Exchange } from '../core/exchange.ts';
import { isObject, objects } from '../core/json.ts';
import { cachedPrefix, PromptCache } from '../core/promptcache.ts';
import { firstViolation, type Shape } from '../core/shape.ts';
import { SimulatedVendor } from '../core/simulated.ts';
import type { Problem, SimulatorVendor } from '../core/types.ts';
import type { Call, Endpoint, Found, Refusal, VendorContext, VendorMaker } from '../core/vendor.ts';
import { keyProblem, notFound, parted } from './access.ts';
import { type Answer, answerTo, outputTokens, total } from './answer.ts';
import { bodyOf } from './body.ts';
import { batchFault, embedding, embedFault, embedTokens } from './embed.ts';
import { withNumbers } from './enums.ts';
import { listed, modelPage } from './modellist.ts';
import { GEMINI_MODELS, type GeminiModel, SHOWCASE } from './models.ts';
import { problem, violationProblem } from './problems.ts';
import { promptText, promptTokens } from './prompt.ts';
import { printed, readMessage } from './protojson.ts';
import { ruleFault } from './rules.ts';
import { BATCH_EMBED, COUNT, EMBED, GENERATE } from './shapes.ts';
import { framesOf } from './stream.ts';
import { arrayFraming, arrayWire, geminiWire, sseFraming } from './wire.ts';

const BODY_LIMIT = 64 * 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' };

/** A call that is in order so far. */
interface Asked {
	request: JsonObject;
	model: GeminiModel;
	/** As it was asked for: an alias stays one. */
	name: string;
}

/** What a method takes and which models have it. */
interface Method {
	endpoint: Endpoint;
	shape: Shape;
	has(model: GeminiModel): boolean;
}

/** A simulated vendor of the Gemini protocol: content, token counts, embeddings and the model list. */
class GeminiSimulator extends SimulatedVendor {
	readonly kind = 'gemini';
	readonly models = SHOWCASE;
	readonly version = '/v1beta';
	readonly bodyLimit = BODY_LIMIT;
	readonly wire = geminiWire;
	readonly #cache = new PromptCache();
	readonly #list: Endpoint = get('models', (call) => this.#models(call));
	readonly #methods: { [method: string]: Method };

	constructor(definition: SimulatorVendor, context: VendorContext) {
		super(definition, context);
		const writes = (model: GeminiModel): boolean => model.dimensions === undefined;
		const embeds = (model: GeminiModel): boolean => model.dimensions !== undefined;
		const generate = post('chat', (call) => this.#generate(call));
		this.#methods = {
			generateContent: { endpoint: generate, shape: GENERATE, has: writes },
			streamGenerateContent: { endpoint: generate, shape: GENERATE, has: writes },
			countTokens: { endpoint: post('count_tokens', (call) => this.#count(call)), shape: COUNT, has: () => true },
			embedContent: { endpoint: post('embeddings', (call) => this.#embed(call)), shape: EMBED, has: embeds },
			batchEmbedContents: { endpoint: post('embeddings', (call) => this.#embedAll(call)), shape: BATCH_EMBED, has: embeds },
		};
	}

	endpoint(path: string): Found | undefined {
		const [, rest] = /^\/v1(?:beta|alpha)?\/models(?:\/([^/]+))?$/.exec(path) ?? [];
		if (rest === undefined) return /^\/v1(?:beta|alpha)?\/models$/.test(path) ? { endpoint: this.#list, rest: '' } : undefined;
		const [, method] = parted(decodeURIComponent(rest));
		if (method === '') return { endpoint: this.#list, rest: decodeURIComponent(rest) };
		const found = Object.hasOwn(this.#methods, method) ? this.#methods[method] : undefined;
		return found === undefined ? undefined : { endpoint: found.endpoint, rest: decodeURIComponent(rest) };
	}

	refuse(exchange: Exchange, reason: Refusal): void {
		const problems: { [reason in Refusal]: Problem } = {
			no_path: problem(`The requested URL ${exchange.row.path} was not found on this server.`, 404),
			wrong_method: problem(`The request method ${exchange.row.method} is inappropriate for the URL ${exchange.row.path}`, 405),
			too_large: problem(`Request payload size exceeds the limit: ${BODY_LIMIT} bytes.`),
		};
		sendProblem(exchange, problems[reason]);
	}

	override reset(): void {
		this.#cache.clear();
	}

	#refused(exchange: Exchange, query: URLSearchParams): Problem | undefined {
		const { access } = this.context;
		return access === undefined ? keyProblem(exchange, query, this.apiKey) : access(exchange);
	}

	async #models(call: Call): Promise<void> {
		if (await call.begin(null, '')) return;
		const { exchange, rest, query } = call;
		const refused = this.#refused(exchange, query);
		if (refused !== undefined) return sendProblem(exchange, refused);
		const model = GEMINI_MODELS.get(rest);
		if (rest !== '' && model === undefined) return sendProblem(exchange, notFound(rest, 'GetModel'));
		const page = model === undefined ? modelPage(query) : listed(model, rest);
		if (page === undefined) return sendProblem(exchange, problem('Invalid page token.'));
		return sendBody(exchange, printed(page), JSON_TYPE);
	}

	/** Begins an answer and reads the request. Undefined where nothing is left to do. */
	async #read(call: Call): Promise<Asked | undefined> {
		const { exchange, rest, query, bytes } = call;
		const [named, method] = parted(rest);
		exchange.row.stream = method === 'streamGenerateContent';
		if (exchange.row.stream && query.get('alt') !== 'sse') exchange.wire = arrayWire;
		const { model: name, suffix } = splitModel(named);
		if (await call.begin(name, suffix)) return undefined;
		const found = this.#requested(exchange, query, bytes, name, method);
		if (!('status' in found)) return found;
		sendProblem(exchange, found);
		return undefined;
	}

	#requested(exchange: Exchange, query: URLSearchParams, bytes: Buffer, name: string, method: string): Asked | Problem {
		const refused = this.#refused(exchange, query);
		if (refused !== undefined) return refused;
		let body: JsonValue;
		try {
			body = JSON.parse(bytes.toString('utf8')) as JsonValue;
		} catch (error) {
			const reason = error instanceof Error ? error.message : '';
			return problem(`Invalid JSON payload received. ${reason}`);
		}
		const { shape, has } = this.#methods[method] ?? { shape: GENERATE, has: () => false };
		const request = readMessage(body, shape);
		const violation = firstViolation(request, shape);
		if (violation !== undefined || !isObject(request)) {
			return violation === undefined ? problem('Invalid JSON payload received.') : violationProblem(violation);
		}
		const model = GEMINI_MODELS.get(name);
		if (model === undefined || !has(model)) return notFound(name, method.replace('batchEmbedContents', 'embedContent'));
		return { request, model, name };
	}

	async #generate(call: Call): Promise<void> {
		const asked = await this.#read(call);
		if (asked === undefined) return;
		const { request, model } = asked;
		const { exchange, bytes, query } = call;
		const wrong = this.#wrong(request, model);
		if (wrong !== undefined) return sendProblem(exchange, wrong);
		const tokens = promptTokens(request);
		const { controls, row } = exchange;
		const cachedTokens = this.#cached(request, model, total(tokens));
		const answer = answerTo({ request, bytes, vendor: this.name, model, controls, promptTokens: tokens, cachedTokens });
		const { output, thoughts } = outputTokens(answer);
		row.usage = {
			inputTokens: total(tokens),
			outputTokens: output,
			cacheReadTokens: cachedTokens,
			cacheWriteTokens: 0,
			reasoningTokens: thoughts,
		};
		return this.#send(exchange, answer, query);
	}

	#wrong(request: JsonObject, model: GeminiModel): Problem | undefined {
		if (typeof request.cachedContent === 'string') return problem('CachedContent not found (or permission denied)', 403);
		const fault = ruleFault(request, model);
		if (fault !== undefined) return problem(fault);
		const tokens = total(promptTokens(request));
		if (tokens <= model.window) return undefined;
		return problem(`The input token count (${tokens}) exceeds the maximum number of tokens allowed (${model.window}).`);
	}

	#cached(request: JsonObject, model: GeminiModel, tokens: number): number {
		if (!this.context.promptCache) return 0;
		return cachedPrefix(model.id, promptText(request), tokens, this.#cache, this.context.clock.now());
	}

	async #send(exchange: Exchange, answer: Answer, query: URLSearchParams): Promise<void> {
		const numbers = (query.get('$alt') ?? '').includes('enum-encoding=int');
		const encoded = (value: JsonObject): JsonObject => {
			const made = numbers ? withNumbers(value) : value;
			return isObject(made) ? made : value;
		};
		if (!exchange.row.stream) return sendBody(exchange, printed(encoded(bodyOf(answer))), JSON_TYPE);
		const sse = query.get('alt') === 'sse';
		const framing = sse ? sseFraming : arrayFraming;
		const frames = framesOf(answer, exchange.controls.chunks, (value, index, last) => framing(encoded(value), index, last));
		const headers: { [name: string]: string } = sse ? { 'content-type': 'text/event-stream' } : JSON_TYPE;
		return sendStream(exchange, frames, headers);
	}

	async #count(call: Call): Promise<void> {
		const asked = await this.#read(call);
		if (asked === undefined) return;
		const inner = asked.request.generateContentRequest;
		const request = isObject(inner) ? inner : asked.request;
		if (objects(request.contents).length === 0) {
			return sendProblem(call.exchange, problem('* CountTokensRequest.contents: contents is not specified\n'));
		}
		const tokens = promptTokens(request);
		const promptTokensDetails = [...tokens].map(([modality, tokenCount]) => ({ modality, tokenCount }));
		return sendBody(call.exchange, printed({ totalTokens: total(tokens), promptTokensDetails }), JSON_TYPE);
	}

	async #embed(call: Call): Promise<void> {
		const asked = await this.#read(call);
		if (asked === undefined) return;
		const fault = embedFault(asked.request, asked.model, 'EmbedContentRequest');
		if (fault !== undefined) return sendProblem(call.exchange, problem(fault));
		this.#billEmbedding(call.exchange, [asked.request]);
		return sendBody(call.exchange, printed({ embedding: embedding(asked.request, asked.model) }), JSON_TYPE);
	}

	async #embedAll(call: Call): Promise<void> {
		const asked = await this.#read(call);
		if (asked === undefined) return;
		const requests = objects(asked.request.requests);
		const fault = batchFault(requests, asked.model, asked.name);
		if (fault !== undefined) return sendProblem(call.exchange, problem(fault));
		this.#billEmbedding(call.exchange, requests);
		return sendBody(
			call.exchange,
			printed({ embeddings: requests.map((request) => embedding(request, asked.model)) }),
			JSON_TYPE,
		);
	}

	#billEmbedding({ row }: Exchange, requests: JsonObject[]): void {
		const inputTokens = requests.reduce((sum, request) => sum + embedTokens(request), 0);
		row.usage = uncached(inputTokens);
	}
}

/** Makes a simulated vendor of the Gemini protocol. */
export const geminiVendor: VendorMaker = (definition, context) => new GeminiSimulator(definition, context);
