import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { readBody } from '../core/begin.ts';
import { uncached } from '../core/bill.ts';
import { sendBody, sendProblem, sendText } from '../core/deliver.ts';
import { endpointOf, get, post } from '../core/endpoints.ts';
import type { Exchange, Wire } from '../core/exchange.ts';
import { idFrom } from '../core/ids.ts';
import { isObject, list, number, object as objectOf, text } from '../core/json.ts';
import { ranked } from '../core/rank.ts';
import { firstViolation, type Shape } from '../core/shape.ts';
import { text as anyText, listOf, object, open } from '../core/shapekit.ts';
import { bearerOf, SimulatedVendor } from '../core/simulated.ts';
import { countTokens } from '../core/tokens.ts';
import type { Problem, SimulatorVendor } from '../core/types.ts';
import { vector } from '../core/vectors.ts';
import type { Call, Endpoint, Found, Refusal, Vendor, VendorContext, VendorMaker } from '../core/vendor.ts';

const BODY_LIMIT = 32 * 1024 * 1024;
const LIFE_S = 3600;
const GRANT = 'urn:ibm:params:oauth:grant-type:apikey';
const VERSION = /^\d{4}-\d{2}-\d{2}$/;
const EMBEDDER = 'ibm/slate-125m-english-rtrvr-v2';
const RANKER = 'cross-encoder/ms-marco-minilm-l-12-v2';

const PLACE: { [key: string]: Shape } = { model_id: anyText, project_id: anyText, space_id: anyText, parameters: open };
const EMBED = object({ ...PLACE, inputs: listOf(anyText, 1) }, 'model_id', 'inputs');
const RERANK = object(
	{ ...PLACE, query: anyText, inputs: listOf(object({ text: anyText }, 'text'), 1) },
	'model_id',
	'query',
	'inputs',
);

function problem(message: string, status = 400, code = 'invalid_request_entity'): Problem {
	const errors = [{ code, message, more_info: 'https://cloud.ibm.com/apidocs/watsonx-ai' }];
	return { status, body: { errors, trace: idFrom(message, 32).toLowerCase(), status_code: status } };
}

/** A simulated watsonx.ai: chat, vectors, rankings, the list of models, and IAM's tokens. */
class WatsonxSimulator extends SimulatedVendor {
	readonly kind = 'watsonx';
	override readonly flavor = 'watsonx';
	readonly models: readonly string[];
	readonly version = '';
	readonly bodyLimit = BODY_LIMIT;
	readonly wire: Wire;
	readonly #inner: Vendor;
	readonly #issued = new Map<string, number>();
	readonly #endpoints: { [path: string]: Endpoint };

