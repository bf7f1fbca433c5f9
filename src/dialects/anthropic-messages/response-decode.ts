import { isObject } from '../../lib/json.ts';
import type { Candidate, ChatResponse, JsonObject, JsonValue, Translated } from '../../spec/index.ts';
import { asAnswer, extend, leftovers, protocol } from '../shared/index.ts';
import { decodeBlocks } from './block-decode.ts';
import { DIALECT } from './dialect.ts';
import { decodeErrorBody } from './errors-decode.ts';
import { decodeStop } from './stop-reason.ts';
import { decodeUsage } from './usage.ts';

const set = (...keys: string[]): ReadonlySet<string> => new Set(keys);
const TAKEN = set('id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence', 'stop_details', 'usage');
const QUIET = set('context_management');
const NOTHING: ReadonlySet<string> = new Set();

/** Reads a whole answer. Throws `provider_protocol` when it is none, or the error it reports under status 200. */
export function decodeResponse(body: JsonValue): Translated<ChatResponse> {
	if (!isObject(body)) throw protocol('The answer is no JSON object.');
	if (body.type === 'error') throw decodeErrorBody(body);
	const { content } = body;
	if (!Array.isArray(content)) throw protocol("The answer has no 'content'.");
	const candidate: Candidate = { index: 0, content: asAnswer(() => decodeBlocks(content, 'content', 'answer')) };
	const stop = decodeStop(body);
	if (stop !== undefined) candidate.stop = stop;
	const response: ChatResponse = { candidates: [candidate] };
	if (typeof body.id === 'string') response.id = body.id;
	if (typeof body.model === 'string') response.model = body.model;
	if (isObject(body.usage)) {
		response.usage = decodeUsage(body.usage);
		if (response.usage.serviceTier !== undefined) response.serviceTier = response.usage.serviceTier;
	}
	return { value: { ...response, ...extend(DIALECT, messageRest(body, stop !== undefined)) }, warnings: [] };
}

/** What a message holds besides the canonical fields, marked as this dialect's. */
export function messageRest(message: JsonObject, stopped: boolean): JsonObject {
	const { stop_details: details, ...rest } = message;
	const kept = stopped || details === undefined ? rest : { ...rest, stop_details: details };
	return { ...leftovers(kept, TAKEN, editedNothing(message.context_management) ? QUIET : NOTHING), $own: true };
}

/** Whether a report on context management says that nothing was edited. */
export function editedNothing(value: JsonValue | undefined): boolean {
	return isObject(value) && Array.isArray(value.applied_edits) && value.applied_edits.length === 0;
}
