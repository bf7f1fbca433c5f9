import { createHash } from 'node:crypto';
import type { Message } from '../../spec/index.ts';

/** The form several APIs demand of the ids of tool calls. */
const VALID = /^[a-zA-Z0-9_-]+$/;
const INVALID_CHARACTERS = /[^a-zA-Z0-9_-]/g;

/**
 * Ids of tool calls in the form the API takes. An id another vendor made keeps its readable part and gets a digest of the whole, so
 * that a call and its results go on naming the same thing, in this request and in every later one, and no two ids become one.
 */
export class ToolIds {
	readonly #given = new Map<string, string>();
	readonly #used = new Set<string>();

	readonly #longest: number;

	/**
	 * @param messages the whole conversation: ids that are valid as they are take precedence
	 * @param longest most characters of an id, at least 64
	 */
	constructor(messages: readonly Message[], longest = Number.POSITIVE_INFINITY) {
		this.#longest = longest;
		for (const message of messages) {
			for (const part of message.content) {
				const id = part.type === 'tool-call' ? part.id : part.type === 'tool-result' ? part.callId : undefined;
				if (id !== undefined && this.#isValid(id)) this.#used.add(id);
			}
		}
	}

	/** The id to write for one of the conversation's. */
	for(id: string): string {
		if (this.#isValid(id)) return id;
		const known = this.#given.get(id);
		if (known !== undefined) return known;
		const base = `${id.slice(0, 40).replace(INVALID_CHARACTERS, '_')}_${digest(id)}`;
		let given = base;
		for (let n = 2; this.#used.has(given); n++) given = `${base}_${n}`;
		this.#used.add(given);
		this.#given.set(id, given);
		return given;
	}

	#isValid(id: string): boolean {
		return id.length <= this.#longest && VALID.test(id);
	}
}

function digest(id: string): string {
	return createHash('sha256').update(id).digest('hex').slice(0, 12);
}

/** A tool's name in the form several APIs take. @param longest most characters of a name */
export function toolName(name: string, longest: number): string {
	return name.slice(0, longest).replace(INVALID_CHARACTERS, '_');
}
