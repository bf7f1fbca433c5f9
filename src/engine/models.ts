import type { Catalog } from '../catalog/index.ts';
import type { ProviderConfig } from '../config/index.ts';
import type { ModelInfo } from '../spec/index.ts';

/** A name users write and the id that goes on the wire. */
export interface NamedModel {
	alias: string;
	id: string;
}

/** Kinds of models, by `mode`, that some endpoint of Relais serves. */
const SERVED_MODES: ReadonlySet<string> = new Set(['chat', 'responses', 'embedding', 'rerank', 'moderation']);

/** Models of a provider that need no asking: the config's list, else the catalog's with the names in wide use for them. */
export function knownModels(entry: ProviderConfig, catalog: Catalog): NamedModel[] {
	if (entry.models.length > 0) return entry.models;
	if (entry.baseUrl !== undefined && catalog.provider(entry.type)?.kind === 'local') return [];
	const rows = catalog.models(entry.type).filter((row) => SERVED_MODES.has(row.mode));
	const models = rows.map(({ id }) => ({ alias: id, id }));
	const ids = new Set(rows.map((row) => row.id));
	for (const alias of catalog.aliasesOf(entry.type)) {
		if (!ids.has(alias.name) && ids.has(alias.id)) models.push({ alias: alias.name, id: alias.id });
	}
	return models;
}

/** All names of a provider's models, and what is known of each by its id. */
export interface MergedModels {
	models: NamedModel[];
	info(id: string): ModelInfo | undefined;
}

/**
 * What the config, the catalog and the provider itself say of its models, together. Models the provider no longer lists stay, marked:
 * lists leave out names that answer. Where the user names the models, there are no others.
 * @param live the provider's own list; undefined: it has not answered
 */
export function mergedModels(entry: ProviderConfig, catalog: Catalog, live: readonly ModelInfo[] | undefined): MergedModels {
	const byId = new Map(live?.map((model) => [model.id, model]));
	const models = [...knownModels(entry, catalog)];
	if (entry.models.length === 0 || entry.modelsFound === true) {
		const known = new Set(models.map((model) => model.alias));
		for (const { id } of byId.values()) {
			const mode = catalog.model(entry.type, id)?.mode;
			if (!known.has(id) && (mode === undefined || SERVED_MODES.has(mode))) models.push({ alias: id, id });
		}
	}
	const info = (id: string): ModelInfo | undefined => {
		const row = catalog.model(entry.type, id, entry.name);
		const known = byId.get(id) ?? row;
		if (known === undefined || live === undefined) return known;
		return { ...known, listed: [id, `${id}:latest`, ...(row?.aliases ?? [])].some((name) => byId.has(name)) };
	};
	return { models, info };
}
