import { isObject } from '../../lib/json.ts';
import type { Citation, CitationSpan, JsonObject, JsonValue } from '../../spec/index.ts';
import { extend, type Losses, same } from '../shared/index.ts';
import { DIALECT, mark } from './dialect.ts';

/** One kind of place a citation points to. */
interface Place {
	member: string;
	source: Citation['source'];
	unit: CitationSpan['unit'];
	index: string;
}

const PLACES: readonly Place[] = [
	{ member: 'documentChar', source: 'document', unit: 'char', index: 'documentIndex' },
	{ member: 'documentPage', source: 'document', unit: 'page', index: 'documentIndex' },
	{ member: 'documentChunk', source: 'document', unit: 'block', index: 'documentIndex' },
	{ member: 'searchResultLocation', source: 'search-result', unit: 'block', index: 'searchResultIndex' },
];

/** Reads one citation; kinds of places this version does not know are kept beside what it understands. */
export function decodeCitation(value: JsonValue): Citation {
	const wire = isObject(value) ? value : {};
	const location = isObject(wire.location) ? wire.location : {};
	const citation: Citation = { source: 'document', ...placeOf(location) };
	if (typeof wire.title === 'string') citation.title = wire.title;
	const cited = citedText(wire.sourceContent);
	if (cited !== undefined) citation.citedText = cited;
	return { ...citation, ...extend(DIALECT, { $raw: value }) };
}

function placeOf(location: JsonObject): Partial<Citation> {
	const { web } = location;
	if (isObject(web)) return { source: 'url', ...(typeof web.url === 'string' ? { url: web.url } : {}) };
	for (const { member, source, unit, index } of PLACES) {
		const place = location[member];
		if (!isObject(place)) continue;
		const found: Partial<Citation> = { source };
		const position = place[index];
		if (typeof position === 'number') found.documentIndex = position;
		if (typeof place.start === 'number') {
			found.sourceSpan = { unit, start: place.start, ...(typeof place.end === 'number' ? { end: place.end } : {}) };
		}
		return found;
	}
	return {};
}

function citedText(pieces: JsonValue | undefined): string | undefined {
	if (!Array.isArray(pieces)) return undefined;
	const texts = pieces.map((piece) => (isObject(piece) && typeof piece.text === 'string' ? piece.text : ''));
	return texts.length === 0 ? undefined : texts.join('');
}

/** Writes a citation; undefined (and a warning) where the dialect has no place of its kind. */
export function encodeCitation(citation: Citation, path: string, losses: Losses): JsonObject | undefined {
	losses.extensions(citation, path);
	const raw = mark(citation, '$raw');
	if (isObject(raw) && same(decodeCitation(raw), citation)) return raw;
	const location = locationOf(citation);
	if (location === undefined) {
		losses.dropped(path, 'This kind of citation has no form in this dialect.');
		return undefined;
	}
	return {
		...(citation.title === undefined ? {} : { title: citation.title }),
		sourceContent: citation.citedText === undefined ? [] : [{ text: citation.citedText }],
		location,
	};
}

function locationOf(citation: Citation): JsonObject | undefined {
	if (citation.source === 'url') return citation.url === undefined ? undefined : { web: { url: citation.url } };
	const { sourceSpan: span } = citation;
	const place = PLACES.find(({ source, unit }) => source === citation.source && unit === (span?.unit ?? 'block'));
	if (place === undefined) return undefined;
	const start = span?.start ?? 0;
	return { [place.member]: { [place.index]: citation.documentIndex ?? 0, start, end: span?.end ?? start + 1 } };
}

/** Whether a citation was made by this dialect's vendor, which takes back no other. */
export function isOwnCitation(citation: Citation): boolean {
	return mark(citation, '$raw') !== undefined;
}
