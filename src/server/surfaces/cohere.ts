import { cohere as dialect } from '../../dialects/index.ts';
import type { JsonObject } from '../../spec/index.ts';
import { cohereEmbedForm, cohereRerankForm } from '../tasks/index.ts';
import type { ListedModel, Query, Surface } from './surface.ts';

/** What a model is for, in the API's words; models that nothing is known of are taken to chat. */
const ENDPOINTS: { readonly [mode: string]: string } = { embedding: 'embed', rerank: 'rerank' };

/** Capabilities in the words the API has for them. */
const FEATURES = [
	['tools', 'tools'],
	['jsonSchema', 'json_schema'],
	['vision', 'vision'],
	['reasoning', 'reasoning'],
] as const;

function endpointOf({ info }: ListedModel): string {
	const mode = info?.mode ?? 'chat';
	return (Object.hasOwn(ENDPOINTS, mode) ? ENDPOINTS[mode] : undefined) ?? 'chat';
}

function modelRow(model: ListedModel): JsonObject {
	const { id, info } = model;
	const row: JsonObject = {
		name: id,
		is_deprecated: info?.deprecated === true,
		endpoints: [endpointOf(model)],
		finetuned: false,
	};
	const length = info?.contextWindow ?? info?.maxInput;
	if (typeof length === 'number') row.context_length = length;
	row.features = FEATURES.filter(([capability]) => info?.capabilities[capability] === true).map(([, feature]) => feature);
	return row;
}

/** All models on one page, whatever size was asked for; `endpoint` leaves those out that are for something else. */
function modelList(models: readonly ListedModel[], { endpoint }: Query): JsonObject {
	const wanted =
		typeof endpoint === 'string' && endpoint !== '' ? models.filter((model) => endpointOf(model) === endpoint) : models;
	return { models: wanted.map(modelRow) };
}

/** The second version of Cohere's API. Its list of models shares a path with others: its clients are known by a header. */
export const cohere: Surface = {
	dialect,
	requestIdHeader: 'x-request-id',
	passedHeaders: [],
	endpoints: [
		{ path: '/v2/chat', operation: 'chat' },
		{ path: '/v2/embed', operation: 'embed', task: cohereEmbedForm },
		{ path: '/v2/rerank', operation: 'rerank', task: cohereRerankForm },
	],
	territory: /^\/v2\//,
	markers: ['x-fern-sdk-name'],
	modelList,
	modelRow,
};
