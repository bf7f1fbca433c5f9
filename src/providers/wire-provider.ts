import { keyPage } from '../catalog/index.ts';
import { isObject, tryParse } from '../lib/json.ts';
import { refusalUnderSuccess } from '../lib/refusal.ts';
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
	type NativeCall,
	type NativeRequest,
	NOTHING_KNOWN,
	type Provider,
	type ProviderHost,
	type ProviderSettings,
	RelaisError,
	type StreamPart,
	type WireCall,
	type WireEndpoint,
} from '../spec/index.ts';
import type { Ask, ListedModel, VendorDescriptor } from './descriptor.ts';
import { completed, usualModelIds } from './listing.ts';
import { checkByRefusal } from './probes.ts';
import { withCompletions } from './shared/completions.ts';
import { callEmbed, callTask, type TaskHost, taskLines, taskPaths } from './shared/tasks/index.ts';
import { REMEMBERED_MODELS, VendorEndpoint } from './wire-endpoint.ts';

/** Ends a health check or a model listing that its caller does not, in ms: how long to wait is for the caller's signal to say. */
const PROBE_LIMIT_MS = 600_000;

/** The six methods, derived from a descriptor and a dialect: a vendor that speaks a known dialect needs no code of its own. */
export class WireProvider implements Provider {
	readonly name: string;
	readonly type: string;
	readonly wire: VendorEndpoint;
	readonly wireFor?: NonNullable<Provider['wireFor']>;
	readonly hasList: boolean;
	readonly credentialHint: string;
	readonly #dialect: Dialect;
	readonly #host: ProviderHost;
	readonly #settings: ProviderSettings;
	readonly #vendor: Partial<ModelCapabilities>;
	/** Rows of the catalog, and what the vendor has told of its models since. */
	readonly #models: Map<string, ModelInfo>;
	readonly #descriptor: VendorDescriptor;
	readonly embed?: NonNullable<Provider['embed']>;
	readonly rerank?: NonNullable<Provider['rerank']>;
	readonly moderate?: NonNullable<Provider['moderate']>;
	/** Dialects that models were found to answer in. */
	readonly #spoken = new Map<string, readonly string[]>();
	/** One for each of the vendor's APIs, its own first. */
	readonly #endpoints: VendorEndpoint[];

