import { isObject, tryParse } from '../../lib/json.ts';
import type { Frame, JsonObject, JsonValue, RelaisError, StreamTap, Usage } from '../../spec/index.ts';
import { decodeErrorBody } from './errors-decode.ts';
import { searchCount, withSearches } from './response-decode.ts';
import { reasonName } from './stop-reason.ts';
import { decodeUsage, mergeUsage } from './usage.ts';

/** Watches a passing stream. Its pieces are few and large, so that each is parsed. */
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
	#searches = 0;
	/** Candidates seen that have not ended, by their index. */
	readonly #open = new Set<number>();

	get complete(): boolean {
		return this.error === undefined && this.finish !== undefined && this.#open.size === 0;
	}

	get usage(): Usage | undefined {
		return this.#usage === undefined ? undefined : withSearches(decodeUsage(this.#usage), this.#searches);
	}

	frame(frame: Frame): 'forward' {
		const chunk = frame.data === '' ? undefined : tryParse(frame.data);
		if (isObject(chunk) && this.error === undefined) this.#chunk(chunk);
		return 'forward';
	}

	/** The format has no end mark. */
	closing(): string {
		return '';
	}

	#chunk(chunk: JsonObject): void {
		if (isObject(chunk.error)) {
			this.error = decodeErrorBody(chunk);
			return;
		}
		if (this.model === undefined && typeof chunk.modelVersion === 'string') this.model = chunk.modelVersion;
		if (isObject(chunk.usageMetadata)) this.#usage = mergeUsage(this.#usage, chunk.usageMetadata);
		const candidates = Array.isArray(chunk.candidates) ? chunk.candidates.filter(isObject) : [];
		this.#searches += searchCount(candidates);
		for (const candidate of candidates) this.#candidate(candidate);
		if (isObject(chunk.promptFeedback)) this.finish ??= reasonName(chunk.promptFeedback.blockReason);
	}

	#candidate(candidate: JsonObject): void {
		const index = typeof candidate.index === 'number' ? candidate.index : 0;
		const { content } = candidate;
		if (isObject(content) && Array.isArray(content.parts)) for (const part of content.parts) this.#part(part);
		const reason = reasonName(candidate.finishReason);
		if (reason === undefined) this.#open.add(index);
		else {
			this.#open.delete(index);
			this.finish ??= reason;
		}
	}

	#part(part: JsonValue): void {
		if (!isObject(part)) return;
		if (typeof part.text === 'string') this.outputChars += part.text.length;
		else this.outputChars += callChars(part);
		this.started ||= part.text !== '' || part.thoughtSignature !== undefined;
	}
}

/** Characters of what a call was given, its pieces counted as they come. */
function callChars({ functionCall: call, toolCall, executableCode: code }: JsonObject): number {
	if (isObject(code)) return typeof code.code === 'string' ? code.code.length : 0;
	const given = isObject(call) ? (call.args ?? call.partialArgs) : isObject(toolCall) ? toolCall.args : undefined;
	return given === undefined || given === null ? 0 : JSON.stringify(given).length;
}

/** Usage, finish reason and model of a whole answer that passes through. */
export function tapResponse(body: JsonValue): {
	usage: Usage | undefined;
	finish: string | undefined;
	model: string | undefined;
} {
	if (!isObject(body)) return { usage: undefined, finish: undefined, model: undefined };
	const candidates = Array.isArray(body.candidates) ? body.candidates.filter(isObject) : [];
	const feedback = isObject(body.promptFeedback) ? body.promptFeedback : {};
	const usage = isObject(body.usageMetadata) ? decodeUsage(body.usageMetadata) : undefined;
	return {
		usage: usage === undefined ? undefined : withSearches(usage, searchCount(candidates)),
		finish: reasonName(candidates[0]?.finishReason ?? feedback.blockReason),
		model: typeof body.modelVersion === 'string' ? body.modelVersion : undefined,
	};
}
