import { isObject, tryParse } from '../../lib/json.ts';
import { sseEvent } from '../../lib/sse.ts';
import type {
	Dialect,
	EncodeResponseContext,
	Frame,
	JsonObject,
	JsonValue,
	RelaisError,
	StreamDecoder,
	StreamEncoder,
	StreamPart,
	StreamTap,
	TapVerdict,
} from '../../spec/index.ts';
import { TapOver } from '../shared/index.ts';
import { errorIn } from './errors.ts';
import { answerToChat, chatToAnswer, DIALECT, isGenerated, membersOf, stopOf } from './wire.ts';

/** A frame in the words of chat completions. */
function frameToChat(frame: Frame, body: JsonValue | undefined): Frame {
	return { event: '', data: body === undefined ? frame.data : JSON.stringify(answerToChat(body, true)) };
}

/** Generated texts are counted in every piece: the prompt in the first alone, the text so far in each. The last piece tells all. */
class GeneratedCounts {
	#input = 0;

	fit(chat: JsonValue): JsonValue {
		if (!isObject(chat) || !isObject(chat.usage)) return chat;
		const { usage, ...rest } = chat;
		this.#input = Math.max(this.#input, Number(usage.prompt_tokens));
		const output = Number(usage.completion_tokens);
		const choices = Array.isArray(rest.choices) ? rest.choices : [];
		if (!choices.some((choice) => isObject(choice) && choice.finish_reason !== undefined)) return rest;
		return { ...rest, usage: { prompt_tokens: this.#input, completion_tokens: output, total_tokens: this.#input + output } };
	}
}

/** @param base the dialect of chat completions */
export function streamDecoder(base: Dialect): StreamDecoder {
	const decoder = base.streamDecoder();
	const counts = new GeneratedCounts();
	return {
		push(frame) {
			const body = tryParse(frame.data);
			const error = body === undefined ? undefined : errorIn(body, frame.event === 'error');
			if (error !== undefined) return [{ type: 'error', error }];
			if (body === undefined || !isGenerated(body)) return marked(decoder.push(frameToChat(frame, body)).map(cutByTime), body);
			return keeping(decoder.push({ event: '', data: JSON.stringify(counts.fit(answerToChat(body, true))) }), body);
		},
		end: () => decoder.end(),
	};
}

/** The start of a stream keeps what only this API's pieces say. */
function marked(parts: StreamPart[], body: JsonValue | undefined): StreamPart[] {
	return parts.map((part) =>
		part.type === 'start' && body !== undefined
			? { ...part, extensions: { ...part.extensions, [DIALECT]: { $members: membersOf(body) } } }
			: part,
	);
}

/** A time limit cuts an answer like a limit of tokens. */
function cutByTime(part: StreamPart): StreamPart {
	return part.type === 'finish' ? { ...part, stop: stopOf(part.stop) } : part;
}

/** The parts, the most telling of which keeps the frame they come from, to be repeated. */
function keeping(parts: StreamPart[], frame: JsonObject): StreamPart[] {
	const [keeper] = (['text-delta', 'finish', 'usage', 'start'] as const).flatMap(
		(type) => parts.find((part) => part.type === type) ?? [],
	);
	return parts.map((part) => {
		if (part !== keeper || part.type === 'error' || part.type === 'vendor-event') return part;
		return { ...part, extensions: { ...part.extensions, [DIALECT]: { $frame: frame } } };
	});
}

/** @param base the dialect of chat completions */
export function streamEncoder(base: Dialect, context: EncodeResponseContext): StreamEncoder {
	const encoder = base.streamEncoder(context);
	let events = 0;
	const write = (value: JsonObject): string => `id: ${++events}\n${sseEvent(JSON.stringify(value), 'message')}`;
	let generated = false;
	let members: JsonObject | undefined;
	return {
		push(part) {
			const own = 'extensions' in part ? part.extensions?.[DIALECT] : undefined;
			const kept = own?.$frame;
			if (isObject(own?.$members)) members = own.$members;
			if (isObject(kept)) {
				generated = true;
				return write(kept);
			}
			if (generated) return '';
			return eventsOf(encoder.push(part))
				.map((event) => write(chatToAnswer(event, members)))
				.join('');
		},
		warnings: () => encoder.warnings(),
	};
}

/** The objects of written events; the end mark is none. */
function eventsOf(text: string): JsonObject[] {
	return text
		.split('\n')
		.map((line) => (line.startsWith('data: ') ? tryParse(line.slice(6)) : undefined))
		.filter(isObject);
}

/** The tap of chat completions, which knows neither this API's errors nor that it sends no end mark. */
class WatsonxTap extends TapOver {
	#failure: RelaisError | undefined;

	override frame(frame: Frame): TapVerdict {
		const body = tryParse(frame.data);
		this.#failure ??= body === undefined ? undefined : errorIn(body, frame.event === 'error');
		return this.#failure === undefined ? super.frame(frame) : 'forward';
	}

	override get error(): RelaisError | undefined {
		return this.#failure ?? super.error;
	}

	override closing(): string {
		return '';
	}
}

/** @param base the dialect of chat completions */
export function streamTap(base: Dialect, options: { dropUsage: boolean }): StreamTap {
	return new WatsonxTap(base.streamTap(options), (frame) => frameToChat(frame, tryParse(frame.data)));
}
