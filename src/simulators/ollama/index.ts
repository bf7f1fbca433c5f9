import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { readBody } from '../core/begin.ts';
import { uncached } from '../core/bill.ts';
import { splitModel } from '../core/controls.ts';
import { sendBody, sendProblem, sendStream, sendText } from '../core/deliver.ts';
import { endpointAt, endpointOf, get, post } from '../core/endpoints.ts';
import type { Exchange } from '../core/exchange.ts';
import { isObject, list, text } from '../core/json.ts';
import { firstViolation, type Shape } from '../core/shape.ts';
import { SimulatedVendor } from '../core/simulated.ts';
import type { Problem, SimulatorVendor } from '../core/types.ts';
import type { Call, Endpoint, Found, Refusal, Vendor, VendorContext, VendorMaker } from '../core/vendor.ts';
import { answerTo, bodyOf, framesOf, loadedBody } from './answer.ts';
import { embedded, inputsOf } from './embed.ts';
import { running, shown, tags, VERSION } from './modellist.ts';
import { findModel, type OllamaModel, SHOWCASE } from './models.ts';
import { noModel, plainProblem, problem, typeProblem } from './problems.ts';
import { promptTokens } from './prompt.ts';
import { contextOf, ruleProblem } from './rules.ts';
import { CHAT, EMBED, EMBEDDINGS, GENERATE, SHOW } from './shapes.ts';
import { ollamaWire } from './wire.ts';

const BODY_LIMIT = 256 * 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
/** How long a model stays in memory after a request. */
const KEPT_MS = 5 * 60_000;

/** A request that can be read, and the model it names. */
interface Asked {
	request: JsonObject;
	model: OllamaModel;
}

/** A simulated Ollama server: its own API, and the OpenAI protocol under `/v1`. */
class OllamaSimulator extends SimulatedVendor {
	readonly kind = 'ollama';
	override readonly flavor = 'local';
	readonly models = SHOWCASE;
	readonly version = '';
	readonly bodyLimit = BODY_LIMIT;
	readonly wire = ollamaWire;
	readonly #inner: Vendor;
	readonly #loaded = new Map<OllamaModel, number>();
	readonly #endpoints: { [path: string]: Endpoint };

