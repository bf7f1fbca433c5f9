import type { JsonObject } from '../../spec/index.ts';
import { readBody } from '../core/begin.ts';
import { uncached } from '../core/bill.ts';
import { splitModel } from '../core/controls.ts';
import { sendBody, sendProblem, sendStream } from '../core/deliver.ts';
import { get, post } from '../core/endpoints.ts';
import type { Exchange } from '../core/exchange.ts';
import type { HostedModel, MessagesHost } from '../core/hosted.ts';
import { digest, idFrom } from '../core/ids.ts';
import { isObject, object, text } from '../core/json.ts';
import { PromptCache } from '../core/promptcache.ts';
import { firstViolation, type Shape } from '../core/shape.ts';
import { bearerOf, SimulatedVendor } from '../core/simulated.ts';
import type { Problem, SigningKeys, SimulatorVendor } from '../core/types.ts';
import type { Call, Endpoint, Found, Refusal, VendorContext, VendorMaker } from '../core/vendor.ts';
import { type Answer, answerFrom, filteredAnswer } from './answer.ts';
import { bodyOf } from './body.ts';
import { embedded } from './embed.ts';
import { messagesForm } from './messages.ts';
import { foundationModels, inferenceProfiles } from './modellist.ts';
import { type BedrockModel, findModel, SHOWCASE } from './models.ts';
import { modelProblem, problem, violationProblem } from './problems.ts';
import { ruleProblem } from './rules/index.ts';
import { CONVERSE, CONVERSE_STREAM, COUNT } from './shapes.ts';
import { signatureFault } from './sigv4.ts';
import { framesOf } from './stream.ts';
import { bedrockWire } from './wire.ts';

const BODY_LIMIT = 25 * 1024 * 1024;
const ACTION = /^\/model\/(.+)\/(converse|converse-stream|count-tokens|invoke)$/;

/** A call whose caller and model are known. */
interface Known {
	request: JsonObject;
	model: BedrockModel;
	/** The model's name at its maker. */
	name: string;
}

/** The name a Claude model has at its maker: without the maker's prefix and the version behind it. */
function ownName({ id, thinks }: BedrockModel): string {
	return thinks === 'claude' ? id.replace(/^anthropic\./, '').replace(/-v\d+(?::\d+)?$/, '') : id;
}

/** A simulated Amazon Bedrock: Converse, vectors through InvokeModel, the lists of models and profiles. */
class BedrockSimulator extends SimulatedVendor {
	readonly kind = 'bedrock';
	readonly keys: SigningKeys;
	readonly models = SHOWCASE;
	readonly version = '';
	readonly bodyLimit = BODY_LIMIT;
	readonly wire = bedrockWire;
	readonly #host: MessagesHost;
	readonly #cache = new PromptCache();
	readonly #actions: { [action: string]: Endpoint };
	readonly #lists: { [path: string]: Endpoint };

	constructor(definition: SimulatorVendor, context: VendorContext, host: MessagesHost) {
		super(definition, context);
		this.keys = definition.keys ?? { accessKeyId: 'AKIASIMULATEDVENDOR0', secretAccessKey: `secret-${definition.name}` };
		this.#host = host;
		this.#actions = {
			converse: post('chat', (call) => this.#converse(call, false)),
			'converse-stream': post('chat', (call) => this.#converse(call, true)),
			'count-tokens': post('count_tokens', (call) => this.#count(call)),
			invoke: post('embeddings', (call) => this.#invoke(call)),
		};
		const listing = (list: (query: URLSearchParams) => JsonObject | undefined): Endpoint => {
			return get('models', (call) => this.#list(call, list));
		};
		this.#lists = { '/foundation-models': listing(foundationModels), '/inference-profiles': listing(inferenceProfiles) };
	}

	endpoint(path: string): Found | undefined {
		const list = this.#lists[path];
		if (list !== undefined) return { endpoint: list, rest: '' };
		const [, model = '', action = ''] = ACTION.exec(path) ?? [];
		const endpoint = this.#actions[action];
		return endpoint === undefined ? undefined : { endpoint, rest: decodeURIComponent(model) };
	}

	refuse(exchange: Exchange, reason: Refusal): void {
		const problems: { [reason in Refusal]: Problem } = {
			no_path: problem('', 'UnknownOperationException'),
			wrong_method: problem('', 'UnknownOperationException', 405),
			too_large: problem('Request body is too large.', 'ValidationException', 413),
		};
		sendProblem(exchange, problems[reason]);
	}

	override reset(): void {
		this.#cache.clear();
	}

	#refused(exchange: Exchange, body: Buffer): Problem | undefined {
		const { request } = exchange;
		const { authorization } = request.headers;
		if (authorization === undefined) return problem('Missing Authentication Token', 'MissingAuthenticationTokenException');
		const bearer = bearerOf(exchange);
		if (bearer !== undefined) {
			if (bearer === this.apiKey) return undefined;
			return problem('Authentication failed: Please make sure your API Key is valid.', 'AccessDeniedException');
		}
		const { method = 'GET', url = '/', headers } = request;
		const refused = signatureFault({ method, url, headers, body }, this.keys, 'bedrock', this.context.clock.now());
		return refused === undefined ? undefined : problem(refused.message, refused.name);
	}

	async #list(call: Call, list: (query: URLSearchParams) => JsonObject | undefined): Promise<void> {
		if (await call.begin(null, '')) return;
		const { exchange, bytes, query } = call;
		const refused = this.#refused(exchange, bytes);
		if (refused !== undefined) return sendProblem(exchange, refused);
		const page = list(query);
		if (page === undefined) return sendProblem(exchange, problem('The nextToken field is not valid.'));
		return sendBody(exchange, JSON.stringify(page), {});
	}

	/** Begins an answer, checks the caller, finds the model and reads the body. Undefined where nothing is left to do. */
	async #known(call: Call, serves: 'text' | 'vectors', shape: Shape | undefined): Promise<Known | undefined> {
		const { exchange, rest, bytes } = call;
		const { model: named, suffix } = splitModel(rest);
		if (await call.begin(named, suffix)) return undefined;
		const known = this.#refused(exchange, bytes) ?? this.#found(named, serves);
		const read = 'status' in known ? known : this.#read(bytes, known, shape);
		if (!('status' in read)) return read;
		sendProblem(exchange, read);
		return undefined;
	}

	#found(named: string, serves: 'text' | 'vectors'): BedrockModel | Problem {
		const found = findModel(named);
		if (found === undefined) return problem('The provided model identifier is invalid.');
		const { model, profile } = found;
		if (!profile && !model.onDemand) {
			return problem(
				`Invocation of model ID ${named} with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.`,
			);
		}
		if (model.dimensions.length > 0 === (serves === 'vectors')) return model;
		return serves === 'text'
			? problem("This action doesn't support the model that you provided. Try again with a supported text or chat model.")
			: problem('The simulator invokes only models that make vectors; speak to the others through converse.');
	}

