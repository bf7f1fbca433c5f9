import { isObject } from '../../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../../spec/index.ts';
import type { RuleContext } from '../../rules.ts';

const TEXT_URL = /^data:text\/[\w.+-]+(;charset=[\w-]+)?;base64,/i;

/** A document in a part of type `file` as vendors of another form take it: plain text as text, others by a URL that may hold their bytes. */
function documentPart(part: JsonObject, path: string, context: RuleContext): JsonObject {
	const { file } = part;
	if (part.type !== 'file' || !isObject(file)) return part;
	const { file_data: data, file_id: id, filename: name } = file;
	if (typeof data !== 'string') return typeof id === 'string' ? { type: 'file', file_id: id } : part;
	const head = TEXT_URL.exec(data)?.[0];
	if (head === undefined) {
		return { type: 'document_url', document_url: data, ...(typeof name === 'string' ? { document_name: name } : {}) };
	}
	context.warn({ kind: 'changed', path, message: `${context.model} takes plain text as text alone: the document was sent so` });
	const text = Buffer.from(data.slice(head.length), 'base64').toString('utf8');
	return { type: 'text', text: typeof name === 'string' ? `${name}\n${text}\n\n` : `${text}\n\n` };
}

/** A message whose documents stand in `document_url` parts; the same message where it has none in `file` parts. */
export function withDocumentUrls(message: JsonObject, path: string, context: RuleContext): JsonObject {
	const { content } = message;
	if (!Array.isArray(content)) return message;
	const made = content.map(
		(part, index): JsonValue => (isObject(part) ? documentPart(part, `${path}.content[${index}]`, context) : part),
	);
	return made.every((part, index) => part === content[index]) ? message : { ...message, content: made };
}
