import type { JsonObject } from '../../spec/index.ts';
import { objects } from '../core/json.ts';
import { countTokens, evenPieces, wordPieces } from '../core/tokens.ts';
import type { Frame } from '../core/types.ts';
import { type Answer, type Candidate, outputTokens } from './answer.ts';
import { blockedBody, ending, logprobsOf, usageMetadata } from './body.ts';

const CHARS_PER_TOKEN = 4;
/** Words that the vendor sends at once. */
const WORDS = 2;

/** How objects of a stream are put on the wire. `last`: nothing follows. */
export type Framing = (value: JsonObject, index: number, last: boolean) => string;

/** An object of a stream before it is framed. */
interface Chunk {
	value: JsonObject;
	part: Frame['part'];
	tokens: number;
}

function grouped(pieces: string[]): string[] {
	const groups: string[] = [];
	for (let at = 0; at < pieces.length; at += WORDS) groups.push(pieces.slice(at, at + WORDS).join(''));
	return groups;
}

/** Writes the objects of one answer, counting as it goes. */
class Writer {
	readonly #answer: Answer;
	readonly #pieces: number | undefined;
	readonly #chunks: Chunk[] = [];
	#said = 0;
	#thoughts = 0;

	constructor(answer: Answer, pieces: number | undefined) {
		this.#answer = answer;
		this.#pieces = pieces;
	}

	#put(one: Candidate, part: JsonObject | undefined, more: JsonObject, kind: Frame['part'], tokens: number): void {
		const content: JsonObject = part === undefined ? { role: 'model' } : { parts: [part], role: 'model' };
		const blocked = part === undefined && more.finishReason === 'SAFETY';
		const value: JsonObject = {
			candidates: [{ ...(blocked ? {} : { content }), ...more, index: one.index }],
			usageMetadata: usageMetadata(this.#answer, Math.ceil(this.#said), Math.ceil(this.#thoughts)),
			modelVersion: this.#answer.model.id,
			responseId: this.#answer.id,
		};
		this.#chunks.push({ value, part: kind, tokens });
	}

	#thought(one: Candidate): void {
		const { reasoning, reasoningTokens } = one.outcome;
		for (const piece of grouped(wordPieces(reasoning))) {
			this.#put(one, { text: piece, thought: true }, {}, 'delta', piece.length / CHARS_PER_TOKEN);
		}
		this.#thoughts += reasoningTokens;
	}

	#texts(one: Candidate): void {
		const { text } = one.outcome;
		const { logprobs } = this.#answer;
		const pieces = this.#pieces === undefined ? grouped(wordPieces(text)) : evenPieces(text, this.#pieces);
		for (const piece of pieces) {
			this.#said += piece.length / CHARS_PER_TOKEN;
			const listed = logprobs === undefined ? {} : logprobsOf(piece, logprobs);
			this.#put(one, { text: piece }, listed, 'delta', piece.length / CHARS_PER_TOKEN);
		}
	}

	#calls(one: Candidate): void {
		for (const [position, call] of one.calls.entries()) {
			const made = one.outcome.calls[position];
			const tokens = made === undefined ? 0 : countTokens(made.name) + countTokens(made.input);
			this.#said += tokens;
			this.#put(one, call, {}, 'delta', tokens);
		}
	}

	/** Puts the end of an answer into its last object. */
	#end({ value, tokens }: Chunk, last: JsonObject): void {
		const candidates = objects(value.candidates).map(({ index = 0, ...rest }) => ({ ...rest, ...last, index }));
		const usage = usageMetadata(this.#answer, Math.ceil(this.#said), Math.ceil(this.#thoughts));
		this.#chunks.push({ value: { ...value, candidates, usageMetadata: usage }, part: 'end', tokens });
	}

	/** All objects of one candidate. */
	candidate(one: Candidate): void {
		const before = this.#chunks.length;
		this.#thought(one);
		this.#texts(one);
		this.#calls(one);
		const { outputTokens: all, reasoningTokens, reasoning } = one.outcome;
		// Hidden thinking was spent before the first object.
		const first = this.#chunks[before];
		if (first !== undefined) first.tokens += Math.max(0, reasoningTokens - reasoning.length / CHARS_PER_TOKEN);
		if (one.index === this.#answer.candidates.length - 1) {
			const sums = outputTokens(this.#answer);
			this.#said = sums.output - sums.thoughts;
		}
		const last = ending(one, this.#answer);
		const signed = one.textSignature === undefined ? {} : { thoughtSignature: one.textSignature };
		const silent = all === reasoningTokens || one.finishReason === 'SAFETY';
		const latest = this.#chunks.at(-1);
		// Older models end with the last words, newer ones with an empty text behind them.
		if (this.#answer.model.generation < 3 && !silent && latest !== undefined) {
			this.#chunks.pop();
			this.#end(latest, last);
			return;
		}
		this.#put(one, silent ? undefined : { text: '', ...signed }, last, 'end', 0);
	}

	/** All objects. */
	all(): Chunk[] {
		if (this.#answer.blocked) return [{ value: blockedBody(this.#answer), part: 'end', tokens: 0 }];
		for (const one of this.#answer.candidates) this.candidate(one);
		return this.#chunks;
	}
}

/** The answer as a stream. `pieces`: into how many deltas to cut the text. */
export function framesOf(answer: Answer, pieces: number | undefined, framing: Framing): Frame[] {
	const chunks = new Writer(answer, pieces).all();
	return chunks.map(({ value, part, tokens }, index) => ({
		text: framing(value, index, index === chunks.length - 1),
		part,
		tokens,
	}));
}
