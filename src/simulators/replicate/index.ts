import type { JsonObject } from '../../spec/index.ts';
import { readBody } from '../core/begin.ts';
import { uncached } from '../core/bill.ts';
import { sendProblem, sendStream, sendText } from '../core/deliver.ts';
import type { Exchange } from '../core/exchange.ts';
import { digest, idFrom } from '../core/ids.ts';
import { isObject, number, object as objectOf, text } from '../core/json.ts';
import { outcomeOf } from '../core/outcome.ts';
import { script } from '../core/script.ts';
import { firstViolation } from '../core/shape.ts';
import { SimulatedVendor } from '../core/simulated.ts';
import { countTokens } from '../core/tokens.ts';
import type { Problem } from '../core/types.ts';
import type { Call, Endpoint, Found, Refusal, VendorMaker } from '../core/vendor.ts';
import { bodyOf, framesOf, type Prediction } from './prediction.ts';
import { invalid, problem, WIRE } from './problems.ts';
import { inputNames, REQUEST } from './shapes.ts';

const BODY_LIMIT = 16 * 1024 * 1024;
/** Predictions kept before the oldest are forgotten. */
const MOST = 1000;
const MODELS = [
	'meta/meta-llama-3-70b-instruct',
	'meta/meta-llama-3-8b-instruct',
	'openai/gpt-5-mini',
	'anthropic/claude-4-sonnet',
];
const CREATE = /^\/v1\/models\/([^/]+\/[^/]+)\/predictions$/;
const KEPT = /^\/v1\/predictions\/([a-z0-9]+)(\/cancel|\/stream)?$/;
const MODEL = /^\/v1\/models\/([^/]+\/[^/]+)$/;

/** A simulated Replicate: predictions of language models, held, polled or streamed. */
class ReplicateSimulator extends SimulatedVendor {
	readonly kind = 'replicate';
	readonly models = MODELS;
	readonly bodyLimit = BODY_LIMIT;
	readonly wire = WIRE;
	readonly #kept = new Map<string, Prediction>();

