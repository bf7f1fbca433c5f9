import type { Exchange, Wire } from '../core/exchange.ts';
import { uuidFrom } from '../core/ids.ts';
import { problem } from './problems.ts';

const MESSAGES: { [status: number]: string } = {
	400: 'invalid request',
	401: 'invalid api token',
	402: 'You have reached your billing limit. Please update your plan to continue.',
	403: 'You do not have permission to access this resource.',
	404: 'not found',
	422: 'unprocessable entity',
	429: 'You are past the per minute request limit, please wait and try again later.',
	499: 'request cancelled',
	500: 'internal server error',
	503: 'service unavailable',
	504: 'gateway timeout',
};

/** The id that an error carries. */
export function errorId({ row }: Exchange): string {
	return uuidFrom(row.requestId);
}

/** How headers, errors and streams look. */
export const cohereWire: Wire = {
	headers: () => ({ 'x-envoy-upstream-service-time': '1' }),
	problem: (status, exchange) => {
		const { retryAfter } = exchange.controls;
		const made = problem(errorId(exchange), MESSAGES[status] ?? `Simulated error ${status}.`, status);
		return retryAfter === undefined ? made : { ...made, headers: { 'retry-after': String(retryAfter) } };
	},
	quota: (exchange) =>
		problem(
			errorId(exchange),
			"You are using a Trial key, which is limited to 1000 API calls / month. You can continue to use the Trial key for free or upgrade to a Production key with higher rate limits at 'https://dashboard.cohere.com/api-keys'.",
			429,
		),
	errorEvent: () => {
		const data = { type: 'message-end', delta: { finish_reason: 'ERROR', error: 'internal server error' } };
		return `event: message-end\ndata: ${JSON.stringify(data)}\n\n`;
	},
	hugeEvent: (bytes) => {
		const data = { type: 'content-delta', index: 0, delta: { message: { content: { text: 'x'.repeat(bytes) } } } };
		return `event: content-delta\ndata: ${JSON.stringify(data)}\n\n`;
	},
};
