import type { ProviderRow } from '../catalog/index.ts';

/** `<TYPE>_API_KEY` and its like: the type in capitals, everything but letters and digits as "_". */
export function typeVariable(type: string, ending: string): string {
	return `${type.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_${ending}`;
}

/** Variables a provider's key may be in, most usual first. */
export function keyVariables(type: string, row: ProviderRow | undefined): string[] {
	return [...new Set([...(row?.env ?? []), typeVariable(type, 'API_KEY')])];
}

/** What people leave where a key should be. Deliberately narrow: a real key must never be taken for one. */
const PLACEHOLDERS: readonly RegExp[] = [
	/^(changeme|change[-_]me|replace[-_]?me|placeholder|todo|tbd|none|null|undefined|empty|dummy|example|secret|password|key|api[-_]?key|token)$/i,
	/^<.*>$/,
	/^\[.*\]$/,
	/^\$\{?\w+\}?$/,
	/^(put|insert|enter|add|paste|set|replace)[-_ ]/i,
	/\byour[-_ ]/i,
	/^(sk-|sk-ant-|gsk_|hf_|xai-|key-|pplx-)?(\.{2,}|…|x{3,}|\*{3,}|_{3,}|-{3,}|0{8,}|1234(5678)?9?0?)$/i,
	/(\.{3}|…|x{8,}|\*{4,})$/i,
];

/** The key in a variable's value, trimmed; undefined when there is none or only a placeholder. */
export function usableKey(value: string | undefined): string | undefined {
	const key = value?.trim() ?? '';
	return key === '' || PLACEHOLDERS.some((pattern) => pattern.test(key)) ? undefined : key;
}

/** Whether a key can go into a header: printable ASCII without spaces. */
export function fitsHeader(key: string): boolean {
	return /^[\x21-\x7e]+$/.test(key);
}

/** Settings of the catalog's further variables (organization, account_id ...) that are set. The address is not among them. */
export function settingVariables(
	row: ProviderRow,
	env: { readonly [name: string]: string | undefined },
): { [setting: string]: { variable: string; value: string } } {
	const found: { [setting: string]: { variable: string; value: string } } = {};
	for (const [setting, variables] of Object.entries(row.envExtra)) {
		if (setting === 'base_url') continue;
		for (const variable of variables) {
			const value = env[variable]?.trim();
			if (value === undefined || value === '') continue;
			found[setting] = { variable, value };
			break;
		}
	}
	return found;
}
