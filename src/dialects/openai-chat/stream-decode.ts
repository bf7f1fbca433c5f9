import { isObject, tryParse } from '../../lib/json.ts';
import {
	type FinishPart,
	type Frame,
	type JsonObject,
	type JsonValue,
	RelaisError,
	type StopReason,
	type StreamDecoder,
	type StreamPart,
	type Usage,
} from '../../spec/index.ts';
import { same } from '../shared/index.ts';
import { errorInBody } from '../shared/openai-errors/index.ts';
import { decodeSources } from './citations.ts';
import { decodeChoiceLogprobs } from './logprobs.ts';
import { DIALECT } from './name.ts';
import { sequenceMet } from './response-decode.ts';
import { decodeStop } from './stop-reason.ts';
import { ToolQueue } from './stream-calls.ts';
import { decodeDelta } from './stream-deltas.ts';
import { DONE, Envelope, QUIET_CHUNK } from './stream-envelope.ts';
import { attach, carrier, isMeaningful, isNews, News, newsChunk } from './stream-news.ts';
import { closeBlock, type State, type Track, textBlock } from './stream-state.ts';
import { usageOf } from './usage.ts';
import { bringsContent, deltaOf } from './visible.ts';

const QUIET_CHOICE: ReadonlySet<string> = new Set(['message', 'text', 'stop_reason', 'matched_stop', 'usage']);
const KNOWN_CHOICE: ReadonlySet<string> = new Set(['index', 'delta', 'finish_reason']);
const QUIET_DELTA: ReadonlySet<string> = new Set(['role', 'index']);

function newTrack(index: number): Track {
	return {
		index,
		open: undefined,
		calls: new ToolQueue(),
		called: false,
		finish: undefined,
		finishExtensions: undefined,
		released: false,
		seenChoice: new Map(),
		seenDelta: new Map(),
	};
}

class ChatStreamDecoder implements StreamDecoder {
	readonly #state: State = { out: [], nextBlock: 0, answer: '' };
	readonly #tracks = new Map<number, Track>();
	readonly #envelope = new Envelope();
	readonly #seen = new Map<string, JsonValue>();
	#usage: Usage | undefined;
	#started = false;
	#over = false;

