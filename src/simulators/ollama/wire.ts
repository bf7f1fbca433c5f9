import type { Wire } from '../core/exchange.ts';
import { text } from '../core/json.ts';
import { problem } from './problems.ts';

const MESSAGES: { [status: number]: string } = {
	400: 'invalid request',
	401: 'unauthorized',
	404: "model 'simulated' not found",
	429: 'too many concurrent requests',
	500: 'llama runner process has terminated: signal: killed',
	503: 'server busy, please try again. maximum pending requests exceeded',
};

/** How headers, errors and streams look. */
export const ollamaWire: Wire = {
	framing: 'lines',
	headers: () => ({}),
	print: (body) => (body.plain === undefined ? JSON.stringify(body) : text(body.plain)),
	problem: (status, { controls }) => {
		const made = problem(MESSAGES[status] ?? `Simulated error ${status}.`, status);
		const wait = controls.retryAfter;
		return wait === undefined ? made : { ...made, headers: { ...made.headers, 'retry-after': String(wait) } };
	},
	quota: () => problem('you have reached your hourly usage limit, please upgrade to continue', 402),
	errorEvent: (_before, error = 'an error was encountered while running the model: unexpected EOF') =>
		`${JSON.stringify({ error })}\n`,
	hugeEvent: (bytes) => {
		const message = { role: 'assistant', content: 'x'.repeat(bytes) };
		return `${JSON.stringify({ model: 'huge', created_at: '2026-01-01T00:00:00Z', message, done: false })}\n`;
	},
};
