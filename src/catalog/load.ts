import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../lib/package-root.ts';
import { Catalog } from './catalog.ts';
import type { AliasesFile, ModelsFile, ProvidersFile } from './data-format.ts';

/** A reader of one data file, which the import script has validated and the tests hold to its schema. */
function once<T>(file: string): () => T {
	let parsed: T | undefined;
	return () => {
		parsed ??= JSON.parse(readFileSync(join(packageRoot(), 'src', 'catalog', 'data', file), 'utf8')) as T;
		return parsed;
	};
}

let catalog: Catalog | undefined;

/** The catalog that comes with the package: one instance, nothing read until it is asked something. */
export function loadCatalog(): Catalog {
	catalog ??= new Catalog({
		providers: once<ProvidersFile>('providers.json'),
		models: once<ModelsFile>('models.json'),
		aliases: once<AliasesFile>('aliases.json'),
	});
	return catalog;
}
