import type { JsonObject, Usage } from '../../spec/index.ts';
import { promptAndTotal } from '../shared/index.ts';
import { rankedFormat } from './ranked.ts';

/** Searches are what Cohere bills: one for a query with up to a hundred documents. */
function searchMeta(usage: Usage | undefined, searchUnits: number | undefined): JsonObject {
	const units: JsonObject = { search_units: searchUnits ?? 1 };
	if (usage !== undefined && searchUnits === undefined) units.input_tokens = usage.inputTokens;
	return { meta: { api_version: { version: '2' }, billed_units: units } };
}

/** Version 2 of Cohere's `/rerank`. Documents come back from version 1 and from the servers that copied it. */
export const cohereRerank = rankedFormat({
	name: 'cohere-rerank',
	topN: 'top_n',
	returnDocuments: 'return_documents',
	maxTokens: 'max_tokens_per_doc',
	results: 'results',
	texts: 'object',
	states: 'id',
	usage: searchMeta,
});

/** The same behind an address that names the model, which then wants the API's version in the body. */
export const cohereRerankHosted = rankedFormat({
	name: 'cohere-rerank-hosted',
	modelInPath: true,
	fixed: { api_version: 2 },
	topN: 'top_n',
	maxTokens: 'max_tokens_per_doc',
	results: 'results',
	texts: 'object',
	states: 'id',
	usage: searchMeta,
});

/** Jina's, which most servers of open models copy. */
export const jinaRerank = rankedFormat({
	name: 'jina-rerank',
	topN: 'top_n',
	returnDocuments: 'return_documents',
	results: 'results',
	texts: 'object',
	states: 'model',
	usage: (usage) => (usage === undefined ? {} : { usage: promptAndTotal(usage) }),
});

/** Voyage's. */
export const voyageRerank = rankedFormat({
	name: 'voyage-rerank',
	topN: 'top_k',
	returnDocuments: 'return_documents',
	results: 'data',
	texts: 'plain',
	states: 'model',
	usage: (usage) => (usage === undefined ? {} : { usage: { total_tokens: usage.totalTokens ?? usage.inputTokens } }),
});
