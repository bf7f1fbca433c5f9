import type { JsonObject } from '../../spec/index.ts';
import { pick } from '../core/ids.ts';
import type { MadeCall, Outcome } from '../core/outcome.ts';
import { evenPieces, streamPieces, wordPieces } from '../core/tokens.ts';
import type { Frame } from '../core/types.ts';
import { finishReason } from './answer.ts';
import { contentParts, toolCall } from './body.ts';
import { logprobsOf } from './logprobs.ts';
import type { Answer } from './style.ts';

const CHARS_PER_TOKEN = 4;
/** Characters of a call's arguments in one delta. */
const ARGUMENT_PIECE = 12;

/** The vendor hides the sizes of its events with noise of 1 to 15 characters. */
const NOISE = 'aK3vQ9xZr7LmT2w';

/** Writes the events of one answer. */
class Writer {
	readonly #answer: Answer;
	readonly #chunks: number | undefined;
	#written = 0;
	#framed = 0;

	constructor(answer: Answer, chunks: number | undefined) {
		this.#answer = answer;
		this.#chunks = chunks;
	}

	#event(chunk: JsonObject, part: Frame['part'], tokens: number, place: 'first' | 'middle' | 'last' = 'middle'): Frame {
		const { id, created, model, marks, includeUsage, obfuscate, style } = this.#answer;
		const plain: JsonObject = { id, object: 'chat.completion.chunk', created, model, ...marks, ...chunk };
		if (includeUsage && style.nullUsage && plain.usage === undefined) plain.usage = null;
		const whole = style.event?.(plain, this.#answer, place) ?? plain;
		if (obfuscate) {
			const seed = `${id}${this.#written++}`;
			whole.obfuscation = NOISE.slice(0, 1 + pick(seed, 15));
		}
		const json = JSON.stringify(whole);
		return { text: style.frame?.(json, this.#framed++) ?? `data: ${json}\n\n`, part, tokens };
	}

	/** One event of one choice. */
	choice(index: number, delta: JsonObject, finish: string | null = null, tokens = 0, logprobs?: JsonObject, met?: string): Frame {
		const { reasons, style, usage } = this.#answer;
		const listed = logprobs === undefined ? (reasons || !style.logprobs ? {} : { logprobs: null }) : { logprobs };
		const stop = style.stopReason && finish !== null ? { stop_reason: met ?? null } : {};
		const choice: JsonObject = { index, delta, ...listed, finish_reason: finish, ...stop };
		const part = finish === null ? (tokens > 0 ? 'delta' : 'start') : 'end';
		const place = delta.role === undefined ? (finish === null ? 'middle' : 'last') : 'first';
		const beside = style.usageAt === 'end' || style.usageAt === 'both';
		const cost = finish !== null && beside ? { usage } : {};
		return this.#event({ choices: [choice], ...cost }, part, tokens, place);
	}

	#opening(outcome: Outcome, index: number): Frame {
		const { style } = this.#answer;
		const content = outcome.calls.length > 0 && outcome.text === '' ? style.callContent : '';
		// Hidden reasoning was spent before the first event.
		const hidden = outcome.reasoning === '' ? outcome.reasoningTokens : 0;
		const delta: JsonObject = { role: 'assistant', content };
		if (style.refusals && content === '') delta.refusal = null;
		return { ...this.choice(index, delta), tokens: hidden };
	}

	#texts(outcome: Outcome, index: number): Frame[] {
		const pieces = streamPieces(outcome.text, this.#chunks);
		const field = outcome.kind === 'refusal' && this.#answer.style.refusals ? 'refusal' : 'content';
		return pieces.map((piece) => {
			const { logprobs } = this.#answer;
			const listed = logprobs === undefined ? undefined : logprobsOf(piece, logprobs);
			return this.choice(index, { [field]: piece }, null, piece.length / CHARS_PER_TOKEN, listed);
		});
	}

	#reasoning(outcome: Outcome, index: number): Frame[] {
		const { reasoning } = this.#answer.style;
		return wordPieces(outcome.reasoning).map((piece) => {
			const delta = reasoning === 'parts' ? { content: contentParts(piece, '') } : { [reasoning]: piece };
			return this.choice(index, delta, null, piece.length / CHARS_PER_TOKEN);
		});
	}

