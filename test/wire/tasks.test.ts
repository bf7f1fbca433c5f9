import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gemini, openaiChat } from '../../src/dialects/index.ts';
import { TASK_FORMATS } from '../../src/dialects/tasks.ts';
import { isObject } from '../../src/lib/json.ts';
import type { EmbedRequest, JsonObject, JsonValue, RerankRequest, TaskFormat } from '../../src/spec/index.ts';

interface Recording {
	id: string;
	provider: string;
	api: string;
	request: { path: string; body: JsonObject } | null;
	response: { status: number; headers?: { [name: string]: string }; body?: JsonValue };
}

const WIRE = join(import.meta.dirname, '../../../shared/wire');
const { embed, rerank, moderate } = TASK_FORMATS;

/** The format a recording is in, by its vendor and API. */
const EMBEDDINGS: { [where: string]: TaskFormat<'embed'> } = {
	'azure-openai embeddings': embed.openaiEmbeddings,
	'openai embeddings': embed.openaiEmbeddings,
	'openrouter embeddings': embed.openaiEmbeddings,
	'perplexity embeddings': embed.openaiEmbeddings,
	'mistral embeddings': embed.mistralEmbeddings,
	'voyage embeddings': embed.voyageEmbeddings,
	'cohere embed': embed.cohereEmbed,
	'bedrock invoke': embed.cohereEmbedHosted,
	'google embedContent': embed.geminiEmbed,
	'google batchEmbedContents': embed.geminiBatchEmbed,
	'ollama ollama-embed': embed.ollamaEmbed,
	'ollama ollama-embeddings': embed.ollamaEmbeddings,
};
const RERANKS: { [where: string]: TaskFormat<'rerank'> } = {
	'cohere rerank': rerank.cohereRerank,
	'openrouter rerank': rerank.jinaRerank,
	'voyage rerank': rerank.voyageRerank,
	'bedrock rerank': rerank.sourcesRerank,
};

