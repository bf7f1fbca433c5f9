import type {
	AudioPart,
	CacheHint,
	ContentPart,
	DocumentPart,
	ImagePart,
	JsonObject,
	MediaSource,
	RefusalPart,
	TextPart,
} from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { encodeDocument, type Losses, own, restored, searchResultText } from '../shared/index.ts';
import { encodeAnnotation } from './citations.ts';
import { urlOfSource } from './data-url.ts';
import { mark, nested } from './forms.ts';
import { DIALECT } from './name.ts';

function noSource(kind: string, source: MediaSource, path: string, losses: Losses): undefined {
	const what = source.type === 'file' ? `${kind} stored at ${source.vendor}` : `${kind} given as ${source.type}`;
	losses.dropped(path, `This dialect has no form for ${what}.`);
	return undefined;
}

function stored(source: MediaSource): source is MediaSource & { type: 'file' } {
	return source.type === 'file' && source.vendor === DIALECT;
}

function encodeImage(part: ImagePart, path: string, losses: Losses): JsonObject | undefined {
	const { source, detail } = part;
	const url = urlOfSource(source);
	if (url === undefined && !stored(source)) return noSource('an image', source, path, losses);
	const left = own(part, DIALECT);
	const type = left?.$type === 'computer_screenshot' ? 'computer_screenshot' : 'input_image';
	const place = stored(source) ? { file_id: source.id } : { image_url: url };
	const look = detail === undefined ? {} : { detail };
	return { ...restored(left), type, ...place, ...look };
}

/** Sounds came and went with the API's previews; only a client that knows its vendor takes them sends them. */
function encodeAudio(part: AudioPart, path: string, losses: Losses): JsonObject | undefined {
	const { source } = part;
	const left = own(part, DIALECT);
	if (left?.$audio !== true) {
		throw new RelaisError('unsupported', 'Sounds cannot be sent in this dialect.', { param: path });
	}
	if (source.type !== 'base64') return noSource('audio', source, path, losses);
	const format = part.format ?? source.mediaType.slice(source.mediaType.indexOf('/') + 1);
	return {
		...restored(left),
		type: 'input_audio',
		input_audio: { ...restored(nested(left, 'input_audio')), data: source.data, format },
	};
}

const EXTENSIONS: { readonly [mediaType: string]: string } = {
	'application/pdf': 'pdf',
	'text/plain': 'txt',
	'text/markdown': 'md',
	'text/html': 'html',
	'text/csv': 'csv',
};

function fileName(part: DocumentPart, mediaType: string): string {
	return part.filename ?? part.title ?? `document.${EXTENSIONS[mediaType] ?? 'bin'}`;
}

function encodeFile(part: DocumentPart, source: MediaSource, path: string, losses: Losses): JsonObject | undefined {
	const left = own(part, DIALECT);
	const known = part.filename ?? part.title;
	const filename = known === undefined ? {} : { filename: known };
	const wire: JsonObject = { ...restored(left), type: 'input_file' };
	if (stored(source)) return { ...wire, file_id: source.id, ...filename };
	if (source.type === 'url') return { ...wire, [left?.$data === true ? 'file_data' : 'file_url']: source.url, ...filename };
	if (source.type !== 'base64') return noSource('a document', source, path, losses);
	const named = left?.$unnamed === true ? filename : { filename: fileName(part, source.mediaType) };
	if (left !== undefined && left.$data !== true && left.$bare !== true)
		return { ...wire, file_url: urlOfSource(source), ...named };
	return { ...wire, file_data: left?.$bare === true ? source.data : urlOfSource(source), ...named };
}

/** Citations and signatures have a place in answers only. */
function encodeInputText(part: TextPart, path: string, losses: Losses): JsonObject {
	if (part.citations !== undefined && part.citations.length > 0) {
		losses.dropped(`${path}.citations`, 'Only answers carry citations in this dialect.');
	}
	if (part.signature !== undefined) losses.dropped(`${path}.signature`, 'A signature of text has no place here.');
	const left = own(part, DIALECT);
	return { ...restored(left), type: left?.$type === 'text' ? 'text' : 'input_text', text: part.text };
}

function encodeCache(hint: CacheHint | undefined, items: JsonObject[], path: string, losses: Losses): JsonObject[] {
	const last = items.at(-1);
	if (hint === undefined || last === undefined) return items;
	losses.extensions(hint, path);
	const left = own(hint, DIALECT);
	if (left === undefined) {
		losses.dropped(`${path}.cache_control`, 'The vendor decides by itself what it keeps in its prompt cache.');
		return items;
	}
	const breakpoint = { ...restored(left), ...(hint.ttl === undefined ? {} : { ttl: hint.ttl }) };
	return items.with(-1, { ...last, prompt_cache_breakpoint: breakpoint });
}

function encodeKind(part: ContentPart, path: string, losses: Losses): JsonObject[] {
	const one = (wire: JsonObject | undefined): JsonObject[] => (wire === undefined ? [] : [wire]);
	switch (part.type) {
		case 'text':
			return [encodeInputText(part, path, losses)];
		case 'refusal':
			return [{ ...restored(own(part, DIALECT)), type: 'refusal', refusal: part.text }];
		case 'image':
			return one(encodeImage(part, path, losses));
		case 'audio':
			return one(encodeAudio(part, path, losses));
		case 'document':
			return encodeDocument(part, path, losses, {
				text: 'input_text',
				part: encodePart,
				file: (source) => encodeFile(part, source, path, losses),
			});
		case 'search-result':
			losses.add('changed', path, 'The search result was written as text.');
			return [{ type: 'input_text', text: searchResultText(part) }];
		case 'opaque':
			if (part.dialect === DIALECT) return [part.value];
			losses.dropped(path, `Only ${part.dialect} knows this part.`);
			return [];
		default:
			losses.dropped(path, `A ${part.type} cannot stand here in this dialect.`);
			return [];
	}
}

/** Writes a part of a user's or an instructing message, or of a result: usually one item of its content, none where there is no form. */
export function encodePart(part: ContentPart, path: string, losses: Losses): JsonObject[] {
	losses.extensions(part, path);
	return encodeCache(part.cache, encodeKind(part, path, losses), path, losses);
}

/** What is left of a part itself; what is left of the item around it is kept beside that. */
function ofPart(left: JsonObject | undefined): JsonObject {
	const { item: _, ...rest } = restored(left);
	return rest;
}

/** Writes a text or refusal of the model. `plain`: in a history, where annotations and the like may be missing. */
export function encodeOutputPart(part: TextPart | RefusalPart, plain: boolean, path: string, losses: Losses): JsonObject {
	losses.extensions(part, path);
	const left = own(part, DIALECT);
	if (part.type === 'refusal') return { ...ofPart(left), type: 'refusal', refusal: part.text };
	const annotations: JsonObject[] = [];
	for (const [index, citation] of (part.citations ?? []).entries()) {
		const annotation = encodeAnnotation(citation, part.text.length, `${path}.citations[${index}]`, losses);
		if (annotation !== undefined) annotations.push(annotation);
	}
	const fresh: JsonObject = plain || left !== undefined ? {} : { annotations: [], logprobs: [] };
	const logprobs = mark(part, '$logprobs');
	const type = typeof left?.$type === 'string' ? left.$type : 'output_text';
	const wire: JsonObject = { ...fresh, ...ofPart(left), type, text: part.text };
	if (annotations.length > 0) wire.annotations = annotations;
	if (logprobs !== undefined) wire.logprobs = logprobs;
	return encodeCache(part.cache, [wire], path, losses)[0] ?? wire;
}
