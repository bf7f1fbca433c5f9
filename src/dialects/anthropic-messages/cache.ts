import { parseDuration } from '../../lib/duration.ts';
import type { CacheHint, JsonObject, JsonValue } from '../../spec/index.ts';
import { extend, type Losses, leftovers, read } from '../shared/index.ts';
import { DIALECT, mark, refill } from './dialect.ts';

const TAKEN: ReadonlySet<string> = new Set(['type', 'ttl']);
const TAKEN_BUT_TYPE: ReadonlySet<string> = new Set(['ttl']);
/** Lifetimes the API offers. */
const LIFETIMES: ReadonlySet<string> = new Set(['5m', '1h']);
const HOUR_MS = 3_600_000;

/** Reads the `cache_control` of a block or tool; a null one stays with the caller's leftovers. */
export function decodeCache(parent: JsonObject, base: string): { cache?: CacheHint } {
	const value = parent.cache_control;
	if (value === undefined || value === null) return {};
	const path = read.at(base, 'cache_control');
	const wire = read.object(value, path);
	const ttl = read.optional(wire, 'ttl', path, read.string);
	const rest = leftovers(wire, wire.type === 'ephemeral' ? TAKEN : TAKEN_BUT_TYPE);
	const kept: JsonObject | undefined = ttl === undefined || LIFETIMES.has(ttl) ? rest : { ...rest, $ttl: true };
	return { cache: { ...(ttl === undefined ? {} : { ttl }), ...extend(DIALECT, kept) } };
}

/** Writes a hint as `cache_control`. A lifetime the API does not offer becomes the nearest one. */
export function encodeCache(hint: CacheHint, path: string, losses: Losses): JsonObject {
	losses.extensions(hint, path);
	const wire: JsonObject = {};
	const lifetime = hint.ttl === undefined ? undefined : nearestLifetime(hint, hint.ttl, path, losses);
	if (lifetime !== undefined) wire.ttl = lifetime;
	refill(wire, hint);
	wire.type ??= 'ephemeral';
	return wire;
}

function nearestLifetime(hint: CacheHint, ttl: string, path: string, losses: Losses): string {
	if (LIFETIMES.has(ttl) || mark(hint, '$ttl') === true) return ttl;
	const nearest = (parseDuration(ttl) ?? 0) >= HOUR_MS ? '1h' : '5m';
	losses.add('approximated', `${path}.ttl`, `A cache lifetime of '${ttl}' is not offered; '${nearest}' was asked for.`);
	return nearest;
}

/** Most cache breakpoints one request may hold. */
const MOST_BREAKPOINTS = 4;

/** Removes the earliest breakpoints of a body beyond the four the API takes: the latest prefixes are the longest. */
export function limitBreakpoints(body: JsonObject, losses: Losses): void {
	const marked: JsonObject[] = [];
	gatherMarked(body.tools, marked);
	gatherMarked(body.system, marked);
	if (Array.isArray(body.messages)) {
		for (const message of body.messages) gatherMarked((message as JsonObject).content, marked);
	}
	const excess = marked.length - MOST_BREAKPOINTS;
	if (excess <= 0) return;
	for (const block of marked.slice(0, excess)) delete block.cache_control;
	losses.add(
		'dropped',
		'cache_control',
		`At most ${MOST_BREAKPOINTS} cache breakpoints are taken; the first ${excess} were left out.`,
	);
}

function gatherMarked(items: JsonValue | undefined, marked: JsonObject[]): void {
	if (!Array.isArray(items)) return;
	for (const item of items) {
		if (typeof item !== 'object' || item === null || Array.isArray(item)) continue;
		if (item.cache_control !== undefined && item.cache_control !== null) marked.push(item);
		if (item.type === 'tool_result') gatherMarked(item.content, marked);
	}
}
