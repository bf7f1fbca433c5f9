import { COMPATIBLE_TYPES, isOwnHost, knownTypes, type ProviderRow, reach, usableKey } from '../catalog/index.ts';
import { defined } from '../lib/json.ts';
import type { JsonObject } from '../spec/index.ts';
import { DEFAULT_TIMEOUTS } from './defaults.ts';
import { deploymentIn } from './environment.ts';
import { suggest } from './issues.ts';
import type { Loading } from './loading.ts';
import type { ConfigPath } from './problems.ts';
import { addressElsewhere, checkBaseUrl, fillPlaceholders, type ProviderContext } from './provider-address.ts';
import type { ProviderEntry } from './schema.ts';
import type { ProviderConfig } from './types.ts';
import { fitsHeader, identityVariables, keyVariables } from './variables.ts';

/** One provider of the file, checked and completed. */
export function buildProvider(entry: ProviderEntry, path: ConfigPath, index: number, context: ProviderContext): ProviderConfig {
	const { loading } = context;
	const row = loading.input.catalog.provider(entry.type);
	const enabled = (entry.enabled ?? true) && checkType(entry, row, path, context);
	const baseUrl = checkBaseUrl(entry, row, path, context);
	const headers = buildHeaders(entry, path, loading);
	const options = { ...(entry.options ?? {}) };
	const apiKey = findKey(entry, row, { path, baseUrl, headers, enabled, options }, context);
	const address = baseUrl ?? (enabled ? addressElsewhere(entry, row, options, path, context) : undefined);
	if (address === undefined && row !== undefined) fillPlaceholders(row, options, [...path, 'options'], enabled, context);
	const { name, type } = entry;
	return defined({
		name,
		type,
		enabled,
		priority: entry.priority ?? index + 1,
		apiKey,
		baseUrl: address,
		defaultModel: entry.default_model ?? deploymentIn(options),
		models: buildModels(entry, path, loading),
		timeouts: buildTimeouts(entry),
		limits: defined({ ...entry.limits }),
		headers,
		options,
		origin: loading.place(path),
	});
}

const STATUS = { retired: 'is retired', changed: 'has changed' } as const;

/** Whether the type can be used by this version; what is wrong with it is reported. */
function checkType(entry: ProviderEntry, row: ProviderRow | undefined, path: ConfigPath, context: ProviderContext): boolean {
	const { loading, hasPlugins, lenient } = context;
	const { catalog, dialects } = loading.input;
	const typePath = [...path, 'type'];
	const compatible = Object.hasOwn(COMPATIBLE_TYPES, entry.type) ? COMPATIBLE_TYPES[entry.type] : undefined;
	if (compatible !== undefined && dialects.has(compatible.dialect)) return true;
	if (row !== undefined && reach(row, dialects) !== undefined) {
		const elsewhere = entry.base_url !== undefined && !isOwnHost(entry.base_url, row);
		if (row.status !== undefined && !elsewhere)
			loading.notice(`${row.name} ${STATUS[row.status]}: ${row.quirks[0] ?? 'see its documentation'}`, path);
		return true;
	}
	if (hasPlugins) return true;
	if (row === undefined && compatible === undefined) {
		const shown = loading.show(typePath, entry.type);
		const known = knownTypes(catalog);
		const cure = suggest(entry.type, known).startsWith('Did')
			? suggest(entry.type, known)
			: 'Any server of a known API is openai-compatible, openai-responses-compatible or anthropic-compatible, with a base_url.';
		loading.problem(typePath, `no provider type ${shown}`, cure);
		return false;
	}
	const message = `this version does not speak the dialect "${row?.dialect ?? compatible?.dialect}" of ${row?.name ?? entry.type} yet`;
	if (lenient || entry.enabled === false) loading.notice(`${message}: left out`, path);
	else
		loading.problem(
			typePath,
			message,
			'Set enabled: false, or use openai-compatible with the base_url of an OpenAI-compatible endpoint.',
		);
	return false;
}

function buildHeaders(entry: ProviderEntry, path: ConfigPath, loading: Loading): { [name: string]: string } {
	const headers: { [name: string]: string } = {};
	for (const [name, value] of Object.entries(entry.headers ?? {})) {
		const headerPath = [...path, 'headers', name];
		if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) loading.problem(headerPath, 'is not the name of a header', undefined, true);
		const text = loading.secret(value, undefined, headerPath, headerPath);
		if (text === undefined) continue;
		if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text))
			loading.problem(headerPath, 'holds characters a header cannot have', 'Use printable Latin characters on one line.');
		headers[name.toLowerCase()] = text;
	}
	return headers;
}

