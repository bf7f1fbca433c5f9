import { isObject } from '../../lib/json.ts';
import type { Citation, JsonObject, JsonValue } from '../../spec/index.ts';
import { type Losses, same } from '../shared/index.ts';
import { mark, marked, unmarked } from './forms.ts';
import { DIALECT } from './name.ts';

type Read = (wire: JsonObject) => Citation;

function span(wire: JsonObject): Pick<Citation, 'answerSpan'> {
	const { start_index: start, end_index: end } = wire;
	if (typeof start !== 'number') return {};
	return { answerSpan: { unit: 'char', start, ...(typeof end === 'number' ? { end } : {}) } };
}

function text(wire: JsonObject, key: string): string | undefined {
	const value = wire[key];
	return typeof value === 'string' ? value : undefined;
}

const file: Read = (wire) => {
	const citation: Citation = { source: 'file', ...span(wire) };
	const fileId = text(wire, 'file_id');
	const title = text(wire, 'filename');
	if (fileId !== undefined) citation.fileId = fileId;
	if (title !== undefined && title !== '') citation.title = title;
	return wire.container_id === undefined ? citation : marked(citation, { container_id: wire.container_id });
};

const url: Read = (wire) => {
	const citation: Citation = { source: 'url', ...span(wire) };
	const address = text(wire, 'url');
	const title = text(wire, 'title');
	if (address !== undefined) citation.url = address;
	if (title !== undefined) citation.title = title;
	return citation;
};

const READERS: ReadonlyMap<JsonValue | undefined, Read> = new Map([
	['url_citation', url],
	['file_citation', file],
	['container_file_citation', file],
	['file_path', file],
]);

/** Reads one annotation; one of an unknown type is remembered, and says no more than that there was a source. */
export function decodeAnnotation(wire: JsonObject): Citation {
	const read = READERS.get(wire.type);
	return marked(read === undefined ? { source: 'document' } : read(wire), { $wire: wire });
}

/** Reads the annotations of a text. */
export function decodeAnnotations(wire: JsonValue[]): Citation[] {
	return wire.filter(isObject).map(decodeAnnotation);
}

/**
 * Writes a citation as annotation of a text of `length` characters; undefined, with a warning, where it names neither a URL nor a
 * file.
 */
export function encodeAnnotation(citation: Citation, length: number, path: string, losses: Losses): JsonObject | undefined {
	losses.extensions(citation, path);
	const wire = mark(citation, '$wire');
	if (isObject(wire) && same(unmarked(decodeAnnotation(wire)), unmarked(citation))) return wire;
	const { answerSpan } = citation;
	const start = answerSpan?.unit === 'char' ? answerSpan.start : 0;
	const end = answerSpan?.unit === 'char' ? (answerSpan.end ?? length) : length;
	if (citation.citedText !== undefined) losses.dropped(`${path}.citedText`, 'An annotation does not quote its source here.');
	if (citation.url !== undefined) {
		return { type: 'url_citation', url: citation.url, title: citation.title ?? '', start_index: start, end_index: end };
	}
	if (citation.fileId !== undefined) {
		const stretch = answerSpan === undefined ? {} : { start_index: start, end_index: end };
		return { type: 'file_citation', file_id: citation.fileId, filename: citation.title ?? '', index: start, ...stretch };
	}
	losses.dropped(
		path,
		`An annotation of ${DIALECT} needs a URL or a file; a citation of a ${citation.source} cannot be carried.`,
	);
	return undefined;
}
