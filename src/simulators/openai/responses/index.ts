import type { JsonObject } from '../../../spec/index.ts';
import { beginJson } from '../../core/begin.ts';
import { sendBody, sendProblem, sendStream } from '../../core/deliver.ts';
import type { Exchange } from '../../core/exchange.ts';
import { isObject, text } from '../../core/json.ts';
import { firstViolation, type Shape } from '../../core/shape.ts';
import type { Problem } from '../../core/types.ts';
import type { Call, Endpoint, VendorContext } from '../../core/vendor.ts';
import type { OpenAIModel } from '../models.ts';
import { cloudProblem } from '../problems.ts';
import { answerTo, isKept, withIds } from './answer.ts';
import { bodyOf, outputItem, responseObject } from './body.ts';
import { inputItems, itemsProblem } from './conversation.ts';
import { readFiles } from './files.ts';
import { noResponse, responseViolation } from './problems.ts';
import { promptLines, promptTokens } from './prompt.ts';
import { ruleProblem } from './rules.ts';
import { COUNT_REQUEST, RESPONSE_REQUEST } from './shapes.ts';
import { ResponseStore } from './store.ts';
import { framesOf } from './stream.ts';
import type { Answer } from './types.ts';
import { responsesWire } from './wire.ts';

/** What the API needs of its vendor. */
export interface ResponsesHost {
	name: string;
	catalog: ReadonlyMap<string, OpenAIModel>;
	context: VendorContext;
	/** The error of a call without the right key. */
	unauthorized(exchange: Exchange): Problem | undefined;
	/** Tokens of the prompt that an earlier request had in common. */
	cached(model: string, prefix: string, total: number): number;
}

/** A request that is in order. */
interface Checked {
	request: JsonObject;
	model: OpenAIModel;
	/** This request's items, and the whole conversation. */
	input: JsonObject[];
	items: JsonObject[];
	tokens: number;
}

/** The Responses API of a simulated vendor, with the responses it keeps. */
export class ResponsesApi {
	readonly #host: ResponsesHost;
	readonly #store = new ResponseStore();
	readonly #create: Endpoint;
	readonly #counts: Endpoint;
	readonly #kept: Endpoint;
	readonly #inputs: Endpoint;

	constructor(host: ResponsesHost) {
		this.#host = host;
		const wire = responsesWire;
		this.#create = { name: 'chat', methods: ['POST'], wire, answer: (call) => this.#post(call) };
		this.#counts = { name: 'count_tokens', methods: ['POST'], wire, answer: (call) => this.#count(call) };
		this.#kept = { name: 'responses', methods: ['GET', 'DELETE'], wire, answer: (call) => this.#keptResponse(call) };
		this.#inputs = { name: 'responses', methods: ['GET'], wire, answer: (call) => this.#inputItems(call) };
	}

	/** The endpoint at a path; undefined where it is not one of this API. */
	endpoint(path: string): { endpoint: Endpoint; rest: string } | undefined {
		if (path === '/v1/responses') return { endpoint: this.#create, rest: '' };
		if (path === '/v1/responses/input_tokens') return { endpoint: this.#counts, rest: '' };
		const [, id, items] = /^\/v1\/responses\/([^/]+)(\/input_items)?$/.exec(path) ?? [];
		if (id === undefined) return undefined;
		return { endpoint: items === undefined ? this.#kept : this.#inputs, rest: decodeURIComponent(id) };
	}

	/** Forgets what it keeps. */
	reset(): void {
		this.#store.clear();
	}

	async #keptResponse(call: Call): Promise<void> {
		const { exchange, rest, query } = call;
		exchange.row.stream = query.get('stream') === 'true';
		if (await call.begin(null, '')) return;
		const refused = this.#host.unauthorized(exchange);
		if (refused !== undefined) return sendProblem(exchange, refused);
		const kept = this.#store.get(rest);
		if (kept === undefined) return sendProblem(exchange, noResponse(rest));
		if (exchange.request.method === 'DELETE') {
			this.#store.delete(rest);
			return sendBody(exchange, JSON.stringify({ id: rest, object: 'response', deleted: true }), {});
		}
		if (!exchange.row.stream) return sendBody(exchange, JSON.stringify(bodyOf(kept.answer)), {});
		const after = query.get('starting_after');
		const frames = framesOf(kept.answer, exchange.controls.chunks);
		return sendStream(exchange, after === null ? frames : frames.slice(Number(after) + 1), {});
	}

	async #inputItems(call: Call): Promise<void> {
		const { exchange, rest, query } = call;
		if (await call.begin(null, '')) return;
		const refused = this.#host.unauthorized(exchange);
		if (refused !== undefined) return sendProblem(exchange, refused);
		const kept = this.#store.get(rest);
		if (kept === undefined) return sendProblem(exchange, noResponse(rest));
		const data = query.get('order') === 'asc' ? kept.input : kept.input.toReversed();
		const [first, last] = [data[0]?.id ?? null, data.at(-1)?.id ?? null];
		return sendBody(exchange, JSON.stringify({ object: 'list', data, first_id: first, has_more: false, last_id: last }), {});
	}

	async #post(call: Call): Promise<void> {
		const checked = await this.#checked(call, RESPONSE_REQUEST);
		if (checked !== undefined) await this.#answer(call.exchange, checked, call.bytes);
	}

