import type { ModelCapabilities, Price } from '../spec/index.ts';
import type { AliasesFile, ModelData, ModelsFile, PriceData, ProvidersFile } from './data-format.ts';
import type { CatalogModel, CatalogSource, ModelAlias, ProviderRow, ResolvedAlias } from './types.ts';

/** Where a catalog reads its three files; each is read at most once, when it is first needed. */
export interface CatalogFiles {
	providers(): ProvidersFile;
	models(): ModelsFile;
	aliases(): AliasesFile;
}

/** Facts about providers and models. Everything is parsed when it is first asked for; rows are converted provider by provider. */
export class Catalog {
	readonly #files: CatalogFiles;
	#providers: ReadonlyMap<string, ProviderRow> | undefined;
	#aliases: ReadonlyMap<string, ModelAlias> | undefined;
	readonly #models = new Map<string, ReadonlyMap<string, CatalogModel>>();

	constructor(files: CatalogFiles) {
		this.#files = files;
	}

	/** Date of the state of knowledge, YYYY-MM-DD. */
	get asOf(): string {
		return this.#files.providers().asOf;
	}

	/** What the facts come from. */
	get sources(): readonly CatalogSource[] {
		return this.#files.providers().sources;
	}

	/** All providers, in catalog order: the more usual first within a tier. */
	providers(): readonly ProviderRow[] {
		return this.#files.providers().providers;
	}

	provider(id: string): ProviderRow | undefined {
		this.#providers ??= new Map(this.providers().map((row) => [row.id, row]));
		return this.#providers.get(id);
	}

	/**
	 * Models of a provider, in catalog order; empty for a provider without rows.
	 * @param providerId id of the catalog's provider
	 * @param name name of the configured provider, for the rows' `provider` field
	 */
	models(providerId: string, name: string = providerId): CatalogModel[] {
		return Array.from(this.#rows(providerId).values(), (row) => named(row, name));
	}

	/** One model by its wire id. */
	model(providerId: string, modelId: string, name: string = providerId): CatalogModel | undefined {
		const row = this.#rows(providerId).get(modelId);
		return row === undefined ? undefined : named(row, name);
	}

	/** What a name in wide use (`claude-sonnet`, `gpt-4-turbo`) stands for, and the closest model that still answers. */
	alias(name: string): ResolvedAlias | undefined {
		this.#aliases ??= new Map(this.#files.aliases().aliases.map((row) => [row.name, row]));
		const row = this.#aliases.get(name);
		if (row === undefined) return undefined;
		const model = this.model(row.provider, row.id);
		const replacement = row.closest === row.id ? undefined : this.model(row.provider, row.closest);
		return { ...row, ...(model && { model }), ...(replacement && { replacement }) };
	}

	/** Names in wide use for a provider's models; those of retired ones too, so that using one can be answered with its date. */
	aliasesOf(providerId: string): ModelAlias[] {
		return this.#files.aliases().aliases.filter((row) => row.provider === providerId);
	}

	#rows(providerId: string): ReadonlyMap<string, CatalogModel> {
		const known = this.#models.get(providerId);
		if (known !== undefined) return known;
		const file = this.#files.models();
		const provider = this.provider(providerId);
		// A preset without rows of its own has those of what it is a preset of.
		const source = [providerId, ...(provider?.aliases ?? [])].find((id) => Object.hasOwn(file.models, id));
		const data = source === undefined ? undefined : file.models[source];
		const rows = new Map((data ?? []).map((row) => [row.id, toModel(row, providerId, provider, file.sources)]));
		if (provider !== undefined) this.#models.set(providerId, rows);
		return rows;
	}
}

/** A copy under the configured provider's name, so that no caller changes another's row. */
function named(row: CatalogModel, provider: string): CatalogModel {
	return { ...row, provider, price: { ...row.price }, capabilities: { ...row.capabilities } };
}

function toPrice(data: PriceData | undefined): Price {
	return {
		input: data?.input ?? null,
		output: data?.output ?? null,
		cacheRead: data?.cacheRead ?? null,
		cacheWrite: data?.cacheWrite ?? null,
	};
}

function toCapabilities(data: ModelData, provider: ProviderRow | undefined): ModelCapabilities {
	const mode = data.mode ?? 'chat';
	const chat = mode === 'chat' || mode === 'responses';
	return {
		chat,
		streaming: data.streaming ?? null,
		tools: data.tools ?? null,
		// Many open-weight rows do not say: what the provider does is then the better answer.
		jsonSchema: data.jsonSchema ?? (chat ? (provider?.capabilities.jsonSchema ?? null) : null),
		vision: data.vision ?? null,
		reasoning: data.reasoning ?? null,
		embeddings: mode === 'embedding',
		dataSources: provider?.capabilities.dataSources === false ? false : null,
	};
}

function toModel(data: ModelData, providerId: string, provider: ProviderRow | undefined, sources: string[]): CatalogModel {
	return {
		id: data.id,
		provider: providerId,
		name: data.name,
		mode: data.mode ?? 'chat',
		contextWindow: data.context ?? null,
		maxOutput: data.maxOutput ?? null,
		price: toPrice(data.price),
		capabilities: toCapabilities(data, provider),
		inputModalities: data.in,
		outputModalities: data.out ?? ['text'],
		sources: data.from.map((index) => sources[index] ?? ''),
		...(data.maxInput !== undefined && { maxInput: data.maxInput }),
		...(data.tiers && { priceTiers: data.tiers.map((tier) => ({ ...toPrice(tier), aboveInputTokens: tier.above })) }),
		...(data.priceNote !== undefined && { priceNote: data.priceNote }),
		...(data.deprecated && { deprecated: true }),
		...(data.shutdown !== undefined && { shutdownDate: data.shutdown }),
		...(data.replacement !== undefined && { replacement: data.replacement }),
		...(data.released !== undefined && { released: data.released }),
		...(data.cutoff !== undefined && { knowledgeCutoff: data.cutoff }),
		...(data.dimensions !== undefined && { embeddingDimensions: data.dimensions }),
		...(data.aliases && { aliases: data.aliases }),
	};
}
