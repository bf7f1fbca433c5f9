import type { JsonObject } from '../../spec/index.ts';
import { beginJson } from '../core/begin.ts';
import { sendBody, sendProblem, sendStream } from '../core/deliver.ts';
import { endpointAt, get, post } from '../core/endpoints.ts';
import type { Exchange } from '../core/exchange.ts';
import { isObject, objects, text } from '../core/json.ts';
import { PromptCache } from '../core/promptcache.ts';
import { firstViolation } from '../core/shape.ts';
import { bearerOf, SimulatedVendor } from '../core/simulated.ts';
import type { Problem, SimulatorVendor } from '../core/types.ts';
import type { Call, Endpoint, Found, Refusal, VendorContext, VendorMaker } from '../core/vendor.ts';
import { answerTo } from './answer.ts';
import { bodyOf } from './body.ts';
import { fileFault } from './files.ts';
import { listed, modelPage } from './modellist.ts';
import { ANTHROPIC_MODELS, type AnthropicModel, SHOWCASE } from './models.ts';
import { problem, threadProblem, violationMessage } from './problems.ts';
import { ruleFault } from './rules.ts';
import { inputUsage, segmentsOf, totalTokens } from './segments.ts';
import { NEWER_VERSION, requestShape } from './shapes.ts';
import { framesOf } from './stream.ts';
import { anthropicWire } from './wire.ts';

export { messagesHost } from './hosted.ts';

const BODY_LIMIT = 32 * 1024 * 1024;
const VERSIONS = ['2023-01-01', '2023-06-01', NEWER_VERSION];

/** A request that is in order: what it asks, of which model, and how long its prompt is. */
interface Checked {
	request: JsonObject;
	model: AnthropicModel;
	segments: ReturnType<typeof segmentsOf>;
	tokens: number;
}

/** A simulated vendor of the Anthropic protocol: Messages, token counts and the model list. */
class AnthropicSimulator extends SimulatedVendor {
	readonly kind = 'anthropic';
	readonly models = SHOWCASE;
	readonly bodyLimit = BODY_LIMIT;
	readonly wire = anthropicWire;
	readonly #cache = new PromptCache();
	readonly #endpoints: { [path: string]: Endpoint };

	constructor(definition: SimulatorVendor, context: VendorContext) {
		super(definition, context);
		const models: Endpoint = get('models', (call) => this.#list(call));
		this.#endpoints = {
			'/v1/messages': post('chat', (call) => this.#messages(call)),
			'/v1/messages/count_tokens': post('count_tokens', (call) => this.#count(call)),
			'/v1/models': models,
			'/v1/models/': models,
		};
	}

	endpoint(path: string): Found | undefined {
		return endpointAt(this.#endpoints, path);
	}

	refuse(exchange: Exchange, reason: Refusal): void {
		const problems: { [reason in Refusal]: [string, number] } = {
			no_path: ['Not found', 404],
			wrong_method: ['Method Not Allowed', 405],
			too_large: ['Request exceeds the maximum size', 413],
		};
		const [message, status] = problems[reason];
		sendProblem(exchange, problem(message, exchange.row.requestId, status));
	}

	override reset(): void {
		this.#cache.clear();
	}

	/** Checks the key and the version. */
	#refused(exchange: Exchange): Problem | undefined {
		const { access } = this.context;
		if (access !== undefined) return access(exchange) ?? this.#versionProblem(exchange);
		const wrong = this.#keyFault(exchange);
		return wrong === undefined ? this.#versionProblem(exchange) : problem(wrong, exchange.row.requestId, 401);
	}

	#keyFault(exchange: Exchange): string | undefined {
		const bearer = bearerOf(exchange);
		const key = exchange.request.headers['x-api-key'];
		if (key === undefined && bearer === undefined) return 'x-api-key header is required';
		if ((key ?? bearer) === this.apiKey) return undefined;
		return key === undefined ? 'Invalid bearer token' : 'invalid x-api-key';
	}

	#versionProblem({ request, row }: Exchange): Problem | undefined {
		const version = request.headers['anthropic-version'];
		if (version === undefined) return problem('anthropic-version: header is required', row.requestId);
		if (VERSIONS.includes(String(version))) return undefined;
		return problem(`anthropic-version: "${String(version)}" is not a valid version`, row.requestId);
	}

