import { isObject } from '../../lib/json.ts';
import type { Citation, JsonObject, JsonValue } from '../../spec/index.ts';
import type { Losses } from '../shared/index.ts';

/** A citation and the text it belongs to, by its place among the texts given; undefined: the answer as a whole. */
export interface PlacedCitation {
	text: number | undefined;
	citation: Citation;
}

function objects(value: JsonValue | undefined): JsonObject[] {
	return Array.isArray(value) ? value.filter(isObject) : [];
}

function numberOf(value: JsonValue | undefined): number | undefined {
	return typeof value === 'number' ? value : undefined;
}

/** The source a chunk of grounding stands for. */
function sourceOf(chunk: JsonObject | undefined): Citation | undefined {
	if (chunk === undefined) return undefined;
	const web = [chunk.web, chunk.maps].find(isObject);
	const retrieved = isObject(chunk.retrievedContext) ? chunk.retrievedContext : undefined;
	const wire = web ?? retrieved;
	if (wire === undefined) return undefined;
	const citation: Citation = { source: web === undefined ? 'file' : 'url' };
	if (typeof wire.uri === 'string') citation.url = wire.uri;
	if (typeof wire.title === 'string') citation.title = wire.title;
	if (retrieved !== undefined && typeof wire.text === 'string') citation.citedText = wire.text;
	return citation;
}

/** Where a stretch of UTF-8 bytes lies in a text, in characters; undefined where it does not fit. */
function characters(text: string, start: number, end: number): { start: number; end: number } | undefined {
	const bytes = Buffer.from(text);
	if (end > bytes.length || start > end) return undefined;
	const before = bytes.toString('utf8', 0, start).length;
	return { start: before, end: before + bytes.toString('utf8', start, end).length };
}

/** The text a segment lies in: where its own words stand at its place, else where they stand at all. */
function place(segment: JsonObject, texts: readonly string[]): { text: number; start: number; end: number } | undefined {
	const start = numberOf(segment.startIndex) ?? 0;
	const end = numberOf(segment.endIndex) ?? 0;
	const words = typeof segment.text === 'string' ? segment.text : undefined;
	for (const [text, whole] of texts.entries()) {
		const span = characters(whole, start, end);
		if (span !== undefined && (words === undefined || whole.slice(span.start, span.end) === words)) return { text, ...span };
	}
	if (words === undefined || words === '') return undefined;
	const text = texts.findIndex((whole) => whole.includes(words));
	const at = texts[text]?.indexOf(words);
	return at === undefined ? undefined : { text, start: at, end: at + words.length };
}

/** Reads what `groundingMetadata` says of sources. @param texts the texts of the answer, which the segments lie in */
export function decodeGrounding(metadata: JsonObject, texts: readonly string[]): PlacedCitation[] {
	const sources = objects(metadata.groundingChunks).map(sourceOf);
	const placed: PlacedCitation[] = [];
	const supported = new Set<number>();
	for (const support of objects(metadata.groundingSupports)) {
		const segment = isObject(support.segment) ? support.segment : {};
		const found = place(segment, texts);
		for (const index of Array.isArray(support.groundingChunkIndices) ? support.groundingChunkIndices : []) {
			const source = typeof index === 'number' ? sources[index] : undefined;
			if (source === undefined || typeof index !== 'number') continue;
			supported.add(index);
			const span = found === undefined ? {} : { answerSpan: { unit: 'char' as const, start: found.start, end: found.end } };
			placed.push({ text: found?.text, citation: { ...source, ...span } });
		}
	}
	sources.forEach((source, index) => {
		if (source !== undefined && !supported.has(index)) placed.push({ text: undefined, citation: source });
	});
	return placed;
}

/** Reads a `citationMetadata`: works the answer repeats. */
export function decodeRecitation(metadata: JsonObject, texts: readonly string[]): PlacedCitation[] {
	return objects(metadata.citationSources ?? metadata.citations).map((wire) => {
		const citation: Citation = { source: 'url' };
		if (typeof wire.uri === 'string') citation.url = wire.uri;
		if (typeof wire.title === 'string') citation.title = wire.title;
		const found = numberOf(wire.endIndex) === undefined ? undefined : place(wire, texts);
		if (found === undefined) return { text: undefined, citation };
		return { text: found.text, citation: { ...citation, answerSpan: { unit: 'char', start: found.start, end: found.end } } };
	});
}

/** A text of an answer with its citations. `part`: its place among the parts on the wire. */
export interface CitedText {
	part: number;
	text: string;
	citations: readonly Citation[];
}

/** Writes citations as `groundingMetadata`; undefined where there are none it can carry. */
export function encodeGrounding(texts: readonly CitedText[], whole: readonly Citation[], losses: Losses): JsonObject | undefined {
	const chunks: JsonObject[] = [];
	const places = new Map<string, number>();
	const chunkOf = (citation: Citation): number | undefined => {
		losses.extensions(citation, 'citations');
		if (citation.url === undefined) {
			losses.dropped('citations', 'Only citations of pages on the web are shown in this dialect.');
			return undefined;
		}
		const key = `${citation.url}\n${citation.title ?? ''}`;
		const there = places.get(key);
		if (there !== undefined) return there;
		places.set(key, chunks.length);
		chunks.push({ web: { uri: citation.url, ...(citation.title === undefined ? {} : { title: citation.title }) } });
		return chunks.length - 1;
	};
	const supports = texts.flatMap((text) =>
		text.citations.flatMap((citation) => {
			const chunk = chunkOf(citation);
			return chunk === undefined ? [] : [{ segment: segmentOf(text, citation), groundingChunkIndices: [chunk] }];
		}),
	);
	for (const citation of whole) chunkOf(citation);
	if (chunks.length === 0) return undefined;
	return { groundingChunks: chunks, ...(supports.length === 0 ? {} : { groundingSupports: supports }) };
}

/** The stretch of a text a citation supports, in bytes; all of it where the citation does not say. */
function segmentOf({ part, text }: CitedText, citation: Citation): JsonObject {
	const span = citation.answerSpan?.unit === 'char' ? citation.answerSpan : { start: 0, end: text.length };
	const words = text.slice(span.start, span.end ?? text.length);
	const startIndex = Buffer.byteLength(text.slice(0, span.start));
	const segment: JsonObject = { startIndex, endIndex: startIndex + Buffer.byteLength(words), text: words };
	if (part > 0) segment.partIndex = part;
	return segment;
}