const all: Recording[] = existsSync(WIRE)
	? readdirSync(WIRE, { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.flatMap(({ name }) => readdirSync(join(WIRE, name)).map((file) => join(WIRE, name, file)))
			.map((path) => JSON.parse(readFileSync(path, 'utf8')) as Recording)
			.filter(({ api, request }) => api !== 'invoke' || request?.path.includes('embed') === true)
	: [];
const where = ({ provider, api }: Recording): string => `${provider} ${api}`;
const embeddings = all.filter((recording) => where(recording) in EMBEDDINGS);
const reranks = all.filter((recording) => where(recording) in RERANKS);
const moderations = all.filter(({ api }) => api === 'moderations');
const named = (list: Recording[]): [string, Recording][] => list.map((each) => [each.id, each]);
const ok = (list: Recording[]): Recording[] => list.filter(({ response }) => response.status === 200);

/** What the surface does for formats whose address names the model, and what one vendor's address did in the recordings. */
function withModel(body: JsonObject): JsonObject {
	return { model: 'm', ...body };
}

function embedFormat(recording: Recording): TaskFormat<'embed'> {
	const format = EMBEDDINGS[where(recording)];
	if (format === undefined) throw new Error(`no format for ${recording.id}`);
	return format;
}

function rerankFormat(recording: Recording): TaskFormat<'rerank'> {
	const format = RERANKS[where(recording)];
	if (format === undefined) throw new Error(`no format for ${recording.id}`);
	return format;
}

/** A request without what every encoder of its format states: types of vectors, names of models the address has already. */
function shown(format: TaskFormat<'embed'>, wire: JsonObject): JsonObject {
	const { model, embedding_types: types, requests, ...rest } = JSON.parse(JSON.stringify(wire)) as JsonObject;
	const each = Array.isArray(requests) ? requests.map((request) => ({ ...(request as JsonObject), model: 'm' })) : requests;
	const kept = { ...rest, ...(requests === undefined ? {} : { requests: each as JsonValue }) };
	return format.modelInPath === true
		? kept
		: { ...kept, ...(model === undefined ? {} : { model }), ...(types === undefined ? {} : { types }) };
}

const CONTEXT = { model: 'm', id: 'fallback' };

describe.skipIf(all.length === 0)('recorded embeddings, reranks and moderations (skipped where ../shared/wire is absent)', () => {
	test('all of them are looked at', () => {
		expect([embeddings.length, reranks.length, moderations.length]).toEqual([22, 4, 1]);
	});

	// The vendor refused one request for its very form.
	const sound = embeddings.filter(({ id, request }) => request !== null && id !== 'openai-embeddings-bdfef227a32c');

	test.each(named(sound))('%s: the request comes back exactly', (_, recording) => {
		const format = embedFormat(recording);
		const recorded = recording.request?.body ?? {};
		const decoded = format.decodeRequest(withModel(recorded));
		const encoded = format.encodeRequest(decoded.value, decoded.value.model);
		expect(shown(format, encoded.value)).toEqual(shown(format, withModel(recorded)));
		expect(encoded.warnings).toEqual([]);
	});

	test.each(named(ok(embeddings)))('%s: the answer comes back exactly, digit by digit', (_, recording) => {
		const format = embedFormat(recording);
		const asked = recording.request?.body;
		const request = asked === undefined ? SINGLE : format.decodeRequest(withModel(asked)).value;
		// One vendor packs eight-bit numbers, asked to or not.
		const typed: EmbedRequest = recording.provider === 'perplexity' ? { ...request, types: ['int8'], packed: true } : request;
		const decoded = format.decodeResponse(recording.response.body ?? null, typed);
		const again = format.encodeResponse(decoded.value, typed, CONTEXT);
		expect(JSON.parse(JSON.stringify(again.value))).toEqual(recording.response.body);
		expect(again.warnings).toEqual([]);
	});

	test.each(named(ok(embeddings)))('%s: the answer is told in every other form', (_, recording) => {
		const format = embedFormat(recording);
		const asked = recording.request?.body;
		const request = asked === undefined ? SINGLE : format.decodeRequest(withModel(asked)).value;
		const typed: EmbedRequest = recording.provider === 'perplexity' ? { ...request, types: ['int8'], packed: true } : request;
		const { value } = format.decodeResponse(recording.response.body ?? null, typed);
		for (const other of Object.values(embed)) {
			const plain: EmbedRequest = { ...typed, packed: false };
			if (value.vectors.length > 1 && ONE.has(other.name)) continue;
			const told = other.encodeResponse(value, plain, CONTEXT).value;
			const back = other.decodeResponse(JSON.parse(JSON.stringify(told)), plain).value;
			expect(back.vectors.map((vector) => Array.from(vector))).toEqual(value.vectors.map((vector) => Array.from(vector)));
		}
	});

	test.each(named(reranks))('%s: question and answer come back exactly', (_, recording) => {
		const format = rerankFormat(recording);
		const body = recording.request?.body;
		const request: RerankRequest =
			body === undefined ? { model: 'm', query: 'q', documents: new Array(6).fill('d') } : format.decodeRequest(body).value;
		if (body !== undefined) expect(format.encodeRequest(request, request.model).value).toEqual(body);
		const decoded = format.decodeResponse(recording.response.body ?? null, request).value;
		expect(format.encodeResponse(decoded, request, CONTEXT).value).toEqual(recording.response.body);
	});

	test.each(named(moderations))('%s: question and answer come back exactly', (_, recording) => {
		const format = moderate.openaiModeration;
		const body = recording.request?.body ?? {};
		const request = format.decodeRequest(body).value;
		expect(format.encodeRequest(request, request.model ?? '').value).toEqual(body);
		const decoded = format.decodeResponse(recording.response.body ?? null, request).value;
		expect(format.encodeResponse(decoded, request, CONTEXT).value).toEqual(recording.response.body);
	});

	const refused = [...embeddings, ...reranks, ...moderations].filter(({ response }) => response.status > 299);
	test.each(named(refused))('%s: the refusal keeps its status and words', (_, { provider, response }) => {
		const dialect = provider === 'google' ? gemini : openaiChat;
		const error = dialect.decodeError(response.status, response.headers ?? {}, response.body ?? '');
		expect(error.status).toBe(response.status);
		const words = isObject(response.body) && isObject(response.body.error) ? response.body.error.message : undefined;
		if (typeof words === 'string') expect(error.message).toContain(words.slice(0, 60));
	});
});

/** Formats for one input alone. */
const ONE: ReadonlySet<string> = new Set(['gemini-embed', 'ollama-embeddings', 'titan-embeddings']);

const SINGLE: EmbedRequest = { model: 'm', inputs: ['a'], single: true };
