import { RelaisError } from '../../spec/index.ts';
import type { Query } from './surface.ts';

/**
 * Rows of a page, as the query parameter `limit` asks for. Throws `invalid_request` for a number that cannot be.
 * @param usual where the client does not say
 */
export function pageSize({ limit }: Query, usual: number, most: number): number {
	if (limit === undefined) return usual;
	const size = Number(limit);
	if (Number.isInteger(size) && size >= 1 && size <= most) return size;
	throw new RelaisError('invalid_request', `'limit' must be from 1 to ${most}.`, { param: 'limit' });
}
