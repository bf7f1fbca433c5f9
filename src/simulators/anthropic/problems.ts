import { type Step, typeName, type Violation } from '../core/shape.ts';
import type { Problem } from '../core/types.ts';

const TYPES: { [status: number]: string } = {
	400: 'invalid_request_error',
	401: 'authentication_error',
	402: 'billing_error',
	403: 'permission_error',
	404: 'not_found_error',
	405: 'invalid_request_error',
	413: 'request_too_large',
	422: 'invalid_request_error',
	429: 'rate_limit_error',
	504: 'timeout_error',
	529: 'overloaded_error',
};

/** Statuses after which the vendor tells its SDK to try again. */
const AGAIN = new Set([408, 409, 429]);

/** An error as the vendor writes it. */
export function problem(message: string, requestId: string, status = 400, headers: { [name: string]: string } = {}): Problem {
	const again = status >= 500 || AGAIN.has(status);
	return {
		status,
		body: { type: 'error', error: { type: TYPES[status] ?? 'api_error', message }, request_id: requestId },
		headers: { 'x-should-retry': String(again), ...headers },
	};
}

/** The vendor's refusal to hold a conversation, which its own client answers by sending all of it each time. */
export function threadProblem(requestId: string): Problem {
	const details = { error_code: 'thread_unsupported_request', unsupported: ['simulation'] };
	const message = 'thread: This request cannot be held in a thread. The simulator keeps no conversations.';
	const { body, ...rest } = problem(message, requestId);
	return { ...rest, body: { ...body, error: { type: TYPES[400] ?? 'api_error', message, details } } };
}

/** Tags that name a role: the vendor leaves them out of its paths. */
const ROLES = new Set(['user', 'assistant', 'system']);

function pathText(path: Step[]): string {
	return path.flatMap((step) => (typeof step !== 'object' ? [String(step)] : ROLES.has(step.tag) ? [] : [step.tag])).join('.');
}

const KINDS: { [type: string]: string } = {
	array: 'list',
	boolean: 'boolean',
	integer: 'integer',
	number: 'number',
	object: 'dictionary',
	string: 'string',
};

function eitherOf(expected: string): string {
	const quoted = expected.split('|').map((value) => `'${value}'`);
	return quoted.length === 1 ? (quoted[0] ?? '') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

function length({ value }: Violation): number {
	return typeof value === 'string' || Array.isArray(value) ? value.length : 0;
}

const WORDINGS: { [fault in Violation['fault']]: (violation: Violation) => string } = {
	type: ({ expected }) => `Input should be a valid ${KINDS[expected.split('|')[0] ?? ''] ?? expected}`,
	missing: () => 'Field required',
	unknown: () => 'Extra inputs are not permitted',
	value: ({ expected }) => `Input should be ${eitherOf(expected)}`,
	min: ({ expected }) => `Input should be greater than or equal to ${expected}`,
	max: ({ expected }) => `Input should be less than or equal to ${expected}`,
	pattern: ({ expected }) => `String should match pattern '${expected}'`,
	too_long: ({ expected }) => `String should have at most ${expected} characters`,
	too_many: (violation) => `List should have at most ${violation.expected} items after validation, not ${length(violation)}`,
	empty: () => 'String should have at least 1 character',
};

/** The vendor's words for a request that departs from its shape. */
export function violationMessage(violation: Violation): string {
	const { path, fault, shape, value, expected } = violation;
	if (fault === 'value' && shape.is === 'variant' && shape.by === 'type') {
		const tag = typeof value === 'string' ? value : typeName(value);
		const tags = expected.split('|').map((known) => `'${known}'`);
		return `${pathText(path.slice(0, -1))}: Input tag '${tag}' found using 'type' does not match any of the expected tags: ${tags.join(', ')}`;
	}
	if (fault === 'value' && shape.is === 'variant') return `${pathText(path)}: Input should be 'user' or 'assistant'`;
	return `${pathText(path)}: ${WORDINGS[fault](violation)}`;
}
