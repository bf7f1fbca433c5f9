import { isObject, tryParse } from '../../lib/json.ts';
import type { Frame, JsonObject, JsonValue, RelaisError, StreamTap, TapVerdict, Usage } from '../../spec/index.ts';
import { RelaisError as Failure } from '../../spec/index.ts';
import { errorInBody } from '../shared/openai-errors/index.ts';
import { choicesOf } from './response-decode.ts';
import { DONE } from './stream-envelope.ts';
import { mayTell, outputSpan, Template } from './tap-scan.ts';
import { usageOf } from './usage.ts';
import { bringsContent } from './visible.ts';

class ChatStreamTap implements StreamTap {
	readonly #dropUsage: boolean;
	readonly #finishes = new Map<number, string | undefined>();
	/** What the last ordinary chunk looked like. */
	#template: Template | undefined;
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
		if (this.#template !== undefined && event === '') {
			const length = this.#template.textLength(data);
			if (length >= 0) {
				this.outputChars += length;
				return 'forward';
			}
		}
		if (data === '' || this.#done) return 'forward';
		if (data.length < 12 && data.trim() === DONE) {
			this.#done = true;
			return 'forward';
		}
		return this.#read(data, event);
	}

	closing(): string {
		return this.complete && !this.#done ? `data: ${DONE}\n\n` : '';
	}

	/** A chunk that differs from the ordinary: looked into as far as needed. */
	#read(data: string, event: string): TapVerdict {
		const span = outputSpan(data);
		if (span !== undefined) this.outputChars += span.end - span.start;
		if (!this.started || event === 'error' || mayTell(data)) return this.#look(data, event);
		// A text that was cut may still end like a whole one. This is asked once for each kind of chunk: the next ones are compared.
		if (tryParse(data) === undefined) this.error ??= new Failure('provider_protocol', 'sent an event that is not JSON');
		else if (span !== undefined) this.#template = new Template(data, span);
		return 'forward';
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
