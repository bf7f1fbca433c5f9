import { isObject, tryParse } from '../../lib/json.ts';
import type { Extensions, Frame, JsonObject, StreamDecoder, StreamPart } from '../../spec/index.ts';
import { asAnswer, extend, Fields, FORM, keepInside, protocol, read, unsealReasoning, withMarks } from '../shared/index.ts';
import { CallBook } from './call-book.ts';
import { DIALECT } from './dialect.ts';
import { decodeErrorBody } from './errors.ts';
import { decodeLogprobs } from './logprobs.ts';
import { decodeCall, takeImages } from './message-decode.ts';
import { seedOf, takeHead } from './response-decode.ts';
import { holdsSeal } from './seals.ts';
import { decodeStop } from './stop-reason.ts';
import { decodeUsage } from './usage.ts';

/** Reads the lines of one streamed answer. */
export function streamDecoder(): StreamDecoder {
	const reader = new LineReader();
	return {
		push: (frame) => asAnswer(() => reader.push(frame)),
		// Nothing but the last line says that an answer is whole.
		end: () => [],
	};
}

class LineReader {
	#out: StreamPart[] = [];
	#started = false;
	#done = false;
	#calls = false;
	#open: 'text' | 'reasoning' | undefined;
	#next = 0;
	#book = new CallBook();
	/** What a line keeps goes to the first part made of it. */
	#kept: { extensions?: Extensions } = {};

	push(frame: Frame): StreamPart[] {
		this.#out = [];
		if (!this.#done && frame.data.trim() !== '') this.#line(frame.data);
		return this.#out;
	}

	#line(data: string): void {
		const line = tryParse(data);
		if (!isObject(line)) throw protocol(`A line of the stream is no JSON object: ${data.slice(0, 100)}`);
		if (line.error !== undefined) {
			this.#done = true;
			this.#out.push({ type: 'error', error: decodeErrorBody(line) });
			return;
		}
		const { fields, head, marks } = takeHead(line);
		if (!this.#started) this.#start(line, head, marks);
		this.#message(line, fields, marks);
	}

	#start(line: JsonObject, head: object, marks: JsonObject): void {
		this.#started = true;
		this.#book = new CallBook(seedOf(line));
		this.#out.push({ type: 'start', ...head, ...extend(DIALECT, { ...marks }) });
	}

	#message(line: JsonObject, fields: Fields, marks: JsonObject): void {
		const message = new Fields(isObject(line.message) ? line.message : {}, 'message', true);
		const logprobs = decodeLogprobs(line.logprobs);
		const content = message.take('content', read.string);
		const thinking = message.take('thinking', read.string);
		message.drop('role');
		if (logprobs !== undefined) fields.drop('logprobs');
		if (thinking === '') message.keep('thinking');
		const images = takeImages(message);
		const calls = message.take('tool_calls', read.arrayOf(read.object)) ?? [];
		if (calls.length === 0) message.leave('tool_calls');
		if (Array.isArray(message.wire.seals)) message.drop('seals');
		const kept: JsonObject = { ...fields.rest(), $created: marks.$created };
		keepInside(kept, 'message', message.rest());
		this.#kept = extend(DIALECT, withMarks(undefined, kept));
		const before = this.#out.length;
		if (thinking !== undefined && thinking !== '') this.#delta('reasoning', thinking);
		this.#seals(message.wire);
		if ((content !== undefined && content !== '') || logprobs !== undefined)
			this.#delta('text', content ?? '', logprobs === undefined ? {} : { logprobs });
		for (const image of images) this.#whole(image);
		for (const call of calls) this.#call(call);
		if (line.done === true) this.#end(line, kept, content === undefined);
		else if (this.#out.length === before) this.#blank(line, kept);
	}

	/** A line that brings no content is repeated as it is. */
	#blank(line: JsonObject, kept: JsonObject): void {
		const meaningful = Object.keys(kept).some((key) => key !== FORM && key !== '$created');
		this.#out.push({ type: 'vendor-event', dialect: DIALECT, data: line, ...(meaningful ? { meaningful } : {}) });
	}

	#takeKept(): { extensions?: Extensions } {
		const kept = this.#kept;
		this.#kept = {};
		return kept;
	}

	#enter(kind: 'text' | 'reasoning'): number {
		if (this.#open !== kind) {
			this.#close();
			this.#open = kind;
			const content = kind === 'text' ? { type: kind, text: '' } : { type: kind };
			this.#out.push({ type: 'block-start', block: this.#next++, candidate: 0, content });
		}
		return this.#next - 1;
	}

	#delta(kind: 'text' | 'reasoning', text: string, more: object = {}): void {
		const block = this.#enter(kind);
		this.#out.push({ type: `${kind}-delta`, block, text, ...more, ...this.#takeKept() });
	}

	/** What Relais sealed for another vendor, where one Relais speaks to another. */
	#seals({ seals }: JsonObject): void {
		if (!Array.isArray(seals)) return;
		const last = seals.findLast(holdsSeal);
		if (!isObject(last) || typeof last.seal !== 'string') return;
		const { signature, encrypted } = unsealReasoning(last.seal, '');
		if (signature === undefined && encrypted === undefined) return;
		const proofs = { ...(signature === undefined ? {} : { signature }), ...(encrypted === undefined ? {} : { encrypted }) };
		this.#out.push({ type: 'reasoning-delta', block: this.#enter('reasoning'), ...proofs, ...this.#takeKept() });
		this.#close();
	}

	#whole(content: Extract<StreamPart, { type: 'block-start' }>['content']): void {
		this.#close();
		const block = this.#next++;
		this.#out.push({ type: 'block-start', block, candidate: 0, content, ...this.#takeKept() }, { type: 'block-end', block });
	}

	#call(wire: JsonObject): void {
		this.#close();
		this.#calls = true;
		const { input, ...call } = decodeCall(wire, 'message.tool_calls', true, this.#book);
		const block = this.#next++;
		this.#out.push({ type: 'block-start', block, candidate: 0, content: { ...call, input: '' }, ...this.#takeKept() });
		this.#out.push({ type: 'tool-input-delta', block, input }, { type: 'block-end', block });
	}

	#close(): void {
		if (this.#open === undefined) return;
		this.#open = undefined;
		this.#out.push({ type: 'block-end', block: this.#next - 1 });
	}

	#end(line: JsonObject, kept: JsonObject, contentless: boolean): void {
		this.#close();
		this.#done = true;
		const marks = { ...kept, $content: contentless ? 'none' : undefined };
		const stop = decodeStop(line.done_reason, this.#calls);
		this.#out.push({ type: 'finish', candidate: 0, stop, ...extend(DIALECT, withMarks(undefined, marks)) });
		this.#out.push({ type: 'usage', usage: decodeUsage(line) }, { type: 'end' });
	}
}
