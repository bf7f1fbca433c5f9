import type { ProviderRow } from './types.ts';

/** A place keys would be sent to that they were not sent to before. */
export interface NewAddress {
	/** Id of the provider, or the variable whose key it is. */
	of: string;
	address: string;
}

/** What an address depends on: the provider's name, and each variable its key may come from. */
function owners(row: ProviderRow): string[] {
	return [row.id, ...row.env];
}

/** Scheme and host of every address a provider's key may be sent to. */
function addresses(row: ProviderRow): string[] {
	const all = [row.baseUrl, ...row.altBaseUrls, ...Object.values(row.regionUrls), ...Object.values(row.endpoints)];
	if (row.modelsEndpoint !== null) all.push(row.modelsEndpoint);
	return all.flatMap((address) => /^https?:\/\/[^/?#]+/i.exec(address)?.[0].toLowerCase() ?? []);
}

/** Where rows would send keys of providers and variables that are already known, and did not before. */
export function newAddresses(before: readonly ProviderRow[], after: readonly ProviderRow[]): NewAddress[] {
	const known = new Map<string, Set<string>>();
	for (const row of before) {
		for (const owner of owners(row)) {
			const places = known.get(owner) ?? new Set();
			for (const address of addresses(row)) places.add(address);
			known.set(owner, places);
		}
	}
	const found = new Map<string, NewAddress>();
	for (const row of after) {
		for (const owner of owners(row)) {
			const places = known.get(owner);
			for (const address of addresses(row))
				if (places?.has(address) === false) found.set(`${owner} ${address}`, { of: owner, address });
		}
	}
	return [...found.values()];
}
