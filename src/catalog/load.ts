import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../lib/package-root.ts';
import { Catalog, type CatalogFiles } from './catalog.ts';
import type { AliasesFile, ModelsFile, ProvidersFile } from './data-format.ts';
import { installedPath, readInstalled } from './installed.ts';

/** A reader of one data file, which the import script has validated and the tests hold to its schema. */
function once<T>(file: string): () => T {
	let parsed: T | undefined;
	return () => {
		parsed ??= JSON.parse(readFileSync(join(packageRoot(), 'src', 'catalog', 'data', file), 'utf8')) as T;
		return parsed;
	};
}

const SHIPPED: CatalogFiles = {
	providers: once<ProvidersFile>('providers.json'),
	models: once<ModelsFile>('models.json'),
	aliases: once<AliasesFile>('aliases.json'),
};

let shipped: Catalog | undefined;
const installed = new Map<string, { mtimeMs: number; catalog: Catalog }>();

/**
 * The catalog that comes with the package, or the one installed in the data folder when that is not older: one instance each,
 * nothing read until it is asked something, and then it may throw `config_invalid` for an installed one that is broken.
 */
export function loadCatalog(dataDir?: string): Catalog {
	const path = dataDir === undefined ? undefined : installedPath(dataDir);
	const mtimeMs = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })?.mtimeMs;
	if (dataDir === undefined || path === undefined || mtimeMs === undefined) {
		shipped ??= new Catalog(SHIPPED);
		return shipped;
	}
	const known = installed.get(path);
	if (known?.mtimeMs === mtimeMs) return known.catalog;
	const catalog = new Catalog(newerOf(dataDir));
	installed.set(path, { mtimeMs, catalog });
	return catalog;
}

/** The newer of the installed and the shipped files, chosen when first asked. */
function newerOf(dataDir: string): CatalogFiles {
	let chosen: CatalogFiles | undefined;
	const choose = (): CatalogFiles => {
		if (chosen !== undefined) return chosen;
		const bundle = readInstalled(dataDir);
		const isNewer = bundle !== undefined && bundle.providers.asOf >= SHIPPED.providers().asOf;
		chosen = isNewer
			? { providers: () => bundle.providers, models: () => bundle.models, aliases: () => bundle.aliases }
			: SHIPPED;
		return chosen;
	};
	return {
		providers: () => choose().providers(),
		models: () => choose().models(),
		aliases: () => choose().aliases(),
	};
}
