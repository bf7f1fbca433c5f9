import { describe } from 'vitest';
import { type DialectFault, itFinds, SHOWN, sound } from '../../../test/support/dialect-faults.ts';
import type { ChatRequest, Dialect, JsonObject, Translated } from '../../spec/index.ts';

let count = 0;

function written(change: (body: JsonObject) => JsonObject): Partial<Dialect> {
	return {
		encodeRequest: (request, context) => {
			const { value, warnings } = sound.encodeRequest(request, context);
			return { value: change(value), warnings };
		},
	};
}

function read(change: (request: ChatRequest) => ChatRequest): Partial<Dialect> {
	return {
		decodeRequest: (body) => {
			const { value, warnings } = sound.decodeRequest(body);
			return { value: change(value), warnings };
		},
	};
}

function answered(change: (body: JsonObject) => JsonObject): Partial<Dialect> {
	return {
		encodeResponse: (response, context) => {
			const { value, warnings } = sound.encodeResponse(response, context);
			return { value: change(value), warnings };
		},
	};
}

const sketching = (more: object): Partial<Dialect> => ({ sketch: (body) => ({ ...sound.sketch(body), ...more }) });
const warnings = (translated: Translated<JsonObject>, list: unknown): Translated<JsonObject> => ({
	...translated,
	warnings: list as Translated<JsonObject>['warnings'],
});

const FAULTS: { readonly [check: string]: readonly DialectFault[] } = {
	'has a name, a framing and a content type': [
		{ wrong: 'a name with spaces', dialect: { name: 'Open AI' }, says: /its name is "Open AI"/ },
		{ wrong: 'a framing of its own', dialect: { framing: 'xml' as never }, says: /its framing is "xml"/ },
		{ wrong: 'no content type', dialect: { streamContentType: '' }, says: /its content type is ""/ },
	],
	'carries a request: a question': [
		{ wrong: 'another model', dialect: written((body) => ({ ...body, model: 'other' })), says: /for the model "other"/ },
		{ wrong: 'a lost turn', dialect: read((request) => ({ ...request, messages: [] })), says: /^turns was .* came back as \[\]/ },
		{
			wrong: 'another shape',
			dialect: read((request) => ({ ...request, sampling: 5 as never })),
			says: /sampling must be an object/,
		},
		{
			wrong: 'a number JSON does not have',
			dialect: written((body) => ({ ...body, n: Number.NaN })),
			says: /holds what JSON cannot/,
		},
		{ wrong: 'no body', dialect: written(() => null as never), says: /the request is no object/ },
		{ wrong: 'another body each time', dialect: written((body) => ({ ...body, x: count++ })), says: /written again differs/ },
		{
			wrong: 'a changed request',
			dialect: {
				encodeRequest: (request, context) => {
					request.stream = true;
					return sound.encodeRequest(request, context);
				},
			},
			says: /read only|read-only/,
		},
		{
			wrong: 'a warning of nothing',
			dialect: {
				decodeRequest: (body) => ({ ...sound.decodeRequest(body), warnings: [{ kind: 'notice', path: '', message: 'x' }] }),
			},
			says: /reading what was written warns of/,
		},
		{
			wrong: 'a warning without words',
			dialect: {
				encodeRequest: (request, context) => warnings(sound.encodeRequest(request, context), [{ kind: 'notice', path: '' }]),
			},
			says: /message must be a text/,
		},
	],
	'carries a request: limits and sampling': [
		{
			wrong: 'a field lost without a word',
			dialect: {
				encodeRequest: ({ sampling: { topK: _, ...sampling }, ...request }, context) => ({
					value: sound.encodeRequest({ ...request, sampling }, context).value,
					warnings: [],
				}),
			},
			says: /topK was 40 and came back as undefined, without a warning/,
		},
		{
			wrong: 'a limit lost with a word',
			dialect: read(({ maxOutputTokens: _, ...request }) => request),
			says: /maxOutputTokens was 321 and came back as undefined$/,
		},
	],
	'carries a request: parallel tool calls and their results': [
		{
			wrong: 'results of other calls',
			dialect: read((request) => ({
				...request,
				messages: request.messages.map((message) => ({
					...message,
					content: message.content.map((part) => (part.type === 'tool-result' ? { ...part, callId: 'call_a' } : part)),
				})),
			})),
			says: /^turns was .*call 1.* came back as/,
		},
	],
	'sketches a request: tools': [
		{ wrong: 'no tools', dialect: sketching({ tools: false }), says: /the sketch says tools: false, the request true/ },
		{ wrong: 'another model', dialect: sketching({ model: 'x' }), says: /the sketch says model: "x"/ },
		{ wrong: 'no number of tokens', dialect: sketching({ inputTokens: Number.NaN }), says: /counts NaN tokens/ },
		{ wrong: 'no tokens', dialect: sketching({ inputTokens: 0 }), says: /counts 0 tokens for 12 characters/ },
	],
	'sketches a request: a question to be streamed': [
		{ wrong: 'no usage', dialect: sketching({ streamUsage: false }), says: /the sketch says streamUsage: false/ },
	],
	'locates what a request says: parallel tool calls and their results': [
		{
			wrong: 'a place where nothing is',
			dialect: {
				locate: (body, path) => (path.startsWith('tools') ? `${sound.locate(body, path)}.nothing` : sound.locate(body, path)),
			},
			says: /tools\[0\] is said to stand at "tools\[0\].*\.nothing", where there is nothing/,
		},
		{
			wrong: 'a path it does not know, changed',
			dialect: { locate: (body, path) => sound.locate(body, path).replace('no_such', 'some') },
			says: /comes back as "some_field/,
		},
	],
	'carries an answer: a text': [
		{ wrong: 'a lost usage', dialect: answered(({ usage: _, ...body }) => body), says: /the answer\.usage must be an object/ },
		{
			wrong: 'another model',
			dialect: answered((body) => ({ ...body, model: 'x' })),
			says: /^model was "the-model" and came back as "x"/,
		},
		{
			wrong: 'another body each time',
			dialect: answered((body) => ({ ...body, x: count++ })),
			says: /the answer written again differs/,
		},
		{
			wrong: 'another bill in the tap',
			dialect: { tapResponse: (body) => ({ ...sound.tapResponse(body), usage: { inputTokens: 20, outputTokens: 11 } }) },
			says: /the tap reads .*11.* where the answer used 20 and 10 tokens/,
		},
		{
			wrong: 'no finish in the tap',
			dialect: { tapResponse: (body) => ({ ...sound.tapResponse(body), finish: undefined }) },
			says: /the tap reads no finish reason/,
		},
		{
			wrong: 'no model in the tap',
			dialect: { tapResponse: (body) => ({ ...sound.tapResponse(body), model: undefined }) },
			says: /the tap reads the model undefined/,
		},
	],
};

describe('what a dialect carries', () => itFinds(SHOWN.bodies, FAULTS));
