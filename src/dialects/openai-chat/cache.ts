import type { CacheHint, JsonObject } from '../../spec/index.ts';
import { extend, Fields, type Losses, own, read, restored } from '../shared/index.ts';
import { DIALECT } from './name.ts';

/** `cache_control` is how aggregators take Anthropic's hints; `prompt_cache_breakpoint` is OpenAI's own name. */
const FIELDS = ['cache_control', 'prompt_cache_breakpoint'] as const;

/** Reads the cache hint of a part, a tool or a message. */
export function decodeCache(fields: Fields): CacheHint | undefined {
	for (const field of FIELDS) {
		const wire = fields.take(field, read.object);
		if (wire === undefined) continue;
		const inner = new Fields(wire, fields.at(field), fields.lenient);
		inner.keep('type');
		inner.keep('mode');
		const ttl = inner.take('ttl', read.string);
		return { ...(ttl === undefined ? {} : { ttl }), ...extend(DIALECT, { ...inner.rest(), $field: field }) };
	}
	return undefined;
}

/** Writes a cache hint into the wire object it concerns. */
export function encodeCache(hint: CacheHint | undefined, wire: JsonObject, path: string, losses: Losses): void {
	if (hint === undefined) return;
	losses.extensions(hint, path);
	const rest = own(hint, DIALECT);
	const ttl = hint.ttl === undefined ? {} : { ttl: hint.ttl };
	if (rest === undefined) wire.cache_control = { type: 'ephemeral', ...ttl };
	else wire[rest.$field === FIELDS[1] ? FIELDS[1] : FIELDS[0]] = { ...restored(rest), ...ttl };
}
