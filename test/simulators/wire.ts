import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Recorded traffic of real vendors, where it lies beside the project. */
const CORPUS = fileURLToPath(new URL('../../../shared/wire/', import.meta.url));

/** Whether the recordings are there. */
export const hasRecordings = existsSync(CORPUS);

/** One recorded exchange, as far as these tests look at it. */
export interface Recording {
	id: string;
	api: string;
	recording: string;
	request: { path: string; body?: object | null } | null;
	response: { status: number; headers: { [name: string]: string }; body?: unknown; body_text?: string };
}

/** The recordings of a vendor's API that were taken from HTTP. */
export function recordings(vendor: string, api: string): Recording[] {
	const folder = `${CORPUS}${vendor}/`;
	const all = readdirSync(folder).map((name): Recording => JSON.parse(readFileSync(folder + name, 'utf8')));
	return all.filter((entry) => entry.api === api && entry.recording === 'http');
}

/** Types found at each path: `choices[].message.content` -> string, null. */
export type Types = Map<string, Set<string>>;

/** Adds what a value is made of to `types`. Below the paths in `opaque` nothing is looked at. */
export function collect(value: unknown, types: Types, opaque: readonly string[], path = ''): void {
	const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
	const known = types.get(path) ?? new Set<string>();
	types.set(path, known.add(type));
	if (opaque.includes(path)) return;
	if (Array.isArray(value)) for (const item of value) collect(item, types, opaque, `${path}[]`);
	else if (typeof value === 'object' && value !== null) {
		for (const [key, item] of Object.entries(value)) collect(item, types, opaque, path === '' ? key : `${path}.${key}`);
	}
}

/** What `simulated` holds that `real` never did: paths, and types at known paths. */
export function inventions(simulated: Types, real: Types): string[] {
	const found: string[] = [];
	for (const [path, types] of simulated) {
		const known = real.get(path);
		if (known === undefined) found.push(path);
		else for (const type of types) if (!known.has(type)) found.push(`${path}: ${type}`);
	}
	return found.sort();
}

/** Paths that every one of the real values has and no simulated one. */
export function omissions(simulated: Types, values: unknown[], opaque: readonly string[]): string[] {
	const counts = new Map<string, number>();
	for (const value of values) {
		const types: Types = new Map();
		collect(value, types, opaque);
		for (const path of types.keys()) counts.set(path, (counts.get(path) ?? 0) + 1);
	}
	return [...counts].filter(([path, count]) => count === values.length && !simulated.has(path)).map(([path]) => path);
}
