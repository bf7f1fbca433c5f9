import { isUtf8 } from 'node:buffer';
import { deeperThan, isObject } from '../lib/json.ts';
import { type JsonObject, type JsonValue, RelaisError } from '../spec/index.ts';

/** `{`, with which a JSON object begins. */
const BRACE = 0x7b;

/**
 * The JSON object of a request body. Throws `invalid_json` or `invalid_request`, saying what is wrong and where, without repeating
 * the body.
 */
export function parseBody(raw: Buffer, maxDepth: number): JsonObject {
	if (raw.length === 0) throw new RelaisError('invalid_json', 'The request body is empty. Send a JSON object.');
	if (!isUtf8(raw)) throw new RelaisError('invalid_json', 'The request body is not valid UTF-8.');
	let parsed: JsonValue;
	try {
		parsed = JSON.parse(raw.toString('utf8')) as JsonValue;
	} catch (error) {
		const cure = raw[raw.findIndex((byte) => byte > 0x20)] === BRACE ? '' : ' Send a JSON object.';
		throw new RelaisError('invalid_json', `The request body is not valid JSON${position(error)}.${cure}`, { cause: error });
	}
	if (!isObject(parsed)) throw new RelaisError('invalid_request', `The request body must be a JSON object, not ${kind(parsed)}.`);
	if (deeperThan(parsed, maxDepth)) {
		throw new RelaisError('invalid_request', `The request body is nested more than ${maxDepth} levels deep.`);
	}
	return parsed;
}

function position(error: unknown): string {
	const match = error instanceof Error ? /at position (\d+)(?: \(line (\d+) column (\d+)\))?/.exec(error.message) : null;
	if (match !== null) return match[2] === undefined ? ` at position ${match[1]}` : ` at line ${match[2]}, column ${match[3]}`;
	return error instanceof Error && /unexpected end/i.test(error.message) ? ': it ends too early' : '';
}

function kind(value: JsonValue): string {
	if (value === null) return 'null';
	return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
