import type { Catalog } from './catalog.ts';
import { COMPATIBLE_TYPES } from './reach.ts';

/**
 * The provider type a free spelling means (`AzureOpenAI`, `LM Studio`, `Claude`, `Grok`): compared, without punctuation, with ids,
 * names, the stems of key variables and dialects, in this order. Undefined when nothing fits.
 */
export function findType(catalog: Catalog, spelling: string): string | undefined {
	const wanted = plain(spelling);
	const rows = catalog.providers();
	const compatible = Object.keys(COMPATIBLE_TYPES).find((type) => plain(type) === wanted);
	if (compatible !== undefined || wanted === '') return compatible;
	const tests: ((row: (typeof rows)[number]) => boolean)[] = [
		(row) => plain(row.id) === wanted,
		(row) => plain(row.name) === wanted || plain(row.name.replace(/\(.*\)/, '')) === wanted,
		(row) => row.env.some((variable) => plain(variable.replace(/_(API_?KEY|KEY|TOKEN|ACCESS_TOKEN)$/, '')) === wanted),
		(row) => plain(row.dialect) === wanted,
	];
	for (const test of tests) {
		const found = rows.find(test);
		if (found !== undefined) return found.id;
	}
	return undefined;
}

function plain(name: string): string {
	return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
