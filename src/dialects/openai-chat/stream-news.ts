import { isObject, put } from '../../lib/json.ts';
import type { Extensible, JsonObject, JsonValue, StreamPart } from '../../spec/index.ts';
import { FORM, isForm, own, restored, same } from '../shared/index.ts';
import { DIALECT } from './name.ts';

/**
 * What a chunk says beyond its content, as extensions carry it: the chunk's own fields as plain keys and `$form`; those of a choice
 * under `choice` and `$choice`, those of its delta under `delta` and `$delta` (the `$` ones are mere form); `$envelope` holds changed
 * ids and the like. Vendors repeat most of it on every chunk: a value is reported when it changes.
 */
export class News {
	#fields: JsonObject | undefined;

	get fields(): JsonObject | undefined {
		return this.#fields;
	}

	/** Notes a field of the chunk. */
	chunk(key: string, value: JsonValue, quiet: boolean): void {
		const fields = this.#own();
		put(quiet || isForm(key, value) ? member(fields, FORM) : fields, key, value);
	}

	/** Notes a field of the choice or the delta. */
	inside(place: 'choice' | 'delta', key: string, value: JsonValue, quiet: boolean): void {
		put(member(this.#own(), quiet || isForm(key, value) ? `$${place}` : place), key, value);
	}

	/** Notes a mark of form, or a changed member of the envelope. */
	mark(key: string, value: JsonValue): void {
		this.#own()[key] = value;
	}

	envelope(key: string, value: JsonValue): void {
		member(this.#own(), '$envelope')[key] = value;
	}

	/** Takes in what another collector holds. */
	add(fields: JsonObject | undefined): void {
		if (fields !== undefined) this.#fields = { ...this.#fields, ...fields };
	}

	#own(): JsonObject {
		this.#fields ??= {};
		return this.#fields;
	}
}

function member(fields: JsonObject, key: string): JsonObject {
	const there = fields[key];
	if (typeof there === 'object' && there !== null && !Array.isArray(there)) return there;
	const made: JsonObject = {};
	fields[key] = made;
	return made;
}

/** Whether a value differs from the last one seen under its key; remembers it. */
export function isNews(seen: Map<string, JsonValue>, key: string, value: JsonValue): boolean {
	const last = seen.get(key);
	if (last !== undefined && same(last, value)) return false;
	seen.set(key, value);
	return true;
}

/** Adds fields to what the dialect left on a node. */
export function attach(node: Extensible, fields: JsonObject): void {
	node.extensions = { ...node.extensions, [DIALECT]: { ...own(node, DIALECT), ...fields } };
}

/** The last part made since `from` that can carry news. */
export function carrier(out: StreamPart[], from: number): Extensible | undefined {
	for (let at = out.length - 1; at >= from; at--) {
		const part = out[at];
		if (part !== undefined && part.type !== 'error' && part.type !== 'vendor-event') return part;
	}
	return undefined;
}

/** Whether news hold anything besides form. */
export function isMeaningful(fields: JsonObject): boolean {
	return Object.keys(fields).some((key) => !key.startsWith('$'));
}

/** The parts of a chunk that news hold. */
export interface NewsOnWire {
	envelope: JsonObject;
	chunk: JsonObject;
	choice: JsonObject;
	delta: JsonObject;
}

function objectAt(fields: JsonObject, key: string): JsonObject {
	const value = fields[key];
	return isObject(value) ? value : {};
}

/** News sorted by where they stand in a chunk. */
export function onWire(fields: JsonObject): NewsOnWire {
	const { choice: _choice, delta: _delta, ...chunk } = restored(fields);
	return {
		envelope: objectAt(fields, '$envelope'),
		chunk,
		choice: { ...objectAt(fields, 'choice'), ...objectAt(fields, '$choice') },
		delta: { ...objectAt(fields, 'delta'), ...objectAt(fields, '$delta') },
	};
}

/** A chunk that holds nothing but news. */
export function newsChunk(fields: JsonObject, index: number): JsonObject {
	const { envelope, chunk, choice, delta } = onWire(fields);
	const about = Object.keys(choice).length > 0 || Object.keys(delta).length > 0;
	return { ...envelope, ...chunk, choices: about ? [{ ...choice, index, delta }] : [] };
}
