import { anthropicMessages } from '../../dialects/index.ts';
import type { JsonObject } from '../../spec/index.ts';
import { pageSize } from './page-size.ts';
import type { ListedModel, Query, Surface } from './surface.ts';

/** Rows of a page when the client does not say, and at most, as the API documents. */
const PAGE = 20;
const MAX_PAGE = 1000;

function modelRow({ id, title, created }: ListedModel): JsonObject {
	return { type: 'model', id, display_name: title, created_at: new Date(created * 1000).toISOString() };
}

/** Cuts the page out that `limit`, `after_id` and `before_id` ask for. An id that is not listed any more starts from the beginning. */
function modelList(models: readonly ListedModel[], query: Query): JsonObject {
	const size = pageSize(query, PAGE, MAX_PAGE);
	const placeOf = (id: unknown): number => models.findIndex((model) => model.id === id);
	const backwards = query.before_id !== undefined;
	const to = backwards ? Math.max(0, placeOf(query.before_id)) : Math.min(models.length, placeOf(query.after_id) + 1 + size);
	const from = backwards ? Math.max(0, to - size) : placeOf(query.after_id) + 1;
	const page = models.slice(from, to).map(modelRow);
	const hasMore = backwards ? from > 0 : to < models.length;
	return { data: page, has_more: hasMore, first_id: page[0]?.id ?? null, last_id: page.at(-1)?.id ?? null };
}

/** Messages, with its token counting. */
export const messages: Surface = {
	dialect: anthropicMessages,
	requestIdHeader: 'request-id',
	passedHeaders: ['anthropic-version', 'anthropic-beta'],
	endpoints: [
		{ path: '/v1/messages', operation: 'chat' },
		{ path: '/v1/messages/count_tokens', operation: 'count_tokens' },
	],
	markers: ['anthropic-version'],
	modelList,
	modelRow,
};
