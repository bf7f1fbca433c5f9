import { isObject, tryParse } from '../../lib/json.ts';
import type {
	ContentPart,
	JsonObject,
	JsonValue,
	ReasoningPart,
	TextPart,
	ToolCallPart,
	ToolResultPart,
} from '../../spec/index.ts';
import type { Losses } from '../shared/index.ts';
import { isMadeId } from './call-ids.ts';
import { mark, refill } from './dialect.ts';
import { wireSignature } from './seal.ts';

/** Completes a part with what it keeps for this dialect; other dialects' fields are reported. */
export function finish(wire: JsonObject, part: ContentPart, path: string, losses: Losses): JsonObject {
	losses.extensions(part, path);
	return refill(wire, part);
}

/** A text with its signature, if any. */
export function textPart(part: TextPart, path: string, losses: Losses): JsonObject {
	const wire: JsonObject = mark(part, '$text') === 'none' && part.text === '' ? {} : { text: part.text };
	if (part.signature !== undefined) wire.thoughtSignature = wireSignature(part.signature);
	return finish(wire, part, path, losses);
}

/** A thought of this vendor's own. */
export function thoughtPart(part: ReasoningPart, path: string, losses: Losses): JsonObject {
	const wire: JsonObject = { text: part.text ?? '', thought: true };
	if (part.signature !== undefined) wire.thoughtSignature = wireSignature(part.signature);
	return finish(wire, part, path, losses);
}

/** Whether a call or result belongs to a tool this vendor ran. */
export function isOwnServerPart(part: ToolCallPart | ToolResultPart): boolean {
	return part.providerExecuted !== undefined && typeof mark(part, '$type') === 'string';
}

/** A call's input as an object. Free text, and text that is no JSON object, is wrapped in one. */
export function inputObject(part: ToolCallPart): { args: JsonObject; wrapped: boolean } {
	if (part.kind === 'custom') return { args: { input: part.input }, wrapped: true };
	if (part.input.trim() === '') return { args: {}, wrapped: false };
	const input = tryParse(part.input);
	return isObject(input) ? { args: input, wrapped: false } : { args: { _raw: input ?? part.input }, wrapped: true };
}

function withId(wire: JsonObject, part: ToolCallPart | ToolResultPart, id: string): JsonObject {
	if (mark(part, '$id') !== 'none' && id !== '' && !isMadeId(id)) wire.id = id;
	return wire;
}

/** Whether a call came without arguments, and goes out so. */
export function isBare(part: ToolCallPart): boolean {
	return mark(part, '$args') === 'none' && (part.input === '{}' || part.input === '');
}

/** A call of the application's tool, or of one the vendor ran. `args` undefined: the call came without any. */
export function callPart(part: ToolCallPart, args: JsonObject | undefined, path: string, losses: Losses): JsonObject {
	const type = mark(part, '$type');
	const call: JsonObject = {};
	if (type === 'executableCode') Object.assign(call, args);
	else {
		if (type === undefined) call.name = part.name;
		if (args !== undefined) call.args = args;
	}
	const wire: JsonObject = { [typeof type === 'string' ? type : 'functionCall']: withId(call, part, part.id) };
	if (part.signature !== undefined) wire.thoughtSignature = wireSignature(part.signature);
	return finish(wire, part, path, losses);
}

/** The result of a tool the vendor ran. */
export function serverResultPart(part: ToolResultPart, path: string, losses: Losses): JsonObject {
	const type = mark(part, '$type');
	const result: JsonObject = {};
	if (type === 'codeExecutionResult') Object.assign(result, isObject(part.json) ? part.json : {});
	else if (part.json !== undefined) result.response = part.json;
	return finish({ [typeof type === 'string' ? type : 'toolResponse']: withId(result, part, part.callId) }, part, path, losses);
}

/** The result of the application's tool; `media`: parts that lie inside the result. */
export function resultPart(part: ToolResultPart, name: string, media: JsonObject[], path: string, losses: Losses): JsonObject {
	const result: JsonObject = withId({ name }, part, part.callId);
	const response = responseOf(part, name);
	if (response !== undefined) result.response = response;
	if (media.length > 0) result.parts = media;
	return finish({ functionResponse: result }, part, path, losses);
}

/** The `response` of a result: in the form it came in, a structured value as it is, text under the member the API documents. */
function responseOf(part: ToolResultPart, name: string): JsonObject | undefined {
	const form = mark(part, '$response');
	const text = part.content.flatMap((each) => (each.type === 'text' || each.type === 'refusal' ? [each.text] : [])).join('\n');
	if (form === 'none' && text === '' && part.json === undefined) return undefined;
	if (form === 'json') {
		const parsed = tryParse(text);
		if (isObject(parsed)) return parsed;
	}
	if (part.json !== undefined && part.content.length === 0) return structured(part.json, part);
	if (form === 'named') return { name, [part.isError === true ? 'error' : 'content']: text };
	return {
		[typeof form === 'string' && form !== 'json' && form !== 'none' ? form : part.isError === true ? 'error' : 'output']: text,
	};
}

function structured(json: JsonValue, part: ToolResultPart): JsonObject {
	if (!isObject(json)) return { [part.isError === true ? 'error' : 'output']: json };
	return part.isError === true && !Object.hasOwn(json, 'error') ? { error: json } : json;
}
