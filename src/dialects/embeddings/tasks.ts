import type { EmbedRequest, JsonObject } from '../../spec/index.ts';
import { type Fields, type Losses, own, read, table } from '../shared/index.ts';

/** What vendors call the purposes vectors can have, in lower case; the names more than one of them knows. */
const KNOWN = table({
	query: 'query',
	search_query: 'query',
	retrieval_query: 'query',
	'retrieval.query': 'query',
	document: 'document',
	passage: 'document',
	search_document: 'document',
	retrieval_document: 'document',
	'retrieval.passage': 'document',
	similarity: 'similarity',
	semantic_similarity: 'similarity',
	'text-matching': 'similarity',
	classification: 'classification',
	clustering: 'clustering',
	separation: 'clustering',
	question_answering: 'question',
	fact_verification: 'fact',
	code_retrieval_query: 'code_query',
	'code.query': 'code_query',
	'code.passage': 'code_document',
});

/** One format's words for them. */
export type TaskWords = { readonly [task: string]: string };

/** The common name of what a vendor calls a purpose; its own word where it has none. */
export function taskOf(word: string): string {
	return KNOWN[word.toLowerCase()] ?? word;
}

/** Reads the field that states the purpose, and remembers the word. */
export function takeTask(fields: Fields, field: string): { task?: string; $task?: string } {
	const word = fields.take(field, read.nonEmptyString);
	return word === undefined ? {} : { task: taskOf(word), $task: word };
}

/** The purpose in a format's words: the very word where the request came in this format. Undefined, and told: it has none. */
export function wordOf(
	request: EmbedRequest,
	format: string,
	words: TaskWords,
	losses: Losses,
	task = request.task,
): string | undefined {
	if (task === undefined) return undefined;
	const own_ = own(request, format)?.$task;
	if (typeof own_ === 'string' && taskOf(own_) === task) return own_;
	const word = Object.hasOwn(words, task) ? words[task] : undefined;
	if (word === undefined) losses.dropped('task', `The model cannot be told that vectors are for '${task}'.`);
	return word;
}

/** The words for cutting, where a format names the side. */
export const SIDES: { readonly [truncate in NonNullable<EmbedRequest['truncate']>]: string } = {
	start: 'START',
	end: 'END',
	none: 'NONE',
};

/** Reads the side to cut. */
export function takeSide(fields: Fields, field: string): { truncate?: NonNullable<EmbedRequest['truncate']> } {
	const word = fields.take(field, read.oneOf(['START', 'END', 'NONE', 'start', 'end', 'none']));
	return word === undefined ? {} : { truncate: word.toLowerCase() as NonNullable<EmbedRequest['truncate']> };
}

/** Reads whether to cut at all, which formats without a word for the side do at the end. */
export function takeCut(fields: Fields, field: string): { truncate?: 'end' | 'none' } {
	const cut = fields.take(field, read.boolean);
	return cut === undefined ? {} : { truncate: cut ? 'end' : 'none' };
}

/** Whether to cut, for formats that cut at the end. */
export function cutOf({ truncate }: EmbedRequest, losses: Losses): boolean | undefined {
	if (truncate === 'start')
		losses.add('changed', 'truncate', 'Inputs that are too long are cut at their end: the model knows no other way.');
	return truncate === undefined ? undefined : truncate !== 'none';
}

/** What is told of a field that a format has no place for. */
const LACKING = {
	task: 'The model cannot be told what vectors are for.',
	dimensions: 'The model cannot shorten its vectors.',
	truncate: 'The model cannot be told whether to cut inputs that are too long.',
	user: 'The model takes no end user.',
} as const satisfies { readonly [field in keyof EmbedRequest]?: string };

/** Reports what a request says in fields that a format has no place for. */
export function reportLacking(request: EmbedRequest, losses: Losses, ...fields: (keyof typeof LACKING)[]): void {
	for (const field of fields) if (request[field] !== undefined) losses.dropped(field, LACKING[field]);
}

/** Reports types that a model of floats does not make. */
export function reportTypes({ types }: EmbedRequest, losses: Losses): void {
	if (types?.some((type) => type !== 'float') === true) losses.dropped('embedding_types', 'The model makes floats only.');
}

/** Reports what a format cannot say of single inputs. */
export function reportEach({ each, title }: EmbedRequest, losses: Losses): void {
	if (each !== undefined) losses.dropped('each', 'What was said of single inputs cannot be told: the first is taken for all.');
	if (title !== undefined) losses.dropped('title', 'The model takes no title of documents.');
}

/** The request with what the first input says of itself said of all. */
export function levelled(request: EmbedRequest): EmbedRequest {
	const first = request.each?.[0];
	return first === undefined ? request : { ...request, ...first };
}

/** Extensions of a request: what nobody took, and the word for its purpose. */
export function requestRest(fields: Fields, $task: string | undefined, more: JsonObject = {}): JsonObject | undefined {
	const rest = fields.rest();
	if ($task === undefined && Object.keys(more).length === 0) return rest;
	return { ...rest, ...more, ...($task === undefined ? {} : { $task }) };
}
