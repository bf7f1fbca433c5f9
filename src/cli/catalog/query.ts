import { type Catalog, type CatalogModel, type ProviderRow, placeholders, reach, SPOKEN_DIALECTS } from '../../catalog/index.ts';
import { nearest } from '../../lib/nearest.ts';
import type { ModelCapabilities } from '../../spec/index.ts';
import { UsageError } from '../terminal/index.ts';

/** Capabilities one can ask for, by the word of the command line. */
export const CAPABILITIES: { readonly [word: string]: keyof ModelCapabilities } = {
	tools: 'tools',
	vision: 'vision',
	'json-schema': 'jsonSchema',
	reasoning: 'reasoning',
	embeddings: 'embeddings',
};

/** Which models are wanted; absent: all. */
export interface Filter {
	provider?: string | undefined;
	/** Words of `CAPABILITIES`; all of them must be there. */
	capabilities: readonly string[];
	/** Greatest price of input and of output, in USD per million tokens; models whose price is not known are left out. */
	maxPrice?: number | undefined;
	/** Also models whose end is announced or past. */
	deprecated: boolean;
	/** Words that must stand in the model's id, name or provider. */
	text?: string | undefined;
}

/** The provider rows a filter leaves. Throws `UsageError` for an unknown provider. */
function rowsOf(catalog: Catalog, provider: string | undefined): readonly ProviderRow[] {
	if (provider === undefined) return catalog.providers();
	const row = catalog.provider(provider);
	if (row !== undefined) return [row];
	const near = nearest(
		provider,
		catalog.providers().map(({ id }) => id),
	);
	throw new UsageError(`the catalog knows no provider "${provider}"${didYouMean(near, '; relais catalog providers lists them')}`);
}

export function didYouMean(near: readonly string[], otherwise: string): string {
	return near.length > 0 ? `. Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?` : otherwise;
}

/** Models that meet the filter, in catalog order. */
export function select(catalog: Catalog, filter: Filter): CatalogModel[] {
	const words = (filter.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
	return rowsOf(catalog, filter.provider).flatMap((row) =>
		catalog.models(row.id).filter((model) => {
			if (!filter.deprecated && model.deprecated === true) return false;
			const described = `${row.id}/${model.id} ${model.name ?? ''} ${row.name} ${(model.aliases ?? []).join(' ')}`.toLowerCase();
			if (!words.every((word) => described.includes(word))) return false;
			if (!filter.capabilities.every((word) => has(model, word))) return false;
			return filter.maxPrice === undefined || costsAtMost(model, filter.maxPrice);
		}),
	);
}

function has(model: CatalogModel, word: string): boolean {
	const capability = CAPABILITIES[word];
	return capability !== undefined && model.capabilities[capability] === true;
}

function costsAtMost({ price, mode }: CatalogModel, limit: number): boolean {
	// Embeddings have no output to pay for.
	const output = mode === 'embedding' ? (price.output ?? 0) : price.output;
	return price.input !== null && output !== null && price.input <= limit && output <= limit;
}

/** Words for what a model can do. */
export function capabilityWords(model: CatalogModel): string[] {
	return Object.keys(CAPABILITIES).filter((word) => has(model, word));
}

/** The model of `provider/model`, or of a name in wide use. Throws `UsageError` with the nearest names. */
export function find(catalog: Catalog, name: string): CatalogModel {
	const slash = name.indexOf('/');
	const pinned = slash > 0 ? catalog.model(name.slice(0, slash), name.slice(slash + 1)) : undefined;
	const alias = pinned === undefined ? catalog.alias(name)?.model : undefined;
	const found = pinned ?? alias ?? byId(catalog, name);
	if (found !== undefined) return found;
	const names = catalog.providers().flatMap((row) => catalog.models(row.id).map((model) => `${row.id}/${model.id}`));
	const near = nearest(name, slash > 0 ? names : [...names.map((full) => full.slice(full.indexOf('/') + 1)), ...names]);
	throw new UsageError(`the catalog knows no model "${name}"${didYouMean(near, '; relais catalog search <text> looks for one')}`);
}

function byId(catalog: Catalog, id: string): CatalogModel | undefined {
	for (const row of catalog.providers()) {
		const model = catalog.model(row.id, id);
		if (model !== undefined) return model;
	}
	return undefined;
}

/** What `relais catalog providers` tells of one. */
export interface ProviderFacts {
	id: string;
	name: string;
	kind: string;
	dialect: string;
	/** Whether this version can call it; absent status: works. */
	usable: boolean;
	status: string | null;
	models: number;
	keyVariables: string[];
	/** Settings its address needs. */
	needs: string[];
	docsUrl: string;
}

export function providerFacts(catalog: Catalog): ProviderFacts[] {
	return catalog.providers().map((row) => {
		const way = reach(row, SPOKEN_DIALECTS);
		return {
			id: row.id,
			name: row.name,
			kind: row.kind,
			dialect: row.dialect,
			usable: way !== undefined && row.status === undefined,
			status: row.status ?? null,
			models: catalog.models(row.id).length,
			keyVariables: row.env,
			needs: placeholders(row.baseUrl),
			docsUrl: row.docsUrl,
		};
	});
}
