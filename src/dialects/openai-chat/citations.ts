import { isObject } from '../../lib/json.ts';
import type { Citation, JsonObject, JsonValue } from '../../spec/index.ts';
import { extend, type Losses, own, restored, same } from '../shared/index.ts';
import { DIALECT } from './name.ts';

/** A stretch of the answer's text, in characters; `end` is exclusive. */
export interface Stretch {
	start: number;
	end: number;
}

function text(value: JsonValue | undefined): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

/** Reads one `url_citation` annotation; undefined for annotations of other kinds. */
function decodeAnnotation(wire: JsonValue): Citation | undefined {
	if (!isObject(wire) || wire.type !== 'url_citation' || !isObject(wire.url_citation)) return undefined;
	const { url, title, content, start_index: start, end_index: end, ...others } = wire.url_citation;
	const citation: Citation = { source: 'url' };
	if (typeof url === 'string') citation.url = url;
	if (typeof title === 'string') citation.title = title;
	if (typeof content === 'string') citation.citedText = content;
	if (typeof start === 'number') citation.answerSpan = { unit: 'char', start, ...(typeof end === 'number' ? { end } : {}) };
	return Object.keys(others).length === 0 ? citation : { ...citation, ...extend(DIALECT, others) };
}

/** Reads a message's annotations: citations of the web, and the list of those of other kinds. */
export function decodeAnnotations(wire: JsonValue[]): { citations: Citation[]; others: JsonValue[] } {
	const citations: Citation[] = [];
	const others: JsonValue[] = [];
	for (const item of wire) {
		const citation = decodeAnnotation(item);
		if (citation === undefined) others.push(item);
		else citations.push(citation);
	}
	return { citations, others };
}

/** Writes a citation as annotation of `stretch` of the answer, unless it states its own; undefined, with a warning, without URL. */
export function encodeAnnotation(citation: Citation, stretch: Stretch, path: string, losses: Losses): JsonObject | undefined {
	losses.extensions(citation, path);
	if (citation.url === undefined) {
		losses.dropped(path, `An annotation needs a URL; a citation of a ${citation.source} cannot be carried.`);
		return undefined;
	}
	const span = citation.answerSpan?.unit === 'char' ? citation.answerSpan : stretch;
	const wire: JsonObject = {
		...restored(own(citation, DIALECT)),
		start_index: span.start,
		end_index: span.end ?? stretch.end,
		title: citation.title ?? '',
		url: citation.url,
	};
	if (citation.citedText !== undefined) wire.content = citation.citedText;
	return { type: 'url_citation', url_citation: wire };
}

/** The annotations as they came, if they still say what `citations` says. */
export function annotationsAsTheyCame(wire: JsonValue | undefined, citations: Citation[]): JsonValue[] | undefined {
	return Array.isArray(wire) && same(decodeAnnotations(wire).citations, citations) ? wire : undefined;
}

/** What a service that grounds answers in its customer's data lists in the first choice's message, or in a delta of it. */
function grounding(body: JsonObject): JsonValue | undefined {
	const choice = Array.isArray(body.choices) ? body.choices[0] : undefined;
	const message = isObject(choice) ? (choice.message ?? choice.delta) : undefined;
	return isObject(message) && isObject(message.context) ? message.context.citations : undefined;
}

/**
 * Reads the sources some vendors list beside the answer: `search_results` (objects with URL, title, snippet) or, without them,
 * `citations` (URLs), or those of data sources in a message's `context` (objects with content, title, file path, perhaps a URL). The
 * lists themselves come back word for word, so each citation is marked as taken from one.
 */
export function decodeSources(body: JsonObject): Citation[] {
	const listed = [body.search_results, body.citations, grounding(body)].find((list) => Array.isArray(list) && list.length > 0);
	if (!Array.isArray(listed)) return [];
	const citations: Citation[] = [];
	for (const item of listed) {
		const entry = typeof item === 'string' ? { url: item } : item;
		if (!isObject(entry)) continue;
		const title = text(entry.title) ?? text(entry.filepath);
		const cited = text(entry.snippet) ?? text(entry.content);
		const url = text(entry.url);
		if (url === undefined && (title === undefined || cited === undefined)) continue;
		citations.push({
			source: url === undefined ? 'document' : 'url',
			...(url === undefined ? {} : { url }),
			...extend(DIALECT, { $listed: true }),
			...(title === undefined ? {} : { title }),
			...(cited === undefined ? {} : { citedText: cited }),
		});
	}
	return citations;
}

/** Whether a citation came from a list that is written back as it was. */
export function isListed(citation: Citation): boolean {
	return own(citation, DIALECT)?.$listed === true;
}
