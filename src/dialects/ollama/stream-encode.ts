import type {
	BlockStartPart,
	ContentPart,
	EncodeResponseContext,
	Extensible,
	FinishPart,
	JsonObject,
	StartPart,
	StreamEncoder,
	StreamPart,
	TextDelta,
	Usage,
} from '../../spec/index.ts';
import { Losses } from '../shared/index.ts';
import { encodeCall } from './call-encode.ts';
import { DIALECT, mark, refill } from './dialect.ts';
import { encodeStreamError } from './errors.ts';
import { encodeLogprobs } from './logprobs.ts';
import { encodeHead, notShown, reportUsage, shownText } from './response-encode.ts';
import { sealsOf, thinkingOf } from './seals.ts';
import { encodeStop } from './stop-reason.ts';
import { encodeUsage } from './usage.ts';

/** Writes one streamed answer for a client, a line for each piece; the last holds reason and counts. */
export function streamEncoder(context: EncodeResponseContext): StreamEncoder {
	return new LineWriter(context);
}

type Delta = Extract<StreamPart, { type: 'reasoning-delta' | 'tool-input-delta' | 'media-delta' }>;

class LineWriter implements StreamEncoder {
	readonly #context: EncodeResponseContext;
	readonly #losses = new Losses(DIALECT);
	/** Open blocks, as far as they are known. */
	readonly #open = new Map<number, { part: ContentPart; node: Extensible }>();
	/** Reasoning that has been shown and whose proofs have not. */
	#reasoning: Extract<ContentPart, { type: 'reasoning' }>[] = [];
	#head: StartPart = { type: 'start' };
	#finish: FinishPart | undefined;
	#usage: Usage | undefined;
	#calls = 0;

	constructor(context: EncodeResponseContext) {
		this.#context = context;
	}

	warnings() {
		return this.#losses.warnings;
	}

	push(part: StreamPart): string {
		if (part.type !== 'error' && part.type !== 'vendor-event') this.#losses.extensions(part, '');
		switch (part.type) {
			case 'start':
				this.#head = part;
				this.#usage ??= part.usage;
				return '';
			case 'block-start':
				return this.#begin(part);
			case 'text-delta':
				return this.#text(part);
			case 'reasoning-delta':
			case 'tool-input-delta':
			case 'media-delta':
				return this.#grow(part);
			case 'citation':
				this.#losses.dropped('content.citations', 'Sources are not shown in this dialect.');
				return '';
			case 'block-end':
				return this.#blockEnd(part.block);
			case 'vendor-event':
				return this.#vendorEvent(part);
			default:
				return this.#closing(part);
		}
	}

