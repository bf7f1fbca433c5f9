import type { Citation, CitationSpan, JsonObject, JsonValue } from '../../spec/index.ts';
import { extend, type Losses, leftovers, read } from '../shared/index.ts';
import { DIALECT, mark, refill } from './dialect.ts';

/** Names of the wire fields of one kind of citation. */
interface Shape {
	type: string;
	source: Citation['source'];
	title: string;
	url?: string;
	index?: string;
	span?: { unit: CitationSpan['unit']; start: string; end: string };
}

const DOCUMENT = { source: 'document', title: 'document_title', index: 'document_index' } as const;

const SHAPES: readonly Shape[] = [
	{ type: 'char_location', ...DOCUMENT, span: { unit: 'char', start: 'start_char_index', end: 'end_char_index' } },
	{ type: 'page_location', ...DOCUMENT, span: { unit: 'page', start: 'start_page_number', end: 'end_page_number' } },
	{ type: 'content_block_location', ...DOCUMENT, span: { unit: 'block', start: 'start_block_index', end: 'end_block_index' } },
	{ type: 'web_search_result_location', source: 'url', title: 'title', url: 'url' },
	{
		type: 'search_result_location',
		source: 'search-result',
		title: 'title',
		url: 'source',
		index: 'search_result_index',
		span: { unit: 'block', start: 'start_block_index', end: 'end_block_index' },
	},
];

const BY_TYPE = new Map(SHAPES.map((shape) => [shape.type, shape]));

/** Reads one citation of a text block. A kind this version does not know is kept whole. */
export function decodeCitation(value: JsonValue, path: string): Citation {
	const wire = read.object(value, path);
	const shape = typeof wire.type === 'string' ? BY_TYPE.get(wire.type) : undefined;
	if (shape === undefined) return { source: 'document', ...extend(DIALECT, { citation: wire }) };
	const taken = new Set(['type']);
	const take = <T extends 'string' | 'number'>(key: string | undefined, kind: T) => {
		const field = key === undefined ? undefined : wire[key];
		if (key === undefined || typeof field !== kind) return undefined;
		taken.add(key);
		return field;
	};
	const citation: Citation = { source: shape.source };
	const url = take(shape.url, 'string');
	if (typeof url === 'string') citation.url = url;
	const title = take(shape.title, 'string');
	if (typeof title === 'string') citation.title = title;
	const cited = take('cited_text', 'string');
	if (typeof cited === 'string') citation.citedText = cited;
	const index = take(shape.index, 'number');
	if (typeof index === 'number') citation.documentIndex = index;
	const file = take('file_id', 'string');
	if (typeof file === 'string') citation.fileId = file;
	const encrypted = take('encrypted_index', 'string');
	if (typeof encrypted === 'string') citation.encryptedIndex = encrypted;
	const start = take(shape.span?.start, 'number');
	const end = typeof start === 'number' ? take(shape.span?.end, 'number') : undefined;
	if (shape.span !== undefined && typeof start === 'number') {
		citation.sourceSpan = { unit: shape.span.unit, start, ...(typeof end === 'number' ? { end } : {}) };
	}
	return { ...citation, ...extend(DIALECT, leftovers(wire, taken)) };
}

/**
 * Writes a citation, or undefined (and a warning) when the dialect has no kind for it. In a request (`replay`) a web citation needs
 * the opaque index this vendor gave it; another vendor's is left out.
 */
export function encodeCitation(citation: Citation, path: string, losses: Losses, replay: boolean): JsonObject | undefined {
	losses.extensions(citation, path);
	const kept = mark(citation, 'citation');
	if (typeof kept === 'object' && kept !== null && !Array.isArray(kept)) return { ...kept };
	const shape = SHAPES.find(
		(each) => each.source === citation.source && (each.span === undefined || each.span.unit === citation.sourceSpan?.unit),
	);
	if (shape === undefined || (shape.url !== undefined && citation.url === undefined)) {
		losses.dropped(path, 'This kind of citation has no form in this dialect.');
		return undefined;
	}
	if (replay && shape.source === 'url' && (citation.encryptedIndex ?? '') === '') {
		losses.dropped(path, "A web citation that another vendor's model made cannot be sent back.");
		return undefined;
	}
	return refill(writeShape(shape, citation), citation);
}

function writeShape(shape: Shape, citation: Citation): JsonObject {
	const wire: JsonObject = { type: shape.type, cited_text: citation.citedText ?? '', [shape.title]: citation.title ?? null };
	if (shape.url !== undefined) wire[shape.url] = citation.url;
	if (shape.index !== undefined) wire[shape.index] = citation.documentIndex ?? 0;
	if (shape.source === 'url') wire.encrypted_index = citation.encryptedIndex ?? '';
	if (citation.fileId !== undefined) wire.file_id = citation.fileId;
	if (shape.span !== undefined && citation.sourceSpan !== undefined) {
		const { start, end } = citation.sourceSpan;
		wire[shape.span.start] = start;
		wire[shape.span.end] = end ?? start + 1;
	}
	return wire;
}
