import { isObject, tryParse } from '../../lib/json.ts';
import type { JsonObject, JsonValue, ToolCallPart } from '../../spec/index.ts';
import { type Losses, sealPrevious } from '../shared/index.ts';
import { isMadeId } from './call-book.ts';
import { DIALECT, mark, refill } from './dialect.ts';

/**
 * Writes a call. Its arguments are an object: input that is none is wrapped in one, with a warning. `index`: its place among the
 * calls of an answer; absent in requests.
 */
export function encodeCall(part: ToolCallPart, path: string, losses: Losses, index?: number): JsonObject {
	losses.extensions(part, path);
	const own = part.extensions?.[DIALECT] !== undefined;
	const called: JsonObject = own || index === undefined ? {} : { index };
	called.name = part.name;
	const input = inputOf(part, path, losses);
	if (input !== undefined) called.arguments = input;
	const wire: JsonObject = { function: refill(called, part) };
	const inner = mark(part, '$call');
	if (isObject(inner)) refill(wire, { extensions: { [DIALECT]: inner } });
	if (part.id !== '' && !isMadeId(part.id) && mark(part, '$id') !== 'none') wire.id = part.id;
	if (part.signature !== undefined) wire.seal = sealPrevious(part.signature);
	return wire;
}

function inputOf(part: ToolCallPart, path: string, losses: Losses): JsonValue | undefined {
	const form = mark(part, '$arguments');
	if (form === 'text') return part.input;
	if (form === 'none') return undefined;
	if (part.kind === 'custom') return wrapped({ input: part.input }, path, losses);
	if (part.input.trim() === '') return {};
	const input = tryParse(part.input);
	return isObject(input) ? input : wrapped({ _raw: input ?? part.input }, path, losses);
}

function wrapped(input: JsonObject, path: string, losses: Losses): JsonObject {
	losses.add('changed', path, "A call's input that is no JSON object was wrapped in one.");
	return input;
}
