import { listedItems } from '../../dialects/index.ts';
import { type JsonObject, RelaisError } from '../../spec/index.ts';
import type { StoredResponse } from '../../storage/responses/index.ts';
import { pageSize } from '../surfaces/page-size.ts';
import type { PlainAnswer, PlainRoute, Query, Question } from '../surfaces/surface.ts';
import { turnsUpTo } from './conversation.ts';

function notFound(id: string): RelaisError {
	return new RelaisError('not_found', `Response with id '${id.slice(0, 200)}' not found.`);
}

/** The kept answer the address names. Throws `not_found`. */
async function named({ relais, principal, params }: Question): Promise<StoredResponse> {
	const { id = '' } = params;
	const stored = await relais.responses.get(id, principal.name);
	if (stored === undefined) throw notFound(id);
	return stored;
}

const retrieve: PlainAnswer = async (question) => {
	const { response } = await named(question);
	if (question.query.stream !== 'true') return response;
	throw new RelaisError('unsupported', 'Kept answers are not streamed again. Retrieve this one without stream.', {
		param: 'stream',
	});
};

const remove: PlainAnswer = async ({ relais, principal, params }) => {
	const { id = '' } = params;
	if (!(await relais.responses.delete(id, principal.name))) throw notFound(id);
	return { id, object: 'response', deleted: true };
};

const cancel: PlainAnswer = async (question) => {
	const { id } = await named(question);
	throw new RelaisError('invalid_request', `Response '${id}' is over: only one that runs in the background can be cancelled.`);
};

/** Items of a page when the client does not say, and at most, as the API documents. */
const PAGE = 20;
const MAX_PAGE = 100;

function invalid(param: string, message: string): RelaisError {
	return new RelaisError('invalid_request', message, { param });
}

/** The items in the order asked for, those after the one named. */
function ordered(items: JsonObject[], { order = 'desc', after }: Query): JsonObject[] {
	if (order !== 'asc' && order !== 'desc') throw invalid('order', "'order' must be 'asc' or 'desc'.");
	const all = order === 'asc' ? items : items.toReversed();
	if (after === undefined) return all;
	const at = all.findIndex(({ id }) => id === after);
	if (at < 0) throw invalid('after', `'after' names no item of this response.`);
	return all.slice(at + 1);
}

/** The items an answer was made from: its conversation so far, without the answer. */
const inputItems: PlainAnswer = async (question) => {
	const { query, relais } = question;
	const size = pageSize(query, PAGE, MAX_PAGE);
	const turns = await turnsUpTo(relais.responses, await named(question));
	const items = turns.flatMap(({ id, input, output }, at) => [
		...listedItems(input, id),
		...(at + 1 < turns.length ? listedItems(output, `${id} out`) : []),
	]);
	const rest = ordered(items, query);
	const data = rest.slice(0, size);
	const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
	return { object: 'list', data, ...ends, has_more: rest.length > size };
};

/** What can be done with kept answers. */
export const KEPT_ROUTES: readonly PlainRoute[] = [
	{ method: 'GET', path: '/v1/responses/:id', answer: retrieve },
	{ method: 'DELETE', path: '/v1/responses/:id', answer: remove },
	{ method: 'GET', path: '/v1/responses/:id/input_items', answer: inputItems },
	{ method: 'POST', path: '/v1/responses/:id/cancel', answer: cancel },
];
