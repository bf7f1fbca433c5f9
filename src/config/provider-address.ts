import {
	COMPATIBLE_TYPES,
	completeAddress,
	mayHaveQuery,
	neededSettings,
	type ProviderRow,
	placeholders,
	reach,
} from '../catalog/index.ts';
import type { JsonObject } from '../spec/index.ts';
import { leadsBack } from './environment-address.ts';
import type { Loading } from './loading.ts';
import type { ConfigPath } from './problems.ts';
import type { ProviderEntry } from './schema.ts';
import { addressVariables, settingVariables } from './variables.ts';

/** What checking one provider of the file needs besides its entry. */
export interface ProviderContext {
	loading: Loading;
	own: { host: string; port: number };
	/** Types of plug-ins are known only once those are loaded: with plug-ins, unknown types are left to the registry. */
	hasPlugins: boolean;
	/** True for entries in another product's format, which are taken as far as they go. */
	lenient: boolean;
	/** Variables keys were taken from, beside those the file names. */
	usedVariables: Set<string>;
}

/** The address in its full form; undefined for the type's own. */
export function checkBaseUrl(
	entry: ProviderEntry,
	row: ProviderRow | undefined,
	path: ConfigPath,
	context: ProviderContext,
): string | undefined {
	const { loading, own } = context;
	const urlPath = [...path, 'base_url'];
	const bad = (message: string, cure: string): undefined => {
		loading.problem(urlPath, message, cure);
		return undefined;
	};
	const example = 'Write it like https://host/v1 or http://127.0.0.1:8000/v1.';
	if (entry.base_url === undefined)
		return Object.hasOwn(COMPATIBLE_TYPES, entry.type) ? bad('is missing', `${entry.type} needs one. ${example}`) : undefined;
	if (entry.base_url.includes('{'))
		return URL.canParse(entry.base_url.replace(/\{\w+\}/g, 'x')) ? entry.base_url : bad('is not a URL', example);
	const usual = row === undefined ? undefined : reach(row, loading.input.dialects)?.baseUrl;
	const complete = /^https?:\/\//i.test(entry.base_url) ? completeAddress(entry.base_url, usual) : undefined;
	if (complete === undefined) return bad('is not an http or https URL', example);
	const url = new URL(complete);
	if (url.username !== '' || url.password !== '')
		return bad('holds a user or a password', 'Put credentials into api_key or headers.');
	if (!mayHaveQuery(url, row) || url.hash !== '')
		return bad('holds a query or a fragment, which an address that paths follow cannot', 'Write it without "?" and "#".');
	if (leadsBack(url, own))
		return bad("is Relais's own address: requests would go round in circles", 'Name the address of the provider.');
	return complete;
}

/**
 * The address of the vendor's conventional variable, for vendors that have one for each customer and an entry that says nothing of
 * it. Settings that belong to it (an API version, a deployment) are taken from their variables too.
 */
export function addressElsewhere(
	entry: ProviderEntry,
	row: ProviderRow | undefined,
	options: JsonObject,
	path: ConfigPath,
	context: ProviderContext,
): string | undefined {
	const { loading, own } = context;
	const needed = row?.envExtra.endpoint === undefined ? [] : neededSettings(row, row.baseUrl);
	if (row === undefined || needed.length === 0 || typeof options.endpoint === 'string') return undefined;
	if (needed.every((setting) => options[setting] !== undefined)) return undefined;
	for (const variable of addressVariables(entry.type, row)) {
		const value = loading.input.env[variable]?.trim();
		const complete = value === undefined || value === '' ? undefined : completeAddress(value, row.baseUrl);
		if (complete === undefined || !mayHaveQuery(new URL(complete), row) || leadsBack(new URL(complete), own)) continue;
		for (const [setting, found] of Object.entries(settingVariables(row, loading.input.env))) options[setting] ??= found.value;
		loading.notice(`takes its address from the variable ${variable}`, path);
		return complete;
	}
	return undefined;
}

/** Settings the vendor's address needs, from the environment where the entry does not give them. */
export function fillPlaceholders(
	row: ProviderRow,
	options: JsonObject,
	path: ConfigPath,
	enabled: boolean,
	context: ProviderContext,
): void {
	const { loading } = context;
	const way = reach(row, loading.input.dialects);
	if (!enabled || way === undefined) return;
	const found = settingVariables(row, loading.input.env);
	const needed = neededSettings(row, way.baseUrl);
	if (typeof options.endpoint === 'string' && row.envExtra.endpoint !== undefined) return;
	for (const setting of placeholders(way.baseUrl)) {
		const value = options[setting] ?? found[setting]?.value.replace(/^https?:\/\//, '').replace(/\/+$/, '');
		if (value !== undefined) options[setting] = value;
		if (value !== undefined || !needed.includes(setting)) continue;
		const variable = (row.envExtra.endpoint ?? row.envExtra[setting])?.[0];
		const orVariable = variable === undefined ? '' : `, or set the variable ${variable}`;
		const orAddress = row.envExtra.endpoint === undefined ? '' : ', or give the whole address as base_url';
		const cure = `The address of ${row.name} needs it. Add it under options${orVariable}${orAddress}.`;
		loading.problem([...path, setting], 'is missing', cure);
	}
}
