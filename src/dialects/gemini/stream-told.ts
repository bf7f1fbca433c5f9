import { isObject } from '../../lib/json.ts';
import type { Citation, JsonObject, StreamPart } from '../../spec/index.ts';
import { type Fields, read } from '../shared/index.ts';
import type { CallBook } from './call-book.ts';
import { decodeGrounding, decodeRecitation } from './citations.ts';
import type { PartialCall } from './partial-call.ts';

/** A candidate while it is being told. */
export interface Told {
	book: CallBook;
	/** A call whose arguments come in pieces. */
	partial: PartialCall;
	/** The text or reasoning that may go on with the next piece. */
	open: { block: number; type: 'text' | 'reasoning'; signed: boolean } | undefined;
	/** Blocks of text with what they hold so far, for what citations point to. */
	texts: { block: number; text: string }[];
	calls: boolean;
	finished: boolean;
	/** Citations that came; they are told once the text is whole. */
	citations: JsonObject[];
}

/** Ends the block that is open, if one is. */
export function close(told: Told, out: StreamPart[]): void {
	if (told.open !== undefined) out.push({ type: 'block-end', block: told.open.block });
	told.open = undefined;
}

/** Keeps the citations of a piece until the text is whole. */
export function takeCitations(fields: Fields, told: Told): void {
	for (const key of ['groundingMetadata', 'citationMetadata']) {
		const wire = fields.take(key, read.object);
		if (wire !== undefined) told.citations.push({ [key]: wire });
	}
}

/**
 * Tells the citations that came. Each goes to the block that is still open, as only that can be added to; it keeps its place where that
 * is the text it points into.
 */
export function cite(told: Told, open: () => number, out: StreamPart[]): void {
	const texts = told.texts.map(({ text }) => text);
	const placed = told.citations.flatMap(({ groundingMetadata: grounding, citationMetadata: recited }) =>
		isObject(grounding) ? decodeGrounding(grounding, texts) : isObject(recited) ? decodeRecitation(recited, texts) : [],
	);
	const seen = new Set<string>();
	for (const { text, citation } of placed) {
		const block = told.open?.type === 'text' ? told.open.block : open();
		const { answerSpan, ...unplaced } = citation;
		const here: Citation = text !== undefined && told.texts[text]?.block === block ? citation : unplaced;
		const key = keyOf(here);
		if (seen.has(key)) continue;
		seen.add(key);
		out.push({ type: 'citation', block, citation: here });
	}
}

/** Pieces of a stream repeat the citations of earlier ones. */
function keyOf({ url, title, answerSpan }: Citation): string {
	return [url, title, answerSpan?.start, answerSpan?.end].join('\n');
}
