import type {
	BlockEndPart,
	Citation,
	CitationDelta,
	JsonObject,
	RefusalPart,
	TextDelta,
	TextPart,
	TokenLogprob,
} from '../../spec/index.ts';
import { extend, own } from '../shared/index.ts';
import { encodeAnnotation } from './citations.ts';
import { mark, marked, nested } from './forms.ts';
import { madeId } from './ids.ts';
import { foreignSignature, joins, type MessagePart, writeMessage, writeMessagePart, writeSignature } from './items-encode.ts';
import { encodeLogprobs } from './logprobs.ts';
import { DIALECT } from './name.ts';
import { announcement, type EventWriter, eventMembers } from './stream-wire.ts';

/** A message of the model that is being told: its texts and refusals are content parts, one after another. */
export class OpenMessage {
	readonly index: number;
	readonly id: string | undefined;
	readonly #wire: EventWriter;
	readonly #content: JsonObject[] = [];
	#first: MessagePart | undefined;
	#last: MessagePart | undefined;
	/** Whether a part of it is still being told. */
	busy = false;
	open = true;

	constructor(wire: EventWriter, first: TextPart | RefusalPart | undefined) {
		this.#wire = wire;
		this.index = wire.place();
		const made = madeId('msg', wire.answer, this.index);
		const added = (first === undefined ? undefined : announcement(first)) ?? {
			id: made,
			type: 'message',
			status: 'in_progress',
			role: 'assistant',
			content: [],
		};
		this.id = typeof added.id === 'string' ? added.id : undefined;
		wire.added(this.index, added);
	}

	/** Place of the next content part. */
	get length(): number {
		return this.#content.length;
	}

	/** Whether a part that begins goes on with this message. */
	takes(part: TextPart | RefusalPart): boolean {
		return this.open && !this.busy && this.#last !== undefined && joins(part, this.#last);
	}

