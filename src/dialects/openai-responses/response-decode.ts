import { isObject } from '../../lib/json.ts';
import {
	type ChatResponse,
	type ContentPart,
	type JsonObject,
	type JsonValue,
	RelaisError,
	type TokenLogprob,
	type Translated,
} from '../../spec/index.ts';
import { Fields, read } from '../shared/index.ts';
import { errorInBody } from '../shared/openai-errors/index.ts';
import { mark } from './forms.ts';
import { append, decodeItem } from './items-decode.ts';
import { decodeLogprobs } from './logprobs.ts';
import { DIALECT } from './name.ts';
import { decodeStop } from './status.ts';
import { usageOf } from './usage.ts';

/** Members in which an answer repeats what the request asked for, and others that say nothing a client could miss. */
const ECHOES = [
	'object',
	'background',
	'billing',
	'completed_at',
	'conversation',
	'error',
	'frequency_penalty',
	'input',
	'instructions',
	'max_output_tokens',
	'max_tool_calls',
	'metadata',
	'output_text',
	'parallel_tool_calls',
	'presence_penalty',
	'previous_response_id',
	'prompt',
	'prompt_cache_key',
	'prompt_cache_options',
	'prompt_cache_retention',
	'reasoning',
	'safety_identifier',
	'store',
	'temperature',
	'text',
	'tool_choice',
	'tool_usage',
	'tools',
	'top_logprobs',
	'top_p',
	'truncation',
	'user',
] as const;

/** The vendor's error where an answer failed, its body being one or not. */
export function failureOf(body: JsonValue): RelaisError | undefined {
	if (!isObject(body)) return errorInBody(body);
	if (body.status !== 'failed' && body.object === 'response' && !isObject(body.error)) return undefined;
	if (body.status === 'failed' && !isObject(body.error)) {
		return new RelaisError('provider_error', 'The provider failed to answer and gave no reason.', { providerBody: body });
	}
	return errorInBody(body);
}

/**
 * The output items of an answer. Throws the vendor's error where the body, in spite of its status, is one, and `provider_protocol`
 * where it is no answer at all.
 */
export function outputOf(value: JsonValue): { body: JsonObject; output: JsonObject[] } {
	const error = failureOf(value);
	if (error !== undefined) throw error;
	if (isObject(value) && Array.isArray(value.output)) return { body: value, output: value.output.filter(isObject) };
	throw new RelaisError('provider_protocol', 'The provider answered without any output.', { providerBody: value });
}

function logprobsOf(content: readonly ContentPart[]): TokenLogprob[] | undefined {
	const all = content.flatMap((part) => decodeLogprobs(mark(part, '$logprobs')) ?? []);
	return all.length === 0 ? undefined : all;
}

/** What a response object says apart from its output: who answered, how it ended, and what this dialect alone knows. */
export function decodeEnvelope(body: JsonObject, content: readonly ContentPart[]): ChatResponse {
	const fields = new Fields(body, '', true);
	for (const key of ['output', 'status', 'incomplete_details']) fields.drop(key);
	const take = (key: string): string | undefined => {
		const value = fields.take(key, read.string);
		if (value === '') fields.keep(key);
		return value === '' ? undefined : value;
	};
	const id = take('id');
	const model = take('model');
	const serviceTier = take('service_tier');
	const createdAt = fields.take('created_at', read.number);
	const usage = usageOf(body);
	if (usage !== undefined) fields.drop('usage');
	for (const key of ECHOES) fields.keep(key);
	const ended: JsonObject = { status: body.status ?? null, incomplete_details: body.incomplete_details ?? null };
	return {
		...(id === undefined ? {} : { id }),
		...(model === undefined ? {} : { model }),
		...(createdAt === undefined ? {} : { createdAt }),
		candidates: [{ index: 0, content: [...content], stop: decodeStop(body, content) }],
		...(usage === undefined ? {} : { usage }),
		...(serviceTier === undefined ? {} : { serviceTier }),
		extensions: { [DIALECT]: { ...fields.rest(), $ended: ended } },
	};
}

/** Reads a whole answer. Throws `provider_protocol`, or the vendor's own error that came under a status of success. */
export function decodeResponse(value: JsonValue): Translated<ChatResponse> {
	const { body, output } = outputOf(value);
	const content: ContentPart[] = [];
	for (const [index, item] of output.entries()) append(content, decodeItem(item, `output[${index}]`, true));
	const response = decodeEnvelope(body, content);
	const [candidate] = response.candidates;
	const logprobs = logprobsOf(content);
	if (candidate !== undefined && logprobs !== undefined) candidate.logprobs = logprobs;
	return { value: response, warnings: [] };
}
