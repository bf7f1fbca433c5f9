import type { CitationDelta, ContentPart, Signature, TextDelta } from '../../spec/index.ts';
import { encodeAnswerPart, sealedSignature } from './answer-encode.ts';
import { encodeCitation } from './citations.ts';
import { DIALECT } from './dialect.ts';
import { type BlockWriter, type Delta, deltaEvent, joined, startEvent, stopEvent, type Wire, wholeBlock } from './stream-wire.ts';

/** Text, refusals and the transcript of speech. It opens with its first piece: clients and API refuse blank blocks. */
export class TextWriter implements BlockWriter {
	index: number | undefined;
	readonly #content: Extract<ContentPart, { type: 'text' | 'refusal' | 'audio' }>;
	readonly #path: string;
	#signature: Signature | undefined;

	constructor(content: Extract<ContentPart, { type: 'text' | 'refusal' | 'audio' }>, path: string) {
		this.#content = content;
		this.#path = path;
		if (content.type === 'text') this.#signature = content.signature;
	}

	begin(wire: Wire): void {
		const content = this.#content;
		const text = content.type === 'audio' ? (content.transcript ?? '') : content.text;
		if (content.type === 'audio')
			wire.state.losses.add('approximated', this.#path, 'Spoken words are shown as their transcript.');
		if (text !== '') this.#text(text, undefined, wire);
		if (content.type === 'text') for (const citation of content.citations ?? []) this.#cite(citation, undefined, wire);
	}

	delta(part: Delta, wire: Wire): void {
		if (part.type === 'text-delta') {
			if (part.signature !== undefined) this.#signature = joined(this.#signature, part.signature);
			if (part.text !== '' || part.extensions?.[DIALECT] !== undefined) this.#text(part.text, part, wire);
		} else if (part.type === 'citation') this.#cite(part.citation, part, wire);
		else if (part.type === 'media-delta' && part.transcript !== undefined) this.#text(part.transcript, undefined, wire);
	}

	end(wire: Wire): void {
		if (this.index === undefined && wire.state.own) this.#start(wire);
		if (this.index !== undefined) stopEvent(this.index, wire);
		if (this.#signature === undefined) return;
		const sealed = sealedSignature({ type: 'text', text: '', signature: this.#signature });
		if (sealed !== undefined && this.index !== undefined) wholeBlock(sealed, wire);
	}

	#start(wire: Wire): number {
		if (this.index !== undefined) return this.index;
		const content = this.#content;
		const empty: ContentPart =
			content.type === 'text'
				? { ...withoutCitations(content), text: '' }
				: { type: 'text', text: '', ...(content.extensions === undefined ? {} : { extensions: content.extensions }) };
		const block = encodeAnswerPart(empty, this.#path, { ...wire.state, own: true });
		this.index = startEvent(block ?? { type: 'text', text: '' }, wire);
		return this.index;
	}

	#text(text: string, part: TextDelta | undefined, wire: Wire): void {
		const index = this.#start(wire);
		if (part?.extensions !== undefined) deltaEvent(index, { type: 'text_delta', text }, part, wire);
		else {
			wire.text += `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{"type":"text_delta","text":${JSON.stringify(text)}}}\n\n`;
		}
	}

	#cite(citation: CitationDelta['citation'], part: CitationDelta | undefined, wire: Wire): void {
		const encoded = encodeCitation(citation, `${this.#path}.citations`, wire.state.losses, false);
		if (encoded !== undefined) deltaEvent(this.#start(wire), { type: 'citations_delta', citation: encoded }, part, wire);
	}
}

/** A list of citations that is empty is the form of a block that will have some; others are told as deltas. */
function withoutCitations(part: Extract<ContentPart, { type: 'text' }>): Extract<ContentPart, { type: 'text' }> {
	const { citations, signature: _, ...rest } = part;
	return citations === undefined ? rest : { ...rest, citations: [] };
}
