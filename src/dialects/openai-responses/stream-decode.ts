import { isObject, put, tryParse } from '../../lib/json.ts';
import {
	type ContentPart,
	type Frame,
	type JsonObject,
	RelaisError,
	type StreamDecoder,
	type StreamPart,
} from '../../spec/index.ts';
import { extend, own, table } from '../shared/index.ts';
import { errorInBody } from '../shared/openai-errors/index.ts';
import { decodeAnnotation } from './citations.ts';
import { decodeItem } from './items-decode.ts';
import { DIALECT } from './name.ts';
import { decodeEnvelope, failureOf } from './response-decode.ts';
import { type Sink, tellWhole } from './stream-blocks.ts';
import { blockOf, type OpenItem, openItem, wholeParts } from './stream-items.ts';

/** An end mark that gateways add, which this dialect has no need of. */
const DONE = '[DONE]';

/** The error of an `error` event: nested, or its members on the event itself. */
export function errorOf(event: JsonObject): RelaisError {
	const nested = isObject(event.error) ? event : { error: { ...event, type: event.code ?? 'server_error' } };
	return errorInBody(nested) ?? new RelaisError('provider_error', 'The provider reported an error.', { providerBody: event });
}

type Handler = (event: JsonObject, type: string) => void;

class ResponsesStreamDecoder implements StreamDecoder {
	readonly #sink: Sink = { out: [], nextBlock: 0 };
	readonly #open = new Map<number, OpenItem>();
	/** Items told as a whole that were announced, by the vendor's index. */
	readonly #announced = new Set<number>();
	/** Items that are whole. */
	readonly #told = new Set<number>();
	readonly #content: ContentPart[] = [];
	#started = false;
	#over = false;

	readonly #handlers = table<Handler>({
		'response.created': (event, type) => this.#begin(event, type),
		'response.queued': (event, type) => this.#begin(event, type),
		'response.in_progress': (event, type) => this.#begin(event, type),
		'response.output_item.added': (event, type) => this.#added(event, type),
		'response.output_item.done': (event) => this.#done(event),
		'response.output_text.annotation.added': (event, type) => this.#annotation(event, type),
		'response.completed': (event) => this.#finish(event),
		'response.incomplete': (event) => this.#finish(event),
		'response.failed': (event) => this.#fail(isObject(event.response) ? failureOf(event.response) : undefined, event),
		'response.cancelled': (event) => this.#finish(event),
		error: (event) => this.#fail(errorOf(event), event),
		keepalive: (event) => this.#sink.out.push({ type: 'ping', ...extend(DIALECT, { $event: event }) }),
	});

	push(frame: Frame): StreamPart[] {
		if (this.#over) return [];
		const data = frame.data.trim();
		if (data === '') return frame.event === '' ? [{ type: 'ping' }] : [];
		if (data === DONE) return [];
		const event = tryParse(data);
		if (!isObject(event)) throw new RelaisError('provider_protocol', 'The provider sent an event that is not a JSON object.');
		const type = typeof event.type === 'string' ? event.type : frame.event;
		this.#sink.out = [];
		const handler = this.#handlers[type];
		if (handler !== undefined) handler(event, type);
		else this.#about(event, type);
		return this.#sink.out;
	}

	end(): StreamPart[] {
		return [];
	}

	#begin(event: JsonObject, type: string): void {
		if (this.#started) this.#vendor(event, type);
		else this.#start(isObject(event.response) ? event.response : {}, type);
	}

	#start(response: JsonObject, type: string): void {
		this.#started = true;
		const { candidates: _, usage: _usage, ...identity } = decodeEnvelope(response, []);
		const left = { ...own(identity, DIALECT), $first: type };
		this.#sink.out.push({ type: 'start', ...identity, ...extend(DIALECT, left) });
	}

	#vendor(event: JsonObject, type: string): void {
		const meaningful = type.startsWith('response.audio');
		this.#sink.out.push({ type: 'vendor-event', dialect: DIALECT, event: type, data: event, meaningful });
	}

	/** An event about an item, or one that is not known. */
	#about(event: JsonObject, type: string): void {
		const item = typeof event.output_index === 'number' ? this.#open.get(event.output_index) : undefined;
		if (item?.event(type, event) === true) return;
		if (event.type === undefined && event.error !== undefined) this.#fail(errorOf(event), event);
		else this.#vendor(event, type);
	}

	#added(event: JsonObject, type: string): void {
		if (!this.#started) this.#start({}, 'response.created');
		const { item, output_index: at } = event;
		if (!isObject(item) || typeof at !== 'number') {
			this.#vendor(event, type);
			return;
		}
		const open = openItem(this.#sink, item);
		if (open !== undefined) this.#open.set(at, open);
		else {
			this.#announced.add(at);
			this.#vendor(event, type);
		}
	}

	#done(event: JsonObject): void {
		const { item, output_index: at } = event;
		if (!isObject(item)) return;
		const place = typeof at === 'number' ? at : this.#told.size;
		const open = this.#open.get(place);
		this.#told.add(place);
		if (open === undefined) this.#whole(item, this.#announced.has(place) ? place : undefined);
		else {
			const parts = decodeItem(item, 'item', true);
			this.#content.push(...parts);
			open.done(parts);
			this.#open.delete(place);
		}
	}

	#whole(item: JsonObject, announced: number | undefined): void {
		if (!this.#started) this.#start({}, 'response.created');
		for (const part of wholeParts(item, announced)) {
			this.#content.push(part);
			tellWhole(this.#sink, part);
		}
	}

	#annotation(event: JsonObject, type: string): void {
		const item = typeof event.output_index === 'number' ? this.#open.get(event.output_index) : undefined;
		const block = blockOf(item);
		if (block === undefined || !isObject(event.annotation)) this.#vendor(event, type);
		else this.#sink.out.push({ type: 'citation', block, citation: decodeAnnotation(event.annotation) });
	}

	/** Everything still owed, and the end. What the final object has beyond what was streamed is told at once. */
	#finish(event: JsonObject): void {
		const response = isObject(event.response) ? event.response : {};
		if (!this.#started) this.#start({ ...response, status: 'in_progress', usage: null, output: [] }, 'response.created');
		const output = Array.isArray(response.output) ? response.output.filter(isObject) : [];
		for (const [place, open] of this.#open) {
			const final = output[place];
			const parts = final === undefined ? [] : decodeItem(final, 'item', true);
			this.#content.push(...parts);
			open.done(parts);
			this.#told.add(place);
		}
		for (const item of output.slice(this.#told.size)) this.#whole(item, undefined);
		const { candidates, usage, ...identity } = decodeEnvelope(response, this.#content);
		if (usage !== undefined) this.#sink.out.push({ type: 'usage', usage });
		const stop = candidates[0]?.stop ?? { kind: 'stop' };
		const final: JsonObject = {};
		for (const key of ['id', 'model', 'created_at', 'service_tier']) {
			if (response[key] !== undefined) put(final, key, response[key]);
		}
		const left = { ...own(identity, DIALECT), $final: final, $output: output };
		this.#sink.out.push({ type: 'finish', candidate: 0, stop, ...extend(DIALECT, left) }, { type: 'end' });
		this.#over = true;
	}

	#fail(error: RelaisError | undefined, event: JsonObject): void {
		this.#over = true;
		const failure = error ?? new RelaisError('provider_error', 'The provider failed to answer.', { providerBody: event });
		this.#sink.out.push({ type: 'error', error: failure });
	}
}

/** A decoder for one streamed answer. */
export function streamDecoder(): StreamDecoder {
	return new ResponsesStreamDecoder();
}
