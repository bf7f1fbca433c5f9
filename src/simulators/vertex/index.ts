import type { JsonObject } from '../../spec/index.ts';
import { readBody } from '../core/begin.ts';
import { sendProblem, sendText } from '../core/deliver.ts';
import { endpointOf, get, post } from '../core/endpoints.ts';
import type { Exchange, Wire } from '../core/exchange.ts';
import { isObject, text } from '../core/json.ts';
import { bearerOf, SimulatedVendor } from '../core/simulated.ts';
import type { Problem, ServiceAccount, SimulatorVendor } from '../core/types.ts';
import type { Call, Endpoint, Found, Refusal, Vendor, VendorContext, VendorMaker } from '../core/vendor.ts';
import { type TokenAnswer, Tokens } from './tokens.ts';

/** The vendors whose models are hosted. */
export interface Hosted {
	gemini: VendorMaker;
	anthropic: VendorMaker;
}

const BODY_LIMIT = 32 * 1024 * 1024;
const MODEL = /^\/v1(?:beta1)?\/(projects\/[^/]+\/locations\/[^/]+\/)?publishers\/(google|anthropic)\/models\/([^/:]+):(\w+)$/;
/** The version of the Messages API that this cloud's bodies name. */
const CLAUDE_VERSION = 'vertex-2023-10-16';

function problem(message: string, status: number, name: string): Problem {
	const headers = { 'content-type': 'application/json; charset=UTF-8' };
	return { status, body: { error: { code: status, message, status: name } }, headers };
}

/** A simulated Vertex AI: Gemini and Claude models of a project, and the account's tokens. */
class VertexSimulator extends SimulatedVendor {
	readonly kind = 'vertex';
	readonly models: readonly string[];
	readonly version = '';
	readonly bodyLimit = BODY_LIMIT;
	readonly wire: Wire;
	readonly #tokens: Tokens;
	readonly #gemini: Vendor;
	readonly #claude: Vendor;
	readonly #others: { [path: string]: Endpoint };

	constructor(definition: SimulatorVendor, context: VendorContext, { gemini, anthropic }: Hosted) {
		super(definition, context, 'token');
		this.#tokens = new Tokens(this.name, () => context.clock.now());
		const access = (exchange: Exchange): Problem | undefined => this.#refused(exchange);
		this.#gemini = gemini({ ...definition, kind: 'gemini' }, { ...context, access });
		this.#claude = anthropic({ ...definition, kind: 'anthropic' }, { ...context, access });
		this.models = this.#gemini.models;
		this.wire = this.#gemini.wire;
		this.#others = {
			'/token': post('token', (call) => this.#token(call)),
			'/computeMetadata/v1/instance/service-accounts/default/token': get('token', (call) => this.#metadata(call)),
		};
	}

	serviceAccount(baseUrl: string): ServiceAccount {
		return this.#tokens.account(`${baseUrl}/token`);
	}

	endpoint(path: string): Found | undefined {
		const other = this.#others[path];
		if (other !== undefined) return { endpoint: other, rest: '' };
		const [, place, publisher, model = '', method = ''] = MODEL.exec(path) ?? [];
		if (publisher === 'google') return endpointOf(this.#gemini, `/v1beta/models/${model}:${method}`);
		if (publisher === undefined || place === undefined || !/^(stream)?rawPredict$/i.test(method)) return undefined;
		const counts = model === 'count-tokens';
		const found = endpointOf(this.#claude, counts ? '/v1/messages/count_tokens' : '/v1/messages');
		if (found === undefined) return undefined;
		const streams = method === 'streamRawPredict';
		const answer = (call: Call): Promise<void> =>
			this.#predict(call, found.endpoint, counts ? undefined : decodeURIComponent(model), streams);
		return { rest: '', endpoint: { ...found.endpoint, answer } };
	}

	#refused(exchange: Exchange): Problem | undefined {
		const token = bearerOf(exchange);
		if (token !== undefined && (token === this.apiKey || this.#tokens.holds(token))) return undefined;
		const message =
			'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. ' +
			'See https://developers.google.com/identity/sign-in/web/devconsole-project.';
		return problem(message, 401, 'UNAUTHENTICATED');
	}

	/** Claude's requests name their version in the body and their model in the path. `model` undefined: in the body after all. */
	async #predict(call: Call, endpoint: Endpoint, model: string | undefined, streams: boolean): Promise<void> {
		const { exchange, bytes } = call;
		const read = readBody(bytes);
		const body: JsonObject = read.ok && isObject(read.body) ? read.body : {};
		const { anthropic_version: version, ...rest } = body;
		const wrong = this.#refused(exchange) ?? bodyProblem(version === undefined ? undefined : text(version), rest, model);
		if (wrong !== undefined) {
			if (!(await call.begin(model ?? null, ''))) sendProblem(exchange, wrong);
			return;
		}
		// `claude-x@20250929` is `claude-x-20250929` at its maker.
		const named = (model ?? text(rest.model)).replace('@', '-');
		const sent = Buffer.from(JSON.stringify({ ...rest, model: named, ...(streams ? { stream: true } : {}) }));
		exchange.request.headers['anthropic-version'] = '2023-06-01';
		await endpoint.answer({ ...call, bytes: sent });
	}

	async #token(call: Call): Promise<void> {
		if (await call.begin(null, '')) return;
		const { exchange, bytes } = call;
		const uri = `http://${exchange.request.headers.host ?? ''}/${this.name}/token`;
		this.#hand(exchange, this.#tokens.answer(new URLSearchParams(bytes.toString('utf8')), uri));
	}

	async #metadata(call: Call): Promise<void> {
		if (await call.begin(null, '')) return;
		const { exchange } = call;
		if (exchange.request.headers['metadata-flavor'] === 'Google') return this.#hand(exchange, this.#tokens.issue());
		sendText(exchange, 403, 'text/html', 'Missing Metadata-Flavor:Google header.');
	}

	#hand(exchange: Exchange, { status, body }: TokenAnswer): void {
		sendText(exchange, status, 'application/json; charset=utf-8', JSON.stringify(body), { 'metadata-flavor': 'Google' });
	}

	refuse(exchange: Exchange, reason: Refusal): void {
		if (reason === 'no_path')
			sendProblem(exchange, problem(`The requested URL ${exchange.row.path} was not found on this server.`, 404, 'NOT_FOUND'));
		else this.#gemini.refuse(exchange, reason);
	}

	override reset(): void {
		this.#tokens.clear();
		this.#gemini.reset();
		this.#claude.reset();
	}
}

function bodyProblem(version: string | undefined, rest: JsonObject, model: string | undefined): Problem | undefined {
	const invalid = (message: string): Problem => ({
		status: 400,
		body: { type: 'error', error: { type: 'invalid_request_error', message } },
	});
	if (version === undefined && model !== undefined) return invalid('anthropic_version: Field required');
	if (version !== undefined && version !== CLAUDE_VERSION)
		return invalid(`anthropic_version: Input should be '${CLAUDE_VERSION}'`);
	if (rest.model !== undefined && model !== undefined) return invalid('model: Extra inputs are not permitted');
	return undefined;
}

/** Makes simulated Vertex AIs. */
export function vertexVendor(hosted: Hosted): VendorMaker {
	return (definition, context) => new VertexSimulator(definition, context, hosted);
}
