import type { JsonObject } from '../../../spec/index.ts';
import type { Controls } from '../../core/controls.ts';
import { digest, idFrom } from '../../core/ids.ts';
import { list, number, object, objects, text } from '../../core/json.ts';
import { type Outcome, outcomeOf } from '../../core/outcome.ts';
import { script } from '../../core/script.ts';
import { HIDDEN } from '../answer.ts';
import type { OpenAIModel } from '../models.ts';
import { PREFIXES } from './conversation.ts';
import { encrypted } from './encrypted.ts';
import { promptOf } from './prompt.ts';
import { effortOf } from './rules.ts';
import { annotationsOf, type Search, searchFor } from './search.ts';
import type { Answer, OutputItem } from './types.ts';

/** What an answer is made from. */
export interface Question {
	request: JsonObject;
	/** The whole conversation. */
	items: JsonObject[];
	bytes: Buffer;
	vendor: string;
	model: OpenAIModel;
	controls: Controls;
	/** Unix ms. */
	now: number;
	promptTokens: number;
	cachedTokens: number;
}

const FAILURE = /simulate (?:a |the )?failure/i;

/** An id as the vendor makes them: a prefix and 50 hexadecimal digits. */
export function hexId(prefix: string, seed: string): string {
	return `${prefix}_${digest(seed)}${digest(`${seed}/more`).slice(0, 10)}`;
}

/** Gives every item an id that has none. */
export function withIds(items: JsonObject[], seed: string): JsonObject[] {
	return items.map((item, index) => {
		if (typeof item.id === 'string') return item;
		const type = text(item.type) || 'message';
		return { ...item, type, id: hexId(PREFIXES[type] ?? 'item', `${seed}/in/${index}`) };
	});
}

class Maker {
	readonly #question: Question;
	readonly #seed: string;
	readonly #items: OutputItem[] = [];

	constructor(question: Question, seed: string) {
		this.#question = question;
		this.#seed = seed;
	}

	#id(prefix: string): string {
		return hexId(prefix, `${this.#seed}/out/${this.#items.length}`);
	}

	#reasoning(outcome: Outcome): void {
		const { request, vendor } = this.#question;
		const id = this.#id('rs');
		const hidden = list(request.include).includes('reasoning.encrypted_content');
		const made = (moment: string): string => encrypted(vendor, id, `${id}/${moment}`, outcome.reasoningTokens);
		this.#items.push({ type: 'reasoning', id, summary: outcome.reasoning, encrypted: hidden ? made : undefined });
	}

	#calls(outcome: Outcome): void {
		const custom = new Set(
			objects(this.#question.request.tools)
				.filter((tool) => tool.type === 'custom')
				.map((tool) => text(tool.name)),
		);
		for (const call of outcome.calls) {
			const type = custom.has(call.name) ? 'custom_tool_call' : 'function_call';
			const callId = `call_${idFrom(`${this.#seed}/call/${this.#items.length}`, 24)}`;
			const id = this.#id(PREFIXES[type] ?? 'fc');
			this.#items.push({ type, id, callId, name: call.name, input: call.input, whole: !call.broken });
		}
	}

	/** The items of an outcome, in the order the vendor gives them. */
	items(outcome: Outcome, search: Search | undefined): OutputItem[] {
		if (outcome.reasoningTokens > 0) this.#reasoning(outcome);
		if (search !== undefined) this.#items.push({ type: 'web_search_call', id: this.#id('ws'), query: search.query });
		if (outcome.text !== '') {
			const annotations = annotationsOf(outcome.text, search);
			const whole = outcome.ending !== 'length' && outcome.kind !== 'filtered';
			const refusal = outcome.kind === 'refusal';
			this.#items.push({ type: 'message', id: this.#id('msg'), text: outcome.text, refusal, annotations, whole });
		}
		this.#calls(outcome);
		return this.#items;
	}
}

function reasonOf(outcome: Outcome): Answer['reason'] {
	if (outcome.ending === 'length') return 'max_output_tokens';
	return outcome.kind === 'filtered' ? 'content_filter' : undefined;
}

/** Answers a request that is in order: a function of the request, but for the time stamp and what was cached. */
export function answerTo(question: Question): Answer {
	const { request, items, bytes, vendor, model, controls, now, promptTokens, cachedTokens } = question;
	const seed = digest(Buffer.concat([Buffer.from(vendor), bytes]));
	const prompt = promptOf(request, items, vendor, model);
	const written = script(prompt);
	const search = searchFor(request, prompt.said, written);
	const effort = effortOf(request, model);
	const bounds = {
		maxTokens: number(request.max_output_tokens) ?? Math.max(1, model.maxOutput),
		stops: [],
		hiddenTokens: HIDDEN[effort ?? 'none'] ?? 0,
	};
	const said = search === undefined ? written : { ...written, text: `${written.text}${search.cited}` };
	const outcome = outcomeOf(said, bounds, controls);
	const failed = FAILURE.test(prompt.said);
	const reason = reasonOf(outcome);
	const listed = list(request.include).includes('message.output_text.logprobs');
	const created = Math.floor(now / 1000);
	return {
		id: hexId('resp', seed),
		created,
		completed: created + 1,
		model: model.snapshot ?? model.id,
		request,
		effort,
		items: failed ? [] : new Maker(question, seed).items(outcome, search),
		outcome,
		status: failed ? 'failed' : reason === undefined ? 'completed' : 'incomplete',
		reason,
		promptTokens,
		cachedTokens,
		searches: search === undefined ? 0 : 1,
		logprobs: listed || number(request.top_logprobs) !== undefined ? (number(request.top_logprobs) ?? 0) : undefined,
	};
}

/** Whether the vendor is asked to keep the answer. */
export function isKept(request: JsonObject): boolean {
	return request.store !== false;
}

/** Whether the sizes of a stream's events are hidden with noise. */
export function obfuscates(request: JsonObject): boolean {
	return object(request.stream_options).include_obfuscation !== false;
}
