import type { Violation } from '../core/shape.ts';
import type { Problem } from '../core/types.ts';
import { REMOVED } from './models.ts';

/** An error as the vendor writes it. */
export function problem(id: string, message: string, status = 400, more: { [key: string]: string } = {}): Problem {
	return { status, body: { ...more, id, message } };
}

/** The error of a model that is not there, or no longer. */
export function noModel(id: string, name: string): Problem {
	const removed = Object.hasOwn(REMOVED, name) ? REMOVED[name] : undefined;
	if (removed !== undefined) {
		const message = `model '${name}' was removed on ${removed}. See https://docs.cohere.com/docs/models#command for a list of models you can use instead.`;
		return problem(id, message, 404);
	}
	const message = `model '${name}' not found, make sure the correct model ID was used and that you have access to the model.`;
	return problem(id, message, 404);
}

function pathText({ path }: Violation): string {
	let written = '';
	for (const step of path) {
		if (typeof step === 'number') written += `[${step}]`;
		else if (typeof step === 'string') written += written === '' ? step : `.${step}`;
	}
	return written;
}

const WORDS: { [fault in Violation['fault']]: (violation: Violation, path: string) => string } = {
	unknown: () => '',
	missing: (_, path) => `invalid request: ${path} is required`,
	type: ({ expected }, path) => `invalid type: parameter ${path} is of type ${expected.split('|').join(' or ')}.`,
	value: ({ expected, value }, path) =>
		`invalid request: ${path} has the value ${JSON.stringify(value)}, must be one of ${expected.split('|').join(', ')}.`,
	min: ({ expected }, path) => `invalid request: ${path} must be at least ${expected}.`,
	max: ({ expected }, path) => `invalid request: ${path} must be at most ${expected}.`,
	pattern: ({ expected }, path) => `invalid request: ${path} must match ${expected}.`,
	too_long: ({ expected }, path) => `invalid request: ${path} must have at most ${expected} characters.`,
	too_many: ({ expected }, path) => `invalid request: ${path} must have at most ${expected} elements.`,
	empty: (_, path) => `invalid request: ${path} must not be empty.`,
};

/** The error for a request that departs from its shape. `page`: the endpoint's in the documentation. */
export function violationProblem(violation: Violation, id: string, page: string): Problem {
	if (violation.fault === 'unknown') {
		const name = String(violation.path.at(-1));
		const message = `unknown field: parameter '${name}' is not a valid field. For proper usage, please refer to https://docs.cohere.com/reference/${page}`;
		return problem(id, message, 422);
	}
	return problem(id, WORDS[violation.fault](violation, pathText(violation)), violation.fault === 'type' ? 422 : 400);
}