	#read(bytes: Buffer, model: BedrockModel, shape: Shape | undefined): Known | Problem {
		const read = readBody(bytes);
		if (!read.ok) return problem('', 'SerializationException');
		const violation = shape === undefined ? undefined : firstViolation(read.body, shape);
		if (violation !== undefined) return violationProblem(violation);
		if (!isObject(read.body)) return problem('START_ARRAY can not be converted to a Structure', 'SerializationException');
		return { request: read.body, model, name: ownName(model) };
	}

	async #converse(call: Call, streaming: boolean): Promise<void> {
		call.exchange.row.stream = streaming;
		const known = await this.#known(call, 'text', streaming ? CONVERSE_STREAM : CONVERSE);
		if (known === undefined) return;
		const { exchange } = call;
		const { request, model, name } = known;
		const wrong = ruleProblem({ request, model, name, streaming, host: this.#host }) ?? this.#overflow(known);
		if (wrong !== undefined) return sendProblem(exchange, wrong);
		const answer = this.#answer(known, call);
		const { input, outputTokens, reasoningTokens } = answer;
		exchange.row.usage = {
			inputTokens: input.total,
			outputTokens,
			cacheReadTokens: input.read,
			cacheWriteTokens: input.written['5m'] + input.written['1h'],
			reasoningTokens,
		};
		if (streaming) return sendStream(exchange, framesOf(answer, exchange.controls.chunks), {});
		return sendBody(exchange, JSON.stringify(bodyOf(answer)), {});
	}

	#overflow({ request, model, name }: Known): Problem | undefined {
		const tokens = this.#host.tokens(messagesForm(request, model, name));
		if (tokens <= model.window) return undefined;
		return model.thinks === 'claude'
			? modelProblem(`prompt is too long: ${tokens} tokens > ${model.window} maximum`)
			: problem('Input is too long for requested model.');
	}

	#answer({ request, model, name }: Known, { exchange, bytes, rest }: Call): Answer {
		const seed = digest(Buffer.concat([Buffer.from(`${this.name}/${model.id}`), bytes]));
		const form = { ...messagesForm(request, model, name), model: splitModel(rest).model };
		const { promptCache, clock } = this.context;
		const hosted = this.#host.answer({
			request: form,
			bytes,
			vendor: this.name,
			model: this.#traits(model, name),
			controls: exchange.controls,
			cache: promptCache && model.caches.length > 0 ? this.#cache : undefined,
			now: clock.now(),
		});
		if (hosted === undefined) return filteredAnswer(request, model, idFrom(seed, 22), this.#host.tokens(form));
		return answerFrom(hosted, request, model, seed);
	}

	#traits({ thinks, window, maxOutput }: BedrockModel, name: string): HostedModel {
		const asks = thinks === 'always' ? 'always' : thinks === 'never' ? 'never' : 'asked';
		return this.#host.claude(name) ?? { id: name, window, maxOutput, thinks: asks };
	}

	async #count(call: Call): Promise<void> {
		const known = await this.#known(call, 'text', COUNT);
		if (known === undefined) return;
		const { request, model, name } = known;
		const { converse, invokeModel } = object(request.input);
		const inner = converse === undefined ? readBody(Buffer.from(text(object(invokeModel).body), 'base64')) : undefined;
		if (inner?.ok === false) return sendProblem(call.exchange, problem('The input.invokeModel.body field is not valid JSON.'));
		const form = inner === undefined ? messagesForm(object(converse), model, name) : object(inner.body);
		return sendBody(call.exchange, JSON.stringify({ inputTokens: this.#host.tokens(form) }), {});
	}

	async #invoke(call: Call): Promise<void> {
		const known = await this.#known(call, 'vectors', undefined);
		if (known === undefined) return;
		const { exchange } = call;
		const made = embedded(known.request, known.model);
		if ('status' in made) return sendProblem(exchange, made);
		const { body, tokens } = made;
		exchange.row.usage = uncached(tokens);
		return sendBody(exchange, JSON.stringify(body), {
			'x-amzn-bedrock-input-token-count': tokens,
			'x-amzn-bedrock-invocation-latency': 1,
		});
	}
}

/** Makes simulated Bedrocks whose Claude models are those of the simulated Messages API. */
export function bedrockVendor(host: MessagesHost): VendorMaker {
	return (definition, context) => new BedrockSimulator(definition, context, host);
}
