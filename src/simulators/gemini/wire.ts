import type { JsonObject } from '../../spec/index.ts';
import type { Exchange, Wire } from '../core/exchange.ts';
import type { Problem } from '../core/types.ts';
import { detail, problem } from './problems.ts';
import { printed, spaced } from './protojson.ts';
import type { Framing } from './stream.ts';

/** The documented errors by status. */
const MESSAGES: { [status: number]: string } = {
	400: 'Request contains an invalid argument.',
	401: 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
	403: 'The caller does not have permission',
	404: 'Requested entity was not found.',
	429: 'Resource has been exhausted (e.g. check quota).',
	500: 'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
	503: 'The model is overloaded. Please try again later.',
	504: 'The request timed out. Please try again.',
};

/** The wait is only in the error's details: the vendor sends no header for it. */
function limited({ controls, row }: Exchange, quotaId: string, message: string): Problem {
	const ms = controls.retryAfterMs ?? (controls.retryAfter ?? 0.12) * 1000;
	const metric = 'generativelanguage.googleapis.com/generate_content_free_tier_requests';
	const violation: JsonObject = {
		quotaMetric: metric,
		quotaId,
		quotaDimensions: { location: 'global', model: row.model ?? '' },
		quotaValue: '10',
	};
	const help = { description: 'Learn more about Gemini API quotas', url: 'https://ai.google.dev/gemini-api/docs/rate-limits' };
	return problem(message, 429, [
		detail('Help', { links: [help] }),
		detail('QuotaFailure', { violations: [violation] }),
		detail('RetryInfo', { retryDelay: `${ms / 1000}s` }),
	]);
}

const OVERLOADED = problem(MESSAGES[503] ?? '', 503).body;

/** Server-sent events, their lines ended with CR LF. */
export const sseFraming: Framing = (value) => `data: ${spaced(value)}\r\n\r\n`;

/** One JSON array, object by object. */
export const arrayFraming: Framing = (value, index, last) => {
	return `${index === 0 ? '[' : ',\r\n'}${printed(value)}${last ? ']' : ''}`;
};

function huge(bytes: number): JsonObject {
	const content = { parts: [{ text: 'x'.repeat(bytes) }], role: 'model' };
	return { candidates: [{ content, index: 0 }], usageMetadata: {}, modelVersion: 'huge' };
}

function wire(framing: Framing): Wire {
	return {
		headers: () => ({ 'server-timing': 'gfet4t7; dur=1', vary: 'Origin, X-Origin, Referer' }),
		print: printed,
		problem: (status, exchange) =>
			status === 429
				? limited(exchange, 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier', MESSAGES[429] ?? '')
				: problem(MESSAGES[status] ?? `Simulated error ${status}.`, status),
		quota: (exchange) =>
			limited(
				exchange,
				'GenerateRequestsPerDayPerProjectPerModel-FreeTier',
				'You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: ' +
					'https://ai.google.dev/gemini-api/docs/rate-limits.',
			),
		errorEvent: (before) => framing(OVERLOADED, before, true),
		hugeEvent: (bytes, before) => framing(huge(bytes), before, false),
	};
}

/** How headers, errors and streams of server-sent events look. */
export const geminiWire: Wire = wire(sseFraming);

/** The same where a stream is a JSON array. */
export const arrayWire: Wire = wire(arrayFraming);
