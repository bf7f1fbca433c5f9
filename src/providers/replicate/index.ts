import {
	type Asked,
	decodeError,
	decodePrediction,
	encodeInput,
	failureOf,
	PredictionParts,
	stateOf,
} from '../../dialects/replicate/index.ts';
import { isObject, jsonOrText } from '../../lib/json.ts';
import {
	type CallContext,
	type ChatRequest,
	type ChatResponse,
	type HealthReport,
	isRelaisError,
	type JsonObject,
	type ModelCapabilities,
	type ModelInfo,
	NOTHING_KNOWN,
	type Provider,
	type ProviderHost,
	type ProviderSettings,
	RelaisError,
	type StreamPart,
} from '../../spec/index.ts';
import { credentialHint } from '../checks.ts';
import type { ProviderModule, VendorDescriptor } from '../descriptor.ts';
import { completed } from '../listing.ts';
import { type Prediction, ReplicateCalls } from './calls.ts';

/** What no model can do behind this API, whatever it can do elsewhere. */
const NEVER = { tools: false, jsonSchema: false, embeddings: false } as const;

/** The vendor's own choice of language models; the list of all models is of everybody's, of every kind. */
const LANGUAGE_MODELS = '/collections/language-models';

/** Replicate: predictions in place of chats. */
class ReplicateProvider implements Provider {
	readonly name: string;
	readonly type: string;
	readonly credentialHint: string;
	readonly #calls: ReplicateCalls;
	readonly #vendor: Partial<ModelCapabilities>;
	readonly #models: ReadonlyMap<string, ModelInfo>;

	constructor(
		descriptor: VendorDescriptor,
		settings: ProviderSettings,
		host: ProviderHost,
		capabilities: Partial<ModelCapabilities>,
	) {
		this.name = settings.name;
		this.type = settings.type;
		this.credentialHint = credentialHint(descriptor, settings.name);
		this.#calls = new ReplicateCalls(descriptor, settings, host);
		this.#vendor = capabilities;
		const rows = descriptor.catalogId === undefined ? [] : host.catalogModels(descriptor.catalogId);
		this.#models = new Map(
			rows.map((row) => [row.id, { ...row, provider: settings.name, capabilities: { ...row.capabilities, ...NEVER } }]),
		);
	}

	capabilities(model?: string): ModelCapabilities {
		const row = model === undefined ? undefined : this.#models.get(model.replace(/:.*$/, ''));
		return { ...NOTHING_KNOWN, ...this.#vendor, ...row?.capabilities, ...NEVER };
	}

	cure(error: RelaisError, model: string): string | undefined {
		if (error.code !== 'provider_not_found') return undefined;
		return `Models are named owner/name, as on the vendor's pages; one of a private person needs its version too: ${model.replace(/:.*$/, '')}:<version>`;
	}

	/** The vendor's own language models, and those of the catalog. */
	async listModels({ signal }: CallContext): Promise<ModelInfo[]> {
		const body = await this.#calls.ask(LANGUAGE_MODELS, signal);
		const rows = isObject(body) ? body.models : undefined;
		if (!Array.isArray(rows))
			throw new RelaisError('provider_protocol', `${this.name}: its model list is not of the expected form`, {
				provider: this.name,
			});
		const listed = new Map(this.#models);
		for (const { owner, name } of rows.filter(isObject)) {
			if (typeof owner !== 'string' || typeof name !== 'string') continue;
			const id = `${owner}/${name}`;
			listed.set(id, completed({ id }, this.#models.get(id), this.name, this.capabilities()));
		}
		return [...listed.values()];
	}

	/** Asks whose the key is. */
	async isHealthy({ signal }: CallContext): Promise<HealthReport> {
		const started = performance.now();
		const elapsed = (): number => Math.round(performance.now() - started);
		try {
			await this.#calls.ask('/account', signal);
			return { healthy: true, latencyMs: elapsed() };
		} catch (error) {
			if (!isRelaisError(error)) throw error;
			const detail = error.code === 'provider_auth' ? `its key is missing or wrong; ${this.credentialHint}` : error.message;
			return { healthy: false, latencyMs: elapsed(), detail };
		}
	}

	async chat(request: ChatRequest, context: CallContext): Promise<ChatResponse> {
		const { input, asked } = await this.#input(request, context);
		const made = await this.#calls.make(request.model, input, true, context.signal);
		return this.#guarded(made, context.signal, async () => decodePrediction(await this.#calls.over(made, context.signal), asked));
	}

	async *chatStream(request: ChatRequest, context: CallContext): AsyncIterable<StreamPart> {
		const { input, asked } = await this.#input(request, context);
		const { signal } = context;
		const made = await this.#calls.make(request.model, input, false, signal);
		let over = false;
		try {
			for await (const part of this.#told(made, asked, signal)) {
				over ||= part.type === 'end' || part.type === 'error';
				yield part;
			}
			over = true;
		} finally {
			// Nobody reads on: what is not over is given up.
			if (!over) this.#calls.cancel(made);
		}
	}

	/** A prediction's stream, from its start to its end. */
	async *#told(made: Prediction, asked: Asked, signal: AbortSignal): AsyncIterable<StreamPart> {
		const parts = new PredictionParts(asked);
		yield parts.start(made);
		const { stream: url } = isObject(made.urls) ? made.urls : {};
		// A model that does not stream is waited for.
		if (typeof url === 'string' && stateOf(made) === 'running') {
			const reply = await this.#calls.stream(url, signal);
			if (reply.body !== undefined) throw decodeError(reply.status, reply.headers, jsonOrText(reply.body));
			for await (const frame of reply.frames) {
				for (const part of parts.push(frame)) {
					yield part;
					if (part.type === 'error') return;
				}
				if (parts.over) break;
			}
		}
		const done = await this.#calls.over(made, signal, parts.over ? 0 : undefined);
		if (stateOf(done) === 'failed') yield { type: 'error', error: failureOf(done) };
		else yield* parts.finish(done);
	}

	async #input(request: ChatRequest, context: CallContext): Promise<{ input: JsonObject; asked: Asked }> {
		const names = await this.#calls.inputs(request.model, context.signal);
		const { value, warnings } = encodeInput(request, names, {});
		for (const warning of warnings) context.warn(warning);
		return { input: value, asked: { prompt: JSON.stringify(value), limit: request.maxOutputTokens } };
	}

	/** Gives a prediction up when its caller leaves before it is over. */
	async #guarded<T>(made: Prediction, signal: AbortSignal, body: () => Promise<T>): Promise<T> {
		try {
			return await body();
		} catch (error) {
			if (signal.aborted) this.#calls.cancel(made);
			throw error;
		}
	}
}

/** Makes the provider. */
export const replicate: ProviderModule = (descriptor, settings, host, capabilities) =>
	new ReplicateProvider(descriptor, settings, host, capabilities);