	/** @param vendor what the vendor serves for at least one model, for models no row describes */
	constructor(given: VendorDescriptor, settings: ProviderSettings, host: ProviderHost, vendor: Partial<ModelCapabilities>) {
		const lines = taskLines(given.dialect, given.catalogId, vendor.embeddings);
		const descriptor = withCompletions({ ...given, paths: { ...taskPaths(lines), ...given.paths } });
		this.name = settings.name;
		this.type = settings.type;
		this.#host = host;
		this.#settings = settings;
		this.#vendor = vendor;
		this.#descriptor = descriptor;
		this.hasList = descriptor.list !== undefined || descriptor.paths.models !== undefined;
		this.credentialHint = credentialHint(descriptor, settings.name);
		const rows = descriptor.catalogId === undefined ? [] : host.catalogModels(descriptor.catalogId);
		this.#models = new Map(rows.map((row) => [row.id, { ...row, provider: settings.name }]));
		this.#dialect = host.dialect(descriptor.dialect);
		this.wire = new VendorEndpoint(descriptor, settings, host, this.#models);
		this.#endpoints = [this.wire];
		const { also } = descriptor;
		if (also !== undefined) this.wireFor = this.#chooser(descriptor, also);
		const row = (model: string): ModelInfo | undefined => this.#row(model);
		const task: TaskHost = { title: descriptor.title, endpoint: this.wire, host, settings, lines, row };
		if (lines.embed !== undefined) this.embed = (request, context) => callEmbed(task, request, context);
		if (lines.rerank !== undefined) this.rerank = (request, context) => callTask(task, 'rerank', request, context);
		if (lines.moderate !== undefined) this.moderate = (request, context) => callTask(task, 'moderate', request, context);
	}

	/** Picks among the vendor's APIs; what was picked is remembered. */
	#chooser(descriptor: VendorDescriptor, also: NonNullable<VendorDescriptor['also']>): NonNullable<Provider['wireFor']> {
		const endpoints = new Map([[descriptor.dialect, this.wire]]);
		for (const [dialect, line] of Object.entries(also)) {
			const laid = { ...descriptor, ...line, dialect };
			const endpoint = new VendorEndpoint(laid, this.#settings, this.#host, this.#models);
			endpoints.set(dialect, endpoint);
			this.#endpoints.push(endpoint);
		}
		const spoken = this.#spoken;
		return (model, dialect) => {
			let dialects = spoken.get(model);
			if (dialects === undefined) {
				dialects = descriptor.dialectsOf?.(model, this.#row(model), this.#settings) ?? [descriptor.dialect];
				if (spoken.size >= REMEMBERED_MODELS) spoken.clear();
				spoken.set(model, dialects);
			}
			return endpoints.get(dialects.includes(dialect) ? dialect : (dialects[0] ?? descriptor.dialect)) ?? this.wire;
		};
	}

	capabilities(model?: string): ModelCapabilities {
		const row = model === undefined ? undefined : this.#row(model);
		return { ...NOTHING_KNOWN, ...this.#vendor, ...row?.capabilities };
	}

	#row(model: string): ModelInfo | undefined {
		return this.#models.get(model) ?? this.#models.get(this.#descriptor.baseModel?.(model) ?? model);
	}

	/** A client's own call: to the API whose endpoint it is, else to the vendor's main one. */
	native(request: NativeRequest): NativeCall {
		const calls = this.#endpoints.map((endpoint) => endpoint.native(request));
		return calls.find((call) => call.operation !== undefined) ?? this.wire.native(request);
	}

	/** The vendor's live list, each entry completed from the catalog where it has a row. */
	async listModels(context: CallContext): Promise<ModelInfo[]> {
		const listed = await this.#listed(this.#asker(context));
		if (listed === undefined) return [...this.#models.values()];
		const usual = this.capabilities();
		const models = new Map<string, ModelInfo>();
		for (const model of listed) models.set(model.id, completed(model, this.#row(model.base ?? model.id), this.name, usual));
		if (this.#descriptor.list !== undefined) this.#learn(models);
		return [...models.values()];
	}

	/** The list as the vendor tells it; undefined where the catalog must do. */
	async #listed(ask: Ask): Promise<ListedModel[] | undefined> {
		const { list, modelIds = usualModelIds, paths } = this.#descriptor;
		if (list !== undefined) return list(ask, this.#settings);
		if (paths.models === undefined) return undefined;
		const ids = modelIds(await ask(paths.models));
		if (ids !== undefined) return ids.map((id) => ({ id }));
		const message = `${this.name}: its model list is not of the expected form`;
		throw new RelaisError('provider_protocol', message, { provider: this.name });
	}

	/** What the vendor says of its models serves from now on as the catalog's rows do. */
	#learn(models: ReadonlyMap<string, ModelInfo>): void {
		for (const [id, model] of models) this.#models.set(id, model);
		this.#spoken.clear();
		for (const endpoint of this.#endpoints) endpoint.forget();
	}

	/** Asks for what costs no tokens: as a rule the model list, which checks address and key alike. */
	async isHealthy(context: CallContext): Promise<HealthReport> {
		const started = performance.now();
		const elapsed = (): number => Math.round(performance.now() - started);
		const check = this.#check();
		if (check === undefined) return { healthy: true, latencyMs: 0, detail: 'not checked: the vendor has no free endpoint' };
		try {
			const detail = await check(this.#asker(context));
			return { healthy: true, latencyMs: elapsed(), ...(detail === undefined ? {} : { detail }) };
		} catch (error) {
			if (!isRelaisError(error)) throw error;
			return { healthy: false, latencyMs: elapsed(), detail: this.#cause(error), error };
		}
	}

	/** How to find out whether the vendor answers: its own way, its list, or a request it must refuse. None of them costs tokens. */
	#check(): ((ask: Ask) => Promise<string | undefined>) | undefined {
		const { check, list, paths } = this.#descriptor;
		if (check !== undefined) return (ask) => check(ask, this.#settings);
		const { models, embed, chat } = paths;
		if (models !== undefined) return async (ask) => void (await ask(models));
		if (list !== undefined) return async (ask) => void (await list(ask, this.#settings));
		const refused = chat ?? embed;
		return refused === undefined || refused.includes('{') ? undefined : (ask) => checkByRefusal(ask, refused);
	}

	cure(error: RelaisError, model: string): string | undefined {
		return this.#descriptor.cure?.(error, model);
	}

	async chat(request: ChatRequest, context: CallContext): Promise<ChatResponse> {
		const wire = this.#wireOf(request.model);
		const call = await this.#chatCall(wire, { ...request, stream: false }, context);
		const reply = await this.#host.request(call, this.#settings.timeouts, context.signal);
		const body = this.#body(reply.body);
		if (reply.status < 200 || reply.status > 299) throw wire.dialect.decodeError(reply.status, reply.headers, body);
		const refused = isObject(body) ? refusalUnderSuccess(wire, reply.headers, body) : undefined;
		if (refused !== undefined) throw refused;
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

	/** Asks addresses that concern no model, as long as the call's signal lets it. */
	#asker(context: CallContext): Ask {
		const limits = { ...this.#settings.timeouts, headers: PROBE_LIMIT_MS, answer: PROBE_LIMIT_MS, total: PROBE_LIMIT_MS };
		return async (path, more) => {
			const plain = this.wire.plainCall(path, more);
			const call = this.wire.sign === undefined ? plain : await this.wire.sign(plain);
			const reply = await this.#host.request(call, limits, context.signal);
			const body = this.#body(reply.body);
			if (reply.status < 200 || reply.status > 299) throw this.#dialect.decodeError(reply.status, reply.headers, body);
			return body;
		};
	}

	#body(body: Buffer): JsonValue {
		const text = body.toString('utf8');
		return tryParse(text) ?? text;
	}

	/** Why a check failed, and the cure. What vendors say of a key is not repeated: it often quotes a part of the key. */
	#cause(error: RelaisError): string {
		// With a name on it, it is Relais's own error about credentials it could not get.
		const isVendors = error.code === 'provider_auth' && error.provider === undefined;
		return isVendors ? `its key is missing or wrong; ${this.credentialHint}` : error.message;
	}
}

function cancelled(signal: AbortSignal): RelaisError {
	const reason: unknown = signal.reason;
	return isRelaisError(reason) ? reason : new RelaisError('client_closed', 'the call was cancelled', { cause: reason });
}

/** What to set for the vendor's credentials. */
export function credentialHint(descriptor: VendorDescriptor, name: string): string {
	const variable = descriptor.keyVariables[0];
	const page = (descriptor.catalogId === undefined ? undefined : keyPage(descriptor.catalogId)) ?? descriptor.docsUrl;
	const where = page === undefined ? '' : ` (keys: ${page})`;
	return variable === undefined
		? `set api_key of provider "${name}"`
		: `set ${variable} or api_key of provider "${name}"${where}`;
}