	#closing(part: Extract<StreamPart, { type: 'usage' | 'finish' | 'end' | 'error' | 'ping' }>): string {
		if (part.type === 'usage') this.#usage = part.usage;
		else if (part.type === 'finish' && part.candidate === 0) this.#finish ??= part;
		else if (part.type === 'error') return encodeStreamError(part.error);
		return part.type === 'end' ? this.#end() : '';
	}

	#line(message: JsonObject, node: Extensible, more: JsonObject = {}): string {
		const head = encodeHead(this.#head, this.#context, node);
		return `${JSON.stringify(refill({ ...head, message: { role: 'assistant', ...message }, done: false, ...more }, node))}\n`;
	}

	#vendorEvent({ dialect, data, event, meaningful }: Extract<StreamPart, { type: 'vendor-event' }>): string {
		if (dialect === DIALECT) return `${JSON.stringify(data)}\n`;
		if (meaningful === true) this.#losses.dropped(event ?? 'event', `Only ${dialect} knows this kind of event.`);
		return '';
	}

	#begin(part: BlockStartPart): string {
		const { content, candidate, block } = part;
		if (candidate !== 0) {
			this.#losses.dropped('candidates', 'Only the first answer is shown.');
			return '';
		}
		if (content.type !== 'tool-call') this.#losses.extensions(content, 'content');
		this.#open.set(block, { part: structuredClone(content), node: part });
		const shown = shownText(content, 'content', this.#losses);
		return shown === undefined || shown === '' ? '' : this.#line({ content: shown }, part);
	}

	#text(part: TextDelta): string {
		if (!this.#open.has(part.block)) return '';
		if (part.signature !== undefined)
			this.#losses.dropped('content.signature', 'The proof of a text has no place in this dialect.');
		if (part.text === '' && part.logprobs === undefined) return '';
		const more: JsonObject = part.logprobs === undefined ? {} : { logprobs: encodeLogprobs(part.logprobs) };
		return this.#line({ content: part.text }, part, more);
	}

	#grow(delta: Delta): string {
		const open = this.#open.get(delta.block);
		if (open === undefined) return '';
		if (delta.extensions !== undefined) open.node = delta;
		const { part } = open;
		if (delta.type === 'reasoning-delta') return part.type === 'reasoning' ? this.#reason(part, delta) : '';
		if (delta.type === 'tool-input-delta') {
			if (part.type === 'tool-call') Object.assign(part, { input: part.input + delta.input }, proofOf(delta));
			return '';
		}
		if (part.type === 'image' && part.source.type === 'base64') part.source.data += delta.data ?? '';
		if (part.type !== 'audio' || delta.transcript === undefined) return '';
		this.#losses.add('approximated', 'content', 'Spoken words are shown as their transcript.');
		return this.#line({ content: delta.transcript }, delta);
	}

	/** Shows what is new of reasoning, or of its summary where there is nothing else. */
	#reason(part: Extract<ContentPart, { type: 'reasoning' }>, delta: Extract<Delta, { type: 'reasoning-delta' }>): string {
		const before = thinkingOf(part).length;
		if (delta.text !== undefined) part.text = (part.text ?? '') + delta.text;
		if (delta.summary !== undefined) {
			const summary = part.summary ?? [];
			const at = delta.summaryIndex ?? Math.max(0, summary.length - 1);
			while (summary.length <= at) summary.push('');
			summary[at] += delta.summary;
			part.summary = summary;
		}
		Object.assign(part, proofOf(delta), delta.encrypted === undefined ? {} : { encrypted: delta.encrypted });
		const fresh = thinkingOf(part).slice(before);
		return fresh === '' ? '' : this.#line({ content: '', thinking: fresh }, delta);
	}

	#blockEnd(block: number): string {
		const open = this.#open.get(block);
		this.#open.delete(block);
		if (open === undefined) return '';
		const { part, node } = open;
		if (part.type === 'reasoning') return this.#sealed(part);
		if (part.type === 'tool-call' && part.providerExecuted === undefined) {
			const call = encodeCall(part, 'content', this.#losses, this.#calls++);
			return this.#line({ content: '', tool_calls: [call] }, node);
		}
		if (part.type === 'image' && part.source.type === 'base64')
			return this.#line({ content: '', images: [part.source.data] }, node);
		if (part.type !== 'text' && part.type !== 'refusal' && part.type !== 'audio') notShown(part, 'content', this.#losses);
		return '';
	}

	#sealed(part: Extract<ContentPart, { type: 'reasoning' }>): string {
		this.#reasoning.push(part);
		const seals = sealsOf(this.#reasoning);
		if (seals === undefined) return '';
		this.#reasoning = [];
		return this.#line({ content: '', seals }, {});
	}

	#end(): string {
		const calls = [...this.#open.keys()].map((block) => this.#blockEnd(block)).join('');
		const node = this.#finish ?? {};
		const head = encodeHead(this.#head, this.#context, node);
		const message: JsonObject = { role: 'assistant' };
		if (mark(node, '$content') !== 'none') message.content = '';
		reportUsage(this.#usage, this.#losses);
		const body = { ...head, message, done: true, ...encodeStop(this.#finish?.stop, this.#losses), ...encodeUsage(this.#usage) };
		return `${calls}${JSON.stringify(refill(body, node))}\n`;
	}
}

function proofOf(delta: Pick<TextDelta, 'signature'>): object {
	return delta.signature === undefined ? {} : { signature: delta.signature };
}
