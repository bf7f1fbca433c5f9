import type { z } from 'zod';
import type { JsonObject, JsonValue } from '../spec/index.ts';
import type { Loading } from './loading.ts';
import type { ConfigPath } from './problems.ts';

/** An entry of a list that passed its schema, with its place. */
export interface Placed<T> {
	entry: T;
	path: ConfigPath;
	index: number;
}

/** Items of a list of the file as they are written; none when it is no list. */
export function rawItems(root: JsonObject, key: string): JsonValue[] {
	const value = root[key];
	return Array.isArray(value) ? value : [];
}

/** Entries of a list that pass the schema; the faults of the others are reported. */
export function parseItems<T>(root: JsonObject, key: string, schema: z.ZodType<T>, loading: Loading): Placed<T>[] {
	const value = root[key];
	if (value !== undefined && !Array.isArray(value)) loading.problem([key], 'must be a list', 'Begin each entry with "- ".');
	return rawItems(root, key).flatMap((item, index) => {
		const path = [key, index];
		const entry = loading.parse(schema, item, path);
		return entry === undefined ? [] : [{ entry, path, index }];
	});
}

/** Reports names given twice. */
export function checkItems<T>(what: string, items: Placed<T>[], nameOf: (entry: T) => string, loading: Loading): void {
	const first = new Map<string, ConfigPath>();
	for (const { entry, path } of items) {
		const name = nameOf(entry);
		const earlier = first.get(name);
		const namePath = [...path, 'name'];
		if (earlier === undefined) first.set(name, path);
		else
			loading.problem(
				namePath,
				`there is another ${what} named ${loading.show(namePath, name)}, at ${loading.place(earlier)}`,
				'Give each its own name.',
			);
	}
}
