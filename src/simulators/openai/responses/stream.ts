import type { JsonObject } from '../../../spec/index.ts';
import { pick } from '../../core/ids.ts';
import { evenPieces, streamPieces, wordPieces } from '../../core/tokens.ts';
import type { Frame } from '../../core/types.ts';
import { obfuscates } from './answer.ts';
import { contentPart, listedLogprobs, outputItem, phaseOf, responseObject } from './body.ts';
import type { Answer, CallItem, MessageItem, OutputItem, ReasoningItem, SearchItem } from './types.ts';

const CHARS_PER_TOKEN = 4;
/** Characters of a call's arguments in one delta. */
const INPUT_PIECE = 12;
/** The vendor hides the sizes of its deltas with noise of 1 to 15 characters. */
const NOISE = 'aK3vQ9xZr7LmT2w';

/** Writes the events of one answer, numbered. */
class Writer {
	readonly #answer: Answer;
	readonly #chunks: number | undefined;
	readonly #obfuscates: boolean;
	readonly #frames: Frame[] = [];

	constructor(answer: Answer, chunks: number | undefined) {
		this.#answer = answer;
		this.#chunks = chunks;
		this.#obfuscates = obfuscates(answer.request);
	}

	#event(type: string, fields: JsonObject, part: Frame['part'] = 'start', tokens = 0): void {
		const data = JSON.stringify({ type, ...fields, sequence_number: this.#frames.length });
		this.#frames.push({ text: `event: ${type}\ndata: ${data}\n\n`, part, tokens });
	}

	#delta(type: string, place: JsonObject, piece: string, more: JsonObject = {}): void {
		const noise = NOISE.slice(0, 1 + pick(`${this.#answer.id}${this.#frames.length}`, 15));
		// Refusals come without.
		const hidden = this.#obfuscates && !type.startsWith('response.refusal') ? { obfuscation: noise } : {};
		this.#event(type, { ...place, delta: piece, ...more, ...hidden }, 'delta', piece.length / CHARS_PER_TOKEN);
	}

	#lifecycle(type: string, status: string, part: Frame['part'], tokens = 0): void {
		this.#event(type, { response: responseObject(this.#answer, status) }, part, tokens);
	}

	#added(item: JsonObject, index: number): void {
		this.#event('response.output_item.added', { item, output_index: index });
	}

	#done(item: OutputItem, index: number): void {
		this.#event('response.output_item.done', { item: outputItem(this.#answer, item, 'done'), output_index: index });
	}

	#reasoning(item: ReasoningItem, index: number): void {
		this.#added(outputItem(this.#answer, { ...item, summary: '' }, 'added'), index);
		if (item.summary === '') return;
		const place = { item_id: item.id, output_index: index, summary_index: 0 };
		this.#event('response.reasoning_summary_part.added', { ...place, part: { type: 'summary_text', text: '' } });
		for (const piece of wordPieces(item.summary)) this.#delta('response.reasoning_summary_text.delta', place, piece);
		this.#event('response.reasoning_summary_text.done', { ...place, text: item.summary });
		this.#event('response.reasoning_summary_part.done', { ...place, part: { type: 'summary_text', text: item.summary } });
	}

	#search(item: SearchItem, index: number): void {
		this.#added({ id: item.id, type: 'web_search_call', status: 'in_progress' }, index);
		for (const state of ['in_progress', 'searching', 'completed']) {
			this.#event(`response.web_search_call.${state}`, { item_id: item.id, output_index: index });
		}
	}

	#texts(item: MessageItem, place: JsonObject): void {
		const pieces = streamPieces(item.text, this.#chunks);
		const type = item.refusal ? 'response.refusal.delta' : 'response.output_text.delta';
		for (const piece of pieces) {
			this.#delta(type, place, piece, item.refusal ? {} : { logprobs: listedLogprobs(this.#answer, piece) });
		}
	}

	#message(item: MessageItem, index: number): void {
		const place = { content_index: 0, item_id: item.id, output_index: index };
		const opened = { id: item.id, type: 'message', status: 'in_progress', content: [], ...phaseOf(this.#answer) };
		this.#added({ ...opened, role: 'assistant' }, index);
		const empty = contentPart(this.#answer, { ...item, text: '', annotations: [] });
		this.#event('response.content_part.added', { ...place, part: empty });
		this.#texts(item, place);
		for (const [at, annotation] of item.annotations.entries()) {
			this.#event('response.output_text.annotation.added', { ...place, annotation, annotation_index: at });
		}
		if (item.refusal) this.#event('response.refusal.done', { ...place, refusal: item.text });
		else
			this.#event('response.output_text.done', { ...place, logprobs: listedLogprobs(this.#answer, item.text), text: item.text });
		this.#event('response.content_part.done', { ...place, part: contentPart(this.#answer, item) });
	}

	#call(item: CallItem, index: number): void {
		const opened = outputItem(this.#answer, { ...item, input: '' }, 'added');
		this.#added({ ...opened, status: 'in_progress' }, index);
		const place = { item_id: item.id, output_index: index };
		const custom = item.type === 'custom_tool_call';
		const type = custom ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
		for (const piece of evenPieces(item.input, Math.ceil(item.input.length / INPUT_PIECE))) {
			this.#delta(`${type}.delta`, place, piece);
		}
		this.#event(`${type}.done`, custom ? { ...place, input: item.input } : { ...place, arguments: item.input });
	}

	#item(item: OutputItem, index: number): void {
		switch (item.type) {
			case 'reasoning':
				this.#reasoning(item, index);
				break;
			case 'web_search_call':
				this.#search(item, index);
				break;
			case 'message':
				this.#message(item, index);
				break;
			default:
				this.#call(item, index);
		}
		this.#done(item, index);
	}

	/** All events. */
	all(): Frame[] {
		const { status, outcome, items } = this.#answer;
		// Hidden reasoning was spent before the first item.
		const hidden = Math.max(0, outcome.reasoningTokens - outcome.reasoning.length / CHARS_PER_TOKEN);
		this.#lifecycle('response.created', 'in_progress', 'start', hidden);
		this.#lifecycle('response.in_progress', 'in_progress', 'start');
		for (const [index, item] of items.entries()) this.#item(item, index);
		this.#lifecycle(`response.${status}`, status, 'end');
		return this.#frames;
	}
}

/** The answer as a stream of numbered events. `chunks`: into how many deltas to cut the text. */
export function framesOf(answer: Answer, chunks: number | undefined): Frame[] {
	return new Writer(answer, chunks).all();
}