	constructor(definition: SimulatorVendor, context: VendorContext, inner: Vendor) {
		super(definition, context);
		this.#inner = inner;
		const told = (body: () => JsonObject): Endpoint => get('models', (call) => this.#get(call, body));
		this.#endpoints = {
			'/': get('models', (call) => this.#greet(call)),
			'/api/version': told(() => ({ version: VERSION })),
			'/api/tags': told(tags),
			'/api/ps': told(() => running(this.#loadedNow())),
			'/api/show': post('models', (call) => this.#show(call)),
			'/api/chat': post('chat', (call) => this.#answer(call, 'ChatRequest', CHAT)),
			'/api/generate': post('chat', (call) => this.#answer(call, 'GenerateRequest', GENERATE)),
			'/api/embed': post('embeddings', (call) => this.#embed(call)),
			'/api/embeddings': post('embeddings', (call) => this.#embedOne(call)),
		};
	}

	endpoint(path: string): Found | undefined {
		return path.startsWith('/v1/') ? endpointOf(this.#inner, path) : endpointAt(this.#endpoints, path);
	}

	refuse(exchange: Exchange, reason: Refusal): void {
		const problems: { [reason in Refusal]: Problem } = {
			no_path: plainProblem('404 page not found', 404),
			wrong_method: plainProblem('405 method not allowed', 405),
			too_large: problem('http: request body too large', 413),
		};
		sendProblem(exchange, problems[reason]);
	}

	override reset(): void {
		this.#loaded.clear();
		this.#inner.reset();
	}

	#loadedNow(): ReadonlyMap<OllamaModel, number> {
		const now = this.context.clock.now();
		for (const [model, until] of this.#loaded) if (until <= now) this.#loaded.delete(model);
		return this.#loaded;
	}

	async #greet(call: Call): Promise<void> {
		if (!(await call.begin(null, ''))) sendText(call.exchange, 200, 'text/plain; charset=utf-8', 'Ollama is running');
	}

	async #get(call: Call, body: () => JsonObject): Promise<void> {
		if (!(await call.begin(null, ''))) await sendBody(call.exchange, JSON.stringify(body()), JSON_TYPE);
	}

	/** Begins an answer and reads the request. Undefined where nothing is left to do. `struct`: its name in the server's errors. */
	async #read(call: Call, struct: string, shape: Shape): Promise<Asked | undefined> {
		const { exchange, bytes } = call;
		const read = readBody(bytes);
		const body: JsonValue = read.ok ? read.body : null;
		const given = isObject(body) ? body : {};
		const { model: name, suffix } = splitModel(text(given.model) || text(given.name));
		// Answers stream unless asked not to.
		const streams = struct === 'ChatRequest' || struct === 'GenerateRequest';
		exchange.row.stream = streams && given.stream !== false;
		if (await call.begin(name === '' ? null : name, suffix)) return undefined;
		if (bytes.length === 0) return this.#fail(exchange, problem('missing request body'));
		if (!read.ok) return this.#fail(exchange, problem(`invalid character in request: ${read.reason}`));
		const violation = firstViolation(body, shape);
		if (violation !== undefined) return this.#fail(exchange, typeProblem(violation, struct));
		if (name === '') return this.#fail(exchange, problem('model is required'));
		const model = findModel(name);
		if (model === undefined) return this.#fail(exchange, noModel(name));
		return { request: { ...given, model: name }, model };
	}

	#fail(exchange: Exchange, wrong: Problem): undefined {
		sendProblem(exchange, wrong);
	}

	async #show(call: Call): Promise<void> {
		const asked = await this.#read(call, 'ShowRequest', SHOW);
		if (asked !== undefined) await sendBody(call.exchange, JSON.stringify(shown(asked.model)), JSON_TYPE);
	}

	async #answer(call: Call, struct: 'ChatRequest' | 'GenerateRequest', shape: Shape): Promise<void> {
		const asked = await this.#read(call, struct, shape);
		if (asked === undefined) return;
		const { exchange, bytes } = call;
		const { request, model } = asked;
		const chat = struct === 'ChatRequest';
		const whole = chat ? { ...request, messages: request.messages ?? [] } : request;
		const wrong = ruleProblem(whole, model) ?? this.#overflow(whole, model);
		if (wrong !== undefined) return sendProblem(exchange, wrong);
		const now = this.context.clock.now();
		const unload = request.keep_alive === 0 || /^0[a-z]*$/.test(text(request.keep_alive));
		if (unload) this.#loaded.delete(model);
		else this.#loaded.set(model, now + KEPT_MS);
		if (chat ? list(whole.messages).length === 0 : text(request.prompt) === '') {
			const body = loadedBody(text(request.model), chat ? 'chat' : 'generate', unload, now);
			return sendBody(exchange, JSON.stringify(body), JSON_TYPE);
		}
		const answer = answerTo({ request: whole, bytes, vendor: this.name, model, controls: exchange.controls, now });
		exchange.row.usage = uncached(answer.promptTokens, answer.outcome.outputTokens, answer.outcome.reasoningTokens);
		if (exchange.row.stream) return sendStream(exchange, framesOf(answer, exchange.controls.chunks), {});
		return sendBody(exchange, JSON.stringify(bodyOf(answer)), JSON_TYPE);
	}

	/** A prompt is cut to the context, silently, unless the request forbids it. */
	#overflow(request: JsonObject, model: OllamaModel): Problem | undefined {
		const over = promptTokens(request) - contextOf(request, model);
		if (request.truncate !== false || over <= 0) return undefined;
		return problem(`prompt too long; exceeded max context length by ${over} tokens`);
	}

	async #embed(call: Call): Promise<void> {
		const asked = await this.#read(call, 'EmbedRequest', EMBED);
		if (asked === undefined) return;
		const { exchange } = call;
		const inputs = inputsOf(asked.request);
		if (inputs === undefined) return sendProblem(exchange, problem('invalid input type'));
		const made = embedded(asked.request, inputs, asked.model);
		if ('status' in made) return sendProblem(exchange, made);
		this.#bill(exchange, made.tokens);
		const counts = { total_duration: 1_000_000, load_duration: 100_000, prompt_eval_count: made.tokens };
		return sendBody(
			exchange,
			JSON.stringify({ model: text(asked.request.model), embeddings: made.vectors, ...counts }),
			JSON_TYPE,
		);
	}

	async #embedOne(call: Call): Promise<void> {
		const asked = await this.#read(call, 'EmbeddingRequest', EMBEDDINGS);
		if (asked === undefined) return;
		const { exchange } = call;
		const prompt = text(asked.request.prompt);
		const made = embedded(asked.request, prompt === '' ? [] : [prompt], asked.model);
		if ('status' in made) return sendProblem(exchange, made);
		this.#bill(exchange, made.tokens);
		return sendBody(exchange, JSON.stringify({ embedding: made.vectors[0] ?? [] }), JSON_TYPE);
	}

	#bill({ row }: Exchange, inputTokens: number): void {
		row.usage = uncached(inputTokens);
	}
}

/** Makes simulated Ollama servers; `openai` makes the one that answers under `/v1`. */
export function ollamaVendor(openai: VendorMaker): VendorMaker {
	return (definition, context) =>
		new OllamaSimulator(definition, context, openai({ ...definition, kind: 'openai', flavor: 'ollama' }, context));
}
