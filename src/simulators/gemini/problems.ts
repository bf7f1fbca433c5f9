import type { JsonObject, JsonValue } from '../../spec/index.ts';
import type { Step, Violation } from '../core/shape.ts';
import type { Problem } from '../core/types.ts';
import { snake } from './protojson.ts';

/** The vendor's names of statuses. */
const STATUS: { [status: number]: string } = {
	400: 'INVALID_ARGUMENT',
	401: 'UNAUTHENTICATED',
	403: 'PERMISSION_DENIED',
	404: 'NOT_FOUND',
	409: 'ABORTED',
	429: 'RESOURCE_EXHAUSTED',
	499: 'CANCELLED',
	500: 'INTERNAL',
	501: 'UNIMPLEMENTED',
	503: 'UNAVAILABLE',
	504: 'DEADLINE_EXCEEDED',
};

const TYPE = 'type.googleapis.com/google.rpc';

/** An error. `details`: objects of the vendor's error types. */
export function problem(message: string, status = 400, details: JsonObject[] = []): Problem {
	const name = STATUS[status] ?? (status < 500 ? 'FAILED_PRECONDITION' : 'UNKNOWN');
	const error: JsonObject = { code: status, message, status: name };
	if (details.length > 0) error.details = details;
	const headers = { 'content-type': 'application/json; charset=UTF-8' };
	return { status, body: { error }, headers };
}

/** A detail of an error: `kind` is the type's last name. */
export function detail(kind: string, fields: JsonObject): JsonObject {
	return { '@type': `${TYPE}.${kind}`, ...fields };
}

/** The error of a key that does not exist. */
export function invalidKey(): Problem {
	const message = 'API key not valid. Please pass a valid API key.';
	const service = 'generativelanguage.googleapis.com';
	return problem(message, 400, [
		detail('ErrorInfo', { reason: 'API_KEY_INVALID', domain: 'googleapis.com', metadata: { service } }),
		detail('LocalizedMessage', { locale: 'en-US', message }),
	]);
}

/** A path as the vendor writes it: `generation_config.stop_sequences[0]`. */
export function pathText(path: Step[]): string {
	let written = '';
	for (const step of path) {
		if (typeof step === 'number') written += `[${step}]`;
		else if (typeof step === 'string') written += written === '' ? snake(step) : `.${snake(step)}`;
	}
	return written;
}

const SCALARS: { [is: string]: string } = {
	string: 'TYPE_STRING',
	boolean: 'TYPE_BOOL',
	integer: 'TYPE_INT32',
	number: 'TYPE_FLOAT',
	object: 'type.googleapis.com/google.protobuf.Struct',
};

function typeText({ shape, path }: Violation): string {
	const message = (shape.is === 'string' && shape.values !== undefined) || shape.is === 'array';
	if (!message && !(shape.is === 'object' && shape.open !== true)) return SCALARS[shape.is] ?? 'TYPE_MESSAGE';
	const last = path.findLast((step) => typeof step === 'string');
	const name = typeof last === 'string' ? `${last[0]?.toUpperCase()}${last.slice(1)}` : 'Content';
	return `type.googleapis.com/google.ai.generativelanguage.v1beta.${name}`;
}

function violationText(violation: Violation): string {
	const { path, value, shape } = violation;
	const repeated = Array.isArray(value) && shape.is !== 'array';
	if (violation.fault !== 'unknown' && !(violation.fault === 'type' && repeated)) {
		return `Invalid value at '${pathText(path)}' (${typeText(violation)}), ${JSON.stringify(value)}`;
	}
	const parent = pathText(path.slice(0, -1));
	const where = parent === '' ? '' : ` at '${parent}'`;
	const why = repeated && violation.fault === 'type' ? 'Proto field is not repeating, cannot start list.' : 'Cannot find field.';
	return `Invalid JSON payload received. Unknown name "${String(path.at(-1))}"${where}: ${why}`;
}

/** The error for a request that departs from its shape. */
export function violationProblem(violation: Violation): Problem {
	const description = violationText(violation);
	const at = violation.fault === 'unknown' ? violation.path.slice(0, -1) : violation.path;
	const field: JsonValue | undefined = pathText(at) || undefined;
	const named: JsonObject = field === undefined ? { description } : { field, description };
	return problem(description, 400, [detail('BadRequest', { fieldViolations: [named] })]);
}
