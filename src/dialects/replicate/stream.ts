import { isObject, tryParse } from '../../lib/json.ts';
import { type Frame, type JsonObject, RelaisError, type StreamPart, type StreamTap } from '../../spec/index.ts';
import { failureSaying } from './errors.ts';
import { type Asked, outputText, stopOf, usageOf } from './prediction.ts';

/** How a prediction's stream is cut into events, and which of them show something: for the transport. */
export const predictionStream = {
	framing: 'sse',
	streamTap: (): StreamTap => {
		let started = false;
		let complete = false;
		return {
			frame: ({ event }) => {
				started ||= event === 'output';
				complete ||= event === 'done';
				return 'forward';
			},
			get started() {
				return started;
			},
			get complete() {
				return complete;
			},
			...{ error: undefined, usage: undefined, finish: undefined, outputChars: 0, model: undefined },
			closing: () => '',
		};
	},
} as const;

/** Turns the events of a prediction's stream into parts. The end is told by `finish`, with what the prediction came to. */
export class PredictionParts {
	readonly #asked: Asked;
	#text = '';
	#open = false;
	/** Why the stream was over; undefined: it was cut. */
	#reason: string | undefined;

	constructor(asked: Asked) {
		this.#asked = asked;
	}

	/** Whether the stream said that it is over. */
	get over(): boolean {
		return this.#reason !== undefined;
	}

	start({ id, model }: JsonObject): StreamPart {
		return {
			type: 'start',
			...(typeof id === 'string' ? { id } : {}),
			...(typeof model === 'string' ? { model } : {}),
		};
	}

	push({ event, data }: Frame): StreamPart[] {
		if (event === 'output') return this.#more(data);
		if (event === 'error') return [{ type: 'error', error: failureSaying(reasonIn(data)) }];
		if (event !== 'done') return [];
		const body = tryParse(data);
		const reason = isObject(body) && typeof body.reason === 'string' ? body.reason : '';
		this.#reason = reason;
		if (reason !== 'error' && reason !== 'canceled') return [];
		const message = reason === 'error' ? 'The prediction failed.' : 'The prediction was cancelled at the provider.';
		return [{ type: 'error', error: new RelaisError('provider_error', message, { providerCode: reason }) }];
	}

	/** The closing parts; text of the finished prediction that the stream has not brought comes first. */
	finish(prediction: JsonObject): StreamPart[] {
		const whole = outputText(prediction.output);
		const missing = whole.length > this.#text.length && whole.startsWith(this.#text) ? whole.slice(this.#text.length) : '';
		const parts = missing === '' && this.#open ? [] : this.#more(missing);
		const usage = usageOf(prediction, this.#asked, this.#text);
		return [
			...parts,
			{ type: 'block-end', block: 0 },
			{ type: 'finish', candidate: 0, stop: stopOf(usage, this.#asked) },
			{ type: 'usage', usage },
			{ type: 'end' },
		];
	}

	#more(text: string): StreamPart[] {
		const parts: StreamPart[] = [];
		if (!this.#open) parts.push({ type: 'block-start', block: 0, candidate: 0, content: { type: 'text', text: '' } });
		this.#open = true;
		this.#text += text;
		if (text !== '') parts.push({ type: 'text-delta', block: 0, text });
		return parts;
	}
}

function reasonIn(data: string): string {
	const body = tryParse(data);
	const said = isObject(body) ? (body.detail ?? body.error ?? body.message) : body;
	return typeof said === 'string' && said !== '' ? said : data || 'The prediction failed.';
}
