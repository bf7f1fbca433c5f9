import type { ContentPart, DocumentPart, JsonObject, MediaSource, SearchResultPart } from '../../spec/index.ts';
import type { Losses } from './losses.ts';

/** Text of parts that can be read as text, without their form: used where a dialect's field takes nothing else. */
export function plainText(parts: readonly ContentPart[]): string {
	const pieces: string[] = [];
	for (const part of parts) {
		if (part.type === 'text' || part.type === 'refusal') pieces.push(part.text);
		else if (part.type === 'search-result') pieces.push(searchResultText(part));
		else if (part.type === 'document' && part.source.type === 'text') pieces.push(documentText(part, part.source.text));
		else if (part.type === 'document' && part.source.type === 'parts') {
			pieces.push(documentText(part, plainText(part.source.parts)));
		}
	}
	return pieces.filter((piece) => piece !== '').join('\n\n');
}

function documentText(part: DocumentPart, text: string): string {
	return [part.title ?? part.filename, part.context, text].filter((piece) => piece !== undefined && piece !== '').join('\n\n');
}

/** A search result as text: its title, its source and what it says. */
export function searchResultText(part: SearchResultPart): string {
	return [part.title, part.source, plainText(part.parts)].filter((piece) => piece !== '').join('\n');
}

/** How a dialect writes what a document consists of. */
interface DocumentForms {
	/** The type of its text items. */
	text: string;
	/** Writes a part inside the document. */
	part: (part: ContentPart, path: string, losses: Losses) => JsonObject[];
	/** Writes a document that is a file; undefined (and a warning) where there is no form for it. */
	file: (source: MediaSource) => JsonObject | undefined;
}

/** Writes a document for a dialect that has files but no documents: those of text or parts become items beside the others. */
export function encodeDocument(part: DocumentPart, path: string, losses: Losses, forms: DocumentForms): JsonObject[] {
	const { source } = part;
	if (part.citations === true) losses.dropped(`${path}.citations`, 'Citations of documents cannot be asked for in this dialect.');
	if (source.type === 'text') {
		losses.add('changed', path, 'The document was written as text.');
		return [{ type: forms.text, text: documentText(part, source.text) }];
	}
	if (source.type === 'parts') {
		losses.add('changed', path, 'The blocks of the document were written as parts of the message.');
		const title = documentText(part, '');
		const inner = source.parts.flatMap((each, index) => forms.part(each, `${path}.parts[${index}]`, losses));
		return title === '' ? inner : [{ type: forms.text, text: title }, ...inner];
	}
	fileLosses(part, path, losses);
	const file = forms.file(source);
	return file === undefined ? [] : [file];
}

/** Reports what a document says beside its source that a file has no place for. */
function fileLosses(part: DocumentPart, path: string, losses: Losses): void {
	if (part.context !== undefined) losses.dropped(`${path}.context`, "A file's context has no field in this dialect.");
	if (part.title !== undefined && part.filename !== undefined && part.title !== part.filename) {
		losses.dropped(`${path}.title`, 'A file has a name but no title in this dialect; the title was left out.');
	}
}
