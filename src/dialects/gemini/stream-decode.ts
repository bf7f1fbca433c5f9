import { isObject, tryParse } from '../../lib/json.ts';
import type { ContentPart, Frame, JsonObject, StreamDecoder, StreamPart } from '../../spec/index.ts';
import { asAnswer, extend, Fields, leftovers, protocol, read } from '../shared/index.ts';
import { CallBook } from './call-book.ts';
import { DIALECT, withMarks } from './dialect.ts';
import { decodeErrorBody } from './errors-decode.ts';
import { decodeLogprobs } from './logprobs.ts';
import { decodePart } from './part-decode.ts';
import { PartialCall } from './partial-call.ts';
import { decodeHead, isCall, keepQuiet, searchCount, seedOf, withSearches } from './response-decode.ts';
import { listed } from './spelling.ts';
import { decodeBlock, decodeStop } from './stop-reason.ts';
import { cite, close, type Told, takeCitations } from './stream-told.ts';
import { decodeUsage, mergeUsage } from './usage.ts';

/** Reads the pieces of one streamed answer. Each is an answer of its own form, with what is new in it. */
export function streamDecoder(): StreamDecoder {
	return new GeminiStreamDecoder();
}

class GeminiStreamDecoder implements StreamDecoder {
	#started = false;
	#done = false;
	#blocked = false;
	#seed = '';
	#nextBlock = 0;
	#usage: JsonObject | undefined;
	#searches = 0;
	readonly #told = new Map<number, Told>();

