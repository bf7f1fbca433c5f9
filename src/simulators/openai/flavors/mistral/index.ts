import type { JsonObject } from '../../../../spec/index.ts';
import { digest, idFrom, pick } from '../../../core/ids.ts';
import { text } from '../../../core/json.ts';
import { byName, type Family, model, SMALL } from '../../models.ts';
import { MISTRAL_EMBEDDINGS } from '../../tasks/embeddings.ts';
import type { Traits } from '../../traits.ts';
import { retryHeaders } from '../../wire.ts';
import { CLOUD_STYLE } from '../cloud.ts';
import { make, refused } from './problems.ts';
import { calls, order } from './rules.ts';
import { CHAT } from './shapes.ts';

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
