import { RelaisError } from '../../spec/index.ts';
import type { ListedModel, Query } from './surface.ts';

/** Rows of a page when the client does not say, and at most, as the API documents. */
const PAGE = 50;
const MAX_PAGE = 1000;

/**
 * The page that `pageSize` and `pageToken` ask for, and the token of the next. Larger pages than there may be are cut, as the API
 * does. A token names the last row before its page; where that is gone, the list starts again. Throws `invalid_request`.
 */
export function pageOf(models: readonly ListedModel[], query: Query): { page: readonly ListedModel[]; next: string | undefined } {
	const size = sizeOf(query.pageSize);
	const from = placeAfter(models, query.pageToken);
	const page = models.slice(from, from + size);
	const last = page.at(-1);
	const more = last !== undefined && from + size < models.length;
	return { page, next: more ? Buffer.from(last.id).toString('base64url') : undefined };
}

function sizeOf(value: unknown): number {
	if (value === undefined || value === '' || value === '0') return PAGE;
	const size = Number(value);
	if (Number.isInteger(size) && size > 0) return Math.min(size, MAX_PAGE);
	throw new RelaisError('invalid_request', `pageSize must be from 1 to ${MAX_PAGE}`, { param: 'pageSize' });
}

function placeAfter(models: readonly ListedModel[], token: unknown): number {
	if (token === undefined || token === '') return 0;
	if (typeof token !== 'string' || !/^[\w-]+$/.test(token))
		throw new RelaisError('invalid_request', 'pageToken must be the nextPageToken of an earlier page', { param: 'pageToken' });
	const name = Buffer.from(token, 'base64url').toString();
	return models.findIndex((model) => model.id === name) + 1;
}
