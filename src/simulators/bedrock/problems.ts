import type { Step, Violation } from '../core/shape.ts';
import type { Problem } from '../core/types.ts';

/** Statuses of the service's errors. */
const STATUS: { [name: string]: number } = {
	ValidationException: 400,
	SerializationException: 400,
	ServiceQuotaExceededException: 400,
	AccessDeniedException: 403,
	ExpiredTokenException: 403,
	IncompleteSignatureException: 403,
	InvalidSignatureException: 403,
	MissingAuthenticationTokenException: 403,
	UnrecognizedClientException: 403,
	ResourceNotFoundException: 404,
	UnknownOperationException: 404,
	ModelTimeoutException: 408,
	ModelErrorException: 424,
	ModelNotReadyException: 429,
	ThrottlingException: 429,
	InternalServerException: 500,
	ServiceUnavailableException: 503,
};

/** Errors of the gate before the service. */
const GATE = new Set([
	'ExpiredTokenException',
	'IncompleteSignatureException',
	'InvalidSignatureException',
	'MissingAuthenticationTokenException',
	'UnrecognizedClientException',
	'SerializationException',
	'UnknownOperationException',
]);

/** An error as the service writes it: its name stands in a header, the body holds only the text. */
export function problem(message: string, name = 'ValidationException', status?: number): Problem {
	const package_ = GATE.has(name) ? 'com.amazon.coral.service' : 'com.amazon.bedrock';
	return {
		status: status ?? STATUS[name] ?? 400,
		body: { message },
		headers: { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/${package_}/` },
	};
}

/** The error of a model that was reached and refused the request in its own words. */
export function modelProblem(message: string): Problem {
	return problem(`The model returned the following errors: ${message}`);
}

/** A path as constraints name it: `messages.1.member.content`. */
function pathText(path: Step[]): string {
	const names: string[] = [];
	for (const step of path) {
		if (typeof step === 'number') names.push(String(step + 1), 'member');
		else if (typeof step === 'string') names.push(step);
	}
	return names.join('.');
}

/** A path as the schema's checker names it: `#/messages/0`. */
function pointer(path: Step[]): string {
	return ['#', ...path.filter((step) => typeof step !== 'object')].join('/');
}

const TYPES: { [is: string]: string } = {
	string: 'String',
	integer: 'Integer',
	number: 'Float',
	boolean: 'Boolean',
	array: 'List',
	object: 'Structure',
};

function constraint(violation: Violation): string {
	const { fault, expected } = violation;
	switch (fault) {
		case 'value':
			return `satisfy enum value set: [${expected.split('|').join(', ')}]`;
		case 'min':
			return `have value greater than or equal to ${expected}`;
		case 'max':
			return `have value less than or equal to ${expected}`;
		case 'pattern':
			return `satisfy regular expression pattern: ${expected.replace(/^\^|\$$/g, '')}`;
		case 'too_long':
		case 'too_many':
			return `have length less than or equal to ${expected}`;
		default:
			return `have length greater than or equal to ${expected}`;
	}
}

/** The error for a request that departs from its shape. */
export function violationProblem(violation: Violation): Problem {
	const { path, fault, value, shape, expected } = violation;
	if (fault === 'unknown') {
		const where = pointer(path.slice(0, -1));
		return problem(
			`Malformed input request: ${where}: extraneous key [${String(path.at(-1))}] is not permitted, please reformat your input and try again.`,
		);
	}
	if (fault === 'type') {
		const found =
			value === null
				? 'NULL'
				: typeof value === 'object'
					? Array.isArray(value)
						? 'START_ARRAY'
						: 'START_OBJECT'
					: `${typeof value}`.toUpperCase();
		return problem(
			`${found}_VALUE can not be converted to a ${TYPES[expected.split('|')[0] ?? ''] ?? expected}`,
			'SerializationException',
		);
	}
	if (fault === 'value' && shape.is === 'object') {
		return problem(`The ${pathText(path)} field must set exactly one of the members: ${expected.split('|').join(', ')}.`);
	}
	const shown = value === undefined ? 'null' : typeof value === 'object' ? JSON.stringify(value).slice(0, 200) : String(value);
	const rule = fault === 'missing' ? 'not be null' : constraint(violation);
	return problem(
		`1 validation error detected: Value ${fault === 'missing' ? 'null' : `'${shown}'`} at '${pathText(path)}' failed to satisfy constraint: Member must ${rule}`,
	);
}
