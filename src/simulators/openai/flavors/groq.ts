import type { JsonObject } from '../../../spec/index.ts';
import { digest, idFrom } from '../../core/ids.ts';
import { object, objects, text } from '../../core/json.ts';
import { anything, flag, nullable, values } from '../../core/shapekit.ts';
import { byName, type Family, model, SMALL } from '../models.ts';
import { type MakeProblem, pathText, violationProblem } from '../problems.ts';
import { COMMON_RULES, type Rule } from '../rules.ts';
import { extended } from '../shapes.ts';
import type { Traits } from '../traits.ts';
import { openaiWire } from '../wire.ts';
import { changed } from './change.ts';
import { CLOUD, CLOUD_STYLE } from './cloud.ts';

const make: MakeProblem = (message, { status = 400, type = 'invalid_request_error', param, code, headers } = {}) => {
	const error: JsonObject = { message, type };
	if (param !== undefined && param !== null) error.param = param;
	if (code !== undefined && code !== null) error.code = code;
	return { status, body: { error }, ...(headers === undefined ? {} : { headers }) };
};

const UNSUPPORTED = ['logprobs', 'logit_bias', 'top_logprobs'];

const fields: Rule = (request) => {
	const refused = UNSUPPORTED.find((name) => (request[name] ?? null) !== null && request[name] !== false);
	if (refused !== undefined) return make(`\`${refused}\` is not supported with this model`, { param: refused });
	return typeof request.n === 'number' && request.n > 1 ? make("'n' : number must be at most 1", { param: 'n' }) : undefined;
};

const names: Rule = (request) => {
	const index = objects(request.messages).findIndex((message) => message.name !== undefined);
	if (index < 0) return undefined;
	const role = text(objects(request.messages)[index]?.role);
	return make(
		`'messages.${index}' : for 'role:${role}' the following must be satisfied[('messages.${index}' : property 'name' is unsupported)]`,
	);
};

const format: Rule = (request, { schemas }) => {
	const { type } = object(request.response_format);
	if (type !== 'json_schema') {
		const idle = type !== 'json_object' || /json/i.test(JSON.stringify(request.messages));
		return idle
			? undefined
			: make("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.");
	}
	if (!schemas)
		return make(
			'This model does not support response format `json_schema`. See supported models at https://console.groq.com/docs/structured-outputs#supported-models',
			{ param: 'response_format' },
		);
	if (request.stream === true) return make('response_format `json_schema` does not support streaming');
	return objects(request.tools).length > 0 ? make('json mode cannot be combined with tool/function calling') : undefined;
};