	#legacyCall(call: MadeCall, index: number): Frame[] {
		const pieces = evenPieces(call.input, Math.ceil(call.input.length / ARGUMENT_PIECE));
		const begin = this.choice(
			index,
			{ function_call: { name: call.name, arguments: '' } },
			null,
			call.name.length / CHARS_PER_TOKEN,
		);
		const rest = pieces.map((piece) =>
			this.choice(index, { function_call: { arguments: piece } }, null, piece.length / CHARS_PER_TOKEN),
		);
		return [begin, ...rest];
	}

	#call(call: MadeCall, index: number, position: number): Frame[] {
		if (this.#answer.legacy) return this.#legacyCall(call, index);
		const { calls, indexed } = this.#answer.style;
		const at = indexed ? { index: position } : {};
		if (calls === 'whole') {
			const delta = { tool_calls: [{ ...at, ...toolCall(this.#answer, call, index, position) }] };
			return [this.choice(index, delta, null, (call.name.length + call.input.length) / CHARS_PER_TOKEN)];
		}
		const opened = toolCall(this.#answer, { ...call, input: '' }, index, position);
		const [group, field] = opened.type === 'custom' ? ['custom', 'input'] : ['function', 'arguments'];
		const frames = [this.choice(index, { tool_calls: [{ ...at, ...opened }] }, null, call.name.length / CHARS_PER_TOKEN)];
		for (const piece of evenPieces(call.input, Math.ceil(call.input.length / ARGUMENT_PIECE))) {
			const delta = { tool_calls: [{ ...at, [group]: { [field]: piece } }] };
			frames.push(this.choice(index, delta, null, piece.length / CHARS_PER_TOKEN));
		}
		return frames;
	}

	/** All events of one choice. */
	all(outcome: Outcome, index: number): Frame[] {
		return [
			this.#opening(outcome, index),
			...this.#reasoning(outcome, index),
			...this.#texts(outcome, index),
			...outcome.calls.flatMap((call, position) => this.#call(call, index, position)),
			this.choice(index, {}, finishReason(this.#answer, outcome), 0, undefined, outcome.stop),
		];
	}

	/** Events before the first of an answer. */
	before(): Frame[] {
		const events = this.#answer.style.before?.(this.#answer) ?? [];
		return events.map((event) => ({ text: `data: ${JSON.stringify(event)}\n\n`, part: 'start', tokens: 0 }));
	}

	/** The event that carries the usage. */
	usage(): Frame[] {
		const { includeUsage, style, usage } = this.#answer;
		const told = style.usageAt === 'always' || (includeUsage && style.usageAt !== 'end');
		return told ? [this.#event({ choices: [], usage }, 'end', 0)] : [];
	}
}

/** Takes one from each list in turn. */
function interleaved(lists: Frame[][]): Frame[] {
	const [only] = lists;
	if (lists.length === 1 && only !== undefined) return only;
	const longest = Math.max(...lists.map((frames) => frames.length));
	return Array.from({ length: longest }, (_, at) => lists.flatMap((frames) => frames[at] ?? [])).flat();
}

const DONE: Frame = { text: 'data: [DONE]\n\n', part: 'end', tokens: 0 };

/** The answer as a stream of `chat.completion.chunk` events. `chunks`: into how many deltas to cut the text. */
export function framesOf(answer: Answer, chunks: number | undefined): Frame[] {
	const writer = new Writer(answer, chunks);
	const frames = interleaved(answer.outcomes.map((outcome, index) => writer.all(outcome, index)));
	return [...writer.before(), ...frames, ...writer.usage(), ...(answer.style.endless === true ? [] : [DONE])];
}
