import type { Exchange, Wire } from '../core/exchange.ts';
import { problem } from './problems.ts';

const LIMITS: { [what: string]: number } = {
	requests: 4000,
	'input-tokens': 4_000_000,
	'output-tokens': 800_000,
	tokens: 4_800_000,
};

/** The documented errors by status. */
const MESSAGES: { [status: number]: string } = {
	400: 'Invalid request.',
	401: 'invalid x-api-key',
	402: 'There is a billing problem with this account.',
	403: 'Your API key does not have permission to use the specified resource.',
	404: 'Not found',
	413: 'Request exceeds the maximum size',
	429: "This request would exceed your organization's rate limit of 4,000 requests per minute.",
	500: 'Internal server error',
	503: 'Service unavailable',
	504: 'Request timed out',
	529: 'Overloaded',
};

function limitHeaders(reset: string, exhausted: boolean): { [name: string]: string } {
	const headers: { [name: string]: string } = {};
	for (const what in LIMITS) {
		const limit = LIMITS[what] ?? 0;
		headers[`anthropic-ratelimit-${what}-limit`] = String(limit);
		headers[`anthropic-ratelimit-${what}-remaining`] = String(exhausted && what === 'requests' ? 0 : limit - 1);
		headers[`anthropic-ratelimit-${what}-reset`] = reset;
	}
	return headers;
}

function afterMs(ms: number): string {
	return `${new Date(Date.now() + ms).toISOString().slice(0, 19)}Z`;
}

let stamped = { at: 0, headers: limitHeaders('', false) };

/** The limits' headers, rewritten once a second: their date is dear to format. */
function usualLimits(): { [name: string]: string } {
	const second = Math.floor(Date.now() / 1000);
	if (stamped.at !== second) stamped = { at: second, headers: limitHeaders(afterMs(0), false) };
	return stamped.headers;
}

/** Headers that ask the client to wait, where the controls ask for them. The vendor knows whole seconds only. */
export function retryHeaders({ controls }: Exchange): { [name: string]: string } {
	const seconds =
		controls.retryAfter ?? (controls.retryAfterMs === undefined ? undefined : Math.ceil(controls.retryAfterMs / 1000));
	if (seconds === undefined) return {};
	const inMs: { [name: string]: string } =
		controls.retryAfterMs === undefined ? {} : { 'retry-after-ms': String(controls.retryAfterMs) };
	return { 'retry-after': String(seconds), ...inMs };
}

/** How this protocol's headers and errors look. */
export const anthropicWire: Wire = {
	headers: ({ row }) => ({
		'request-id': row.requestId,
		'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
		...usualLimits(),
	}),
	problem: (status, exchange) => {
		const limited = status === 429 ? limitHeaders(afterMs((exchange.controls.retryAfter ?? 1) * 1000), true) : {};
		const headers = { ...limited, ...retryHeaders(exchange) };
		return problem(MESSAGES[status] ?? `Simulated error ${status}.`, exchange.row.requestId, status, headers);
	},
	quota: (exchange) =>
		problem(
			'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
			exchange.row.requestId,
		),
	errorEvent: () => {
		const data = { type: 'error', error: { details: null, type: 'overloaded_error', message: 'Overloaded' } };
		return `event: error\ndata: ${JSON.stringify(data)}\n\n`;
	},
	hugeEvent: (bytes) => {
		const data = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'x'.repeat(bytes) } };
		return `event: content_block_delta\ndata: ${JSON.stringify(data)}\n\n`;
	},
};
