import { isObject } from '../../lib/json.ts';
import type {
	Candidate,
	ChatResponse,
	Citation,
	ContentPart,
	JsonObject,
	JsonValue,
	Translated,
	Usage,
} from '../../spec/index.ts';
import { asAnswer, extend, Fields, protocol, read } from '../shared/index.ts';
import { CallBook } from './call-book.ts';
import { decodeGrounding, decodeRecitation, type PlacedCitation } from './citations.ts';
import { DIALECT, withMarks } from './dialect.ts';
import { decodeErrorBody } from './errors-decode.ts';
import { decodeLogprobs } from './logprobs.ts';
import { decodePart } from './part-decode.ts';
import { listed } from './spelling.ts';
import { decodeBlock, decodeStop } from './stop-reason.ts';
import { decodeUsage } from './usage.ts';

/** Reads a whole answer. Throws `provider_protocol` when it is none, or the error it reports under status 200. */
export function decodeResponse(body: JsonValue): Translated<ChatResponse> {
	if (!isObject(body)) throw protocol('The answer is no JSON object.');
	if (isObject(body.error)) throw decodeErrorBody(body);
	if (!ANSWER_MEMBERS.some((member) => body[member] !== undefined)) throw protocol("The answer has no 'candidates'.");
	return { value: asAnswer(() => readAnswer(body)), warnings: [] };
}

const ANSWER_MEMBERS = ['candidates', 'promptFeedback', 'usageMetadata', 'responseId'];

function readAnswer(body: JsonObject): ChatResponse {
	const { head, fields } = decodeHead(body);
	const list = fields.take('candidates', listed);
	const seed = seedOf(body);
	const candidates = (list ?? []).map((each, index) => decodeCandidate(each, index, new CallBook(`${seed} ${index}`)));
	const usage = isObject(body.usageMetadata) ? decodeUsage(body.usageMetadata) : undefined;
	const stop = isObject(body.promptFeedback) ? decodeBlock(body.promptFeedback) : undefined;
	const blocked = candidates.length === 0 && stop !== undefined;
	if (blocked) candidates.push({ index: 0, content: [], stop });
	const marks: JsonObject = { $own: true, $feedback: body.promptFeedback, $created: body.createTime };
	if (list === undefined) marks.$candidates = 'none';
	const searches = searchCount(list ?? []);
	return {
		...head,
		candidates,
		...(usage === undefined ? {} : { usage: withSearches(usage, searches) }),
		...(usage?.serviceTier === undefined ? {} : { serviceTier: usage.serviceTier }),
		...extend(DIALECT, withMarks(fields.rest(), marks)),
	};
}

/** What an answer, or the first piece of a stream, says of itself. */
export function decodeHead(body: JsonObject): { head: { id?: string; model?: string; createdAt?: number }; fields: Fields } {
	const fields = new Fields(body, '', true);
	const head: { id?: string; model?: string; createdAt?: number } = {};
	const id = fields.take('responseId', read.string);
	if (id !== undefined) head.id = id;
	const model = fields.take('modelVersion', read.string);
	if (model !== undefined) head.model = model;
	const created = Date.parse(fields.take('createTime', read.string) ?? '');
	if (!Number.isNaN(created)) head.createdAt = Math.floor(created / 1000);
	fields.take('promptFeedback', read.object);
	fields.take('usageMetadata', read.object);
	return { head, fields };
}

/** What tells an answer from others, for the ids of calls that have none. */
export function seedOf(body: JsonObject): string {
	const usage = isObject(body.usageMetadata) ? body.usageMetadata : {};
	return String(body.responseId ?? body.createTime ?? usage.promptTokenCount ?? '');
}

/** Searches the model made on the web. */
export function searchCount(candidates: readonly JsonObject[]): number {
	let searches = 0;
	for (const { groundingMetadata } of candidates) {
		if (isObject(groundingMetadata) && Array.isArray(groundingMetadata.webSearchQueries))
			searches += groundingMetadata.webSearchQueries.length;
	}
	return searches;
}

export function withSearches(usage: Usage, searches: number): Usage {
	return searches === 0 ? usage : { ...usage, serverToolUses: { web_search: searches } };
}

/** Members of a candidate that rate or count what is told elsewhere: mere form. */
const QUIET = ['avgLogprobs', 'tokenCount'];

function decodeCandidate(wire: JsonObject, index: number, book: CallBook): Candidate {
	const fields = new Fields(wire, read.at('candidates', index), true);
	const marks: JsonObject = {};
	const content = decodeContent(fields, marks, book);
	const candidate: Candidate = { index: fields.take('index', read.number) ?? index, content };
	if (wire.index === undefined) marks.$index = 'none';
	const stop = decodeStop(wire, content.some(isCall));
	if (stop !== undefined) {
		candidate.stop = stop;
		fields.drop('finishReason');
		fields.drop('finishMessage');
	}
	takeCitations(fields, candidate, marks);
	const logprobs = fields.take('logprobsResult', read.object);
	if (logprobs !== undefined) {
		candidate.logprobs = decodeLogprobs(logprobs);
		marks.$logprobs = logprobs;
	}
	keepQuiet(fields);
	return { ...candidate, ...extend(DIALECT, withMarks(fields.rest(), marks)) };
}

/** Whether a part asks the application for a tool. */
export function isCall(part: ContentPart): boolean {
	return part.type === 'tool-call' && part.providerExecuted === undefined;
}

/** Remembers ratings that block nothing, and counters, as form. */
export function keepQuiet(fields: Fields): void {
	for (const key of QUIET) fields.keep(key);
	const ratings = fields.wire.safetyRatings;
	if (Array.isArray(ratings) && !ratings.some((each) => isObject(each) && each.blocked === true)) fields.keep('safetyRatings');
}

/** The parts of a candidate. Content, parts and role may each be missing. */
function decodeContent(fields: Fields, marks: JsonObject, book: CallBook): ContentPart[] {
	const wire = fields.take('content', read.object);
	if (wire === undefined) {
		marks.$content = 'none';
		return [];
	}
	const content = new Fields(wire, fields.at('content'), true);
	const role = content.take('role', read.string);
	const parts = content.take('parts', listed);
	marks.$role = role === 'model' ? undefined : (role ?? 'none');
	if (parts === undefined) marks.$parts = 'none';
	const rest = content.rest();
	if (rest !== undefined) marks.$inner = rest;
	return (parts ?? []).map((part, at) => decodePart(part, read.at(content.at('parts'), at), 'answer', book));
}

function takeCitations(fields: Fields, candidate: Candidate, marks: JsonObject): void {
	const grounding = fields.take('groundingMetadata', read.object);
	const recited = fields.take('citationMetadata', read.object);
	marks.$grounding = grounding;
	marks.$citations = recited;
	const texts = candidate.content.filter((part) => part.type === 'text');
	const words = texts.map((part) => part.text);
	const placed: PlacedCitation[] = [
		...(grounding === undefined ? [] : decodeGrounding(grounding, words)),
		...(recited === undefined ? [] : decodeRecitation(recited, words)),
	];
	const whole: Citation[] = [];
	for (const { text, citation } of placed) {
		const part = text === undefined ? undefined : texts[text];
		if (part === undefined) whole.push(citation);
		else part.citations = [...(part.citations ?? []), citation];
	}
	if (whole.length > 0) candidate.citations = whole;
}
