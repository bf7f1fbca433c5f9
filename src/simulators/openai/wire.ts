import type { Exchange, Wire } from '../core/exchange.ts';
import type { Problem } from '../core/types.ts';
import type { MakeProblem } from './problems.ts';

const REQUESTS = 10_000;
const TOKENS = 2_000_000;

/** The documented errors by status: message, type and code. */
const ERRORS: { [status: number]: { message: string; type?: string; code?: string } } = {
	400: { message: 'Invalid request.' },
	401: {
		message: 'Incorrect API key provided: sk-sim****. You can find your API key at https://platform.openai.com/account/api-keys.',
		code: 'invalid_api_key',
	},
	403: {
		message: 'Country, region, or territory not supported',
		type: 'request_forbidden',
		code: 'unsupported_country_region_territory',
	},
	404: { message: 'The model does not exist or you do not have access to it.', code: 'model_not_found' },
	413: { message: 'Request too large.', code: 'request_too_large' },
	422: { message: 'Unprocessable request.', code: 'unprocessable_entity' },
	500: { message: 'The server had an error while processing your request. Sorry about that!', type: 'server_error' },
	503: { message: 'The engine is currently overloaded, please try again later', type: 'server_error', code: 'engine_overloaded' },
};

/** Headers that ask the client to wait, where the controls ask for them. */
export function retryHeaders({ controls }: Exchange): { [name: string]: string } {
	const headers: { [name: string]: string } = {};
	const seconds =
		controls.retryAfter ?? (controls.retryAfterMs === undefined ? undefined : Math.ceil(controls.retryAfterMs / 1000));
	if (seconds !== undefined) headers['retry-after'] = String(seconds);
	if (controls.retryAfterMs !== undefined) headers['retry-after-ms'] = String(controls.retryAfterMs);
	return headers;
}

function rateLimited(exchange: Exchange, make: MakeProblem): Problem {
	const wait = exchange.controls.retryAfterMs ?? (exchange.controls.retryAfter ?? 0.12) * 1000;
	const limited = { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': `${wait}ms` };
	const message =
		`Rate limit reached for ${exchange.row.model ?? 'this model'} in organization org-simulated on requests per min (RPM): ` +
		`Limit ${REQUESTS}, Used ${REQUESTS}, Requested 1. Please try again in ${wait}ms.`;
	const headers = { ...limited, ...retryHeaders(exchange) };
	return make(message, { status: 429, type: 'requests', code: 'rate_limit_exceeded', headers });
}

function cloudHeaders({ row }: Exchange): { [name: string]: string } {
	const spent = row.usage?.inputTokens ?? 0;
	return {
		'openai-organization': 'org-simulated',
		'openai-processing-ms': '1',
		'openai-version': '2020-10-01',
		'x-ratelimit-limit-requests': String(REQUESTS),
		'x-ratelimit-limit-tokens': String(TOKENS),
		'x-ratelimit-remaining-requests': String(REQUESTS - 1),
		'x-ratelimit-remaining-tokens': String(Math.max(0, TOKENS - spent)),
		'x-ratelimit-reset-requests': '6ms',
		'x-ratelimit-reset-tokens': '0s',
		'x-request-id': row.requestId,
	};
}

/** How this protocol's headers and errors look. `local`: an open-weight server's. */
export function openaiWire(make: MakeProblem, local: boolean): Wire {
	return {
		headers: local ? ({ row }) => ({ 'x-request-id': row.requestId }) : cloudHeaders,
		problem: (status, exchange) => {
			if (status === 429) return rateLimited(exchange, make);
			const { message, type, code } = ERRORS[status] ?? { message: `Simulated error ${status}.`, type: 'server_error' };
			const named = { ...(type === undefined ? {} : { type }), ...(code === undefined ? {} : { code }) };
			return make(message, { status, ...named, headers: retryHeaders(exchange) });
		},
		quota: (exchange) =>
			make(
				'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: ' +
					'https://platform.openai.com/docs/guides/error-codes/api-errors.',
				{ status: 429, type: 'insufficient_quota', code: 'insufficient_quota', headers: retryHeaders(exchange) },
			),
		errorEvent: () => {
			const { body } = make(ERRORS[500]?.message ?? '', { status: 500, type: 'server_error' });
			return `data: ${JSON.stringify(body)}\n\n`;
		},
		hugeEvent: (bytes) => {
			const delta = { content: 'x'.repeat(bytes) };
			const chunk = { id: 'chatcmpl-huge', object: 'chat.completion.chunk', created: 0, model: 'huge' };
			return `data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
		},
	};
}
