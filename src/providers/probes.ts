import { isObject } from '../lib/json.ts';
import { type ErrorCode, isRelaisError, type JsonValue, type ProviderSettings, RelaisError } from '../spec/index.ts';
import type { Ask, VendorDescriptor } from './descriptor.ts';

/** What a vendor says to a request that asks for nothing, once it has looked at the key. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['provider_rejected', 'invalid_request', 'unsupported']);

/**
 * Checks a vendor that has no list by a request it must refuse: an empty one costs nothing, and is refused for its key where that is
 * wrong. Some look at the body first: then only the address is proven. Gives back that remark. Throws what else the vendor says.
 */
export async function checkByRefusal(ask: Ask, path: string): Promise<string> {
	try {
		await ask(path, { body: {} });
	} catch (error) {
		if (!isRelaisError(error) || !REFUSALS.has(error.code)) throw error;
	}
	return 'it answers; it has no list to look at, so that only use proves its key';
}

/** Members under which vendors keep the rows of a list. */
const LISTS = ['data', 'models', 'result', 'endpoints'] as const;

/** Ids of a list whose rows have an `id` or, where that means something else, are called by their `name`. */
function namesOf(body: JsonValue): string[] | undefined {
	const rows = isObject(body) ? LISTS.map((member) => body[member]).find(Array.isArray) : undefined;
	const names = rows?.map((row: JsonValue) => (isObject(row) ? row.name : undefined));
	return names?.filter((name): name is string => typeof name === 'string' && name !== '');
}

/**
 * Lists the models of a vendor whose list lies at another address than its API: catalog rows with a whole URL, whose `{placeholders}`
 * the settings fill. Under an address of the user's own the catalog's rows serve in its place.
 */
export function listElsewhere(url: string): Pick<VendorDescriptor, 'forSettings'> {
	return {
		forSettings: (settings) => (settings.baseUrl === undefined ? { list: (ask) => askElsewhere(url, ask, settings) } : {}),
	};
}

async function askElsewhere(url: string, ask: Ask, { name, options }: ProviderSettings): Promise<{ id: string }[]> {
	const address = new URL(url.replace(/\{(\w+)\}/g, (_, setting: string) => encodeURIComponent(String(options[setting] ?? ''))));
	const names = namesOf(await ask(address.pathname + address.search, { origin: address.origin }));
	if (names !== undefined) return [...new Set(names)].map((id) => ({ id }));
	throw new RelaisError('provider_protocol', `${name}: its model list is not of the expected form`, { provider: name });
}
