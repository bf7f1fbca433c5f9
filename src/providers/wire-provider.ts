import { isObject, tryParse } from '../lib/json.ts';
import {
	type CallContext,
	type ChatRequest,
	type ChatResponse,
	type Dialect,
	type HealthReport,
	isRelaisError,
	type JsonObject,
	type JsonValue,
	type ModelCapabilities,
	type ModelInfo,
	type Provider,
	type ProviderHost,
	type ProviderSettings,
	RelaisError,
	type StreamPart,
	type WireCall,
	type WireEndpoint,
} from '../spec/index.ts';
import type { VendorDescriptor } from './descriptor.ts';
import { REMEMBERED_MODELS, VendorEndpoint } from './wire-endpoint.ts';

const UNKNOWN: ModelCapabilities = {
	chat: null,
	streaming: null,
	tools: null,
	jsonSchema: null,
	vision: null,
	reasoning: null,
	embeddings: null,
	dataSources: null,
};

/** Ends a health check or a model listing that its caller does not, in ms: how long to wait is for the caller's signal to say. */
const PROBE_LIMIT_MS = 600_000;

/** The six methods, derived from a descriptor and a dialect: a vendor that speaks a known dialect needs no code of its own. */
export class WireProvider implements Provider {
	readonly name: string;
	readonly type: string;
	readonly wire: VendorEndpoint;
	readonly wireFor?: NonNullable<Provider['wireFor']>;
	readonly credentialHint: string;
	readonly #dialect: Dialect;
	readonly #host: ProviderHost;
	readonly #settings: ProviderSettings;
	readonly #vendor: Partial<ModelCapabilities>;
	readonly #models: ReadonlyMap<string, ModelInfo>;
	readonly #baseModel: (model: string) => string;
	readonly #modelIds: (body: JsonValue) => string[] | undefined;

