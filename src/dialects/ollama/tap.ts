import { isObject, tryParse } from '../../lib/json.ts';
import type { Frame, JsonObject, JsonValue, RelaisError, StreamTap, Usage } from '../../spec/index.ts';
import { decodeErrorBody } from './errors.ts';
import { decodeUsage } from './usage.ts';

/** Watches a passing stream, line by line. */
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

	frame({ data }: Frame): 'forward' {
		if (this.complete || this.error !== undefined || data === '') return 'forward';
		const line = tryParse(data);
		if (!isObject(line)) return 'forward';
		if (line.error !== undefined) this.error = decodeErrorBody(line);
		else this.#line(line);
		return 'forward';
	}

	/** The last line cannot be made up: it holds the counts. */
	closing(): string {
		return '';
	}

	#line(line: JsonObject): void {
		if (this.model === undefined && typeof line.model === 'string') this.model = line.model;
		this.#count(line.response);
		this.#count(line.thinking);
		if (isObject(line.message)) this.#message(line.message);
		if (line.done !== true) return;
		this.complete = true;
		this.usage = decodeUsage(line);
		this.finish = finishOf(line);
	}

	#count(text: JsonValue | undefined): void {
		if (typeof text !== 'string' || text === '') return;
		this.started = true;
		this.outputChars += text.length;
	}

	#message({ content, thinking, tool_calls: calls, images }: JsonObject): void {
		this.#count(content);
		this.#count(thinking);
		if (Array.isArray(images) && images.length > 0) this.started = true;
		if (!Array.isArray(calls)) return;
		for (const call of calls) {
			this.started = true;
			const input = isObject(call) && isObject(call.function) ? call.function.arguments : undefined;
			if (input !== undefined) this.outputChars += (typeof input === 'string' ? input : JSON.stringify(input)).length;
		}
	}
}

/** Older servers state no reason on the last line. */
function finishOf(line: JsonObject): string {
	return typeof line.done_reason === 'string' ? line.done_reason : 'stop';
}

/** Usage, reason and model of a whole answer that passes through. */
export function tapResponse(body: JsonValue): {
	usage: Usage | undefined;
	finish: string | undefined;
	model: string | undefined;
} {
	if (!isObject(body)) return { usage: undefined, finish: undefined, model: undefined };
	const whole = body.done !== false && (isObject(body.message) || typeof body.response === 'string');
	return {
		usage: whole ? decodeUsage(body) : undefined,
		finish: whole ? finishOf(body) : undefined,
		model: typeof body.model === 'string' ? body.model : undefined,
	};
}
