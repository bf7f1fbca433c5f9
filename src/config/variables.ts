import { type ProviderRow, placeholders } from '../catalog/index.ts';

/** `<TYPE>_API_KEY` and its like: the type in capitals, everything but letters and digits as "_". */
export function typeVariable(type: string, ending: string): string {
	return `${type.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_${ending}`;
}

/** Variables a provider's key may be in, most usual first. */
export function keyVariables(type: string, row: ProviderRow | undefined): string[] {
	return [...new Set([...(row?.env ?? []), typeVariable(type, 'API_KEY')])];
}

/** Whether a key can go into a header: printable ASCII without spaces. */
export function fitsHeader(key: string): boolean {
	return /^[\x21-\x7e]+$/.test(key);
}

/** Settings of the catalog's further variables that stand for an address. */
const ADDRESSES: readonly string[] = ['base_url', 'endpoint', 'url'];

/** Variables an address may be in, most usual first. */
export function addressVariables(type: string, row: ProviderRow | undefined): string[] {
	return [...ADDRESSES.flatMap((setting) => row?.envExtra[setting] ?? []), typeVariable(type, 'BASE_URL')];
}

/** Settings whose variables are no alternatives: each gives one part of an identity. */
const IDENTITIES: readonly string[] = ['entra', 'service_account'];

/** Parts of an identity that are set, by the variable's name without the vendor's: `AZURE_TENANT_ID` gives `tenant_id`. */
export function identityVariables(
	row: ProviderRow,
	env: { readonly [name: string]: string | undefined },
): { [part: string]: { variable: string; value: string } } {
	const found: { [part: string]: { variable: string; value: string } } = {};
	for (const variable of IDENTITIES.flatMap((identity) => row.envExtra[identity] ?? [])) {
		const value = env[variable]?.trim();
		if (value) found[variable.replace(/^[A-Z]+_/, '').toLowerCase()] = { variable, value };
	}
	return found;
}

/** Settings of the catalog's further variables (organization, account_id ...) that are set. The address is not among them. */
export function settingVariables(
	row: ProviderRow,
	env: { readonly [name: string]: string | undefined },
): { [setting: string]: { variable: string; value: string } } {
	const found: { [setting: string]: { variable: string; value: string } } = identityVariables(row, env);
	// What an address needs may always be said under the provider's own name.
	const needed = placeholders(row.baseUrl).map((setting) => [setting, [typeVariable(row.id, setting.toUpperCase())]] as const);
	const listed = Object.entries(row.envExtra);
	for (const [setting, variables] of [...listed, ...needed.filter(([setting]) => row.envExtra[setting] === undefined)]) {
		if (ADDRESSES.includes(setting) || IDENTITIES.includes(setting)) continue;
		for (const variable of variables) {
			const value = env[variable]?.trim();
			if (value === undefined || value === '') continue;
			found[setting] = { variable, value };
			break;
		}
	}
	return found;
}
