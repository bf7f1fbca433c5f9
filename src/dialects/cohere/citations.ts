import { isObject } from '../../lib/json.ts';
import type { Citation, ContentPart, JsonObject, JsonValue, TextPart } from '../../spec/index.ts';
import { extend } from '../shared/index.ts';
import { DIALECT, mark } from './dialect.ts';

/** Ids the API gives to documents that came without one. */
const COUNTED = /^doc[:_](\d+)$/;

/** Reads a citation: one for each of its sources. The first keeps the wire form, the others know that they belong to it. */
export function decodeCitation(wire: JsonObject): Citation[] {
	const sources = Array.isArray(wire.sources) && wire.sources.length > 0 ? wire.sources : [{}];
	return sources.map((source, index) => ({
		...sourceOf(isObject(source) ? source : {}),
		...spanOf(wire),
		...extend(DIALECT, { $raw: index === 0 ? wire : 'more' }),
	}));
}

function spanOf({ start, end }: JsonObject): { answerSpan?: NonNullable<Citation['answerSpan']> } {
	if (typeof start !== 'number') return {};
	return { answerSpan: { unit: 'char', start, ...(typeof end === 'number' ? { end } : {}) } };
}

function sourceOf(source: JsonObject): Citation {
	const tool = source.type === 'tool';
	const about = [source.document, source.tool_output].find(isObject) ?? {};
	const citation: Citation = { source: tool ? 'search-result' : 'document' };
	const id = typeof source.id === 'string' ? source.id : '';
	const url = [about.url, id].find((each) => typeof each === 'string' && /^https?:/.test(each));
	if (typeof url === 'string') citation.url = url;
	if (typeof about.title === 'string') citation.title = about.title;
	const words = [about.text, about.snippet, about.content].find((each) => typeof each === 'string');
	if (typeof words === 'string') citation.citedText = words;
	const counted = COUNTED.exec(id);
	if (counted !== null) citation.documentIndex = Number(counted[1]);
	return citation;
}

/** Gives the citations of a message to the texts they are about: the one at their `content_index`, or the first. */
export function placeCitations(wire: JsonValue | undefined, content: ContentPart[], blocks: readonly ContentPart[]): boolean {
	if (!Array.isArray(wire) || wire.length === 0) return false;
	const first = content.find((part): part is TextPart => part.type === 'text');
	if (first === undefined) return false;
	for (const each of wire.filter(isObject)) {
		const at = typeof each.content_index === 'number' ? blocks[each.content_index] : undefined;
		const part = at?.type === 'text' ? at : first;
		part.citations = [...(part.citations ?? []), ...decodeCitation(each)];
	}
	return true;
}

/** Writes a citation of the text `text`; undefined for those whose first source tells them. */
export function encodeCitation(citation: Citation, text: string, contentIndex: number): JsonObject | undefined {
	const kept = mark(citation, '$raw');
	if (kept === 'more') return undefined;
	if (isObject(kept)) return kept;
	const span = citation.answerSpan?.unit === 'char' ? citation.answerSpan : undefined;
	const start = span?.start ?? 0;
	const end = span?.end ?? text.length;
	const document: JsonObject = {};
	if (citation.title !== undefined) document.title = citation.title;
	if (citation.url !== undefined) document.url = citation.url;
	if (citation.citedText !== undefined) document.text = citation.citedText;
	const id =
		citation.url ?? citation.fileId ?? (citation.documentIndex === undefined ? citation.title : `doc:${citation.documentIndex}`);
	const source: JsonObject = { type: 'document', id: id ?? 'doc', document: { id: id ?? 'doc', ...document } };
	const wire: JsonObject = { start, end, text: text.slice(start, end), sources: [source], type: 'TEXT_CONTENT' };
	if (contentIndex > 0) wire.content_index = contentIndex;
	return wire;
}