	async #count(call: Call): Promise<void> {
		const checked = await this.#checked(call, COUNT_REQUEST);
		if (checked === undefined) return;
		return sendBody(call.exchange, JSON.stringify({ object: 'response.input_tokens', input_tokens: checked.tokens }), {});
	}

	/** The call's request, if it is in order; what is wrong has been answered else. */
	async #checked(call: Call, shape: Shape): Promise<Checked | undefined> {
		const read = await beginJson(call);
		if (read === undefined) return undefined;
		const { exchange } = call;
		const problem = this.#host.unauthorized(exchange);
		const body = read.ok && isObject(read.body) ? read.body : undefined;
		const unread = cloudProblem('We could not parse the JSON body of your request.');
		const checked = problem ?? (body === undefined ? unread : this.#check(body, shape));
		if (!('status' in checked)) return checked;
		await sendProblem(exchange, checked);
		return undefined;
	}

	/** The request with its conversation, or what is wrong with it. */
	#check(request: JsonObject, shape: Shape): Checked | Problem {
		const violation = firstViolation(request, shape);
		if (violation !== undefined) return responseViolation(violation);
		const model = this.#model(request);
		if ('status' in model) return model;
		const broken = ruleProblem(request, model);
		if (broken !== undefined) return broken;
		const previous = request.previous_response_id;
		const before = typeof previous === 'string' ? this.#store.get(previous) : undefined;
		if (typeof previous === 'string' && before === undefined) {
			const message = `Previous response with id '${previous}' not found.`;
			return cloudProblem(message, { param: 'previous_response_id', code: 'previous_response_not_found' });
		}
		const input = inputItems(request, this.#store);
		if (!Array.isArray(input)) return input;
		const earlier = before?.conversation ?? [];
		const wrong = itemsProblem({ vendor: this.#host.name, store: this.#store, earlier, input });
		if (wrong !== undefined) return wrong;
		const items = [...earlier, ...input];
		const files = readFiles(items, model);
		if (!Array.isArray(files)) return files;
		const tokens = promptTokens(request, items, files);
		if (tokens <= (model.maxInput ?? model.window) || request.truncation === 'auto')
			return { request, model, input, items, tokens };
		return cloudProblem('Your input exceeds the context window of this model. Please adjust your input and try again.', {
			param: 'input',
			code: 'context_length_exceeded',
		});
	}

	#model(request: JsonObject): OpenAIModel | Problem {
		if (isObject(request.prompt)) return cloudProblem(`Prompt with id '${text(request.prompt.id)}' not found.`, { status: 404 });
		if (request.model === undefined) {
			return cloudProblem("Missing required parameter: 'model'.", { param: 'model', code: 'missing_required_parameter' });
		}
		const id = text(request.model);
		const model = this.#host.catalog.get(id);
		if (model === undefined) {
			return cloudProblem(`The requested model '${id}' does not exist.`, { param: 'model', code: 'model_not_found' });
		}
		if (model.serves !== 'embeddings') return model;
		return cloudProblem(`The requested model '${id}' cannot be used with the Responses API.`, {
			param: 'model',
			code: 'model_not_found',
		});
	}

	async #answer(exchange: Exchange, { request, model, input, items, tokens }: Checked, bytes: Buffer): Promise<void> {
		const prefix = JSON.stringify(request.tools ?? '') + promptLines(request, items).join('');
		const cachedTokens = this.#host.cached(model.id, prefix, tokens);
		const { controls, row } = exchange;
		const vendor = this.#host.name;
		const now = this.#host.context.clock.now();
		const answer = answerTo({ request, items, bytes, vendor, model, controls, now, promptTokens: tokens, cachedTokens });
		if (isKept(request)) this.#keep(answer, input, items);
		row.usage = {
			inputTokens: tokens,
			outputTokens: answer.outcome.outputTokens,
			cacheReadTokens: cachedTokens,
			cacheWriteTokens: 0,
			reasoningTokens: answer.outcome.reasoningTokens,
		};
		if (request.background === true) {
			const queued = responseObject(answer, 'queued');
			return sendBody(exchange, JSON.stringify(queued), {});
		}
		if (request.stream === true) await sendStream(exchange, framesOf(answer, controls.chunks), {});
		else await sendBody(exchange, JSON.stringify(bodyOf(answer)), {});
	}

	#keep(answer: Answer, input: JsonObject[], items: JsonObject[]): void {
		const output = answer.items.map((item) => outputItem(answer, item, 'completed'));
		const named = withIds(input, answer.id);
		const conversation = [...items.slice(0, items.length - input.length), ...named, ...output];
		this.#store.keep({ answer, input: named, output, conversation });
	}
}
