import type { CatalogSource, ModelAlias, ProviderRow } from './types.ts';

/** `data/providers.json` */
export interface ProvidersFile {
	/** Date of the state of knowledge, YYYY-MM-DD. */
	asOf: string;
	sources: CatalogSource[];
	providers: ProviderRow[];
}

/** Prices in USD per million tokens; absent: not known. */
export interface PriceData {
	input?: number | undefined;
	output?: number | undefined;
	cacheRead?: number | undefined;
	cacheWrite?: number | undefined;
}

/** A model as stored: what is usual or not known is left out. */
export interface ModelData {
	id: string;
	name: string;
	/** Absent: `chat`. */
	mode?: string | undefined;
	context?: number | undefined;
	maxInput?: number | undefined;
	maxOutput?: number | undefined;
	price?: PriceData | undefined;
	tiers?: (PriceData & { above: number })[] | undefined;
	priceNote?: string | undefined;
	/** Input modalities. */
	in: string[];
	/** Output modalities; absent: text alone. */
	out?: string[] | undefined;
	tools?: boolean | undefined;
	jsonSchema?: boolean | undefined;
	reasoning?: boolean | undefined;
	vision?: boolean | undefined;
	streaming?: boolean | undefined;
	dimensions?: number | undefined;
	cutoff?: string | undefined;
	released?: string | undefined;
	deprecated?: true | undefined;
	shutdown?: string | undefined;
	replacement?: string | undefined;
	aliases?: string[] | undefined;
	/** Indexes into the file's `sources`. */
	from: number[];
}

/** `data/models.json` */
export interface ModelsFile {
	asOf: string;
	/** Texts that rows refer to by index. */
	sources: string[];
	/** Rows by provider id. */
	models: { [provider: string]: ModelData[] };
}

/** `data/aliases.json` */
export interface AliasesFile {
	asOf: string;
	aliases: ModelAlias[];
}