interface KeySituation {
	path: ConfigPath;
	baseUrl: string | undefined;
	headers: { readonly [name: string]: string };
	enabled: boolean;
	options: JsonObject;
}

/** The key of the entry, or, at the vendor's own address, the one in the vendor's conventional variable. */
function findKey(
	entry: ProviderEntry,
	row: ProviderRow | undefined,
	situation: KeySituation,
	context: ProviderContext,
): string | undefined {
	const { loading, usedVariables } = context;
	const { path, baseUrl, headers, enabled } = situation;
	const keyPath = [...path, 'api_key'];
	const given = loading.secret(entry.api_key, entry.api_key_file, keyPath, [...path, 'api_key_file']);
	if (given !== undefined) {
		if (!fitsHeader(given))
			loading.problem(keyPath, 'holds characters a key cannot have', 'A key is printable ASCII without spaces, on one line.');
		else if (usableKey(given) === undefined) loading.notice('looks like a placeholder, not a key', keyPath);
		return given;
	}
	const stated = entry.api_key !== undefined || entry.api_key_file !== undefined || loading.isBroken(keyPath);
	if (stated || row === undefined || !enabled || isElsewhere(row, baseUrl) || hasCredentials(headers)) return undefined;
	const isIdentified = namesIdentity(situation.options);
	for (const variable of isIdentified ? [] : keyVariables(entry.type, row)) {
		const key = usableKey(loading.input.env[variable]);
		if (key === undefined || !fitsHeader(key)) continue;
		usedVariables.add(variable);
		if (row.auth === 'x-api-key' && variable.endsWith('_AUTH_TOKEN')) situation.options.auth ??= 'bearer';
		loading.notice(`takes its key from the variable ${variable}`, path);
		return key;
	}
	takeIdentity(row, situation.options, loading);
	if (!row.auth.includes('none') && !KEYLESS.has(row.auth) && !namesIdentity(situation.options))
		loading.notice(`has no key: set api_key, or the variable ${row.env[0]}`, path);
	return undefined;
}

/** Ways to show credentials that are found in more places than a variable. */
const KEYLESS: ReadonlySet<ProviderRow['auth']> = new Set(['sigv4', 'google-oauth2 bearer']);

/** An identity of the environment serves where there is no key, unless the entry names one itself. */
function takeIdentity(row: ProviderRow, options: JsonObject, loading: Loading): void {
	const parts = Object.entries(identityVariables(row, loading.input.env));
	if (parts.some(([part]) => options[part] !== undefined)) return;
	for (const [part, { value }] of parts) options[part] = value;
}

/** Settings that say who calls: tokens will serve in place of a key. */
const IDENTIFYING: readonly string[] = ['tenant_id', 'client_id', 'client_email', 'credentials'];

/** Whether tokens of an identity are to serve in place of a key. */
function namesIdentity(options: JsonObject): boolean {
	const { auth } = options;
	return (auth !== undefined && auth !== 'bearer') || IDENTIFYING.some((setting) => options[setting] !== undefined);
}

/** Whether an address is not one of the vendor's own, so that its key has no business there. */
function isElsewhere(row: ProviderRow, baseUrl: string | undefined): boolean {
	return baseUrl !== undefined && !isOwnHost(baseUrl, row);
}

function hasCredentials(headers: { readonly [name: string]: string }): boolean {
	return ['authorization', 'x-api-key', 'api-key', 'cookie'].some((name) => Object.hasOwn(headers, name));
}

function buildModels(entry: ProviderEntry, path: ConfigPath, loading: Loading): { alias: string; id: string }[] {
	const seen = new Set<string>();
	return (entry.models ?? []).map((model, index) => {
		const { alias, id } = typeof model === 'string' ? { alias: model, id: model } : { alias: model.name, id: model.id };
		if (seen.has(alias))
			loading.problem(
				[...path, 'models', index],
				`the model ${loading.show([...path, 'models', index], alias)} is given twice`,
				'Keep one.',
			);
		seen.add(alias);
		return { alias, id };
	});
}

function buildTimeouts(entry: ProviderEntry): ProviderConfig['timeouts'] {
	const { first_token: firstToken, ...rest } = entry.timeouts ?? {};
	return { ...DEFAULT_TIMEOUTS, ...defined({ ...rest, firstToken }) };
}
