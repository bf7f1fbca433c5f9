import { isObject } from '../../lib/json.ts';
import type { Frame, JsonValue, RelaisError, StreamPart, StreamTap, Usage } from '../../spec/index.ts';
import { isRelaisError } from '../../spec/index.ts';
import { streamDecoder } from './stream-decode.ts';
import { decodeUsage } from './usage.ts';

/** Parts that say nothing to a user yet. */
const SILENT: ReadonlySet<StreamPart['type']> = new Set(['start', 'ping', 'usage', 'vendor-event', 'end', 'error', 'block-end']);

/** Watches a passing stream. */
export function streamTap(): StreamTap {
	return new Tap();
}

class Tap implements StreamTap {
	readonly #decoder = streamDecoder();
	readonly model = undefined;
	started = false;
	complete = false;
	error: RelaisError | undefined;
	usage: Usage | undefined;
	finish: string | undefined;
	outputChars = 0;

	frame(frame: Frame): 'forward' {
		try {
			for (const part of this.#decoder.push(frame)) this.#see(part);
		} catch (error) {
			if (!isRelaisError(error)) throw error;
			this.error ??= error;
		}
		return 'forward';
	}

	closing(): string {
		return '';
	}

	#see(part: StreamPart): void {
		const blank = part.type === 'block-start' && part.content.type !== 'tool-call';
		this.started ||= !blank && !SILENT.has(part.type);
		if (part.type === 'text-delta' || part.type === 'reasoning-delta') this.outputChars += part.text?.length ?? 0;
		else if (part.type === 'tool-input-delta') this.outputChars += part.input.length;
		else if (part.type === 'usage') this.usage = part.usage;
		else if (part.type === 'finish') {
			this.finish = part.stop.raw;
			this.complete = true;
		} else if (part.type === 'error') this.error = part.error;
	}
}

/** Usage and stop reason of a whole answer that passes through; such an answer does not state its model. */
export function tapResponse(body: JsonValue): { usage: Usage | undefined; finish: string | undefined; model: undefined } {
	const answer = isObject(body) ? body : {};
	return {
		usage: isObject(answer.usage) ? decodeUsage(answer.usage) : undefined,
		finish: typeof answer.stopReason === 'string' ? answer.stopReason : undefined,
		model: undefined,
	};
}
