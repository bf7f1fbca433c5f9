import type { JsonObject, JsonValue } from '../../../spec/index.ts';
import { digest, idFrom, pick } from '../../core/ids.ts';
import { list, objects, text } from '../../core/json.ts';
import type { Shape, Step, Violation } from '../../core/shape.ts';
import { text as anyText, anything, flag, listOf, nullable, object, open, values, variant } from '../../core/shapekit.ts';
import type { Problem } from '../../core/types.ts';
import { byName, type Family, model, SMALL } from '../models.ts';
import type { MakeProblem } from '../problems.ts';
import type { Rule } from '../rules.ts';
import { MISTRAL_EMBEDDINGS } from '../tasks/embeddings.ts';
import type { Traits } from '../traits.ts';
import { retryHeaders } from '../wire.ts';
import { CLOUD_STYLE } from './cloud.ts';

const CODES: { [type: string]: string } = {
	invalid_model: '1500',
	invalid_request_message_order: '3230',
	invalid_assistant_message: '3240',
	invalid_function_call: '3280',
	rate_limited: '1300',
	service_tier_capacity_exceeded: '3505',
	internal_server_error: '3700',
};

const make: MakeProblem = (message, { status = 400, type = 'invalid_request_invalid_args', headers } = {}) => {
	const body = { object: 'error', message, type, param: null, code: CODES[type] ?? '3051' };
	return { status, body, ...(headers === undefined ? {} : { headers }) };
};

/** The validator's names of faults, and its words. */
const FAULTS: { [fault in Violation['fault']]: (violation: Violation) => [type: string, msg: string] } = {
	unknown: () => ['extra_forbidden', 'Extra inputs are not permitted'],
	missing: () => ['missing', 'Field required'],
	type: ({ expected }) => [`${expected.split('|')[0]}_type`, `Input should be a valid ${expected.split('|')[0]}`],
	value: ({ expected }) => [
		'literal_error',
		`Input should be ${expected
			.split('|')
			.map((one) => `'${one}'`)
			.join(' or ')}`,
	],
	min: ({ expected }) => ['greater_than_equal', `Input should be greater than or equal to ${expected}`],
	max: ({ expected }) => ['less_than_equal', `Input should be less than or equal to ${expected}`],
	pattern: ({ expected }) => ['string_pattern_mismatch', `String should match pattern '${expected}'`],
	too_long: ({ expected }) => ['string_too_long', `String should have at most ${expected} characters`],
	too_many: ({ expected }) => ['too_long', `List should have at most ${expected} items`],
	empty: ({ expected }) => ['too_short', `List should have at least ${expected} item after validation, not 0`],
};

function location(path: Step[]): JsonValue[] {
	return ['body', ...path.map((step) => (typeof step === 'object' ? step.tag : step))];
}

function refused(violation: Violation): Problem {
	const [type, msg] = FAULTS[violation.fault](violation);
	const input = violation.value === undefined ? {} : { input: violation.value };
	return { status: 422, body: { detail: [{ type, loc: location(violation.path), msg, ...input }] } };
}

const WHOLE: Shape = nullable({ is: 'integer', min: 0 });
const CHUNKS: Shape = {
	is: 'array',
	of: variant({
		text: object({ type: anyText, text: anyText }, 'text'),
		image_url: object(
			{ type: anyText, image_url: { is: 'either', of: [anyText, object({ url: anyText, detail: nullable(anyText) }, 'url')] } },
			'image_url',
		),
		document_url: object({ type: anyText, document_url: anyText, document_name: nullable(anyText) }, 'document_url'),
		input_audio: object({ type: anyText, input_audio: anything }, 'input_audio'),
		file: object({ type: anyText, file_id: anyText }, 'file_id'),
		reference: object({ type: anyText, reference_ids: anything }, 'reference_ids'),
		thinking: object({ type: anyText, thinking: listOf(open), closed: flag, signature: anything }, 'thinking'),
	}),
};
const CONTENT: Shape = { is: 'either', nullable: true, of: [anyText, CHUNKS] };
const CALL = object(
	{
		id: anyText,
		type: values('function'),
		index: WHOLE,
		function: object({ name: anyText, arguments: { is: 'either', of: [anyText, open] } }, 'name', 'arguments'),
	},
	'function',
);
const MESSAGE: Shape = {
	is: 'variant',
	by: 'role',
	of: {
		system: object({ role: anyText, content: CONTENT }, 'content'),
		user: object({ role: anyText, content: CONTENT }, 'content'),
		assistant: object({ role: anyText, content: CONTENT, tool_calls: nullable(listOf(CALL)), prefix: flag }),
		tool: object({ role: anyText, content: CONTENT, tool_call_id: nullable(anyText), name: nullable(anyText) }, 'content'),
	},
};
const TOOL = object(
	{
		type: values('function'),
		function: object({ name: anyText, description: nullable(anyText), strict: flag, parameters: open }, 'name', 'parameters'),
	},
	'function',
);

