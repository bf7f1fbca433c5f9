import { isObject } from '../../lib/json.ts';
import { type JsonObject, type ModelInfo, type ModelTraits, type ProviderSettings, RelaisError } from '../../spec/index.ts';
import type { Ask, ListedModel, VendorDescriptor } from '../descriptor.ts';
import type { BodyRule } from '../rules.ts';

/** More pages than this are a mistake. */
const MOST_PAGES = 20;
const LIST = '/v1/models?page_size=1000';

/** Only models made for it reason; none of them by levels (catalog, rows of `cohere`). */
export function cohereTraits(model: string, _maxOutputTokens: number | null, row?: ModelInfo): ModelTraits {
	const reasons = row?.capabilities.reasoning ?? (/reasoning|command-a-plus/.test(model) ? true : null);
	const known = row !== undefined || /^command/.test(model);
	return {
		...(reasons === true ? { reasoning: 'budget' } : known ? { reasoning: 'none' } : {}),
		...(row?.capabilities.jsonSchema === false ? { jsonSchema: false } : {}),
	};
}

/** The API refuses a bound form of the answer together with tools or documents. */
const formatApart: BodyRule = (context) => {
	const format = context.get('response_format');
	if (!isObject(format) || format.type !== 'json_object') return;
	const beside = ['tools', 'documents'].find((field) => {
		const value = context.get(field);
		return Array.isArray(value) && value.length > 0;
	});
	if (beside === undefined) return;
	context.set('response_format', undefined);
	context.warn({
		kind: 'dropped',
		path: 'response_format',
		message: `${context.model} takes no form for its answer beside ${beside}`,
	});
};

const SAFETY: readonly string[] = ['CONTEXTUAL', 'STRICT', 'OFF'];

/** The config's safety mode, where the request states none. Beside tools and documents the API takes none. */
function safetyMode({ name, options }: ProviderSettings): readonly BodyRule[] {
	const { safety_mode: mode } = options;
	if (mode === undefined || mode === null) return [];
	const word = String(mode).toUpperCase();
	if (!SAFETY.includes(word))
		throw new RelaisError('config_invalid', `provider "${name}": options.safety_mode must be one of ${SAFETY.join(', ')}`, {
			provider: name,
		});
	return [
		(context) => {
			const free = ['safety_mode', 'tools', 'documents'].every((field) => context.get(field) === undefined);
			if (free) context.set('safety_mode', word);
		},
	];
}

const MODES: readonly [endpoint: string, mode: string][] = [
	['chat', 'chat'],
	['embed', 'embedding'],
	['rerank', 'rerank'],
];

function described(row: JsonObject): ListedModel | undefined {
	const { name, endpoints, features, context_length: context } = row;
	if (typeof name !== 'string' || name === '') return undefined;
	const mode = MODES.find(([endpoint]) => Array.isArray(endpoints) && endpoints.includes(endpoint))?.[1];
	const facts = {
		id: name,
		...(mode === undefined ? {} : { mode }),
		...(typeof context === 'number' && context > 0 ? { contextWindow: context } : {}),
	};
	if (!Array.isArray(features) || mode !== 'chat') return facts;
	const has = (feature: string): boolean => features.includes(feature);
	const vision = has('vision') || row.supports_vision === true;
	const abilities = { tools: has('tools'), jsonSchema: has('json_schema') || has('json_mode'), reasoning: has('reasoning') };
	return { ...facts, capabilities: { chat: true, streaming: true, embeddings: false, vision, ...abilities } };
}

async function list(ask: Ask): Promise<ListedModel[]> {
	const listed: ListedModel[] = [];
	let page = '';
	for (let pages = 0; pages < MOST_PAGES; pages++) {
		const body = await ask(page === '' ? LIST : `${LIST}&page_token=${encodeURIComponent(page)}`);
		if (!isObject(body) || !Array.isArray(body.models))
			throw new RelaisError('provider_protocol', 'its model list is not of the expected form');
		listed.push(...body.models.filter(isObject).flatMap((row) => described(row) ?? []));
		if (typeof body.next_page_token !== 'string' || body.next_page_token === '') break;
		page = body.next_page_token;
	}
	return listed;
}

/** Cohere's second API; its model list is still the first one's. An address may end in a version, as the vendor's clients write it. */
export const cohere: Partial<VendorDescriptor> = {
	adaptBaseUrl: (url) => url.replace(/\/+$/, '').replace(/\/v\d+$/, ''),
	paths: { chat: '/v2/chat', models: LIST },
	headers: { 'x-client-name': 'relais' },
	clientHeaders: ['x-client-name'],
	traits: cohereTraits,
	rules: [formatApart],
	rulesOf: safetyMode,
	list,
};
