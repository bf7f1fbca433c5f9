import { parseDuration } from '../../lib/duration.ts';
import { isObject } from '../../lib/json.ts';
import type { CacheHint, JsonObject, JsonValue } from '../../spec/index.ts';
import { extend, type Losses, leftovers, read } from '../shared/index.ts';
import { DIALECT, mark, refill } from './dialect.ts';

const TAKEN: ReadonlySet<string> = new Set(['type', 'ttl']);
const HOUR_MS = 3_600_000;
/** Most cache points one request may hold. */
const MOST_POINTS = 4;

/** Whether a list item ends a prefix to be cached; it belongs to the item before it. */
export function isCachePoint(item: JsonValue | undefined): item is JsonObject {
	return isObject(item) && item.cachePoint !== undefined && item.cachePoint !== null;
}

/** Reads a cache point as the hint of what stands before it. */
export function decodeCachePoint(item: JsonObject, path: string): CacheHint {
	const wire = read.required(item, 'cachePoint', path, read.object);
	const inside = read.at(path, 'cachePoint');
	read.required(wire, 'type', inside, read.oneOf(['default']));
	const ttl = read.optional(wire, 'ttl', inside, read.string);
	const rest = leftovers(wire, TAKEN);
	return {
		...(ttl === undefined ? {} : { ttl }),
		...extend(DIALECT, ttl === undefined ? rest : { ...rest, $ttl: ttl }),
	};
}

/** Writes a hint as a cache point. The API offers five minutes, which it need not be told, and an hour. */
export function encodeCachePoint(hint: CacheHint, path: string, losses: Losses): JsonObject {
	losses.extensions(hint, path);
	const point: JsonObject = { type: 'default' };
	const { ttl } = hint;
	if (ttl !== undefined && mark(hint, '$ttl') === ttl) point.ttl = ttl;
	else if (ttl !== undefined) {
		const long = (parseDuration(ttl) ?? 0) >= HOUR_MS;
		if (long) point.ttl = '1h';
		if (ttl !== '5m' && ttl !== '1h') {
			const nearest = long ? '1h' : '5m';
			losses.add('approximated', `${path}.ttl`, `A cache lifetime of '${ttl}' is not offered; '${nearest}' was asked for.`);
		}
	}
	return { cachePoint: refill(point, hint) };
}

/** The body without the earliest cache points beyond the four the API takes: the latest prefixes are the longest. */
export function limitCachePoints(body: JsonObject, losses: Losses): void {
	const lists = [isObject(body.toolConfig) ? body.toolConfig.tools : undefined, body.system];
	if (Array.isArray(body.messages)) for (const turn of body.messages) if (isObject(turn)) lists.push(turn.content);
	let excess = lists.reduce<number>((sum, list) => sum + countPoints(list), 0) - MOST_POINTS;
	if (excess <= 0) return;
	losses.dropped('cachePoint', `At most ${MOST_POINTS} cache points are taken; the first ${excess} were left out.`);
	for (const list of lists) {
		if (!Array.isArray(list)) continue;
		for (let i = 0; i < list.length && excess > 0; i++) {
			if (!isCachePoint(list[i])) continue;
			list.splice(i--, 1);
			excess--;
		}
	}
}

function countPoints(list: JsonValue | undefined): number {
	return Array.isArray(list) ? list.filter((item) => isCachePoint(item)).length : 0;
}
