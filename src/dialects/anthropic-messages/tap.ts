import { isObject, tryParse } from '../../lib/json.ts';
import { sseEvent } from '../../lib/sse.ts';
import type { Frame, JsonObject, JsonValue, RelaisError, StreamTap, Usage } from '../../spec/index.ts';
import { decodeErrorBody } from './errors-decode.ts';
import { decodeUsage, mergeUsage } from './usage.ts';

const DELTA = 'content_block_delta';
const DELTA_HEAD = `{"type":"${DELTA}"`;
/** Members of a delta whose characters a user sees, as they are written on the wire. */
const SHOWN = ['"text":"', '"partial_json":"', '"thinking":"'];
/** Starts of blocks that show nothing yet. */
const BLANK_STARTS = ['"text":""', '"thinking":""'];
const QUOTE = 34;
const BACKSLASH = 92;
const LETTER_U = 117;

/** Watches a passing stream. Deltas, which are nearly all of it, are not parsed; the few other events are. */
export function streamTap(): StreamTap {
	return new Tap();
}

class Tap implements StreamTap {
	started = false;
	error: RelaisError | undefined;
	finish: string | undefined;
	outputChars = 0;
	model: string | undefined;
	#usage: JsonObject | undefined;
	#stopped = false;

	get complete(): boolean {
		return this.error === undefined && (this.#stopped || this.finish !== undefined);
	}

	get usage(): Usage | undefined {
		return this.#usage === undefined ? undefined : decodeUsage(this.#usage);
	}

	frame(frame: Frame): 'forward' {
		const { data } = frame;
		if (this.#stopped || this.error !== undefined || data === '') return 'forward';
		if (frame.event === DELTA || data.startsWith(DELTA_HEAD)) this.#delta(data);
		else if (frame.event === 'content_block_start') this.started ||= !BLANK_STARTS.some((blank) => data.includes(blank));
		else if (frame.event !== 'ping' && frame.event !== 'content_block_stop') this.#event(frame.event, data);
		return 'forward';
	}

	closing(): string {
		return this.complete && !this.#stopped ? sseEvent('{"type":"message_stop"}', 'message_stop') : '';
	}

	#delta(data: string): void {
		this.started = true;
		for (const member of SHOWN) {
			const at = data.indexOf(member);
			if (at >= 0) {
				this.outputChars += stringLength(data, at + member.length);
				return;
			}
		}
		// Another layout of the JSON, or a signature or citation: rare enough to parse.
		const event = tryParse(data);
		const delta = isObject(event) && isObject(event.delta) ? event.delta : {};
		const shown = delta.text ?? delta.partial_json ?? delta.thinking;
		if (typeof shown === 'string') this.outputChars += shown.length;
	}

	#event(name: string, data: string): void {
		const event = tryParse(data);
		if (!isObject(event)) return;
		const type = typeof event.type === 'string' ? event.type : name;
		if (type === 'message_start' && isObject(event.message)) this.#start(event.message);
		else if (type === 'message_delta') this.#messageDelta(event);
		else if (type === 'message_stop') this.#stopped = true;
		else if (type === 'error') this.error = decodeErrorBody(event);
		else if (type === 'content_block_start') this.started ||= !BLANK_STARTS.some((blank) => data.includes(blank));
		else if (type === DELTA) this.#delta(data);
	}

	#start(message: JsonObject): void {
		this.#count(message.usage);
		if (this.model === undefined && typeof message.model === 'string') this.model = message.model;
	}

	#messageDelta(event: JsonObject): void {
		this.#count(event.usage);
		const reason = isObject(event.delta) ? event.delta.stop_reason : undefined;
		if (typeof reason === 'string') this.finish ??= reason;
	}

	#count(usage: JsonValue | undefined): void {
		if (isObject(usage)) this.#usage = mergeUsage(this.#usage, usage);
	}
}

/** Length of the JSON string whose first character stands at `from`, each escape counted as one. */
function stringLength(json: string, from: number): number {
	let length = 0;
	for (let i = from; i < json.length; i++, length++) {
		const code = json.charCodeAt(i);
		if (code === QUOTE) break;
		if (code === BACKSLASH) i += json.charCodeAt(i + 1) === LETTER_U ? 5 : 1;
	}
	return length;
}

/** Usage, stop reason and model of a whole answer that passes through. */
export function tapResponse(body: JsonValue): {
	usage: Usage | undefined;
	finish: string | undefined;
	model: string | undefined;
} {
	if (!isObject(body)) return { usage: undefined, finish: undefined, model: undefined };
	return {
		usage: isObject(body.usage) ? decodeUsage(body.usage) : undefined,
		finish: typeof body.stop_reason === 'string' ? body.stop_reason : undefined,
		model: typeof body.model === 'string' ? body.model : undefined,
	};
}
