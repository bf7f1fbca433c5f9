import { isObject } from '../../lib/json.ts';
import type { Candidate, ChatResponse, JsonObject, JsonValue, Translated } from '../../spec/index.ts';
import { asAnswer, extend, leftovers, protocol } from '../shared/index.ts';
import { decodeBlocks } from './block-decode.ts';
import { DIALECT, remainder } from './dialect.ts';
import { decodeStop } from './stop-reason.ts';
import { decodeUsage } from './usage.ts';

const set = (...keys: string[]): ReadonlySet<string> => new Set(keys);
const TAKEN = set('stopReason', 'usage', 'serviceTier');
const MESSAGE = set('role', 'content');
/** How long the vendor took says nothing of the answer. */
const QUIET = set('metrics');

/** Reads a whole answer. Throws `provider_protocol` when it is none. */
export function decodeResponse(body: JsonValue): Translated<ChatResponse> {
	if (!isObject(body)) throw protocol('The answer is no JSON object.');
	const output = isObject(body.output) ? body.output : undefined;
	const message = output !== undefined && isObject(output.message) ? output.message : undefined;
	if (output === undefined || message === undefined) throw protocol("The answer has no 'output.message'.");
	const content = Array.isArray(message.content) ? message.content : [];
	const candidate: Candidate = { index: 0, content: asAnswer(() => decodeBlocks(content, 'output.message.content', 'answer')) };
	const stop = decodeStop(body.stopReason);
	if (stop !== undefined) candidate.stop = stop;
	const response: ChatResponse = { candidates: [candidate] };
	if (isObject(body.usage)) response.usage = decodeUsage(body.usage);
	const tier = tierOf(body.serviceTier);
	if (tier !== undefined) response.serviceTier = tier;
	const left: JsonObject = { ...body, output: outputRest(output, message) };
	return { value: { ...response, ...extend(DIALECT, { ...leftovers(left, TAKEN, QUIET), $own: true }) }, warnings: [] };
}

function outputRest(output: JsonObject, message: JsonObject): JsonObject | undefined {
	const inner = remainder(message, MESSAGE);
	const rest = remainder(output, set('message'));
	return inner === undefined ? rest : { ...rest, message: inner };
}

/** The tier an answer states. */
export function tierOf(value: JsonValue | undefined): string | undefined {
	return isObject(value) && typeof value.type === 'string' ? value.type : undefined;
}
