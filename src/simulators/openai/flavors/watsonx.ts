import { uuidFrom } from '../../core/ids.ts';
import { anything, flag, nullable } from '../../core/shapekit.ts';
import { byName, type Family, model, SMALL } from '../models.ts';
import { type MakeProblem, violationProblem } from '../problems.ts';
import { COMMON_RULES } from '../rules.ts';
import { extended } from '../shapes.ts';
import type { Traits } from '../traits.ts';
import { retryHeaders } from '../wire.ts';
import { CLOUD, CLOUD_STYLE } from './cloud.ts';

const CODES: { [status: number]: string } = {
	401: 'authentication_token_not_valid',
	403: 'token_quota_reached',
	404: 'model_not_supported',
	429: 'rate_limit_reached_requests',
	500: 'app_fault',
	503: 'downstream_request_failed',
};

/** Errors come as a list, with the trace to ask support about. */
const make: MakeProblem = (message, { status = 400, headers } = {}) => {
	const code = CODES[status] ?? (status < 500 ? 'invalid_request_entity' : 'app_fault');
	const errors = [{ code, message, more_info: 'https://cloud.ibm.com/apidocs/watsonx-ai' }];
	const body = { errors, trace: uuidFrom(message).replaceAll('-', ''), status_code: status };
	return { status, body, ...(headers === undefined ? {} : { headers }) };
};

const TEXT: Family = { window: 131_072, maxOutput: 16_384, vision: false, created: 1_754_407_957 };

/** watsonx.ai's chat: OpenAI's words, with events that have ids and a stream that just ends. */
export const WATSONX: Traits = {
	...CLOUD,
	catalog: byName([
		model('mistralai/mistral-medium-2505', TEXT, { vision: true }),
		model('meta-llama/llama-3-3-70b-instruct', TEXT),
		model('openai/gpt-oss-120b', TEXT, { thinksAloud: true }),
		model('ibm/granite-4-h-small', TEXT),
		model(SMALL, TEXT, { window: 1000, maxOutput: 500 }),
	]),
	make,
	wire: {
		headers: ({ row }) => ({ 'x-global-transaction-id': row.requestId }),
		problem: (status, exchange) => make(`Simulated error ${status}.`, { status, headers: retryHeaders(exchange) }),
		quota: () => make('The token quota of the account has been reached.', { status: 403 }),
		errorEvent: (before) => {
			const { body } = make('An internal error occurred.', { status: 500 });
			return `id: ${before + 1}\nevent: error\ndata: ${JSON.stringify(body)}\n\n`;
		},
		hugeEvent: (bytes, before) => {
			const choices = [{ index: 0, delta: { content: 'x'.repeat(bytes) }, finish_reason: null }];
			return `id: ${before + 1}\nevent: message\ndata: ${JSON.stringify({ id: 'huge', model_id: 'huge', choices })}\n\n`;
		},
	},
	shape: extended(
		{
			time_limit: nullable({ is: 'integer', min: 1 }),
			repetition_penalty: nullable({ is: 'number' }),
			length_penalty: nullable({ is: 'number' }),
			include_reasoning: nullable(flag),
			chat_template_kwargs: anything,
			context: anything,
		},
		{ reasoning_content: anything },
	),
	violation: (violation) => violationProblem(violation, make),
	rules: COMMON_RULES,
	noModel: (id) => make(`Model '${id}' is not supported for this environment.`, { status: 404 }),
	noPath: () => make('The requested path was not found.', { status: 404 }),
	responses: false,
	style: {
		...CLOUD_STYLE,
		answerId: (seed) => `chat-${uuidFrom(seed).replaceAll('-', '')}`,
		// As short as its own check of ids wants them.
		callId: (seed) => `chatcmpl-tool-${uuidFrom(seed).replaceAll('-', '').slice(0, 24)}`,
		reasoning: 'reasoning_content',
		refusals: false,
		callContent: '',
		logprobs: false,
		forcedStops: false,
		usage: ({ prompt, completion }) => ({
			completion_tokens: completion,
			prompt_tokens: prompt,
			total_tokens: prompt + completion,
		}),
		usageAt: 'always',
		nullUsage: false,
		marks: (_request, { id }) => ({ model_id: id }),
		obfuscates: false,
		frame: (json, index) => `id: ${index}\nevent: message\ndata: ${json}\n\n`,
		endless: true,
	},
};
