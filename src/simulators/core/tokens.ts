import type { JsonObject } from '../../spec/index.ts';
import type { Attachment } from './prompt.ts';

/*
 * The rule every simulator counts by: a token is four characters (UTF-16 units), begun ones counted whole; each message costs
 * three more. An image costs its pixels / 750 (85 where its size is unknown), another file its bytes / 16.
 */
const CHARS = 4;

/** Cost of a message beside its text. */
export const MESSAGE_TOKENS = 3;

/** Tokens of a text. */
export function countTokens(text: string): number {
	return Math.ceil(text.length / CHARS);
}

/** Tokens of a tool's definition as it was sent. */
export function toolTokens(definition: JsonObject): number {
	return countTokens(JSON.stringify(definition));
}

/** Tokens of an image, a document or a sound. */
export function attachmentTokens(attachment: Attachment): number {
	if (attachment.kind !== 'image') return Math.ceil(attachment.bytes / 16);
	if (attachment.width === undefined || attachment.height === undefined) return 85;
	return Math.max(1, Math.ceil((attachment.width * attachment.height) / 750));
}

function splitsPair(text: string, at: number): boolean {
	const unit = text.charCodeAt(at);
	return unit >= 0xdc00 && unit <= 0xdfff;
}

/** The text cut after `length` characters, never inside a surrogate pair. */
export function cut(text: string, length: number): string {
	if (length >= text.length) return text;
	const at = Math.max(0, Math.floor(length));
	return text.slice(0, splitsPair(text, at) ? at - 1 : at);
}

/** The text's first `tokens` tokens. */
export function firstTokens(text: string, tokens: number): string {
	return cut(text, tokens * CHARS);
}

/** Cuts a text into `count` pieces of near equal length (fewer where it has fewer characters). */
export function evenPieces(text: string, count: number): string[] {
	const pieces: string[] = [];
	let from = 0;
	for (let i = 1; i <= count; i++) {
		let to = Math.round((text.length * i) / count);
		if (splitsPair(text, to)) to++;
		if (to > from) pieces.push(text.slice(from, to));
		from = Math.max(from, to);
	}
	return pieces;
}

/** Cuts a text as vendors stream it: about a word at a time, its leading space with it. */
export function wordPieces(text: string): string[] {
	return text.match(/\s*\S{1,24}|\s+/gu) ?? [];
}

/** Cuts a text into tokens as log probabilities list them. */
export function tokenPieces(text: string): string[] {
	return evenPieces(text, countTokens(text));
}

const FILLER = 'and so the simulated answer goes on, word after word, ';

function filler(length: number): string {
	return FILLER.repeat(Math.ceil(length / FILLER.length)).slice(0, length);
}

/** The text lengthened with filler, or cut, to exactly this many bytes of UTF-8. */
export function ofBytes(text: string, bytes: number): string {
	let kept = text;
	while (Buffer.byteLength(kept) > bytes) {
		const over = Buffer.byteLength(kept) - bytes;
		kept = cut(kept, kept.length - Math.max(1, Math.floor(over / 3)));
	}
	return kept + filler(bytes - Buffer.byteLength(kept));
}

/** The text lengthened with filler to at least this many characters. */
export function atLeast(text: string, length: number): string {
	return text.length >= length ? text : text + filler(length - text.length);
}

/** Cuts a text for a stream: into so many even pieces, or about a word at a time where no number is given. */
export function streamPieces(text: string, chunks: number | undefined): string[] {
	return chunks === undefined ? wordPieces(text) : evenPieces(text, chunks);
}