	/** A content part is whole. */
	push(part: TextPart | RefusalPart, wire: JsonObject): void {
		this.#content.push(wire);
		this.#first ??= part;
		this.#last = part;
		const end = mark(part, '$more') === true ? undefined : own(part, DIALECT);
		const proof = foreignSignature(part);
		if (end === undefined && proof === undefined) return;
		const item = end?.item ?? end?.$item;
		if (item !== undefined && this.#first !== part)
			this.#first = marked(this.#first, { [end?.item === undefined ? '$item' : 'item']: item });
		this.close();
		if (proof !== undefined) {
			const index = this.#wire.items.length;
			this.#wire.whole(writeSignature(proof, index, this.#wire.answer));
		}
	}

	/** Ends the message. @param status what to say of it where this dialect's own vendor has not said it */
	close(status?: string): void {
		if (!this.open) return;
		this.open = false;
		const first = this.#first;
		const context = { losses: this.#wire.losses, answer: this.#wire.answer };
		const item = first === undefined ? {} : writeMessage(first, this.#content, this.index, context);
		const fresh = first === undefined || nested(own(first, DIALECT), 'item') === undefined;
		const shown: JsonObject = { ...item, ...(this.id === undefined ? {} : { id: this.id }) };
		if (fresh && status !== undefined) shown.status = status;
		this.#wire.done(this.index, shown);
	}
}

/** A text or refusal that is being told. */
export class TextWriter {
	readonly #wire: EventWriter;
	readonly #message: OpenMessage;
	readonly #place: JsonObject;
	readonly #refuses: boolean;
	readonly #path: string;
	readonly #head: string;
	#part: TextPart | RefusalPart;
	readonly #citations: Citation[] = [];
	/** Citations whose stretch of text is known only at the end. */
	readonly #held: Citation[] = [];
	#annotations = 0;
	#logprobs: TokenLogprob[] = [];

	constructor(wire: EventWriter, message: OpenMessage, content: TextPart | RefusalPart) {
		this.#wire = wire;
		this.#message = message;
		this.#refuses = content.type === 'refusal';
		this.#place = {
			...(message.id === undefined ? {} : { item_id: message.id }),
			output_index: message.index,
			content_index: message.length,
		};
		this.#path = `output[${message.index}].content[${message.length}]`;
		message.busy = true;
		this.#part = { ...content, text: '' };
		const empty: JsonObject = this.#refuses
			? { type: 'refusal', refusal: '' }
			: { type: 'output_text', text: '', annotations: [], logprobs: [] };
		wire.emit('response.content_part.added', { ...this.#place, part: mark(content, '$part') ?? empty });
		const type = `response.${this.#refuses ? 'refusal' : 'output_text'}.delta`;
		const fixed: JsonObject = { type, ...this.#place, ...(this.#refuses ? {} : { logprobs: [] }) };
		this.#head = JSON.stringify(fixed).slice(0, -1);
		if (content.text !== '') this.text({ type: 'text-delta', block: 0, text: content.text });
		if (content.type === 'text') for (const citation of content.citations ?? []) this.#cite(citation);
	}

	text(part: TextDelta): void {
		this.#part.text += part.text;
		if (part.signature !== undefined && this.#part.type === 'text') this.#part.signature = part.signature;
		if (part.logprobs !== undefined) this.#logprobs.push(...part.logprobs);
		const more = eventMembers(part);
		const type = `response.${this.#refuses ? 'refusal' : 'output_text'}.delta`;
		if (more === undefined && part.logprobs === undefined) {
			if (part.text !== '') this.#wire.delta(type, this.#head, part.text);
			return;
		}
		const logprobs = this.#refuses ? {} : { logprobs: encodeLogprobs(part.logprobs ?? []) };
		this.#wire.emit(type, { ...this.#place, ...logprobs, ...more, delta: part.text });
	}

	citation(part: CitationDelta): void {
		this.#wire.losses.extensions(part, this.#path);
		this.#cite(part.citation);
	}

	#cite(citation: Citation): void {
		if (citation.answerSpan !== undefined || own(citation, DIALECT) !== undefined) this.#annotate(citation);
		else this.#held.push(citation);
	}

	#annotate(citation: Citation): void {
		const annotation = encodeAnnotation(citation, this.#part.text.length, `${this.#path}.citations`, this.#wire.losses);
		if (annotation === undefined) return;
		this.#citations.push(marked(citation, { $wire: annotation }));
		const place = { ...this.#place, annotation_index: this.#annotations++ };
		this.#wire.emit('response.output_text.annotation.added', { ...place, annotation });
	}

	end(part: BlockEndPart): void {
		for (const citation of this.#held) this.#annotate(citation);
		const whole = this.#whole(own(part, DIALECT) ?? own(this.#part, DIALECT));
		const context = { losses: this.#wire.losses, answer: this.#wire.answer };
		const wire = writeMessagePart(whole, this.#path, context);
		if (this.#refuses) this.#wire.emit('response.refusal.done', { ...this.#place, refusal: whole.text });
		else {
			const logprobs = wire.logprobs ?? [];
			this.#wire.emit('response.output_text.done', { ...this.#place, text: whole.text, logprobs });
		}
		this.#wire.emit('response.content_part.done', { ...this.#place, part: wire });
		this.#message.busy = false;
		this.#message.push(whole, wire);
	}

	/** The part with all that came of it. */
	#whole(final: JsonObject | undefined): TextPart | RefusalPart {
		const { extensions: _, ...bare } = this.#part;
		const part: TextPart | RefusalPart = { ...bare, ...extend(DIALECT, final) };
		if (part.type !== 'text') return part;
		if (this.#citations.length > 0) part.citations = this.#citations;
		else delete part.citations;
		if (final !== undefined || this.#logprobs.length === 0) return part;
		return marked(part, { $form: { annotations: [], logprobs: [] }, $logprobs: encodeLogprobs(this.#logprobs), $more: true });
	}
}
