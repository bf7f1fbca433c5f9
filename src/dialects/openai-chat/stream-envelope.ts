import { put } from '../../lib/json.ts';
import type { ChatResponse, JsonObject, JsonValue, StartPart } from '../../spec/index.ts';
import { extend } from '../shared/index.ts';
import { DIALECT } from './name.ts';

/** The end mark. */
export const DONE = '[DONE]';

/** The usual value of `object`. */
export const CHUNK = 'chat.completion.chunk';

/** Fields of a chunk that say nothing a client of another dialect could miss: padding, lists turned into citations. */
export const QUIET_CHUNK: ReadonlySet<string> = new Set(['obfuscation', 'p', 'usage', 'citations', 'search_results']);

type Name = keyof Pick<ChatResponse, 'id' | 'model' | 'createdAt' | 'serviceTier' | 'systemFingerprint'>;

/** Members of every chunk that name the answer rather than add to it, and what the canonical form calls them. */
const NAMES: { readonly [key: string]: Name | undefined } = {
	id: 'id',
	model: 'model',
	created: 'createdAt',
	service_tier: 'serviceTier',
	system_fingerprint: 'systemFingerprint',
	object: undefined,
};

/** Puts a member under its canonical name; false where it has no value there. */
function name(part: StartPart, key: string, value: JsonValue): boolean {
	const canonical = NAMES[key];
	if (canonical === 'createdAt') {
		if (typeof value !== 'number') return false;
		part.createdAt = value;
		return true;
	}
	if (canonical === undefined || typeof value !== 'string' || value === '') return false;
	part[canonical] = value;
	return true;
}

/** What all chunks of a stream repeat, and the chunks that come before the answer (a vendor's verdict on the prompt). */
export class Envelope {
	readonly #values: JsonObject = {};
	readonly #preamble: JsonObject[] = [];

	/** Whether a key belongs to the envelope. */
	has(key: string): boolean {
		return Object.hasOwn(NAMES, key);
	}

	/** Notes a member; true when it changed. */
	changes(key: string, value: JsonValue): boolean {
		if (this.#values[key] === value) return false;
		this.#values[key] = value;
		return true;
	}

	/** Keeps a chunk that came before the answer. */
	hold(chunk: JsonObject): void {
		this.#preamble.push(chunk);
	}

	/** The start of the answer, from its first chunk. `seen` learns what the chunks before it said. */
	start(chunk: JsonObject, seen: Map<string, JsonValue>): StartPart {
		const part: StartPart = { type: 'start' };
		const left: JsonObject = {};
		const form: JsonObject = {};
		for (const key in NAMES) {
			const value = chunk[key];
			if (value === undefined) continue;
			this.#values[key] = value;
			if (!name(part, key, value) && value !== CHUNK) form[key] = value;
		}
		if (Object.keys(form).length > 0) left.$envelope = form;
		if (this.#preamble.length > 0) left.$preamble = this.#preamble;
		for (const early of this.#preamble) this.#name(early, left, seen);
		return { ...part, ...extend(DIALECT, left) };
	}

	/** The preamble comes back whole; here its meaningful fields are named, for other dialects to report. */
	#name(early: JsonObject, left: JsonObject, seen: Map<string, JsonValue>): void {
		for (const key in early) {
			const value = early[key];
			if (value === undefined || this.has(key) || key === 'choices' || QUIET_CHUNK.has(key)) continue;
			seen.set(key, value);
			if (value !== null) put(left, key, value);
		}
	}
}
