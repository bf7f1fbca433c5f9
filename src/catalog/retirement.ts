import type { Catalog } from './catalog.ts';
import { isOwnHost } from './reach.ts';
import type { CatalogModel, ProviderRow } from './types.ts';

/** The end of a model, or of the whole provider that served it: announced, or past. */
export interface Retirement {
	of: 'provider' | 'model';
	/** Name of the provider, as people know it. */
	provider: string;
	/** YYYY-MM-DD; undefined: not known. */
	date: string | undefined;
	/** Id of the closest model of the same provider that still answers, where there is one. */
	replacement: string | undefined;
	/** The same model at another provider, as `type/model`, where its own has none. Looked for when it is asked for. */
	elsewhere(): string | undefined;
}

/** The day at a time in ms, as the catalog writes days (UTC). */
export function dayOf(now: number): string {
	return new Date(now).toISOString().slice(0, 10);
}

/** Whether it is over; a date that is not known counts as past for a provider, and as to come for a model, which may still answer. */
export function isOver({ of, date }: Retirement, today: string): boolean {
	return date === undefined ? of === 'provider' : date <= today;
}

/**
 * What the catalog knows of the end of a model; undefined: nothing. An address that is not the vendor's own is somebody else's server,
 * of which the catalog knows nothing.
 * @param type the provider's type
 * @param baseUrl what the config gives
 */
export function retirementOf(catalog: Catalog, type: string, id: string, baseUrl: string | undefined): Retirement | undefined {
	const row = catalog.provider(type);
	if (row === undefined || (baseUrl !== undefined && !isOwnHost(baseUrl, row))) return undefined;
	if (row.status === 'retired') {
		const date = endOf(catalog.models(type));
		return { of: 'provider', provider: row.name, date, replacement: undefined, elsewhere: () => twin(catalog, row, id, date) };
	}
	const model = catalog.model(type, id);
	if (model === undefined || (model.deprecated !== true && model.shutdownDate === undefined)) return undefined;
	const replacement = survivor(catalog, type, model);
	const date = model.shutdownDate;
	const elsewhere = (): string | undefined => (replacement === undefined ? twin(catalog, row, id, date) : undefined);
	return { of: 'model', provider: row.name, date, replacement, elsewhere };
}

/** When a provider's last model ended, which is when it did. */
function endOf(models: readonly CatalogModel[]): string | undefined {
	return models
		.flatMap(({ shutdownDate }) => shutdownDate ?? [])
		.toSorted()
		.at(-1);
}

/** The replacement of a model, or of that one where it has ended by then itself. */
function survivor(catalog: Catalog, type: string, model: CatalogModel): string | undefined {
	const seen = new Set([model.id]);
	let next = idIn(model.replacement);
	while (next !== undefined && !seen.has(next)) {
		seen.add(next);
		const row = catalog.model(type, next);
		// What has an end of its own is no better than what it leads to.
		if (row?.shutdownDate === undefined || row.replacement === undefined) return next;
		next = idIn(row.replacement);
	}
	return undefined;
}

/** The id in a vendor's advice, such as `vendor/model (preset fast)`. */
function idIn(advice: string | undefined): string | undefined {
	return advice?.split(' ', 1)[0];
}

/** A model's bare name, to find it again under the ids others give it. */
function plain(id: string): string {
	return id
		.slice(id.lastIndexOf('/') + 1)
		.toLowerCase()
		.replace(/[^a-z0-9]/g, '');
}

/** The same model at a provider that goes on serving it, the usual ones first. */
function twin(catalog: Catalog, { id: own }: ProviderRow, id: string, date: string | undefined): string | undefined {
	const name = plain(id);
	if (name.length < 5) return undefined;
	for (const row of catalog.providers()) {
		if (row.id === own || row.status !== undefined) continue;
		const found = catalog.models(row.id).find((model) => plain(model.id).includes(name) && lasts(model, date));
		if (found !== undefined) return `${row.id}/${found.id}`;
	}
	return undefined;
}

function lasts({ deprecated, shutdownDate }: CatalogModel, date: string | undefined): boolean {
	if (shutdownDate !== undefined) return date !== undefined && shutdownDate > date;
	return deprecated !== true;
}
