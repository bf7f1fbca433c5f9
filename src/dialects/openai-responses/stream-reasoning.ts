import type { BlockEndPart, JsonObject, ReasoningDelta, ReasoningPart, Signature } from '../../spec/index.ts';
import { extend, own } from '../shared/index.ts';
import { reasoningId, writeReasoning } from './items-encode.ts';
import { DIALECT } from './name.ts';
import { announcement, type EventWriter, eventMembers } from './stream-wire.ts';

/** Proofs may arrive in pieces. */
function joined(so: Signature | undefined, more: Signature | undefined): Signature | undefined {
	if (more === undefined || so === undefined || so.vendor !== more.vendor) return more ?? so;
	return { vendor: so.vendor, value: so.value + more.value };
}

/** Reasoning that is being told: its text as content, its summary as paragraphs. */
export class ReasoningWriter {
	readonly #wire: EventWriter;
	readonly #index: number;
	readonly #id: string | undefined;
	readonly #place: JsonObject;
	#part: ReasoningPart;
	#text: string | undefined;
	readonly #summary: string[] = [];
	/** Paragraph that is being told. */
	#paragraph = -1;

	constructor(wire: EventWriter, content: ReasoningPart) {
		this.#wire = wire;
		this.#index = wire.place();
		const { text, summary, ...bare } = content;
		this.#part = bare;
		const added = announcement(content) ?? { id: reasoningId(content, this.#index, wire.answer), type: 'reasoning', summary: [] };
		this.#id = typeof added.id === 'string' ? added.id : undefined;
		this.#place = { ...(this.#id === undefined ? {} : { item_id: this.#id }), output_index: this.#index };
		wire.added(this.#index, added);
		if (text !== undefined && text !== '') this.delta({ type: 'reasoning-delta', block: 0, text });
		for (const [at, paragraph] of (summary ?? []).entries()) {
			this.delta({ type: 'reasoning-delta', block: 0, summary: paragraph, summaryIndex: at });
		}
	}

	delta(part: ReasoningDelta): void {
		const signature = joined(this.#part.signature, part.signature);
		if (signature !== undefined) this.#part.signature = signature;
		const encrypted = joined(this.#part.encrypted, part.encrypted);
		if (encrypted !== undefined) this.#part.encrypted = encrypted;
		if (part.text !== undefined) this.#say(part.text, part);
		if (part.summary !== undefined) this.#summarize(part.summary, part.summaryIndex ?? Math.max(0, this.#paragraph), part);
	}

	end(part: BlockEndPart): void {
		this.#endText();
		this.#endParagraph();
		const { extensions: _, ...bare } = this.#part;
		const whole: ReasoningPart = {
			...bare,
			...(this.#text === undefined ? {} : { text: this.#text }),
			...(this.#summary.length === 0 ? {} : { summary: this.#summary }),
			...extend(DIALECT, own(part, DIALECT) ?? own(this.#part, DIALECT)),
		};
		const item = writeReasoning(whole, this.#index, this.#wire.answer);
		this.#wire.done(this.#index, this.#id === undefined ? item : { ...item, id: this.#id });
	}

	#say(text: string, part: ReasoningDelta): void {
		const place = { ...this.#place, content_index: 0 };
		if (this.#text === undefined) {
			if (text === '' && part.extensions === undefined && this.#part.extensions === undefined) return;
			this.#text = '';
			this.#wire.emit('response.content_part.added', { ...place, part: { type: 'reasoning_text', text: '' } });
		}
		if (text === '') return;
		this.#text += text;
		this.#wire.emit('response.reasoning_text.delta', { ...place, ...eventMembers(part), delta: text });
	}

	#endText(): void {
		const text = this.#text;
		if (text === undefined) return;
		const place = { ...this.#place, content_index: 0 };
		this.#wire.emit('response.reasoning_text.done', { ...place, text });
		this.#wire.emit('response.content_part.done', { ...place, part: { type: 'reasoning_text', text } });
	}

	#summarize(text: string, paragraph: number, part: ReasoningDelta): void {
		if (paragraph > this.#paragraph) {
			this.#endParagraph();
			this.#paragraph = this.#summary.length;
			this.#summary.push('');
			this.#wire.emit('response.reasoning_summary_part.added', {
				...this.#place,
				summary_index: this.#paragraph,
				part: { type: 'summary_text', text: '' },
			});
		}
		if (text === '') return;
		this.#summary[this.#paragraph] += text;
		const place = { ...this.#place, summary_index: this.#paragraph };
		this.#wire.emit('response.reasoning_summary_text.delta', { ...place, ...eventMembers(part), delta: text });
	}

	#endParagraph(): void {
		const text = this.#summary[this.#paragraph];
		if (text === undefined) return;
		const place = { ...this.#place, summary_index: this.#paragraph };
		this.#wire.emit('response.reasoning_summary_text.done', { ...place, text });
		this.#wire.emit('response.reasoning_summary_part.done', { ...place, part: { type: 'summary_text', text } });
	}
}
