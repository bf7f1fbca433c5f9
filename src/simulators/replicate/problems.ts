import type { JsonObject } from '../../spec/index.ts';
import type { Wire } from '../core/exchange.ts';
import type { Violation } from '../core/shape.ts';
import type { Problem } from '../core/types.ts';

/** An error in the vendor's form. */
export function problem(status: number, title: string, detail: string, more: JsonObject = {}): Problem {
	return { status, body: { title, detail, status, ...more }, headers: { 'content-type': 'application/problem+json' } };
}

/** What is wrong with a body that is not of the shape. */
export function invalid({ fault, path, expected }: Violation): Problem {
	const place = path.slice(0, -1).filter((step) => typeof step !== 'object');
	const name = String(path.at(-1) ?? '');
	const words: { [fault: string]: [type: string, description: string] } = {
		unknown: ['additional_property_not_allowed', `Additional property ${name} is not allowed`],
		missing: ['required', `${name} is required`],
	};
	const [type, description] = words[fault] ?? ['invalid_type', `Invalid ${name}: expected ${expected}`];
	const field = place.join('.');
	const invalid_fields = [{ type, field, description }];
	return problem(422, 'Input validation failed', `- ${field === '' ? '' : `${field}: `}${description}\n`, { invalid_fields });
}

const TITLES: { [status: number]: [title: string, detail: string] } = {
	401: ['Unauthenticated', 'You did not pass a valid authentication token'],
	402: [
		'Insufficient credit',
		'You have insufficient credit to run this model. Go to https://replicate.com/account/billing#billing to purchase credit.',
	],
	404: ['Not found', 'The requested resource could not be found.'],
	429: ['Too many requests', 'Request was throttled. Expected available in 1 second.'],
};

/** Headers, and errors by their status. */
export const WIRE: Wire = {
	headers: () => ({ 'ratelimit-remaining': '599', 'ratelimit-reset': '1' }),
	problem: (status, { controls }) => {
		const [title, detail] = TITLES[status] ?? ['Error', `Simulated error ${status}.`];
		const made = problem(status, title, detail);
		const wait = controls.retryAfter === undefined ? {} : { 'retry-after': String(controls.retryAfter) };
		return { ...made, headers: { ...made.headers, ...wait } };
	},
	quota: () => problem(402, ...(TITLES[402] ?? (['', ''] as [string, string]))),
	errorEvent: () => 'event: error\ndata: {"detail":"Prediction failed."}\n\nevent: done\ndata: {"reason":"error"}\n\n',
	hugeEvent: (bytes) => `event: output\nid: 1:0\ndata: ${'x'.repeat(bytes)}\n\n`,
};
