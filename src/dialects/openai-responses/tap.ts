import { isObject, tryParse } from '../../lib/json.ts';
import type { Frame, JsonObject, JsonValue, RelaisError, StreamTap, TapVerdict, Usage } from '../../spec/index.ts';
import { failureOf, outputOf } from './response-decode.ts';
import { errorOf } from './stream-decode.ts';
import { usageOf } from './usage.ts';

const QUOTE = 34;
const BACKSLASH = 92;

/** Types of the events that end an answer. */
const LAST: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.cancelled']);
/** Types of the events that open one. */
const FIRST: ReadonlySet<string> = new Set(['response.created', 'response.queued', 'response.in_progress']);

/** The type of an event: its name, or where a server gives none, the member, which stands near the beginning or the end. */
function typeOf(frame: Frame): string {
	if (frame.event !== '' && frame.event !== 'message') return frame.event;
	const found = /"type":\s?"((?:response\.[a-z_.]+)|error|keepalive)"/.exec(frame.data);
	return found?.[1] ?? '';
}

/** Length of the string under `delta`, escapes counted as written. */
function deltaLength(data: string): number {
	const key = data.indexOf('"delta":');
	const start = key < 0 ? -1 : data.indexOf('"', key + 8);
	if (start < 0) return 0;
	let end = start + 1;
	for (; end < data.length; end++) {
		const char = data.charCodeAt(end);
		if (char === BACKSLASH) end++;
		else if (char === QUOTE) break;
	}
	return end - start - 1;
}

/** Why an answer ended, as the vendor names it. */
function finishOf(response: JsonObject): string | undefined {
	const { status, incomplete_details: details } = response;
	if (status === 'incomplete' && isObject(details) && typeof details.reason === 'string') return details.reason;
	return typeof status === 'string' ? status : 'completed';
}

function modelOf(response: JsonObject): string | undefined {
	return typeof response.model === 'string' && response.model !== '' ? response.model : undefined;
}

class ResponsesStreamTap implements StreamTap {
	started = false;
	complete = false;
	error: RelaisError | undefined;
	usage: Usage | undefined;
	finish: string | undefined;
	outputChars = 0;
	model: string | undefined;
	answer: JsonObject | undefined;

	frame(frame: Frame): TapVerdict {
		if (frame.data === '' || this.complete) return 'forward';
		const type = typeOf(frame);
		if (type.endsWith('.delta')) {
			this.started = true;
			this.outputChars += deltaLength(frame.data);
		} else if (type === 'response.output_item.added') this.started = true;
		else if (LAST.has(type) || FIRST.has(type) || type === 'error' || type === 'response.failed' || type === '') {
			this.#look(type, tryParse(frame.data));
		}
		return 'forward';
	}

	/** The last event is the end mark; there is none to add. */
	closing(): string {
		return '';
	}

	#look(type: string, event: JsonValue | undefined): void {
		if (!isObject(event)) return;
		const response = isObject(event.response) ? event.response : {};
		this.model ??= modelOf(response);
		if (LAST.has(type)) {
			this.complete = true;
			this.answer = response;
			this.finish = finishOf(response);
			this.usage = usageOf(response) ?? this.usage;
			if (Array.isArray(response.output) && response.output.length > 0) this.started = true;
		} else if (type === 'response.failed') this.error ??= failureOf(response) ?? errorOf(event);
		else if (type === 'error' || (type === '' && event.error !== undefined)) this.error ??= errorOf(event);
	}
}

/** A tap for one streamed answer in the pass-through lane. Usage is part of the last event and never dropped. */
export function streamTap(_options: { dropUsage: boolean }): StreamTap {
	return new ResponsesStreamTap();
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
	const { body } = outputOf(value);
	return { usage: usageOf(body), finish: finishOf(body), model: modelOf(body) };
}
