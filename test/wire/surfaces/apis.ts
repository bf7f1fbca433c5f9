import { COHERE_V1, type Recording, told } from './corpus.ts';

/** What becomes of the recordings of an API. */
export interface Treatment {
	/** In the page's words. */
	what: string;
	read: boolean;
}

const read = (what: string): Treatment => ({ what, read: true });
const unread = (what: string): Treatment => ({ what, read: false });

const CHAT = read('a chat answer');
const MAKERS = unread("each maker's own format of chat; the same models are reached by Converse");
const OLD = unread('a chat API of 2023 that its vendor has ended or replaced');
const IMAGES = unread('images are not served yet');

/** By API; what is no chat is held to its recordings by tests of its own. */
const TREATMENTS: { readonly [api: string]: Treatment } = {
	completions: read('completions of prompts'),
	embeddings: read('embeddings'),
	embed: read('embeddings'),
	embedContent: read('embeddings'),
	batchEmbedContents: read('embeddings'),
	predict: read('embeddings'),
	'ollama-embed': read('embeddings'),
	'ollama-embeddings': read('embeddings'),
	rerank: read('rankings'),
	moderations: read('moderations'),
	models: read('lists of models'),
	'count-tokens': read('counts of tokens'),
	countTokens: read('counts of tokens'),
	'watsonx-text': read('a chat answer of an older endpoint'),
	'watsonx-text-stream': read('a chat answer of an older endpoint'),
	predictions: read('a refusal of a prediction'),
	'responses-state': unread('answers kept by the vendor; Relais keeps its own'),
	'responses-compact': unread('a call that shortens a conversation, for the vendor alone'),
	complete: OLD,
	generate: OLD,
	'writer-chat': unread('an older path of a vendor whose chat completions are spoken'),
	'hf-inference': unread("an API for single tasks; the vendor's models are reached by its chat completions"),
	invoke: MAKERS,
	'invoke-with-response-stream': MAKERS,
	interactions: unread('an agent API in preview; the same models are reached by generateContent'),
	images: IMAGES,
	ocr: unread('reading of documents, of one vendor alone'),
	tokenize: unread("a vendor's tokens, which Relais counts by itself"),
	'apply-guardrail': unread("a vendor's guardrail without a model"),
};

/** What becomes of a recording. Throws for an API nobody has thought of. */
export function treatmentOf(recording: Recording): Treatment {
	if (COHERE_V1.test(recording.id)) return OLD;
	if (told([recording]).length > 0) return CHAT;
	if (recording.api === 'invoke' && recording.request?.path?.includes('embed') === true) return read('embeddings');
	const treatment = TREATMENTS[recording.api];
	if (treatment === undefined) throw new Error(`nobody has thought of ${recording.id} (${recording.api})`);
	return treatment;
}
