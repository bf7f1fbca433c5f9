import { digest, idFrom, uuidFrom } from '../../core/ids.ts';
import { isObject, object, objects } from '../../core/json.ts';
import { byName, type Family, model, SMALL } from '../models.ts';
import type { MakeProblem } from '../problems.ts';
import { thinkingOff } from '../prompt.ts';
import { COMMON_RULES, type Rule } from '../rules.ts';
import type { Traits } from '../traits.ts';
import { CLOUD, CLOUD_STYLE } from './cloud.ts';
import { lenientTraits } from './lenient.ts';

const make: MakeProblem = (message, { status = 400, type = 'invalid_request_error', headers } = {}) => {
	const error = { message, type, param: null, code: 'invalid_request_error' };
	return { status, body: { error }, ...(headers === undefined ? {} : { headers }) };
};

/** While it thinks, a turn that called tools has to come back with its reasoning. */
const reasoning: Rule = (request, { thinksAloud }) => {
	if (thinksAloud !== true || thinkingOff(request)) return undefined;
	const messages = objects(request.messages);
	const asked = messages.findLastIndex((message) => message.role === 'user');
	const missing = messages.findIndex(
		(message, index) => index > asked && objects(message.tool_calls).length > 0 && typeof message.reasoning_content !== 'string',
	);
	if (missing < 0) return undefined;
	return make(
		`Missing \`reasoning_content\` field in the assistant message at message index ${missing}. ` +
			'For more information, please refer to https://api-docs.deepseek.com/guides/thinking_mode#tool-calls',
	);
};

const choice: Rule = (request, { thinksAloud }) => {
	const forced = request.tool_choice === 'required' || isObject(request.tool_choice);
	if (!forced || thinksAloud !== true || thinkingOff(request)) return undefined;
	return make('Thinking mode does not support this tool_choice');
};

const format: Rule = (request) => {
	const { type } = object(request.response_format);
	if (type === 'json_schema') return make('This response_format type is unavailable now');
	if (type !== 'json_object' || /json/i.test(JSON.stringify(request.messages))) return undefined;
	return make("Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'.");
};

const TEXT: Family = { window: 1_000_000, maxOutput: 384_000, vision: false, thinksAloud: true, created: 0 };

/** DeepSeek: thinks unless told not to, and wants its reasoning back while it works with tools. */
export const DEEPSEEK: Traits = {
	open: false,
	base: '',
	catalog: byName([
		model('deepseek-v4-flash', TEXT),
		model('deepseek-v4-pro', TEXT),
		model('deepseek-flash', TEXT),
		model(SMALL, TEXT, { window: 1000, maxOutput: 500 }),
	]),
	...lenientTraits(make),
	rules: [...COMMON_RULES, format, choice, reasoning],
	wrongKey: (given) => {
		const message =
			given === ''
				? 'Authentication Fails (auth header format should be Bearer sk-...)'
				: `Authentication Fails, Your api key: ****${given.slice(-4)} is invalid`;
		return make(message, { status: 401, type: 'authentication_error' });
	},
	noModel: () => make('Model Not Exist'),
	noPath: () => make('Not Found', { status: 404 }),
	listed: ({ id }) => ({ id, object: 'model', owned_by: 'deepseek' }),
	responses: false,
	embeddings: CLOUD.embeddings,
	style: {
		...CLOUD_STYLE,
		answerId: uuidFrom,
		callId: (seed) => `call_00_${idFrom(seed, 24)}`,
		reasoning: 'reasoning_content',
		refusals: false,
		callContent: '',
		forcedStops: false,
		usage: ({ prompt, cached, completion, reasoning: thought }) => ({
			prompt_tokens: prompt,
			completion_tokens: completion,
			total_tokens: prompt + completion,
			prompt_tokens_details: { cached_tokens: cached },
			completion_tokens_details: { reasoning_tokens: thought },
			prompt_cache_hit_tokens: cached,
			prompt_cache_miss_tokens: prompt - cached,
		}),
		usageAt: 'end',
		marks: (_request, { id }) => ({ system_fingerprint: `fp_${digest(id).slice(0, 10)}` }),
		obfuscates: false,
	},
};