	async #list(call: Call): Promise<void> {
		if (await call.begin(null, '')) return;
		const { exchange, rest, query } = call;
		const refused = this.#refused(exchange);
		if (refused !== undefined) return sendProblem(exchange, refused);
		if (rest === '') return sendBody(exchange, JSON.stringify(modelPage(query)), {});
		const model = ANTHROPIC_MODELS.get(rest);
		if (model === undefined) return sendProblem(exchange, problem(`model: ${rest}`, exchange.row.requestId, 404));
		return sendBody(exchange, JSON.stringify(listed(model)), {});
	}

	/** Begins an answer and checks the request. Undefined where nothing is left to do. */
	async #check(call: Call, counting: boolean): Promise<Checked | undefined> {
		const read = await beginJson(call);
		if (read === undefined) return undefined;
		const { exchange } = call;
		const refused = this.#refused(exchange);
		const fail = (message: string, status = 400): undefined => {
			sendProblem(exchange, problem(message, exchange.row.requestId, status));
		};
		if (refused !== undefined) {
			sendProblem(exchange, refused);
			return undefined;
		}
		if (!read.ok) return fail(`The request body is not valid JSON: ${read.reason}`);
		if (!isObject(read.body)) return fail('Input should be a valid dictionary');
		const checked = this.#checked(read.body, exchange, counting);
		if (Array.isArray(checked)) return fail(...checked);
		return checked;
	}

	/** The request, or what is wrong with it and the status. */
	#checked(request: JsonObject, { request: { headers } }: Exchange, counting: boolean): Checked | [string, number] {
		const shape = requestShape(counting, String(headers['anthropic-version']), String(headers['anthropic-beta'] ?? ''));
		const violation = firstViolation(request, shape);
		if (violation !== undefined) return [violationMessage(violation), 400];
		const model = ANTHROPIC_MODELS.get(text(request.model));
		if (model === undefined) return [`model: ${text(request.model)}`, 404];
		const fault = ruleFault(request, model) ?? fileFault(objects(request.messages));
		if (fault !== undefined) return [fault, 400];
		const segments = segmentsOf(request);
		const tokens = totalTokens(segments);
		if (tokens > model.window) return [`prompt is too long: ${tokens} tokens > ${model.window} maximum`, 400];
		return { request, model, segments, tokens };
	}

	async #count(call: Call): Promise<void> {
		const checked = await this.#check(call, true);
		if (checked !== undefined) await sendBody(call.exchange, JSON.stringify({ input_tokens: checked.tokens }), {});
	}

	async #messages(call: Call): Promise<void> {
		const checked = await this.#check(call, false);
		if (checked === undefined) return;
		const { exchange, bytes } = call;
		const { request, model, segments, tokens } = checked;
		const { controls, row } = exchange;
		if (isObject(request.thread)) {
			sendProblem(exchange, threadProblem(row.requestId));
			return;
		}
		const plain = { total: tokens, read: 0, written: { '5m': 0, '1h': 0 } };
		const input = this.context.promptCache ? inputUsage(segments, model.id, this.#cache, this.context.clock.now()) : plain;
		const answer = answerTo({ request, bytes, vendor: this.name, model, controls, input });
		if (answer === undefined) {
			sendProblem(exchange, this.#blocked(exchange));
			return;
		}
		row.usage = {
			inputTokens: input.total,
			outputTokens: answer.outcome.outputTokens,
			cacheReadTokens: input.read,
			cacheWriteTokens: input.written['5m'] + input.written['1h'],
			reasoningTokens: answer.outcome.reasoningTokens,
		};
		if (request.stream === true) await sendStream(exchange, framesOf(answer, controls.chunks), {});
		else await sendBody(exchange, JSON.stringify(bodyOf(answer)), {});
	}

	#blocked({ row }: Exchange): Problem {
		return problem('Output blocked by content filtering policy', row.requestId);
	}
}

/** Makes a simulated vendor of the Anthropic protocol. */
export const anthropicVendor: VendorMaker = (definition, context) => new AnthropicSimulator(definition, context);