	constructor(definition: SimulatorVendor, context: VendorContext, openai: VendorMaker) {
		super(definition, context);
		const access = (exchange: Exchange): Problem | undefined => this.#refused(exchange);
		this.#inner = openai({ ...definition, kind: 'openai', flavor: 'watsonx' }, { ...context, access });
		this.models = this.#inner.models;
		this.wire = this.#inner.wire;
		this.#endpoints = {
			'/identity/token': post('token', (call) => this.#token(call)),
			'/ml/v1/text/chat': post('chat', (call) => this.#chat(call, false)),
			'/ml/v1/text/chat_stream': post('chat', (call) => this.#chat(call, true)),
			'/ml/v1/text/embeddings': post('embeddings', (call) => this.#embed(call)),
			'/ml/v1/text/rerank': post('rerank', (call) => this.#rerank(call)),
			'/ml/v1/foundation_model_specs': get('models', (call) => this.#list(call)),
		};
	}

	endpoint(path: string): Found | undefined {
		const endpoint = this.#endpoints[path];
		return endpoint === undefined ? undefined : { endpoint, rest: '' };
	}

	refuse(exchange: Exchange, reason: Refusal): void {
		this.#inner.refuse(exchange, reason);
	}

	override reset(): void {
		this.#issued.clear();
		this.#inner.reset();
	}

	/** Only IAM's tokens open the API, not the key that buys them. */
	#refused(exchange: Exchange): Problem | undefined {
		const token = bearerOf(exchange) ?? '';
		if ((this.#issued.get(token) ?? 0) > this.context.clock.now()) return undefined;
		const expired = this.#issued.has(token);
		const message = `Failed to authenticate the request due to ${expired ? 'an expired' : 'an invalid'} token`;
		return problem(message, 401, expired ? 'authentication_token_expired' : 'authentication_token_not_valid');
	}

	async #token(call: Call): Promise<void> {
		if (await call.begin(null, '')) return;
		const form = new URLSearchParams(call.bytes.toString('utf8'));
		const answer = (status: number, body: JsonObject): void =>
			sendText(call.exchange, status, 'application/json', JSON.stringify(body));
		if (form.get('grant_type') !== GRANT) {
			return answer(400, { errorCode: 'BXNIM0412E', errorMessage: "Value of property 'grant_type' is unknown." });
		}
		if (form.get('apikey') !== this.apiKey) {
			return answer(400, { errorCode: 'BXNIM0415E', errorMessage: 'Provided API key could not be found.' });
		}
		const now = this.context.clock.now();
		const access_token = `eyJ${idFrom(`${this.name}/${this.#issued.size}/${now}`, 60)}`;
		this.#issued.set(access_token, now + LIFE_S * 1000);
		const expiration = Math.floor(now / 1000) + LIFE_S;
		return answer(200, {
			access_token,
			refresh_token: 'not_supported',
			token_type: 'Bearer',
			expires_in: LIFE_S,
			expiration,
			scope: 'ibm openid',
		});
	}

	/** What every call has to say: the version of the API, and whose account pays. */
	#wrong(call: Call, body: JsonObject): Problem | undefined {
		const refused = this.#refused(call.exchange);
		if (refused !== undefined) return refused;
		if (!VERSION.test(call.query.get('version') ?? '')) {
			return problem("Failed to parse the query: 'version' must be given as YYYY-MM-DD", 400, 'invalid_query_parameter');
		}
		const places = ['project_id', 'space_id'].filter((key) => text(body[key]) !== '');
		return places.length === 1
			? undefined
			: problem("Exactly one of 'project_id' and 'space_id' must be given", 400, 'invalid_instance_id');
	}

	/** The chat's body in OpenAI's words goes on to the chat of that protocol. */
	async #chat(call: Call, streams: boolean): Promise<void> {
		const read = readBody(call.bytes);
		const body: JsonObject = read.ok && isObject(read.body) ? read.body : {};
		const { model_id: model = '', project_id: _project, space_id: _space, tool_choice_option: option, ...rest } = body;
		const stray = ['model', 'stream', 'stream_options'].find((key) => rest[key] !== undefined);
		const wrong =
			this.#wrong(call, body) ??
			(stray === undefined ? undefined : problem(`Json document validation error: unknown field '${stray}'`));
		if (wrong !== undefined) {
			if (!(await call.begin(text(model), ''))) sendProblem(call.exchange, wrong);
			return;
		}
		const choice = option === undefined ? {} : { tool_choice: option };
		const sent: JsonObject = { ...rest, model, ...choice, ...(streams ? { stream: true } : {}) };
		await endpointOf(this.#inner, '/v1/chat/completions')?.endpoint.answer({ ...call, bytes: Buffer.from(JSON.stringify(sent)) });
	}

	async #list(call: Call): Promise<void> {
		if (await call.begin(null, '')) return;
		const spec = (id: string, task: string): JsonObject => ({
			model_id: id,
			label: id.split('/').at(-1) ?? id,
			provider: id.split('/')[0] ?? '',
			functions: [{ id: task }],
		});
		const chats = this.models.map((id) => spec(id, 'text_chat'));
		const resources = [...chats, spec(EMBEDDER, 'embedding'), spec(RANKER, 'rerank')];
		await sendBody(call.exchange, JSON.stringify({ total_count: resources.length, limit: 100, resources }), {});
	}

	/** Begins an answer and checks the request. Undefined where nothing is left to do. */
	async #asked(call: Call, shape: Shape, model: string): Promise<JsonObject | undefined> {
		const read = readBody(call.bytes);
		const body: JsonValue = read.ok ? read.body : null;
		const named = text(objectOf(body).model_id);
		if (await call.begin(named, '')) return undefined;
		const wrong = this.#wrong(call, objectOf(body));
		const violation = wrong === undefined ? firstViolation(body, shape) : undefined;
		const fault =
			wrong ??
			(violation === undefined
				? undefined
				: problem(
						`Json document validation error: ${violation.path.filter((step) => typeof step !== 'object').join('.')} (${violation.fault})`,
					));
		const missing =
			named === model
				? undefined
				: problem(`Model '${named}' is not supported for this environment.`, 404, 'model_not_supported');
		const refused = fault ?? missing;
		if (refused === undefined) return objectOf(body);
		sendProblem(call.exchange, refused);
		return undefined;
	}

	#send({ exchange }: Call, model: string, results: JsonObject[], input_token_count: number): Promise<void> {
		exchange.row.usage = uncached(input_token_count);
		const created_at = new Date(this.context.clock.now()).toISOString();
		return sendBody(exchange, JSON.stringify({ model_id: model, results, created_at, input_token_count }), {});
	}

	async #embed(call: Call): Promise<void> {
		const request = await this.#asked(call, EMBED, EMBEDDER);
		if (request === undefined) return;
		const inputs = list(request.inputs).map(text);
		const tokens = inputs.reduce((sum, input) => sum + countTokens(input), 0);
		await this.#send(
			call,
			EMBEDDER,
			inputs.map((input) => ({ embedding: vector(`${EMBEDDER}/${input}`, 768) })),
			tokens,
		);
	}

	async #rerank(call: Call): Promise<void> {
		const request = await this.#asked(call, RERANK, RANKER);
		if (request === undefined) return;
		const documents = list(request.inputs).map((input) => text(objectOf(input).text));
		const options = objectOf(objectOf(request.parameters).return_options);
		const ordered = ranked(text(request.query), documents);
		const kept = ordered.slice(0, number(options.top_n) ?? ordered.length);
		const results = kept.map(({ index, score }) => ({
			index,
			score,
			...(options.inputs === true ? { input: { text: documents[index] ?? '' } } : {}),
		}));
		await this.#send(
			call,
			RANKER,
			results,
			documents.reduce((sum, document) => sum + countTokens(document), countTokens(text(request.query))),
		);
	}
}

/** Makes simulated watsonx.ais. */
export function watsonxVendor(openai: VendorMaker): VendorMaker {
	return (definition, context) => new WatsonxSimulator(definition, context, openai);
}