const reasoning: Rule = (request, { thinksAloud, id }) => {
	const effort = text(request.reasoning_effort);
	if (request.reasoning_format !== undefined && request.include_reasoning !== undefined) {
		return make('cannot specify both `reasoning_format` and `include_reasoning`');
	}
	const json = object(request.response_format).type !== undefined && object(request.response_format).type !== 'text';
	if (request.reasoning_format === 'raw' && (json || objects(request.tools).length > 0)) {
		return make('reasoning_format must be set to parsed or hidden when using JSON mode or tool calling');
	}
	if (effort === '') return undefined;
	const taken = thinksAloud !== true ? [] : id.startsWith('qwen') ? ['none', 'default'] : ['low', 'medium', 'high'];
	if (taken.includes(effort)) return undefined;
	if (taken.length === 0) return make('`reasoning_effort` is not supported with this model', { param: 'reasoning_effort' });
	return make(`\`reasoning_effort\` must be one of ${taken.map((value) => `\`${value}\``).join(', ')}`, {
		param: 'reasoning_effort',
	});
};

const TEXT: Family = { window: 131_072, maxOutput: 65_536, vision: false, schemas: false, created: 1_754_407_957 };

function seconds(tokens: number): number {
	return tokens / 1000;
}

function x(answer: { id: string }, usage?: JsonObject[string]): JsonObject {
	return { x_groq: { id: `req_${idFrom(answer.id, 26).toLowerCase()}`, ...(usage === undefined ? {} : { usage }) } };
}

/** Beside calls there is no content at all. */
function spoken({ content = null, ...message }: JsonObject): JsonObject {
	return content === null ? message : { ...message, content };
}

/** Groq: names what it refuses, tells usage twice, and reports broken calls as events. */
export const GROQ: Traits = {
	open: false,
	base: '/openai/v1',
	catalog: byName([
		model('llama-3.1-8b-instant', TEXT),
		model('qwen/qwen3-32b', TEXT, { thinksAloud: true }),
		model('moonshotai/kimi-k2-instruct-0905', TEXT, { schemas: true }),
		model('meta-llama/llama-4-scout-17b-16e-instruct', TEXT, { schemas: true, vision: true, maxOutput: 8192 }),
		model('openai/gpt-oss-20b', TEXT, { thinksAloud: true, schemas: true }),
		model('openai/gpt-oss-120b', TEXT, { thinksAloud: true, schemas: true }),
		model(SMALL, TEXT, { window: 1000, maxOutput: 500 }),
	]),
	make,
	wire: {
		...openaiWire(make, true),
		errorEvent: (_before, error = 'tool_use_failed') => {
			const message =
				'Tool call validation failed: parameters for tool simulated did not match schema: errors: [missing properties]';
			const body = {
				message,
				type: 'invalid_request_error',
				code: error,
				failed_generation: '{"name":"simulated"}',
				status_code: 400,
			};
			return `event: error\ndata: ${JSON.stringify({ error: body })}\n\n`;
		},
	},
	shape: extended(
		{
			reasoning_format: nullable(values('parsed', 'raw', 'hidden')),
			include_reasoning: nullable(flag),
			search_settings: anything,
			compound_custom: anything,
			documents: anything,
			citation_options: anything,
			disable_tool_validation: flag,
			reasoning_effort: anything,
		},
		{ reasoning: anything },
	),
	lenient: false,
	violation: (violation) => {
		if (violation.fault !== 'unknown') return violationProblem(violation, make);
		const parent = pathText(violation.path.slice(0, -1)).replace(/\[(\d+)\]/g, '.$1');
		return make(`${parent === '' ? '' : `'${parent}' : `}property '${String(violation.path.at(-1))}' is unsupported`);
	},
	rules: [fields, names, ...COMMON_RULES, format, reasoning],
	wrongKey: () => make('Invalid API Key', { status: 401, code: 'invalid_api_key' }),
	noModel: (id) =>
		make(`The model \`${id}\` does not exist or you do not have access to it.`, { status: 404, code: 'model_not_found' }),
	noPath: (method, path) =>
		make(
			`Unknown request URL: ${method} ${path}. Please check the URL for typos, or see the docs at https://console.groq.com/docs/`,
			{ status: 404, code: 'unknown_url' },
		),
	listed: ({ id, created, window, maxOutput }) => ({
		id,
		object: 'model',
		created,
		owned_by: 'Groq',
		active: true,
		context_window: window,
		public_apps: null,
		max_completion_tokens: maxOutput,
	}),
	responses: false,
	embeddings: CLOUD.embeddings,
	style: {
		...CLOUD_STYLE,
		reasoning: 'reasoning',
		refusals: false,
		forcedStops: false,
		calls: 'whole',
		usage: ({ prompt, completion, reasoning: thought }) => ({
			queue_time: 0.001,
			prompt_tokens: prompt,
			prompt_time: seconds(prompt),
			completion_tokens: completion,
			completion_time: seconds(completion),
			total_tokens: prompt + completion,
			total_time: seconds(prompt + completion),
			...(thought > 0 ? { completion_tokens_details: { reasoning_tokens: thought } } : {}),
		}),
		usageAt: 'both',
		nullUsage: false,
		marks: (_request, { id }) => ({ system_fingerprint: `fp_${digest(id).slice(0, 10)}` }),
		obfuscates: false,
		body: (body, answer) => ({ ...changed(body, spoken), usage_breakdown: null, ...x(answer), service_tier: 'on_demand' }),
		event: ({ usage, ...event }, answer, place) => {
			if (place === 'first') return { ...event, ...x(answer) };
			if (usage === undefined) return event;
			return place === 'last' ? { ...event, ...x(answer, usage) } : { ...event, usage, service_tier: 'on_demand' };
		},
	},
};
