import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { beginJson } from '../core/begin.ts';
import { uncached } from '../core/bill.ts';
import { sendBody, sendProblem } from '../core/deliver.ts';
import { endpointAt, post } from '../core/endpoints.ts';
import type { Exchange, Wire } from '../core/exchange.ts';
import { isObject, list, text } from '../core/json.ts';
import { ranked } from '../core/rank.ts';
import { firstViolation, type Shape, type Violation } from '../core/shape.ts';
import { bearerOf, SimulatedVendor } from '../core/simulated.ts';
import { countTokens } from '../core/tokens.ts';
import type { Problem, SimulatorVendor } from '../core/types.ts';
import { vector, written } from '../core/vectors.ts';
import type { Call, Endpoint, Found, Refusal, VendorContext, VendorMaker } from '../core/vendor.ts';
import { documentText, FORMS, type Form, type VectorModel } from './forms.ts';

const BODY_LIMIT = 64 * 1024 * 1024;

/** Errors are one text. */
function problem(detail: string, status = 400): Problem {
	return { status, body: { detail } };
}

const MESSAGES: { [status: number]: string } = {
	401: 'Provided API key is invalid.',
	429: 'You have exceeded your rate limit. Please slow down.',
	500: 'Internal server error',
	503: 'The service is overloaded. Please try again later.',
};

const WIRE: Wire = {
	headers: ({ row }) => ({ 'x-request-id': row.requestId }),
	problem: (status, { controls }) => {
		const made = problem(MESSAGES[status] ?? `Simulated error ${status}.`, status);
		return controls.retryAfter === undefined ? made : { ...made, headers: { 'retry-after': String(controls.retryAfter) } };
	},
	quota: () => problem('Your account has no balance left. Please add a payment method.', 402),
	errorEvent: () => 'data: {"detail":"Internal server error"}\n\n',
	hugeEvent: (bytes) => `data: {"detail":"${'x'.repeat(bytes)}"}\n\n`,
};

function wording({ fault, path, expected }: Violation): string {
	const where = path.filter((step) => typeof step !== 'object').join('.');
	if (fault === 'unknown') return `Argument '${where}' is not supported by our API`;
	if (fault === 'missing') return `Argument '${where}' is required`;
	return `Argument '${where}' is invalid: ${fault} (${expected})`;
}

/** A simulated vendor of vectors and rankings. */
class VectorSimulator extends SimulatedVendor {
	readonly kind: 'jina' | 'voyage';
	readonly models: readonly string[];
	readonly bodyLimit = BODY_LIMIT;
	readonly wire = WIRE;
	readonly #form: Form;
	readonly #endpoints: { [path: string]: Endpoint };

	constructor(definition: SimulatorVendor, context: VendorContext, kind: 'jina' | 'voyage') {
		super(definition, context);
		this.kind = kind;
		this.#form = FORMS[kind];
		this.models = this.#form.models.map((model) => model.id);
		this.#endpoints = {
			'/v1/embeddings': post('embeddings', (call) => this.#embed(call)),
			'/v1/rerank': post('rerank', (call) => this.#rerank(call)),
		};
	}

	endpoint(path: string): Found | undefined {
		return endpointAt(this.#endpoints, path);
	}

	refuse(exchange: Exchange, reason: Refusal): void {
		const problems: { [reason in Refusal]: Problem } = {
			no_path: problem('Not Found', 404),
			wrong_method: problem('Method Not Allowed', 405),
			too_large: problem('Request too large', 413),
		};
		sendProblem(exchange, problems[reason]);
	}

	/** Begins an answer and checks the request. Undefined where nothing is left to do. */
	async #asked(call: Call, shape: Shape, ranks: boolean): Promise<{ request: JsonObject; model: VectorModel } | undefined> {
		const read = await beginJson(call);
		if (read === undefined) return undefined;
		const checked = this.#checked(call.exchange, read.ok ? read.body : null, shape, ranks);
		if (!('status' in checked)) return checked;
		sendProblem(call.exchange, checked);
		return undefined;
	}

	#checked(
		exchange: Exchange,
		body: JsonValue,
		shape: Shape,
		ranks: boolean,
	): { request: JsonObject; model: VectorModel } | Problem {
		const given = bearerOf(exchange);
		if (given !== this.apiKey) return problem(this.#form.wrongKey, 401);
		const violation = firstViolation(body, shape);
		if (violation !== undefined || !isObject(body)) {
			return problem(violation === undefined ? 'The body must be an object' : wording(violation), this.#form.invalid);
		}
		const model = this.#form.models.find((entry) => entry.id === body.model && (entry.dimensions.length === 0) === ranks);
		if (model !== undefined) return { request: body, model };
		const names = this.#form.models.filter((entry) => (entry.dimensions.length === 0) === ranks).map((entry) => entry.id);
		return problem(`Model ${text(body.model)} is not supported. Supported models are ${names.join(', ')}.`, this.#form.invalid);
	}

	async #embed(call: Call): Promise<void> {
		const asked = await this.#asked(call, this.#form.embed, false);
		if (asked === undefined) return;
		const { request, model } = asked;
		const { size: sizeOf, type, usage, invalid } = this.#form;
		const size = sizeOf(request) ?? model.dimensions[0] ?? 0;
		if (!model.dimensions.includes(size)) {
			return sendProblem(
				call.exchange,
				problem(`Model ${model.id} does not make vectors of size ${size}; it makes ${model.dimensions.join(', ')}.`, invalid),
			);
		}
		const inputs = (typeof request.input === 'string' ? [request.input] : list(request.input)).map((input) =>
			JSON.stringify(input),
		);
		const data = inputs.map((input, index) => ({
			object: 'embedding',
			embedding: written(vector(`${model.id}/${text(request.input_type) || text(request.task)}/${input}`, size), type(request)),
			index,
		}));
		const tokens = inputs.reduce((sum, input) => sum + countTokens(input.slice(1, -1)), 0);
		return this.#send(call.exchange, { object: 'list', data, model: model.id, usage: usage(tokens) }, tokens);
	}

	async #rerank(call: Call): Promise<void> {
		const asked = await this.#asked(call, this.#form.rerank, true);
		if (asked === undefined) return;
		const { request } = asked;
		const documents = list(request.documents).map(documentText);
		const ordered = ranked(text(request.query), documents);
		const kept = ordered.slice(0, this.#form.top(request) ?? ordered.length);
		const tokens = documents.reduce((sum, document) => sum + countTokens(document) + countTokens(text(request.query)), 0);
		return this.#send(call.exchange, this.#form.ranking(kept, request, tokens), tokens);
	}

	#send(exchange: Exchange, body: JsonObject, inputTokens: number): Promise<void> {
		exchange.row.usage = uncached(inputTokens);
		return sendBody(exchange, JSON.stringify(body), {});
	}
}

/** Makes simulated vendors of vectors and rankings of one kind. */
export function vectorVendor(kind: 'jina' | 'voyage'): VendorMaker {
	return (definition, context) => new VectorSimulator(definition, context, kind);
}