	push(frame: Frame): StreamPart[] {
		const out: StreamPart[] = [];
		if (this.#done || frame.data === '' || frame.data === '[DONE]') return out;
		const chunk = tryParse(frame.data);
		if (!isObject(chunk)) throw protocol(`A piece of the stream is no JSON object: ${frame.data.slice(0, 100)}`);
		asAnswer(() => this.#chunk(chunk, out));
		return out;
	}

	/** There is no end mark: an answer is whole when every candidate has said why it ended. */
	end(): StreamPart[] {
		const out: StreamPart[] = [];
		if (this.#done) return out;
		this.#done = true;
		for (const told of this.#told.values()) close(told, out);
		const whole = this.#told.size > 0 && [...this.#told.values()].every((told) => told.finished);
		if (whole || this.#blocked) out.push({ type: 'end' });
		return out;
	}

	#chunk(chunk: JsonObject, out: StreamPart[]): void {
		if (isObject(chunk.error)) {
			this.#done = true;
			out.push({ type: 'error', error: decodeErrorBody(chunk) });
			return;
		}
		if (!this.#started) this.#start(chunk, out);
		const candidates = Array.isArray(chunk.candidates) ? chunk.candidates.filter(isObject) : [];
		this.#searches += searchCount(candidates);
		for (const [index, candidate] of candidates.entries()) this.#candidate(candidate, index, out);
		const stop = isObject(chunk.promptFeedback) ? decodeBlock(chunk.promptFeedback) : undefined;
		if (stop !== undefined && candidates.length === 0 && !this.#blocked) {
			this.#blocked = true;
			out.push({ type: 'finish', candidate: 0, stop });
		}
		if (!isObject(chunk.usageMetadata)) return;
		this.#usage = mergeUsage(this.#usage, chunk.usageMetadata);
		out.push({ type: 'usage', usage: withSearches(decodeUsage(this.#usage), this.#searches) });
	}

	#start(chunk: JsonObject, out: StreamPart[]): void {
		this.#started = true;
		this.#seed = seedOf(chunk);
		const { head, fields } = decodeHead(chunk);
		fields.drop('candidates');
		const marks: JsonObject = { $own: true, $feedback: chunk.promptFeedback, $created: chunk.createTime };
		out.push({ type: 'start', ...head, ...extend(DIALECT, withMarks(fields.rest(), marks)) });
	}

	#candidate(wire: JsonObject, place: number, out: StreamPart[]): void {
		const index = typeof wire.index === 'number' ? wire.index : place;
		const told = this.#toldOf(index);
		const fields = new Fields(wire, `candidates[${place}]`, true);
		fields.drop('index');
		const content = fields.take('content', read.object);
		const parts = content === undefined ? [] : (new Fields(content, fields.at('content'), true).take('parts', listed) ?? []);
		const tell = (part: JsonObject | undefined): void => {
			if (part !== undefined) this.#part(decodePart(part, 'part', 'answer', told.book), index, told, out);
		};
		for (const part of parts) tell(told.partial.take(part));
		if (wire.finishReason !== undefined) tell(told.partial.flush());
		takeLogprobs(fields, told, out);
		takeCitations(fields, told);
		this.#rest(fields, wire, index, out);
		const stop = decodeStop(wire, told.calls);
		if (stop === undefined || told.finished) return;
		told.finished = true;
		cite(told, () => this.#openWords('text', index, told, out), out);
		close(told, out);
		out.push({ type: 'finish', candidate: index, stop });
	}

	#toldOf(index: number): Told {
		const there = this.#told.get(index);
		if (there !== undefined) return there;
		const book = new CallBook(`${this.#seed} ${index}`);
		const told: Told = {
			book,
			partial: new PartialCall(),
			open: undefined,
			texts: [],
			calls: false,
			finished: false,
			citations: [],
		};
		this.#told.set(index, told);
		return told;
	}

	/** What a piece says of its candidate besides content and end goes on to clients of this dialect as it is. */
	#rest(fields: Fields, wire: JsonObject, index: number, out: StreamPart[]): void {
		fields.drop('finishReason');
		fields.drop('finishMessage');
		keepQuiet(fields);
		const rest = fields.rest();
		const said: JsonObject = { index };
		for (const key in wire) if (!SAID.has(key)) said[key] = wire[key];
		if (Object.keys(said).length === 1) return;
		const lost = rest === undefined ? [] : Object.keys(rest).filter((key) => key !== '$form');
		const event = lost.length === 0 ? 'candidate' : lost.join(', ');
		out.push({ type: 'vendor-event', dialect: DIALECT, event, data: said, meaningful: lost.length > 0 });
	}

	#part(part: ContentPart, candidate: number, told: Told, out: StreamPart[]): void {
		told.calls ||= isCall(part);
		if (part.type === 'text' || part.type === 'reasoning') {
			this.#words(part, candidate, told, out);
			return;
		}
		close(told, out);
		const block = this.#nextBlock++;
		if (part.type === 'tool-call') {
			out.push({ type: 'block-start', block, candidate, content: { ...part, input: '' } });
			if (part.input !== '') out.push({ type: 'tool-input-delta', block, input: part.input });
		} else out.push({ type: 'block-start', block, candidate, content: part });
		out.push({ type: 'block-end', block });
	}

	/** Text and reasoning go on in the open block of their kind, but not behind a signature: it does not cover what follows. */
	#words(part: Extract<ContentPart, { type: 'text' | 'reasoning' }>, candidate: number, told: Told, out: StreamPart[]): void {
		const text = part.text ?? '';
		const signed = part.signature !== undefined || (part.type === 'reasoning' && part.encrypted !== undefined);
		if (text === '' && !signed) return;
		const there = told.open?.type === part.type && !told.open.signed ? told.open.block : undefined;
		const block = there ?? this.#openWords(part.type, candidate, told, out);
		const signature = part.signature === undefined ? {} : { signature: part.signature };
		const { $thought: _, ...kept } = part.extensions?.[DIALECT] ?? {};
		const extensions = extend(DIALECT, leftovers(kept, NONE));
		if (part.type === 'reasoning') out.push({ type: 'reasoning-delta', block, text, ...signature, ...extensions });
		else {
			const last = told.texts.at(-1);
			if (last !== undefined) last.text += text;
			out.push({ type: 'text-delta', block, text, ...signature, ...extensions });
		}
		told.open = { block, type: part.type, signed };
	}

	/** Opens a block of text or reasoning in place of the one that is open; returns its number. */
	#openWords(type: 'text' | 'reasoning', candidate: number, told: Told, out: StreamPart[]): number {
		close(told, out);
		const block = this.#nextBlock++;
		told.open = { block, type, signed: false };
		const content: ContentPart =
			type === 'text' ? { type, text: '' } : { type, text: '', ...extend(DIALECT, { $thought: true }) };
		out.push({ type: 'block-start', block, candidate, content });
		if (type === 'text') told.texts.push({ block, text: '' });
		return block;
	}
}

const NONE: ReadonlySet<string> = new Set();
/** Members of a candidate that parts of the stream tell. */
const SAID: ReadonlySet<string> = new Set(['index', 'content', 'finishReason', 'finishMessage']);

/** Log-probabilities belong to the text that is being told. */
function takeLogprobs(fields: Fields, told: Told, out: StreamPart[]): void {
	const wire = fields.take('logprobsResult', read.object);
	const block = told.open?.type === 'text' ? told.open.block : undefined;
	if (wire !== undefined && block !== undefined)
		out.push({ type: 'text-delta', block, text: '', logprobs: decodeLogprobs(wire) });
}
