import { isObject } from '../../lib/json.ts';
import { type JsonObject, type JsonValue, RelaisError } from '../../spec/index.ts';
import type { Ask, ListedModel } from '../descriptor.ts';

/** Models looked into one by one at most: each costs a call, if a quick one. */
const MOST_SHOWN = 60;
/** Calls under way at once. */
const AT_ONCE = 8;

/**
 * The models a server has (`/api/tags`), under its own names, each with what the server says it can do (`/api/show`). A model the
 * server cannot show is listed without.
 */
export async function listOllama(ask: Ask): Promise<ListedModel[]> {
	const names = namesOf(await ask('/api/tags'));
	const listed = names.map((id): ListedModel => ({ id }));
	const waiting = listed.slice(0, MOST_SHOWN).entries();
	const worker = async (): Promise<void> => {
		for (const [index, model] of waiting) {
			const shown = await ask('/api/show', { body: { model: model.id } }).catch(() => undefined);
			listed[index] = { ...model, ...(isObject(shown) ? described(shown) : {}) };
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return listed;
}

function namesOf(body: JsonValue): string[] {
	const models = isObject(body) ? body.models : undefined;
	if (!Array.isArray(models)) throw new RelaisError('provider_protocol', 'its model list is not of the expected form');
	const names = models.map((row) => (isObject(row) ? (row.model ?? row.name) : undefined));
	return [...new Set(names.filter((name): name is string => typeof name === 'string' && name !== ''))];
}

/** What `/api/show` says: abilities by name, and figures under names that begin with the model's architecture. */
function described({ capabilities, model_info: info }: JsonObject): Partial<ListedModel> {
	const found = isObject(info) ? Object.entries(info).find(([name]) => name.endsWith('.context_length'))?.[1] : undefined;
	const window = typeof found === 'number' ? { contextWindow: found } : {};
	if (!Array.isArray(capabilities)) return window;
	const can = (ability: string): boolean => capabilities.includes(ability);
	const chat = can('completion');
	const embeddings = can('embedding');
	return {
		...window,
		mode: chat || !embeddings ? 'chat' : 'embedding',
		capabilities: {
			...{ chat, streaming: chat, jsonSchema: chat, embeddings },
			...{ tools: can('tools'), vision: can('vision'), reasoning: can('thinking') },
		},
		inputModalities: can('vision') ? ['text', 'image'] : ['text'],
		outputModalities: chat ? ['text'] : [],
	};
}
