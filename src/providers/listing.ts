import { isObject } from '../lib/json.ts';
import type { JsonValue, ModelCapabilities, ModelInfo } from '../spec/index.ts';
import type { ListedModel } from './descriptor.ts';

const NO_PRICE = { input: null, output: null, cacheRead: null, cacheWrite: null };

/** A model of which only its id is known. */
function unknownModel(id: string, provider: string, capabilities: ModelCapabilities): ModelInfo {
	return {
		...{ id, provider, mode: 'chat', contextWindow: null, maxOutput: null, price: NO_PRICE, capabilities },
		...{ inputModalities: [], outputModalities: [] },
	};
}

/**
 * What a vendor's own list and the catalog say of a model, together: what the vendor says of its model goes before.
 * @param row the catalog's row of the model, or of the one it is a profile of
 * @param usual capabilities of a model nothing is known of
 */
export function completed(
	listed: ListedModel,
	row: ModelInfo | undefined,
	provider: string,
	usual: ModelCapabilities,
): ModelInfo {
	const { capabilities, ...facts } = listed;
	const base = row ?? unknownModel(listed.id, provider, usual);
	return { ...base, ...facts, provider, capabilities: { ...base.capabilities, ...capabilities } };
}

/** Ids of a model list as most vendors write it: `{"data": [{"id": "<id>"}]}`, or the list alone. */
export function usualModelIds(body: JsonValue): string[] | undefined {
	const data = isObject(body) ? body.data : body;
	if (!Array.isArray(data)) return undefined;
	return data.map((row) => (isObject(row) ? row.id : undefined)).filter((id) => typeof id === 'string' && id !== '') as string[];
}
