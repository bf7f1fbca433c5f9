import { isObject } from '../../lib/json.ts';
import type { ContentPart, JsonObject, JsonValue, TextPart, ToolCallPart, ToolResultPart } from '../../spec/index.ts';
import { extend, type Fields, read } from '../shared/index.ts';
import type { CallBook } from './call-book.ts';
import { DIALECT, lookup, withMarks } from './dialect.ts';
import { decodeFile, decodeInline, restOf } from './media-decode.ts';
import { isSealed, signatureOf, unsealReasoning } from './seal.ts';
import { fieldsOf, listed } from './spelling.ts';

/** Whose parts are read: a client's are held to the documented types, a provider's are taken as far as they make sense. */
export type Side = 'request' | 'answer';

/** The name of the tool that runs the model's code. */
export const CODE_TOOL = 'code_execution';
const OUTCOME_OK = 'OUTCOME_OK';
const OUTCOMES = ['OUTCOME_UNSPECIFIED', OUTCOME_OK, 'OUTCOME_FAILED', 'OUTCOME_DEADLINE_EXCEEDED'];

/** Common names of the tools the vendor runs, where they differ from its own in lower case. */
const TOOL_KINDS: { [type: string]: string } = {
	GOOGLE_SEARCH_WEB: 'web_search',
	GOOGLE_SEARCH_IMAGE: 'image_search',
	URL_CONTEXT: 'web_fetch',
};

type PartReader = (part: Fields, book: CallBook) => ContentPart;

/** What a part holds, by the member that says so. */
const READERS: { [member: string]: PartReader } = {
	functionCall: decodeCall,
	functionResponse: decodeResult,
	inlineData: decodeInline,
	fileData: decodeFile,
	executableCode: decodeCode,
	codeExecutionResult: decodeCodeResult,
	toolCall: decodeServerCall,
	toolResponse: decodeServerResult,
	text: decodeText,
	thoughtSignature: decodeText,
};
const MEMBERS = Object.keys(READERS);

/** Reads one part. Kinds this version does not know become opaque parts. Throws `invalid_request` with the path. */
export function decodePart(value: JsonValue, path: string, side: Side, book: CallBook): ContentPart {
	const part = fieldsOf(value, path, side === 'answer');
	const member = MEMBERS.find((key) => part.wire[key] !== undefined && part.wire[key] !== null);
	const reader = lookup(READERS, member);
	if (reader !== undefined) return reader(part, book);
	if (Object.keys(part.wire).length > 0) return { type: 'opaque', dialect: DIALECT, value: part.wire };
	// Answers may hold parts without anything in them; the API takes none.
	if (side === 'request') throw read.invalid(path, `'${path}' holds nothing.`);
	return decodeText(part);
}

function decodeText(part: Fields): ContentPart {
	const text = part.take('text', read.string);
	const signature = part.take('thoughtSignature', read.string);
	if (part.take('thought', read.boolean) === true) {
		if (isSealed(signature)) return unsealReasoning(signature, text ?? '');
		return {
			type: 'reasoning',
			text: text ?? '',
			...(signature === undefined ? {} : { signature: { vendor: DIALECT, value: signature } }),
			...extend(DIALECT, { ...part.rest(), $thought: true }),
		};
	}
	part.keep('thought');
	const rest = withMarks(part.rest(), text === undefined ? { $text: 'none' } : {});
	const decoded: TextPart = { type: 'text', text: text ?? '', ...extend(DIALECT, rest) };
	const signed = signature === undefined ? undefined : signatureOf(signature);
	if (signed !== undefined) decoded.signature = signed;
	return decoded;
}

function decodeCall(part: Fields, book: CallBook): ContentPart {
	const call = fieldsOf(part.require('functionCall', read.object), part.at('functionCall'), part.lenient);
	const name = call.take('name', part.lenient ? read.string : read.nonEmptyString) ?? '';
	if (name === '' && !part.lenient) throw read.invalid(call.at('name'), `'${call.at('name')}' is required.`);
	const args = call.take('args', read.object);
	return callPart(part, call, 'functionCall', { name, ...inputOf(args) }, book);
}

/** What a call was given: arguments that are left out are none, which other dialects write as an empty object. */
function inputOf(args: JsonObject | undefined): { input: string; bare: boolean } {
	return { input: JSON.stringify(args ?? {}), bare: args === undefined };
}

/** Completes a call with its id, its signature and what else lies about it. */
function callPart(
	part: Fields,
	call: Fields,
	member: string,
	{ name, input, bare = false }: { name: string; input: string; bare?: boolean },
	book: CallBook,
): ToolCallPart {
	const id = call.take('id', read.string) || undefined;
	const signature = part.take('thoughtSignature', read.string);
	const inner = call.rest();
	const marks: JsonObject = {};
	if (inner !== undefined) marks[member] = restOf(inner);
	if (id === undefined) marks.$id = 'none';
	if (bare) marks.$args = 'none';
	if (member !== 'functionCall') marks.$type = member;
	const decoded: ToolCallPart = {
		type: 'tool-call',
		id: book.call(id, name, input),
		name,
		kind: 'function',
		input,
		...extend(DIALECT, withMarks(part.rest(), marks)),
	};
	const signed = signature === undefined ? undefined : signatureOf(signature);
	if (signed !== undefined) decoded.signature = signed;
	return decoded;
}