	endpoint(path: string): Found | undefined {
		const at = (methods: Endpoint['methods'], name: Endpoint['name'], rest: string, answer: Endpoint['answer']) => ({
			endpoint: { name, methods, answer },
			rest,
		});
		const model = CREATE.exec(path)?.[1];
		if (model !== undefined) return at(['POST'], 'chat', model, (call) => this.#create(call));
		const [, id, action] = KEPT.exec(path) ?? [];
		if (id !== undefined && action === '/cancel') return at(['POST'], 'responses', id, (call) => this.#show(call, true));
		if (id !== undefined && action === '/stream') return at(['GET'], 'chat', id, (call) => this.#stream(call));
		if (id !== undefined) return at(['GET'], 'responses', id, (call) => this.#show(call, false));
		if (path === '/v1/account') return at(['GET'], 'models', '', (call) => this.#account(call));
		const shown = MODEL.exec(path)?.[1];
		return shown === undefined ? undefined : at(['GET'], 'models', shown, (call) => this.#model(call));
	}

	refuse(exchange: Exchange, reason: Refusal): void {
		const status = { no_path: 404, wrong_method: 405, too_large: 413 }[reason];
		sendProblem(exchange, WIRE.problem(status, exchange));
	}

	override reset(): void {
		this.#kept.clear();
	}

	#refused(exchange: Exchange): Problem | undefined {
		const given = /^(?:Bearer|Token)\s+(.*)$/i.exec(exchange.request.headers.authorization ?? '')?.[1]?.trim();
		return given === this.apiKey ? undefined : WIRE.problem(401, exchange);
	}

	async #create(call: Call): Promise<void> {
		const { exchange, bytes, rest } = call;
		if (await call.begin(rest, '')) return;
		const read = readBody(bytes);
		const wrong = this.#refused(exchange) ?? (MODELS.includes(rest) ? undefined : WIRE.problem(404, exchange));
		if (wrong !== undefined) return sendProblem(exchange, wrong);
		if (!read.ok || !isObject(read.body))
			return sendProblem(exchange, problem(400, 'Bad request', 'The request body is not valid JSON'));
		const violation = firstViolation(read.body, REQUEST);
		if (violation !== undefined) return sendProblem(exchange, invalid(violation));
		const prediction = this.#predict(rest, objectOf(read.body.input), exchange, bytes);
		prediction.done = /\bwait\b/.test(String(exchange.request.headers.prefer ?? ''));
		this.#send(exchange, prediction, 201);
	}

	#predict(model: string, input: JsonObject, { controls, row }: Exchange, bytes: Buffer): Prediction {
		const nothing = { attachments: [], outcomes: [], tools: [] };
		const prompt = { vendor: this.name, model, said: text(input.prompt), instructions: text(input.system_prompt), ...nothing };
		const written = script({ ...prompt, toolChoice: 'none', parallel: false, format: 'text', reasoning: 0 });
		const asked = number(input.max_tokens) ?? number(input.max_new_tokens) ?? number(input.max_completion_tokens) ?? 512;
		const stops = text(input.stop_sequences).split(',');
		const outcome = outcomeOf(written, { maxTokens: asked, stops, hiddenTokens: 0 }, controls);
		const seed = digest(Buffer.concat([Buffer.from(`${this.name}/${model}/${this.#kept.size}`), bytes]));
		const createdAt = new Date(this.context.clock.now()).toISOString();
		const prediction = { id: idFrom(seed, 26).toLowerCase(), model, input, outcome, createdAt, done: false, canceled: false };
		this.#kept.set(prediction.id, prediction);
		const [oldest] = this.#kept.keys();
		if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
		const inputTokens = countTokens(text(input.prompt)) + countTokens(text(input.system_prompt));
		row.usage = uncached(inputTokens, outcome.outputTokens);
		return prediction;
	}

	#send(exchange: Exchange, prediction: Prediction, status: number): void {
		sendText(
			exchange,
			status,
			'application/json',
			JSON.stringify(bodyOf(prediction, `http://${exchange.request.headers.host ?? ''}/${this.name}`)),
		);
	}

	/** Begins an answer about a prediction that is kept. Undefined where nothing is left to do. */
	async #found(call: Call): Promise<Prediction | undefined> {
		const { exchange, rest } = call;
		const prediction = this.#kept.get(rest);
		if (await call.begin(prediction?.model ?? null, '')) return undefined;
		const wrong = this.#refused(exchange) ?? (prediction === undefined ? WIRE.problem(404, exchange) : undefined);
		if (wrong === undefined) return prediction;
		sendProblem(exchange, wrong);
		return undefined;
	}

	async #show(call: Call, cancel: boolean): Promise<void> {
		const prediction = await this.#found(call);
		if (prediction === undefined) return;
		if (cancel && !prediction.done) prediction.canceled = true;
		if (!cancel && !prediction.canceled) prediction.done = true;
		this.#send(call.exchange, prediction, 200);
	}

	async #stream(call: Call): Promise<void> {
		call.exchange.row.stream = true;
		const prediction = await this.#found(call);
		if (prediction === undefined) return;
		prediction.done = true;
		await sendStream(call.exchange, framesOf(prediction, call.exchange.controls.chunks), {});
	}

	async #account(call: Call): Promise<void> {
		const { exchange } = call;
		if (await call.begin('', '')) return;
		const wrong = this.#refused(exchange);
		if (wrong !== undefined) return sendProblem(exchange, wrong);
		sendText(exchange, 200, 'application/json', JSON.stringify({ type: 'organization', username: this.name, name: this.name }));
	}

	async #model(call: Call): Promise<void> {
		const { exchange, rest } = call;
		if (await call.begin(rest, '')) return;
		const wrong = this.#refused(exchange) ?? (MODELS.includes(rest) ? undefined : WIRE.problem(404, exchange));
		if (wrong !== undefined) return sendProblem(exchange, wrong);
		const [owner = '', name = ''] = rest.split('/');
		const properties = inputNames();
		const schema = {
			components: {
				schemas: {
					Input: { type: 'object', required: ['prompt'], properties: Object.fromEntries(properties.map((key) => [key, {}])) },
				},
			},
		};
		sendText(
			exchange,
			200,
			'application/json',
			JSON.stringify({ owner, name, visibility: 'public', latest_version: { id: 'hidden', openapi_schema: schema } }),
		);
	}
}

/** Makes simulated Replicates. */
export const replicateVendor: VendorMaker = (definition, context) => new ReplicateSimulator(definition, context);