const CHAT: Shape = object(
	{
		model: anyText,
		messages: listOf(MESSAGE, 1),
		temperature: nullable({ is: 'number', min: 0, max: 1.5 }),
		top_p: nullable({ is: 'number', min: 0, max: 1 }),
		max_tokens: WHOLE,
		stream: nullable(flag),
		stream_options: anything,
		stop: { is: 'either', nullable: true, of: [anyText, listOf(anyText)] },
		random_seed: WHOLE,
		metadata: nullable(open),
		response_format: nullable(
			object(
				{
					type: values('text', 'json_object', 'json_schema'),
					json_schema: nullable(
						object({ name: anyText, description: nullable(anyText), schema: open, strict: flag }, 'name', 'schema'),
					),
				},
				'type',
			),
		),
		tools: nullable(listOf(TOOL)),
		tool_choice: {
			is: 'either',
			nullable: true,
			of: [
				values('auto', 'none', 'any', 'required'),
				object({ type: values('function'), function: object({ name: anyText }, 'name') }, 'function'),
			],
		},
		presence_penalty: { is: 'number', min: -2, max: 2 },
		frequency_penalty: { is: 'number', min: -2, max: 2 },
		n: nullable({ is: 'integer', min: 1 }),
		prediction: anything,
		parallel_tool_calls: flag,
		prompt_mode: nullable(values('reasoning')),
		reasoning_effort: nullable(values('none', 'high')),
		prompt_cache_key: nullable(anyText),
		guardrails: anything,
		safe_prompt: flag,
	},
	'model',
	'messages',
);

const CALL_ID = /^[a-zA-Z0-9]{9}$/;

function misorder(message: string): Problem {
	return make(message, { type: 'invalid_request_message_order' });
}

const order: Rule = (request) => {
	const messages = objects(request.messages);
	for (const [index, message] of messages.entries()) {
		const before = text(messages[index - 1]?.role);
		if (message.role === 'user' && before === 'tool') return misorder("Unexpected role 'user' after role 'tool'");
		if (message.role === 'system' && (before === 'tool' || before === 'assistant')) {
			return misorder(`Unexpected role 'system' after role '${before}'`);
		}
		if (message.role === 'tool' && before !== 'tool' && list(messages[index - 1]?.tool_calls).length === 0) {
			return misorder(`Unexpected role 'tool' after role '${before || 'start'}'`);
		}
	}
	const last = messages.at(-1);
	if (last?.role === 'user' || last?.role === 'tool' || (last?.role === 'assistant' && last.prefix === true)) return undefined;
	return misorder(`Expected last role User or Tool (or Assistant with prefix True) for serving but got ${text(last?.role)}`);
};

const calls: Rule = (request) => {
	const messages = objects(request.messages);
	for (const [index, message] of messages.entries()) {
		const made = objects(message.tool_calls);
		if (message.role === 'assistant' && made.length === 0 && (message.content ?? '') === '') {
			return make('Assistant message must have either content or tool_calls, but not none.', {
				type: 'invalid_assistant_message',
			});
		}
		const ids = [...made.map((call) => call.id), ...(message.role === 'tool' ? [message.tool_call_id ?? ''] : [])].map((id) =>
			text(id),
		);
		const wrong = ids.find((id) => !CALL_ID.test(id));
		if (wrong !== undefined) {
			const words = `Tool call id was ${wrong} but must be a-z, A-Z, 0-9, with a length of 9.`;
			return make(words, { type: 'invalid_function_call' });
		}
		if (made.length === 0) continue;
		const end = messages.findIndex((later, at) => at > index && later.role !== 'tool');
		const results = messages.slice(index + 1, end < 0 ? messages.length : end);
		if (results.length !== made.length) return misorder('Not the same number of function calls and responses');
	}
	return undefined;
};

const TEXT: Family = { window: 262_144, maxOutput: 262_144, created: 1_767_220_880 };
const THINKING: Family = { ...TEXT, thinksAloud: true, effort: 'none' };

