import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject, tryParse } from '../lib/json.ts';
import { RelaisError } from '../spec/index.ts';
import { Catalog } from './catalog.ts';
import type { AliasesFile, ModelsFile, ProvidersFile } from './data-format.ts';

const PACKAGE = 'relais';

/** The package's own folder, found upwards from this file, wherever the bundler has put it. */
function packageRoot(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	for (;;) {
		const manifest = tryRead(join(folder, 'package.json'));
		const parsed = manifest === undefined ? undefined : tryParse(manifest);
		if (isObject(parsed) && parsed.name === PACKAGE) return folder;
		const parent = dirname(folder);
		if (parent === folder) throw new RelaisError('internal', `the package "${PACKAGE}" was not found above its own code`);
		folder = parent;
	}
}

function tryRead(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
}

/** A reader of one data file, which the import script has validated and the tests hold to its schema. */
function once<T>(folder: () => string, file: string): () => T {
	let parsed: T | undefined;
	return () => {
		parsed ??= JSON.parse(readFileSync(join(folder(), file), 'utf8')) as T;
		return parsed;
	};
}

let catalog: Catalog | undefined;

/** The catalog that comes with the package: one instance, nothing read until it is asked something. */
export function loadCatalog(): Catalog {
	if (catalog !== undefined) return catalog;
	let root: string | undefined;
	const folder = (): string => {
		root ??= join(packageRoot(), 'src', 'catalog', 'data');
		return root;
	};
	catalog = new Catalog({
		providers: once<ProvidersFile>(folder, 'providers.json'),
		models: once<ModelsFile>(folder, 'models.json'),
		aliases: once<AliasesFile>(folder, 'aliases.json'),
	});
	return catalog;
}
