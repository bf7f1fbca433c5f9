import type { JsonObject } from '../../spec/index.ts';
import { type Step, typeName, type Violation } from '../core/shape.ts';
import type { Problem } from '../core/types.ts';

/** What an error says beside its message. */
export interface Details {
	status?: number;
	type?: string;
	param?: string | null;
	code?: string | null;
	headers?: { [name: string]: string };
}

/** Makes an error in one server's style. */
export type MakeProblem = (message: string, details?: Details) => Problem;

/** The vendor's style: a type, the parameter, a code in words. */
export const cloudProblem: MakeProblem = (message, details = {}) => {
	const { status = 400, type = 'invalid_request_error', param = null, code = null, headers } = details;
	return { status, body: { error: { message, type, param, code } }, ...(headers === undefined ? {} : { headers }) };
};

const LOCAL_TYPES: { [status: number]: string } = {
	400: 'BadRequestError',
	401: 'Unauthorized',
	404: 'NotFoundError',
	429: 'TooManyRequests',
	500: 'InternalServerError',
	503: 'ServiceUnavailableError',
};

/** The style of open-weight servers: the exception's name as type, the status as code. */
export const localProblem: MakeProblem = (message, details = {}) => {
	const { status = 400, param = null, headers } = details;
	const error: JsonObject = { message, type: LOCAL_TYPES[status] ?? 'Error', param, code: status };
	return { status, body: { error }, ...(headers === undefined ? {} : { headers }) };
};

/** A path as the vendor writes it: `messages[0].content[1].text`. */
export function pathText(path: Step[]): string {
	let written = '';
	for (const step of path) {
		if (typeof step === 'number') written += `[${step}]`;
		else if (typeof step === 'string') written += written === '' ? step : `.${step}`;
	}
	return written;
}

const ARTICLES: { [type: string]: string } = {
	any: 'a value',
	array: 'an array',
	boolean: 'a boolean',
	integer: 'an integer',
	null: 'null',
	number: 'a decimal',
	object: 'an object',
	string: 'a string',
};

function withArticle(type: string): string {
	return ARTICLES[type] ?? type;
}

function quotedList(values: string[]): string {
	const quoted = values.map((value) => `'${value}'`);
	if (quoted.length < 3) return quoted.join(' and ');
	return `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`;
}

interface Wording {
	message: (violation: Violation, path: string) => string;
	code: (violation: Violation) => string;
}

const isWhole = (violation: Violation): boolean => violation.shape.is === 'integer';
const isText = (violation: Violation): boolean => violation.shape.is === 'string';
const size = ({ value }: Violation): number => (typeof value === 'string' || Array.isArray(value) ? value.length : 0);

const WORDINGS: { [fault in Violation['fault']]: Wording } = {
	type: {
		message: ({ expected, value }, path) => {
			const wanted = expected.split('|').map(withArticle);
			const one = wanted.length > 1 ? `one of ${wanted.join(' or ')}` : (wanted[0] ?? '');
			return `Invalid type for '${path}': expected ${one}, but got ${withArticle(typeName(value))} instead.`;
		},
		code: () => 'invalid_type',
	},
	missing: { message: (_, path) => `Missing required parameter: '${path}'.`, code: () => 'missing_required_parameter' },
	unknown: { message: (_, path) => `Unknown parameter: '${path}'.`, code: () => 'unknown_parameter' },
	value: {
		message: ({ expected, value }) => {
			const given = typeof value === 'string' ? value : JSON.stringify(value);
			return `Invalid value: '${given}'. Supported values are: ${quotedList(expected.split('|'))}.`;
		},
		code: () => 'invalid_value',
	},
	min: {
		message: (violation, path) =>
			`Invalid '${path}': ${isWhole(violation) ? 'integer' : 'decimal'} below minimum value. ` +
			`Expected a value >= ${violation.expected}, but got ${String(violation.value)} instead.`,
		code: (violation) => (isWhole(violation) ? 'integer_below_min_value' : 'decimal_below_min_value'),
	},
	max: {
		message: (violation, path) =>
			`Invalid '${path}': ${isWhole(violation) ? 'integer' : 'decimal'} above maximum value. ` +
			`Expected a value <= ${violation.expected}, but got ${String(violation.value)} instead.`,
		code: (violation) => (isWhole(violation) ? 'integer_above_max_value' : 'decimal_above_max_value'),
	},
	pattern: {
		message: ({ expected }, path) =>
			`Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '${expected}'.`,
		code: () => 'invalid_value',
	},
	too_long: {
		message: (violation, path) =>
			`Invalid '${path}': string too long. Expected a string with maximum length ${violation.expected}, ` +
			`but got a string with length ${size(violation)} instead.`,
		code: () => 'string_above_max_length',
	},
	too_many: {
		message: (violation, path) =>
			`Invalid '${path}': array too long. Expected an array with maximum length ${violation.expected}, ` +
			`but got an array with length ${size(violation)} instead.`,
		code: () => 'array_above_max_length',
	},
	empty: {
		message: (violation, path) =>
			isText(violation)
				? `Invalid '${path}': empty string. Expected a string with minimum length 1, but got an empty string instead.`
				: `Invalid '${path}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
		code: (violation) => (isText(violation) ? 'empty_string' : 'empty_array'),
	},
};

/** The error for a request that departs from its shape. */
export function violationProblem(violation: Violation, make: MakeProblem): Problem {
	const path = pathText(violation.path);
	if (violation.fault === 'unknown' && violation.path.length === 1)
		return make(`Unrecognized request argument supplied: ${path}`);
	const wording = WORDINGS[violation.fault];
	return make(wording.message(violation, path), { param: path, code: wording.code(violation) });
}
