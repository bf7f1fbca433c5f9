import {
	type CallContext,
	type ChatRequest,
	type ChatResponse,
	type HealthReport,
	type ModelCapabilities,
	type ModelInfo,
	type NativeCall,
	type NativeRequest,
	NOTHING_KNOWN,
	type Provider,
	type ProviderHost,
	type ProviderSettings,
	type RelaisError,
	type StreamPart,
} from '../spec/index.ts';
import { asker, checkedHealth, credentialHint, listedModels } from './checks.ts';
import type { Ask, VendorDescriptor } from './descriptor.ts';
import { completed } from './listing.ts';
import { withCompletions } from './shared/completions.ts';
import { callEmbed, callTask, type TaskHost, taskLines, taskPaths } from './shared/tasks/index.ts';
import { type ChatLine, callChat, streamChat } from './wire-chat.ts';
import { REMEMBERED_MODELS, VendorEndpoint } from './wire-endpoint.ts';

/** The six methods, derived from a descriptor and a dialect: a vendor that speaks a known dialect needs no code of its own. */
export class WireProvider implements Provider {
	readonly name: string;
	readonly type: string;
	readonly wire: VendorEndpoint;
	readonly wireFor?: NonNullable<Provider['wireFor']>;
	readonly hasList: boolean;
	readonly credentialHint: string;
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
		const listed = await listedModels(this.#descriptor, this.#settings, this.#asker(context));
		if (listed === undefined) return [...this.#models.values()];
		const usual = this.capabilities();
		const models = new Map<string, ModelInfo>();
		for (const model of listed) models.set(model.id, completed(model, this.#row(model.base ?? model.id), this.name, usual));
		if (this.#descriptor.list !== undefined) this.#learn(models);
		return [...models.values()];
	}

	/** What the vendor says of its models serves from now on as the catalog's rows do. */
	#learn(models: ReadonlyMap<string, ModelInfo>): void {
		for (const [id, model] of models) this.#models.set(id, model);
		this.#spoken.clear();
		for (const endpoint of this.#endpoints) endpoint.forget();
	}

	/** Asks for what costs no tokens: as a rule the model list, which checks address and key alike. */
	async isHealthy(context: CallContext): Promise<HealthReport> {
		return checkedHealth(this.#descriptor, this.#settings, this.#asker(context));
	}

	cure(error: RelaisError, model: string): string | undefined {
		return this.#descriptor.cure?.(error, model);
	}

	async chat(request: ChatRequest, context: CallContext): Promise<ChatResponse> {
		return callChat(this.#lineTo(request.model), request, context);
	}

	chatStream(request: ChatRequest, context: CallContext): AsyncIterable<StreamPart> {
		return streamChat(this.#lineTo(request.model), request, context);
	}

	#lineTo(model: string): ChatLine {
		const wire = this.wireFor?.(model, this.wire.dialect.name) ?? this.wire;
		return { wire, host: this.#host, timeouts: this.#settings.timeouts };
	}

	#asker(context: CallContext): Ask {
		return asker(this.wire, this.#settings, this.#host, context);
	}
}
