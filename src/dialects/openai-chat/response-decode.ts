import { isObject } from '../../lib/json.ts';
import {
	type Candidate,
	type ChatResponse,
	type ContentPart,
	type JsonObject,
	type JsonValue,
	RelaisError,
	type StopReason,
	type Translated,
} from '../../spec/index.ts';
import { Fields, read } from '../shared/index.ts';
import { errorInBody } from '../shared/openai-errors/index.ts';
import { decodeAssistant, type MadeIds } from './assistant-decode.ts';
import { decodeSources } from './citations.ts';
import { decodeChoiceLogprobs } from './logprobs.ts';
import { madeId } from './made-id.ts';
import { DIALECT } from './name.ts';
import { nest } from './nested.ts';
import { decodeStop } from './stop-reason.ts';
import { usageOf } from './usage.ts';

/** Fields of an answer that say nothing a client of another dialect could miss. */
const QUIET = ['object', 'citations', 'search_results', 'prompt_filter_results'] as const;
/**
 * The same of a choice; `stop_reason` and `matched_stop` name the stop sequence or token, which the stop reason carries. What a filter
 * thought of an answer stands beside every one of some clouds; that it stepped in, the stop reason tells.
 */
const QUIET_CHOICE = ['delta', 'stop_reason', 'matched_stop', 'usage', 'content_filter_results'] as const;

/** The stop sequence some servers name beside the finish reason; a number is a token's id. */
export function sequenceMet(choice: JsonObject): string | undefined {
	const met = choice.stop_reason ?? choice.matched_stop;
	return typeof met === 'string' && met !== '' ? met : undefined;
}

/** Vision previews of 2023 state `finish_details` in place of a finish reason; the field itself stays with the leftovers. */
function oldStop(choice: JsonObject): StopReason | undefined {
	const details = choice.finish_details;
	if (!isObject(details) || typeof details.type !== 'string') return undefined;
	const { kind } = decodeStop(details.type, false, undefined);
	return { kind, raw: details.type };
}

/** Ids for calls that came without, the same whenever the same answer is read. */
export function answerIds(answer: string, candidate: number): MadeIds {
	return {
		call: (index) => madeId(answer, candidate, index),
		legacy: (name) => madeId(answer, candidate, name),
	};
}

/** Whether the model asked the client to run something. */
export function callsTools(content: ContentPart[]): boolean {
	return content.some((part) => part.type === 'tool-call' && part.providerExecuted === undefined);
}

/** A choice without a message holds plain `text`, as the older completions do. */
function messageOf(fields: Fields, left: JsonObject): Fields {
	const message = fields.take('message', read.object);
	if (message !== undefined) return new Fields(message, fields.at('message'), true);
	const text = fields.take('text', read.string);
	if (text !== undefined) left.$text = true;
	return new Fields({ content: text ?? '' }, fields.at('message'), true);
}

function decodeChoice(value: JsonValue, position: number, answer: string): Candidate {
	const fields = new Fields(read.object(value, `choices[${position}]`), `choices[${position}]`, true);
	const left: JsonObject = {};
	const index = fields.take('index', read.number) ?? position;
	const message = messageOf(fields, left);
	message.keep('role');
	const { content, left: ofMessage } = decodeAssistant(message, answerIds(answer, index));
	nest(left, 'message', ofMessage);
	const candidate: Candidate = { index, content };
	const word = fields.take('finish_reason', read.string);
	const stop = word === undefined ? oldStop(fields.wire) : decodeStop(word, callsTools(content), sequenceMet(fields.wire));
	if (stop !== undefined) candidate.stop = stop;
	const logprobs = decodeChoiceLogprobs(fields.wire.logprobs);
	if (logprobs !== undefined) {
		if (logprobs.content !== undefined) candidate.logprobs = logprobs.content;
		if (logprobs.refusal !== undefined) candidate.refusalLogprobs = logprobs.refusal;
		left.$logprobs = fields.wire.logprobs;
		fields.drop('logprobs');
	}
	for (const key of QUIET_CHOICE) fields.keep(key);
	return { ...candidate, extensions: { [DIALECT]: { ...fields.rest(), ...left } } };
}

function decodeBody(body: JsonObject, choices: JsonValue[]): ChatResponse {
	const fields = new Fields(body, '', true);
	fields.drop('choices');
	const usage = usageOf(body);
	if (isObject(body.usage) && usage !== undefined) fields.drop('usage');
	const take = (key: string): string | undefined => {
		const value = fields.take(key, read.string);
		if (value === '') fields.keep(key);
		return value === '' ? undefined : value;
	};
	const id = take('id');
	const model = take('model');
	const serviceTier = take('service_tier');
	const systemFingerprint = take('system_fingerprint');
	const createdAt = fields.take('created', read.number);
	for (const key of QUIET) fields.keep(key);
	const answer = id ?? String(createdAt ?? 0);
	const candidates = choices.map((choice, position) => decodeChoice(choice, position, answer));
	const sources = decodeSources(body);
	const [first] = candidates;
	if (first !== undefined && sources.length > 0) first.citations = sources;
	return {
		...(id === undefined ? {} : { id }),
		...(model === undefined ? {} : { model }),
		...(createdAt === undefined ? {} : { createdAt }),
		candidates,
		...(usage === undefined ? {} : { usage }),
		...(serviceTier === undefined ? {} : { serviceTier }),
		...(systemFingerprint === undefined ? {} : { systemFingerprint }),
		extensions: { [DIALECT]: fields.rest() ?? {} },
	};
}

/**
 * The choices of an answer. Throws the vendor's error where the body, in spite of its status, is one, and `provider_protocol` where
 * it is no answer at all.
 */
export function choicesOf(body: JsonValue): { body: JsonObject; choices: JsonValue[] } {
	if (isObject(body) && Array.isArray(body.choices) && body.choices.length > 0) return { body, choices: body.choices };
	const error = errorInBody(body);
	if (error !== undefined) throw error;
	throw new RelaisError('provider_protocol', 'The provider answered without any choices.', { providerBody: body });
}

/** Reads a whole answer. Throws `provider_protocol`, or the vendor's own error that came under a status of success. */
export function decodeResponse(value: JsonValue): Translated<ChatResponse> {
	const { body, choices } = choicesOf(value);
	try {
		return { value: decodeBody(body, choices), warnings: [] };
	} catch (error) {
		if (!(error instanceof RelaisError) || error.code !== 'invalid_request') throw error;
		throw new RelaisError('provider_protocol', `The provider's answer cannot be read: ${error.message}`, { cause: error });
	}
}