	push(frame: Frame): StreamPart[] {
		if (this.#over) return [];
		const data = frame.data.trim();
		if (data === '') return frame.event === '' ? [{ type: 'ping' }] : [];
		if (data === DONE) return this.#finish();
		const chunk = tryParse(data);
		if (!isObject(chunk)) throw new RelaisError('provider_protocol', 'The provider sent a chunk that is not a JSON object.');
		this.#state.out = [];
		if (!this.#fails(chunk, frame.event)) this.#chunk(chunk);
		return this.#state.out;
	}

	end(): StreamPart[] {
		return this.#over || !this.#complete() ? [] : this.#finish();
	}

	/** Whether every candidate has its finish reason. */
	#complete(): boolean {
		if (this.#tracks.size === 0) return false;
		for (const track of this.#tracks.values()) if (track.finish === undefined) return false;
		return true;
	}

	/** An error ends the stream, unless the answer was complete: what a vendor adds after that is a remark. */
	#fails(chunk: JsonObject, event: string): boolean {
		const hasChoices = Array.isArray(chunk.choices);
		if (chunk.error === undefined && event !== 'error' && hasChoices) return false;
		if (chunk.error === null || (hasChoices && this.#complete())) return false;
		const error = errorInBody(chunk) ?? (event === 'error' ? errorInBody({ error: chunk }) : undefined);
		if (error === undefined) return false;
		this.#over = true;
		this.#state.out.push({ type: 'error', error });
		return true;
	}

	#chunk(chunk: JsonObject): void {
		const choices = Array.isArray(chunk.choices) ? chunk.choices : [];
		// What follows the finish without content (usage, mostly) comes after it.
		if (this.#complete() && !choices.some(bringsContent)) this.#release();
		const from = this.#state.out.length;
		if (!this.#started) {
			const early = choices.length === 0 && !isObject(chunk.usage) && (chunk.id === '' || chunk.id === undefined);
			if (early) {
				this.#envelope.hold(chunk);
				return;
			}
			this.#start(chunk);
		}
		const news = new News();
		const usage = usageOf(chunk);
		this.#noteChunk(chunk, usage !== undefined, news);
		let finishing: Track | undefined;
		for (const choice of choices) {
			if (!isObject(choice)) continue;
			const track = this.#choice(choice, news);
			if (track !== undefined) finishing = track;
		}
		this.#sources(chunk, news);
		this.#report(usage);
		this.#deliver(news, from, finishing);
	}

	#start(chunk: JsonObject): void {
		this.#started = true;
		const part = this.#envelope.start(chunk, this.#seen);
		this.#state.answer = part.id ?? String(part.createdAt ?? 0);
		this.#state.out.push(part);
	}

	#noteChunk(chunk: JsonObject, used: boolean, news: News): void {
		for (const key in chunk) {
			const value = chunk[key];
			if (value === undefined || key === 'choices' || (key === 'usage' && used && value !== null)) continue;
			if (this.#envelope.has(key)) {
				if (this.#envelope.changes(key, value)) news.envelope(key, value);
			} else if (isNews(this.#seen, key, value)) news.chunk(key, value, QUIET_CHUNK.has(key));
		}
	}

	#track(index: number): Track {
		const known = this.#tracks.get(index);
		if (known !== undefined) return known;
		const track = newTrack(index);
		this.#tracks.set(index, track);
		return track;
	}

	/** Reads a choice; returns its track when the choice brought the finish reason. */
	#choice(choice: JsonObject, ofChunk: News): Track | undefined {
		const { out } = this.#state;
		const from = out.length;
		const index = typeof choice.index === 'number' ? choice.index : 0;
		const track = this.#track(index);
		const delta = deltaOf(choice);
		const left = decodeDelta(delta, this.#state, track);
		const news = new News();
		for (const key of left ?? []) {
			const value = delta[key];
			if (value === undefined || !isNews(track.seenDelta, key, value)) continue;
			news.inside('delta', key, value, QUIET_DELTA.has(key) || value === '');
		}
		const logprobs = this.#logprobs(choice, from, news);
		const finished = this.#noteFinish(choice, track);
		for (const key in choice) {
			const value = choice[key];
			if (value === undefined || KNOWN_CHOICE.has(key) || (key === 'logprobs' && logprobs)) continue;
			if (isNews(track.seenChoice, key, value)) news.inside('choice', key, value, QUIET_CHOICE.has(key));
		}
		if (news.fields === undefined) return finished ? track : undefined;
		const alone = this.#tracks.size === 1 && index === 0;
		if (alone) ofChunk.add(news.fields);
		else this.#deliverTo(news.fields, from, track, finished);
		return finished ? track : undefined;
	}

	/** Log-probabilities go with the text they are of; without any, they stay with the choice. */
	#logprobs(choice: JsonObject, from: number, news: News): boolean {
		const read = decodeChoiceLogprobs(choice.logprobs);
		const tokens = read?.content ?? read?.refusal;
		if (tokens === undefined) return false;
		const { out } = this.#state;
		const part = out.findLast((each, index) => index >= from && each.type === 'text-delta');
		if (part?.type !== 'text-delta' || choice.logprobs === undefined) return false;
		part.logprobs = tokens;
		news.mark('$logprobs', choice.logprobs);
		return true;
	}

	/** The first finish reason counts; it is passed on at the end, because content may still follow it. */
	#noteFinish(choice: JsonObject, track: Track): boolean {
		const word = choice.finish_reason;
		if (typeof word !== 'string' || word === '' || track.finish !== undefined) return false;
		track.finish = { word, met: sequenceMet(choice) };
		return true;
	}

	/** Sources listed beside the answer become citations of its text when they are first seen. */
	#sources(chunk: JsonObject, news: News): void {
		const { $form: listed, delta } = news.fields ?? {};
		const isListed = isObject(listed) && (listed.search_results !== undefined || listed.citations !== undefined);
		if (!isListed && !(isObject(delta) && delta.context !== undefined)) return;
		const track = this.#tracks.get(0);
		if (track === undefined) return;
		const citations = decodeSources(chunk);
		if (citations.length === 0) return;
		const block = textBlock(this.#state, track, 'text');
		for (const citation of citations) this.#state.out.push({ type: 'citation', block, citation });
	}

	#report(usage: Usage | undefined): void {
		if (usage === undefined || (this.#usage !== undefined && same(usage, this.#usage))) return;
		this.#usage = usage;
		this.#state.out.push({ type: 'usage', usage });
	}

	#deliver(news: News, from: number, finishing: Track | undefined): void {
		if (news.fields === undefined) return;
		const part = carrier(this.#state.out, from);
		if (part !== undefined) attach(part, news.fields);
		else if (finishing !== undefined && this.#complete()) this.#atFinish(finishing, news.fields);
		else this.#event(news.fields, 0);
	}

	#deliverTo(fields: JsonObject, from: number, track: Track, finished: boolean): void {
		const part = carrier(this.#state.out, from);
		if (part !== undefined) attach(part, fields);
		else if (finished && this.#complete()) this.#atFinish(track, fields);
		else this.#event(fields, track.index);
	}

	#atFinish(track: Track, fields: JsonObject): void {
		track.finishExtensions = { extensions: { [DIALECT]: { ...track.finishExtensions?.extensions?.[DIALECT], ...fields } } };
	}

	#event(fields: JsonObject, index: number): void {
		const data = newsChunk(fields, index);
		this.#state.out.push({ type: 'vendor-event', dialect: DIALECT, data, meaningful: isMeaningful(fields) });
	}

	/** Closes the candidates, each with its finish reason. */
	#release(): void {
		const tracks = [...this.#tracks.values()].sort((a, b) => a.index - b.index);
		for (const track of tracks) {
			track.calls.flush(this.#state, track);
			closeBlock(this.#state, track);
			if (track.released) continue;
			track.released = true;
			const part: FinishPart = { type: 'finish', candidate: track.index, stop: stopOf(track) };
			this.#state.out.push({ ...part, ...track.finishExtensions });
		}
	}

	/** Everything still owed, and the end. */
	#finish(): StreamPart[] {
		if (this.#tracks.size === 0) throw new RelaisError('provider_protocol', 'The provider ended the stream without an answer.');
		this.#over = true;
		this.#state.out = [];
		this.#release();
		this.#state.out.push({ type: 'end' });
		return this.#state.out;
	}
}

function stopOf(track: Track): StopReason {
	if (track.finish === undefined) return { kind: track.called ? 'tool_calls' : 'stop' };
	return decodeStop(track.finish.word, track.called, track.finish.met);
}

/** A decoder for one streamed answer. */
export function streamDecoder(): StreamDecoder {
	return new ChatStreamDecoder();
}
