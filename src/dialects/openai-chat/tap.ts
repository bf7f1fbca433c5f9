import { isObject, tryParse } from '../../lib/json.ts';
import type { Frame, JsonObject, JsonValue, RelaisError, StreamTap, TapVerdict, Usage } from '../../spec/index.ts';
import { RelaisError as Failure } from '../../spec/index.ts';
import { errorInBody } from './errors-decode.ts';
import { choicesOf } from './response-decode.ts';
import { DONE } from './stream-envelope.ts';
import { usageOf } from './usage.ts';
import { bringsContent } from './visible.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const COLON = 58;
const OPEN_BRACE = 123;
const SMALL_N = 110;
const ZERO = 48;

/** Keys of a delta whose strings are output; the first that is there is counted. */
const TEXTS = ['"content"', '"reasoning_content"', '"reasoning"', '"arguments"', '"refusal"', '"input"', '"text"'] as const;

/** The first character of the value after a key that ends at `at`; 0 when what was found is no key. */
function valueAfter(data: string, at: number): number {
	let next = at;
	while (data.charCodeAt(next) === SPACE) next++;
	if (data.charCodeAt(next) !== COLON) return 0;
	next++;
	while (data.charCodeAt(next) === SPACE) next++;
	return next;
}

/** Whether any value under a key begins with a character that `wanted` accepts. */
function anyValue(data: string, key: string, wanted: (char: number) => boolean): boolean {
	for (let at = data.indexOf(key); at >= 0; at = data.indexOf(key, at + key.length)) {
		const value = valueAfter(data, at + key.length);
		if (value > 0 && wanted(data.charCodeAt(value))) return true;
	}
	return false;
}

const isObjectStart = (char: number): boolean => char === OPEN_BRACE;
const isNotNull = (char: number): boolean => char !== SMALL_N;
const isOther = (char: number): boolean => char !== ZERO;

/** Length of the string under a key, escapes counted as written; 0 when there is none. */
function stringLength(data: string, key: string): number {
	const at = data.indexOf(key);
	if (at < 0) return 0;
	const start = valueAfter(data, at + key.length);
	if (start === 0 || data.charCodeAt(start) !== QUOTE) return 0;
	let end = start + 1;
	for (; end < data.length; end++) {
		const char = data.charCodeAt(end);
		if (char === BACKSLASH) end++;
		else if (char === QUOTE) break;
	}
	return end - start - 1;
}

function outputLength(data: string): number {
	const delta = Math.max(0, data.indexOf('"delta"'));
	const part = delta === 0 ? data : data.slice(delta);
	for (const key of TEXTS) {
		const length = stringLength(part, key);
		if (length > 0) return length;
	}
	return 0;
}

class ChatStreamTap implements StreamTap {
	readonly #dropUsage: boolean;
	readonly #finishes = new Map<number, string | undefined>();
	#done = false;
	started = false;
	error: RelaisError | undefined;
	usage: Usage | undefined;
	outputChars = 0;
	model: string | undefined;

	constructor(dropUsage: boolean) {
		this.#dropUsage = dropUsage;
	}

	get complete(): boolean {
		return this.#done || this.#finished();
	}

	get finish(): string | undefined {
		return this.#finishes.get(Math.min(...this.#finishes.keys()));
	}

	frame(frame: Frame): TapVerdict {
		const { data, event } = frame;
		if (data.length < 12 && data.trim() === DONE) this.#done = true;
		else if (data !== '' && !this.#done) {
			this.outputChars += outputLength(data);
			if (!this.started || event === 'error' || this.#tells(data)) return this.#look(data, event);
		}
		return 'forward';
	}

	closing(): string {
		return this.complete && !this.#done ? `data: ${DONE}\n\n` : '';
	}

	/**
	 * Whether an ordinary-looking chunk has to be parsed: it may hold usage, a finish reason, an error, or a further candidate. Quotes
	 * inside texts are escaped in JSON, so that words of the answer are not taken for keys; where in doubt, it is parsed.
	 */
	#tells(data: string): boolean {
		if (data.includes('"error"') || data.includes('"usage"')) {
			if (anyValue(data, '"usage"', isObjectStart) || anyValue(data, '"error"', isNotNull)) return true;
		}
		if (anyValue(data, '"finish_reason"', isNotNull)) return true;
		return anyValue(data, '"index"', isOther);
	}

	#look(data: string, event: string): TapVerdict {
		const chunk = tryParse(data);
		if (!isObject(chunk)) return 'forward';
		const choices = Array.isArray(chunk.choices) ? chunk.choices : undefined;
		if (this.#fails(chunk, choices !== undefined, event)) return 'forward';
		if (typeof chunk.model === 'string' && chunk.model !== '') this.model ??= chunk.model;
		const usage = usageOf(chunk);
		if (usage !== undefined) this.usage = usage;
		for (const choice of choices ?? []) this.#choice(choice);
		return this.#dropUsage && choices?.length === 0 && isObject(chunk.usage) ? 'drop' : 'forward';
	}

	/** The same rule as the decoder's: after a complete answer an error is but a remark. */
	#fails(chunk: JsonObject, hasChoices: boolean, event: string): boolean {
		if (chunk.error === undefined && event !== 'error' && hasChoices) return false;
		if (chunk.error === null || (hasChoices && this.#finished())) return false;
		const error = errorInBody(chunk) ?? (event === 'error' ? errorInBody({ error: chunk }) : undefined);
		this.error ??= error;
		return error !== undefined;
	}

	#choice(choice: JsonValue): void {
		if (!isObject(choice)) return;
		if (bringsContent(choice)) this.started = true;
		const index = typeof choice.index === 'number' ? choice.index : 0;
		const word = choice.finish_reason;
		if (this.#finishes.get(index) !== undefined) return;
		this.#finishes.set(index, typeof word === 'string' && word !== '' ? word : undefined);
	}

	#finished(): boolean {
		if (this.#finishes.size === 0) return false;
		for (const word of this.#finishes.values()) if (word === undefined) return false;
		return true;
	}
}

/** A tap for one streamed answer in the pass-through lane. */
export function streamTap(options: { dropUsage: boolean }): StreamTap {
	return new ChatStreamTap(options.dropUsage);
}

/**
 * Usage and finish reason of a whole answer in the pass-through lane. Throws what the decoder would throw: the vendor's error under a
 * status of success, or `provider_protocol` for what is no answer.
 */
export function tapResponse(value: JsonValue): {
	usage: Usage | undefined;
	finish: string | undefined;
	model: string | undefined;
} {
	const { body, choices } = choicesOf(value);
	const [first] = choices;
	if (!isObject(first)) throw new Failure('provider_protocol', 'The provider answered with a choice that is not an object.');
	const word = first.finish_reason;
	return {
		usage: usageOf(body),
		finish: typeof word === 'string' ? word : undefined,
		model: typeof body.model === 'string' && body.model !== '' ? body.model : undefined,
	};
}