	/** @param vendor what the vendor serves for at least one model, for models no row describes */
	constructor(descriptor: VendorDescriptor, settings: ProviderSettings, host: ProviderHost, vendor: Partial<ModelCapabilities>) {
		this.name = settings.name;
		this.type = settings.type;
		this.#host = host;
		this.#settings = settings;
		this.#vendor = vendor;
		this.#baseModel = (model) => descriptor.baseModel?.(model) ?? model;
		this.#modelIds = descriptor.modelIds ?? usualModelIds;
		this.credentialHint = credentialHint(descriptor, settings.name);
		const rows = descriptor.catalogId === undefined ? [] : host.catalogModels(descriptor.catalogId);
		this.#models = new Map(rows.map((row) => [row.id, { ...row, provider: settings.name }]));
		this.#dialect = host.dialect(descriptor.dialect);
		this.wire = new VendorEndpoint(descriptor, settings, this.#dialect, this.#models);
		const { also } = descriptor;
		if (also !== undefined) this.wireFor = this.#chooser(descriptor, also);
	}

	/** Picks among the vendor's APIs; what was picked is remembered. */
	#chooser(descriptor: VendorDescriptor, also: NonNullable<VendorDescriptor['also']>): NonNullable<Provider['wireFor']> {
		const endpoints = new Map([[descriptor.dialect, this.wire]]);
		for (const [dialect, line] of Object.entries(also)) {
			const laid = { ...descriptor, ...line, dialect };
			endpoints.set(dialect, new VendorEndpoint(laid, this.#settings, this.#host.dialect(dialect), this.#models));
		}
		const spoken = new Map<string, readonly string[]>();
		return (model, dialect) => {
			let dialects = spoken.get(model);
			if (dialects === undefined) {
				dialects = descriptor.dialectsOf?.(model, this.#models.get(this.#baseModel(model)), this.#settings) ?? [
					descriptor.dialect,
				];
				if (spoken.size >= REMEMBERED_MODELS) spoken.clear();
				spoken.set(model, dialects);
			}
			return endpoints.get(dialects.includes(dialect) ? dialect : (dialects[0] ?? descriptor.dialect)) ?? this.wire;
		};
	}

	capabilities(model?: string): ModelCapabilities {
		const row = model === undefined ? undefined : (this.#models.get(model) ?? this.#models.get(this.#baseModel(model)));
		return { ...UNKNOWN, ...this.#vendor, ...row?.capabilities };
	}

	/** The vendor's live list, each entry completed from the catalog where it has a row. */
	async listModels(context: CallContext): Promise<ModelInfo[]> {
		if (!this.wire.supports('models')) return [...this.#models.values()];
		const body = await this.#get(context);
		const ids = this.#modelIds(body);
		if (ids === undefined) throw this.#protocolError('its model list is not of the expected form');
		return Array.from(new Set(ids), (id) => this.#models.get(id) ?? this.#unlisted(id));
	}

	/** Asks for the model list: free of token cost, and it checks address and key alike. */
	async isHealthy(context: CallContext): Promise<HealthReport> {
		const started = performance.now();
		const elapsed = (): number => Math.round(performance.now() - started);
		if (!this.wire.supports('models'))
			return { healthy: true, latencyMs: 0, detail: 'not checked: the vendor has no free endpoint' };
		try {
			await this.#get(context);
			return { healthy: true, latencyMs: elapsed() };
		} catch (error) {
			if (!isRelaisError(error)) throw error;
			return { healthy: false, latencyMs: elapsed(), detail: this.#cause(error) };
		}
	}

	async chat(request: ChatRequest, context: CallContext): Promise<ChatResponse> {
		const wire = this.#wireOf(request.model);
		const call = await this.#chatCall(wire, { ...request, stream: false }, context);
		const reply = await this.#host.request(call, this.#settings.timeouts, context.signal);
		const body = this.#body(reply.body);
		if (reply.status < 200 || reply.status > 299) throw wire.dialect.decodeError(reply.status, reply.headers, body);
		const { value, warnings } = wire.dialect.decodeResponse(body);
		for (const warning of warnings) context.warn(warning);
		return value;
	}

	async *chatStream(request: ChatRequest, context: CallContext): AsyncIterable<StreamPart> {
		const wire = this.#wireOf(request.model);
		const { dialect } = wire;
		const call = await this.#chatCall(wire, { ...request, stream: true }, context);
		const reply = await this.#host.stream(call, dialect, this.#settings.timeouts, context.signal);
		if (reply.body !== undefined) throw dialect.decodeError(reply.status, reply.headers, this.#body(reply.body));
		const decoder = dialect.streamDecoder();
		for await (const frame of reply.frames) {
			for (const part of decoder.push(frame)) {
				yield part;
				if (part.type === 'error') return;
				// All of a short answer may have arrived before the signal: the transport has nothing to end then.
				if (context.signal.aborted) throw cancelled(context.signal);
			}
		}
		yield* decoder.end();
	}

	#wireOf(model: string): WireEndpoint {
		return this.wireFor?.(model, this.#dialect.name) ?? this.wire;
	}

	async #chatCall(wire: WireEndpoint, request: ChatRequest, context: CallContext): Promise<WireCall> {
		const { model } = request;
		const encoded = wire.dialect.encodeRequest(request, { model, traits: wire.traits(model) });
		for (const warning of encoded.warnings) context.warn(warning);
		const changes = wire.bodyChanges(encoded.value, model, (warning) => context.warn(warning));
		const body: JsonObject = changes === null ? encoded.value : { ...encoded.value, ...changes };
		const call = { ...(await wire.call('chat', model, {}, request.stream)), body: JSON.stringify(body) };
		return wire.sign === undefined ? call : wire.sign(call);
	}

	/** The vendor's model list as it stands on the wire. */
	async #get(context: CallContext): Promise<JsonValue> {
		const limits = { ...this.#settings.timeouts, headers: PROBE_LIMIT_MS, answer: PROBE_LIMIT_MS, total: PROBE_LIMIT_MS };
		const call = await this.#signed(this.wire.call('models', '', {}));
		const reply = await this.#host.request(call, limits, context.signal);
		const body = this.#body(reply.body);
		if (reply.status < 200 || reply.status > 299) throw this.#dialect.decodeError(reply.status, reply.headers, body);
		return body;
	}

	#signed(call: WireCall): WireCall | Promise<WireCall> {
		return this.wire.sign === undefined ? call : this.wire.sign(call);
	}

	#body(body: Buffer): JsonValue {
		const text = body.toString('utf8');
		return tryParse(text) ?? text;
	}

	#protocolError(message: string): RelaisError {
		return new RelaisError('provider_protocol', `${this.name}: ${message}`, { provider: this.name });
	}

	/** Why a check failed, and the cure. What vendors say of a key is not repeated: it often quotes a part of the key. */
	#cause(error: RelaisError): string {
		return error.code === 'provider_auth' ? `its key is missing or wrong; ${this.credentialHint}` : error.message;
	}

	#unlisted(id: string): ModelInfo {
		return {
			id,
			provider: this.name,
			mode: 'chat',
			contextWindow: null,
			maxOutput: null,
			price: { input: null, output: null, cacheRead: null, cacheWrite: null },
			capabilities: this.capabilities(),
			inputModalities: [],
			outputModalities: [],
		};
	}
}

/** Ids of a model list as most vendors write it: `{"data": [{"id": "<id>"}]}`, or the list alone. */
function usualModelIds(body: JsonValue): string[] | undefined {
	const data = isObject(body) ? body.data : body;
	if (!Array.isArray(data)) return undefined;
	return data.map((row) => (isObject(row) ? row.id : undefined)).filter((id) => typeof id === 'string' && id !== '') as string[];
}

function cancelled(signal: AbortSignal): RelaisError {
	const reason: unknown = signal.reason;
	return isRelaisError(reason) ? reason : new RelaisError('client_closed', 'the call was cancelled', { cause: reason });
}

function credentialHint(descriptor: VendorDescriptor, name: string): string {
	const variable = descriptor.keyVariables[0];
	const where = descriptor.docsUrl === undefined ? '' : ` (keys: ${descriptor.docsUrl})`;
	return variable === undefined
		? `set api_key of provider "${name}"`
		: `set ${variable} or api_key of provider "${name}"${where}`;
}
