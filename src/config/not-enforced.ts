import { isObject } from '../lib/json.ts';
import type { JsonObject, JsonValue } from '../spec/index.ts';
import type { Loading } from './loading.ts';
import type { ConfigPath } from './problems.ts';

/** Settings that are read and kept but have no effect in this version. `*`: every entry of a list. Shrinks as features come. */
const NOT_ENFORCED: readonly { path: readonly string[]; when?: (value: JsonValue) => boolean }[] = [
	{ path: ['server', 'workers'], when: (value) => Number(value) > 1 },
	{ path: ['routing', 'health_check_interval'] },
	{ path: ['routing', 'failover_threshold'] },
	{ path: ['providers', '*', 'limits'] },
	{ path: ['keys', '*', 'limits'] },
	{ path: ['keys', '*', 'budget'] },
	{ path: ['routes', '*', 'targets', '*', 'weight'] },
];

/** Tells of every setting in the file that this version does not act upon. */
export function noticeNotEnforced(root: JsonObject, loading: Loading): void {
	for (const { path, when } of NOT_ENFORCED) {
		for (const found of find(root, path, [])) {
			if (when === undefined || when(found.value)) loading.notice('accepted, not enforced yet by this version', found.path);
		}
	}
}

function find(
	value: JsonValue | undefined,
	path: readonly string[],
	walked: ConfigPath,
): { path: ConfigPath; value: JsonValue }[] {
	const [part, ...rest] = path;
	if (part === undefined) return value === undefined || value === null ? [] : [{ path: walked, value }];
	if (part === '*') return Array.isArray(value) ? value.flatMap((item, index) => find(item, rest, [...walked, index])) : [];
	return isObject(value) && Object.hasOwn(value, part) ? find(value[part], rest, [...walked, part]) : [];
}
