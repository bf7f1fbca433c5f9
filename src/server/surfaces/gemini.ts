import { gemini as dialect } from '../../dialects/index.ts';
import { isObject } from '../../lib/json.ts';
import type { JsonObject } from '../../spec/index.ts';
import { geminiBatchEmbedForm, geminiEmbedForm } from '../tasks/index.ts';
import { geminiReframe } from './gemini-forms.ts';
import { pageOf } from './gemini-pages.ts';
import type { ListedModel, ModelVerb, PlainAnswer, Query, Surface } from './surface.ts';

/** What can be asked of a model, by the word after the colon. */
const VERBS: { readonly [verb: string]: ModelVerb | PlainAnswer } = {
	generateContent: { operation: 'chat', stream: false, reframe: (query) => geminiReframe(query, false) },
	streamGenerateContent: { operation: 'chat', stream: true, reframe: (query) => geminiReframe(query, true) },
	embedContent: { operation: 'embed', stream: false, task: geminiEmbedForm },
	batchEmbedContents: { operation: 'embed', stream: false, task: geminiBatchEmbedForm },
	countTokens: { operation: 'count_tokens', stream: false, unwrap: countedRequest },
};

/**
 * Where models stand: in the Gemini API's two versions, tuned ones apart, and as Vertex AI addresses them, with and without a project.
 * Clients that take a name with a slash for the whole of a resource's name put no `models/` before `provider/model`.
 */
const MODEL_PATHS = [
	'/v1beta/models/*',
	'/v1/models/*',
	'/v1beta/tunedModels/*',
	'/v1beta/:provider/*',
	'/v1beta1/publishers/:publisher/models/*',
	'/v1/publishers/:publisher/models/*',
	'/v1beta1/projects/:project/locations/:location/publishers/:publisher/models/*',
	'/v1/projects/:project/locations/:location/publishers/:publisher/models/*',
];

/** A count's body may hold the request as one member. */
function countedRequest(body: JsonObject): JsonObject {
	const inner = body.generateContentRequest ?? body.generate_content_request;
	return isObject(inner) ? { ...inner, model: body.model } : body;
}

function modelRow({ id, title, info }: ListedModel): JsonObject {
	const embeds = info?.capabilities.embeddings === true && info.capabilities.chat !== true;
	const row: JsonObject = { name: `models/${id}`, version: '', displayName: title };
	const input = info?.maxInput ?? info?.contextWindow;
	if (typeof input === 'number') row.inputTokenLimit = input;
	if (typeof info?.maxOutput === 'number') row.outputTokenLimit = info.maxOutput;
	row.supportedGenerationMethods = embeds ? ['embedContent', 'batchEmbedContents'] : ['generateContent', 'countTokens'];
	if (info?.capabilities.reasoning === true) row.thinking = true;
	return row;
}

function modelList(models: readonly ListedModel[], query: Query): JsonObject {
	const { page, next } = pageOf(models, query);
	const rows = page.map(modelRow);
	return next === undefined ? { models: rows } : { models: rows, nextPageToken: next };
}

/** The Gemini API. */
export const gemini: Surface = {
	dialect,
	requestIdHeader: 'x-request-id',
	passedHeaders: [],
	endpoints: [],
	modelEndpoints: MODEL_PATHS.map((path) => ({ path, separator: ':', verbs: VERBS })),
	routes: [
		{ method: 'GET', path: '/v1beta/models', answer: ({ models, query }) => modelList(models(), query) },
		{ method: 'GET', path: '/v1beta/models/*', answer: ({ model, params }) => modelRow(model(params['*'] ?? '')) },
	],
	// Model lists share a path with other surfaces; what ends in a verb does not.
	territory: /^\/v1beta1?\/|^\/v1\/(?:publishers|projects)\/|^\/v1\/models\/.+:[a-z]+[A-Z]\w*$/,
	markers: ['x-goog-api-key', 'x-goog-api-client'],
	keyParameter: 'key',
	modelList,
	modelRow,
};