/** This vendor's models, best known last. */
const MODELS = [
	model('mistral-embed', { ...TEXT, serves: 'embeddings' }, { window: 8000, dimensions: 1024, fixedSize: true }),
	model('codestral-embed', { ...TEXT, serves: 'embeddings' }, { window: 8192, dimensions: 1536 }),
	model('ministral-8b-latest', TEXT),
	model('codestral-latest', TEXT, { vision: false }),
	model('magistral-medium-latest', { ...THINKING, effort: 'medium' }, { window: 128_000 }),
	model('mistral-small-latest', THINKING),
	model('mistral-medium-latest', THINKING),
	model('mistral-large-latest', TEXT),
	model(SMALL, TEXT, { window: 1000, maxOutput: 500 }),
];

const MESSAGES: { [status: number]: [message: string, type: string] } = {
	400: ['Bad request', 'invalid_request_invalid_args'],
	403: ['Forbidden', 'invalid_request_forbidden'],
	404: ['Not found', 'invalid_request_not_found'],
	413: ['Request entity too large', 'invalid_request_too_large'],
	422: ['Unprocessable entity', 'invalid_request_error'],
	429: ['Requests rate limit exceeded', 'rate_limited'],
	500: ['Internal server error', 'internal_server_error'],
	503: ['Service unavailable.', 'internal_server_error'],
};

const PADDING = 'abcdefghijklmnopqrstuvwxyz0123456789';

function padded(event: JsonObject): JsonObject {
	const { id } = event;
	return { ...event, p: PADDING.slice(0, 1 + pick(`${text(id)}${JSON.stringify(event.choices).length}`, PADDING.length - 1)) };
}

/** Mistral: strict about keys, call ids and the order of messages; reasoning comes as parts of the content. */
export const MISTRAL: Traits = {
	open: false,
	catalog: byName(MODELS),
	make,
	wire: {
		headers: ({ row }) => ({ 'mistral-correlation-id': row.requestId, 'x-ratelimit-limit-req-minute': '60' }),
		problem: (status, exchange) => {
			if (status === 401) return { status, body: { detail: 'Unauthorized' } };
			const [message, type] = MESSAGES[status] ?? [`Simulated error ${status}.`, 'internal_server_error'];
			return make(message, { status, type, headers: retryHeaders(exchange) });
		},
		quota: () => make('You have exceeded your monthly limit.', { status: 429, type: 'rate_limited' }),
		errorEvent: () => `data: ${JSON.stringify(make('Internal server error', { type: 'internal_server_error' }).body)}\n\n`,
		hugeEvent: (bytes) => {
			const choices = [{ index: 0, delta: { content: 'x'.repeat(bytes) }, finish_reason: null }];
			return `data: ${JSON.stringify({ id: 'huge', object: 'chat.completion.chunk', created: 0, model: 'huge', choices })}\n\n`;
		},
	},
	shape: CHAT,
	lenient: false,
	violation: refused,
	rules: [order, calls],
	wrongKey: (given, { row }) => {
		if (given !== '') return { status: 401, body: { detail: 'Unauthorized' } };
		return { status: 401, body: { message: 'No API key found in request', request_id: row.requestId } };
	},
	noModel: (id) => make(`Invalid model: ${id}`, { type: 'invalid_model' }),
	noPath: () => ({ status: 404, body: { message: 'no Route matched with those values' } }),
	listed: ({ id, created, window, vision, serves }) => ({
		id,
		object: 'model',
		created,
		owned_by: 'mistralai',
		capabilities: { completion_chat: serves === 'chat', function_calling: serves === 'chat', completion_fim: false, vision },
		name: id,
		max_context_length: window,
		aliases: [],
		deprecation: null,
		type: 'base',
	}),
	responses: false,
	embeddings: {
		shape: MISTRAL_EMBEDDINGS,
		head: (seed) => ({ id: seed.slice(0, 32) }),
		usage: (tokens) => ({ prompt_tokens: tokens, total_tokens: tokens, completion_tokens: 0, prompt_tokens_details: null }),
	},
	style: {
		...CLOUD_STYLE,
		answerId: (seed) => digest(seed).slice(0, 32),
		callId: (seed) => idFrom(seed, 9),
		reasoning: 'parts',
		refusals: false,
		noCalls: null,
		callContent: '',
		logprobs: false,
		forcedStops: false,
		calls: 'whole',
		indexed: false,
		usage: ({ prompt, cached, completion }) => ({
			prompt_tokens: prompt,
			total_tokens: prompt + completion,
			completion_tokens: completion,
			prompt_tokens_details: { cached_tokens: cached },
			service_tier: 'standard',
		}),
		usageAt: 'end',
		nullUsage: false,
		marks: () => ({}),
		obfuscates: false,
		event: (event, _answer, place) => (place === 'first' ? event : padded(event)),
	},
};