/** Completes a result with the call it answers and what else lies about it. */
function resultPart(
	part: Fields,
	result: Fields,
	member: string,
	name: string,
	content: { content: ContentPart[]; json?: JsonValue; isError?: boolean; form?: string },
	book: CallBook,
): ToolResultPart {
	const id = result.take('id', read.string) || undefined;
	const inner = result.rest();
	const marks: JsonObject = {};
	if (inner !== undefined) marks[member] = restOf(inner);
	if (id === undefined) marks.$id = 'none';
	if (member !== 'functionResponse') marks.$type = member;
	const { form, ...given } = content;
	if (form !== undefined) marks.$response = form;
	return {
		type: 'tool-result',
		callId: book.result(id, name),
		name,
		...given,
		...extend(DIALECT, withMarks(part.rest(), marks)),
	};
}

function decodeResult(part: Fields, book: CallBook): ContentPart {
	const result = fieldsOf(part.require('functionResponse', read.object), part.at('functionResponse'), part.lenient);
	const name = result.require('name', read.nonEmptyString);
	const response = result.take('response', read.object);
	const parts = result.take('parts', listed) ?? [];
	const media = parts.map((each, index) =>
		decodePart(each, read.at(result.at('parts'), index), part.lenient ? 'answer' : 'request', book),
	);
	return resultPart(part, result, 'functionResponse', name, responseContent(response, media, name), book);
}

/** The members whose text alone is the whole result, as the API documents (`output`, `error`) and clients write (`result`). */
const TEXT_MEMBERS = ['output', 'result', 'error'];

/** What a tool gave back, as text where it is one and as a structured value otherwise. */
function responseContent(
	response: JsonObject | undefined,
	media: ContentPart[],
	name: string,
): { content: ContentPart[]; json?: JsonValue; isError?: boolean; form?: string } {
	if (response === undefined) return { content: media, form: 'none' };
	const keys = Object.keys(response);
	// Some clients repeat the function's name beside the text.
	if (keys.length === 2 && response.name === name) {
		const { content, error } = response;
		if (typeof content === 'string') return { content: [{ type: 'text', text: content }, ...media], form: 'named' };
		if (typeof error === 'string') return { content: [{ type: 'text', text: error }, ...media], isError: true, form: 'named' };
	}
	const only = keys.length === 1 ? TEXT_MEMBERS.find((key) => key === keys[0]) : undefined;
	const failed = keys.length === 1 && keys[0] === 'error' ? { isError: true } : {};
	const text = only === undefined ? undefined : response[only];
	if (only !== undefined && typeof text === 'string') {
		return { content: [{ type: 'text', text }, ...media], form: only, ...failed };
	}
	if (media.length === 0) return { content: [], json: response, ...failed };
	return { content: [{ type: 'text', text: JSON.stringify(response) }, ...media], form: 'json', ...failed };
}

function decodeCode(part: Fields, book: CallBook): ContentPart {
	const code = fieldsOf(part.require('executableCode', read.object), part.at('executableCode'), part.lenient);
	const input: JsonObject = {};
	const language = code.take('language', languageName);
	if (language !== undefined) input.language = language;
	input.code = code.take('code', read.string);
	const call = callPart(part, code, 'executableCode', { name: CODE_TOOL, input: JSON.stringify(input) }, book);
	return { ...call, providerExecuted: { kind: CODE_TOOL } };
}

/** Languages by name, or by number where enums come as numbers. */
const languageName: read.Reader<string> = (value, path) =>
	typeof value === 'number' ? (['LANGUAGE_UNSPECIFIED', 'PYTHON'][value] ?? String(value)) : read.string(value, path);

const outcomeName: read.Reader<string> = (value, path) =>
	typeof value === 'number' ? (OUTCOMES[value] ?? String(value)) : read.string(value, path);

function decodeCodeResult(part: Fields, book: CallBook): ContentPart {
	const result = fieldsOf(part.require('codeExecutionResult', read.object), part.at('codeExecutionResult'), part.lenient);
	const json: JsonObject = {};
	const outcome = result.take('outcome', outcomeName);
	if (outcome !== undefined) json.outcome = outcome;
	const output = result.take('output', read.string);
	if (output !== undefined) json.output = output;
	const failed = outcome !== undefined && outcome !== OUTCOME_OK ? { isError: true } : {};
	const decoded = resultPart(part, result, 'codeExecutionResult', CODE_TOOL, { content: [], json, ...failed }, book);
	return { ...decoded, providerExecuted: { kind: CODE_TOOL } };
}

function serverTool(tool: Fields): string {
	const type = tool.take('toolType', read.string) ?? '';
	tool.leave('toolType');
	return lookup(TOOL_KINDS, type) ?? type.toLowerCase();
}

function decodeServerCall(part: Fields, book: CallBook): ContentPart {
	const call = fieldsOf(part.require('toolCall', read.object), part.at('toolCall'), part.lenient);
	const kind = serverTool(call);
	const args = call.take('args', read.object);
	return { ...callPart(part, call, 'toolCall', { name: kind, ...inputOf(args) }, book), providerExecuted: { kind } };
}

function decodeServerResult(part: Fields, book: CallBook): ContentPart {
	const result = fieldsOf(part.require('toolResponse', read.object), part.at('toolResponse'), part.lenient);
	const kind = serverTool(result);
	const response = result.take('response', read.object);
	const content = { content: [], ...(isObject(response) ? { json: response } : {}) };
	return { ...resultPart(part, result, 'toolResponse', kind, content, book), providerExecuted: { kind } };
}
