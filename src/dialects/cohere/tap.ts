import { isObject, tryParse } from '../../lib/json.ts';
import type { Frame, JsonObject, JsonValue, RelaisError, StreamTap, Usage } from '../../spec/index.ts';
import { decodeErrorBody } from './errors.ts';
import { decodeUsage } from './usage.ts';

/** Watches a passing stream, event by event. */
export function streamTap(): StreamTap {
	return new Tap();
}

class Tap implements StreamTap {
	started = false;
	complete = false;
	error: RelaisError | undefined;
	usage: Usage | undefined;
	finish: string | undefined;
	outputChars = 0;
	model: string | undefined;

	frame({ data, event: name }: Frame): 'forward' {
		if (this.complete || this.error !== undefined || data === '' || data === '[DONE]') return 'forward';
		const event = tryParse(data);
		if (isObject(event)) this.#event(typeof event.type === 'string' ? event.type : name, event);
		return 'forward';
	}

	/** The last event cannot be made up: it holds the counts. */
	closing(): string {
		return '';
	}

	#event(type: string, event: JsonObject): void {
		const delta = isObject(event.delta) ? event.delta : {};
		if (type === 'message-start' && typeof event.model === 'string') this.model = event.model;
		else if (type === 'message-end') this.#end(delta);
		else if (typeof event.message === 'string') this.error = decodeErrorBody(event);
		else if (isObject(delta.message)) this.#message(delta.message, type);
	}

	#message({ content, tool_plan: plan, tool_calls: calls }: JsonObject, type: string): void {
		if (type === 'message-start') return;
		this.#count(plan);
		if (isObject(content)) {
			this.#count(content.text);
			this.#count(content.thinking);
		}
		if (!isObject(calls)) return;
		this.started = true;
		if (isObject(calls.function)) this.#count(calls.function.arguments);
	}

	#count(text: JsonValue | undefined): void {
		if (typeof text !== 'string' || text === '') return;
		this.started = true;
		this.outputChars += text.length;
	}

	#end({ error, usage, finish_reason: reason }: JsonObject): void {
		if (typeof error === 'string' && error !== '') {
			this.error = decodeErrorBody({ message: error });
			return;
		}
		this.complete = true;
		if (isObject(usage)) this.usage = decodeUsage(usage);
		if (typeof reason === 'string') this.finish = reason;
	}
}

/** Usage, finish reason and model of a whole answer that passes through. */
export function tapResponse(body: JsonValue): {
	usage: Usage | undefined;
	finish: string | undefined;
	model: string | undefined;
} {
	if (!isObject(body)) return { usage: undefined, finish: undefined, model: undefined };
	return {
		usage: isObject(body.usage) ? decodeUsage(body.usage) : undefined,
		finish: typeof body.finish_reason === 'string' ? body.finish_reason : undefined,
		model: typeof body.model === 'string' ? body.model : undefined,
	};
}
