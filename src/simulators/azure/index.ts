import type { JsonObject } from '../../spec/index.ts';
import { readBody } from '../core/begin.ts';
import { sendProblem } from '../core/deliver.ts';
import { endpointOf } from '../core/endpoints.ts';
import type { Exchange, Wire } from '../core/exchange.ts';
import { isObject } from '../core/json.ts';
import { bearerOf, SimulatedVendor } from '../core/simulated.ts';
import type { Problem, SimulatorVendor } from '../core/types.ts';
import type { Call, Endpoint, Found, Refusal, Vendor, VendorContext, VendorMaker } from '../core/vendor.ts';
import { filterProblem, gateProblem } from './problems.ts';

/** What Azure's own vendors are made by: those that answer behind its gate. */
export interface Hosted {
	openai: VendorMaker;
	anthropic: VendorMaker;
}

const BODY_LIMIT = 64 * 1024 * 1024;
const DEPLOYMENT = /^\/openai\/deployments\/([^/]+)(\/.+)$/;
/** A version is a date, perhaps of a preview. */
const VERSION = /^\d{4}-\d{2}-\d{2}(-preview)?$/;

/** A simulated Azure: OpenAI's models in both shapes of address, Claude models under `/anthropic`. */
class AzureSimulator extends SimulatedVendor {
	readonly kind = 'azure';
	override readonly flavor = 'azure';
	readonly models: readonly string[];
	readonly version = '';
	readonly bodyLimit = BODY_LIMIT;
	readonly wire: Wire;
	readonly #openai: Vendor;
	readonly #claude: Vendor;

	constructor(definition: SimulatorVendor, context: VendorContext, { openai, anthropic }: Hosted) {
		super(definition, context);
		const access = (exchange: Exchange): Problem | undefined => this.#refused(exchange);
		this.#openai = openai({ ...definition, kind: 'openai', flavor: 'azure' }, { ...context, access });
		this.#claude = anthropic({ ...definition, kind: 'anthropic' }, { ...context, access });
		this.models = this.#openai.models;
		this.wire = this.#openai.wire;
	}

	/** The key stands in `api-key` (or `x-api-key`); tokens of the directory are bearer tokens. */
	#refused(exchange: Exchange): Problem | undefined {
		const { headers } = exchange.request;
		const bearer = bearerOf(exchange);
		const key = headers['api-key'] ?? headers['x-api-key'];
		if (key === this.apiKey || (key === undefined && bearer === `token-${this.name}`)) return undefined;
		if (bearer !== undefined && key === undefined) {
			return gateProblem(
				401,
				'The Authorization header holds no valid token: it is expired, or not for this audience.',
				'Unauthorized',
			);
		}
		const message =
			'Access denied due to invalid subscription key or wrong API endpoint. ' +
			'Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.';
		return gateProblem(401, message);
	}

	endpoint(path: string): Found | undefined {
		if (path.startsWith('/anthropic/v1/messages')) return endpointOf(this.#claude, path.slice('/anthropic'.length));
		if (path.startsWith('/openai/v1/')) return this.#filtered(endpointOf(this.#openai, path.slice('/openai'.length)));
		const [, deployment = '', rest = ''] = DEPLOYMENT.exec(path) ?? [];
		if (!['/chat/completions', '/completions', '/embeddings'].includes(rest)) return undefined;
		const found = this.#filtered(endpointOf(this.#openai, `/v1${rest}`));
		return found === undefined
			? undefined
			: { ...found, endpoint: this.#deployed(found.endpoint, decodeURIComponent(deployment)) };
	}

	/** A prompt that the filter blocks never reaches the model. */
	#filtered(found: Found | undefined): Found | undefined {
		if (found === undefined || found.endpoint.name !== 'chat') return found;
		const answer = (call: Call): Promise<void> => this.#screened(call, found.endpoint);
		return { ...found, endpoint: { ...found.endpoint, answer } };
	}

	async #screened(call: Call, endpoint: Endpoint): Promise<void> {
		const blocked = /simulate (?:a |the )?blocked prompt/i.test(call.bytes.toString('utf8'));
		if (!blocked || this.#refused(call.exchange) !== undefined) return endpoint.answer(call);
		if (!(await call.begin(null, ''))) sendProblem(call.exchange, filterProblem());
	}

	/** In the older shape the path names the deployment, and the version stands in the query. */
	#deployed(endpoint: Endpoint, deployment: string): Endpoint {
		return {
			...endpoint,
			answer: async (call) => {
				const version = call.query.get('api-version');
				const refused = this.#refused(call.exchange) ?? versionProblem(version);
				if (refused !== undefined) {
					if (!(await call.begin(deployment, ''))) sendProblem(call.exchange, refused);
					return;
				}
				await endpoint.answer({ ...call, bytes: withModel(call.bytes, deployment) });
			},
		};
	}

	refuse(exchange: Exchange, reason: Refusal): void {
		if (reason === 'too_large') sendProblem(exchange, gateProblem(413, 'Request body too large.'));
		else sendProblem(exchange, this.#refused(exchange) ?? gateProblem(404, 'Resource not found'));
	}

	override reset(): void {
		this.#openai.reset();
		this.#claude.reset();
	}
}

function versionProblem(version: string | null): Problem | undefined {
	if (version === null) return gateProblem(404, 'Resource not found');
	if (VERSION.test(version)) return undefined;
	return { status: 400, body: { error: { code: 'BadRequest', message: 'API version not supported' } } };
}

/** The body with the deployment as its model: what a client writes there does not matter. */
function withModel(bytes: Buffer, model: string): Buffer {
	const read = readBody(bytes);
	if (!read.ok || !isObject(read.body)) return bytes;
	const body: JsonObject = { ...read.body, model };
	return Buffer.from(JSON.stringify(body));
}

/** Makes simulated Azures. */
export function azureVendor(hosted: Hosted): VendorMaker {
	return (definition, context) => new AzureSimulator(definition, context, hosted);
}
