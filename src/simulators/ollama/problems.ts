import type { JsonValue } from '../../spec/index.ts';
import { type Step, typeName, type Violation } from '../core/shape.ts';
import type { Problem } from '../core/types.ts';

/** An error as the server writes it. */
export function problem(message: string, status = 400): Problem {
	return { status, body: { error: message }, headers: { 'content-type': 'application/json; charset=utf-8' } };
}

/** What the router itself says, as plain text. */
export function plainProblem(said: string, status: number): Problem {
	return { status, body: { plain: said }, headers: { 'content-type': 'text/plain' } };
}

/** The error of a model that has not been pulled. */
export function noModel(name: string): Problem {
	return problem(`model '${name}' not found`, 404);
}

const GO_TYPES: { [is: string]: string } = {
	string: 'string',
	integer: 'int',
	number: 'float64',
	boolean: 'bool',
	array: '[]api.Message',
	object: 'map[string]interface {}',
};

function fieldPath(path: Step[]): string {
	return path.filter((step) => typeof step === 'string').join('.');
}

function found(value: JsonValue | undefined): string {
	const type = typeName(value);
	return type === 'integer' ? 'number' : type === 'boolean' ? 'bool' : type;
}

/** The error of Go's JSON reader for a value of the wrong type. `struct`: the request's name there. */
export function typeProblem({ path, value, expected }: Violation, struct: string): Problem {
	const wanted = GO_TYPES[expected.split('|')[0] ?? ''] ?? expected;
	const where = path.length === 0 ? 'Go value' : `Go struct field ${struct}.${fieldPath(path)}`;
	return problem(`json: cannot unmarshal ${found(value)} into ${where} of type ${wanted}`);
}
