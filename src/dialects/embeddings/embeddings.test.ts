import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	type EmbedRequest,
	type EmbedResponse,
	isRelaisError,
	type JsonObject,
	type JsonValue,
	type TaskFormat,
} from '../../spec/index.ts';
import * as formats from './index.ts';
import { readVector, writeVector } from './vectors.ts';

const FORMATS: [string, TaskFormat<'embed'>][] = Object.values(formats).map((format) => [format.name, format]);
/** Formats for one input a call. */
const SINGLE: ReadonlySet<string> = new Set(['gemini-embed', 'ollama-embeddings', 'titan-embeddings']);
const CONTEXT = { model: 'm', id: 'id' };

/** A request as a server of the format gets it: with the model, where the address names it. */
const received = (format: TaskFormat<'embed'>, wire: JsonObject): JsonObject =>
	format.modelInPath === true ? { ...wire, model: 'm' } : wire;
const asJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

function codeOf(action: () => unknown): string {
	try {
		action();
	} catch (error) {
		return isRelaisError(error) ? error.code : `not an error of Relais: ${error}`;
	}
	return 'nothing was thrown';
}

const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const text = fc.string({ minLength: 1 });
const task = fc.constantFrom(undefined, 'query', 'document', 'classification', 'clustering', 'similarity', 'code_query');

describe('a packed vector', () => {
	it('is little-endian floats of 32 bits in base64, both ways', () => {
		expect(writeVector([1, -2], 'float', true)).toBe('AACAPwAAAMA=');
		expect(readVector('AACAPwAAAMA=', 'v', 'float')).toEqual(Float32Array.from([1, -2]));
		fc.assert(
			fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 50 }), (numbers) => {
				const packed = writeVector(numbers, 'float', true);
				expect(Array.from(readVector(packed, 'v', 'float'))).toEqual(Array.from(Float32Array.from(numbers)));
				expect(writeVector(readVector(packed, 'v', 'float'), 'float', true)).toBe(packed);
			}),
		);
	});

	it.each([
		['int8', [-128, 127, 0]],
		['uint8', [0, 255, 7]],
		['binary', [-128, 1, 127]],
		['ubinary', [255, 1, 128]],
	] as const)('of type %s holds a byte for each number', (type, numbers) => {
		expect(readVector(writeVector([...numbers], type, true), 'v', type)).toEqual([...numbers]);
	});

	it.each(['AACAP', 'not base64!', '', 'AAA='])('that is none is refused: %j', (broken) => {
		expect(codeOf(() => readVector(broken, 'v', 'float'))).toBe('invalid_request');
	});
});

describe.each(FORMATS)('the format %s', (name, format) => {
	const many = !SINGLE.has(name);
	const inputs = fc.array(text, { minLength: 1, maxLength: many ? 5 : 1 });

	it('carries texts, length and purpose where it has words for them, and says so where not', () => {
		fc.assert(
			fc.property(
				inputs,
				task,
				fc.option(fc.integer({ min: 1, max: 4096 }), { nil: undefined }),
				(texts, purpose, dimensions) => {
					const request: EmbedRequest = { model: 'm', inputs: texts };
					if (purpose !== undefined) request.task = purpose;
					if (dimensions !== undefined) request.dimensions = dimensions;
					const encoded = format.encodeRequest(request, 'm');
					const decoded = format.decodeRequest(received(format, asJson(encoded.value))).value;
					expect(decoded.inputs).toEqual(texts);
					const told = JSON.stringify(encoded.warnings);
					expect(decoded.task === purpose || told.includes('task') || decoded.task !== undefined).toBe(true);
					expect(decoded.dimensions === dimensions || told.includes('dimensions')).toBe(true);
				},
			),
		);
	});

	it('gives vectors back to the last digit', () => {
		fc.assert(
			fc.property(inputs, fc.array(double, { minLength: 1, maxLength: 20 }), (texts, numbers) => {
				const request: EmbedRequest = { model: 'm', inputs: texts };
				const response: EmbedResponse = { vectors: texts.map(() => numbers), usage: { inputTokens: 3, outputTokens: 0 } };
				const wire = asJson(format.encodeResponse(response, request, CONTEXT).value);
				expect(format.decodeResponse(wire, request).value.vectors).toEqual(
					texts.map(() => numbers.map((each) => (Object.is(each, -0) ? 0 : each))),
				);
			}),
		);
	});

	it('refuses what is no request, with the place, and takes no answer for one that is none', () => {
		const request: EmbedRequest = { model: 'm', inputs: ['a'] };
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const body = value as JsonValue;
				expect(['invalid_request', 'nothing was thrown']).toContain(codeOf(() => format.decodeRequest(body)));
				expect(['provider_protocol', 'nothing was thrown']).toContain(codeOf(() => format.decodeResponse(body, request)));
			}),
		);
	});

	it('withstands requests of which one field is another', () => {
		const wire = received(
			format,
			asJson(format.encodeRequest({ model: 'm', inputs: ['a'], task: 'query', dimensions: 3 }, 'm').value),
		);
		fc.assert(
			fc.property(fc.constantFrom(...Object.keys(wire)), fc.jsonValue(), (field, value) => {
				const body = { ...wire, [field]: value as JsonValue };
				expect(['invalid_request', 'nothing was thrown']).toContain(codeOf(() => format.decodeRequest(body)));
			}),
		);
	});

	it('keeps fields it does not know, and other formats are told of them', () => {
		const wire = received(format, asJson(format.encodeRequest({ model: 'm', inputs: ['a'] }, 'm').value));
		const decoded = format.decodeRequest({ ...wire, unheard_of: { of: 1 } }).value;
		expect(format.encodeRequest(decoded, 'm').value.unheard_of).toEqual({ of: 1 });
		const other = name === 'ollama-embed' ? formats.openaiEmbeddings : formats.ollamaEmbed;
		expect(JSON.stringify(other.encodeRequest(decoded, 'm').warnings)).toContain('unheard_of');
	});
});

describe('a request in one form', () => {
	it('says what it is for in the words of another', () => {
		const request = formats.cohereEmbed.decodeRequest({
			model: 'm',
			texts: ['a'],
			input_type: 'search_query',
			truncate: 'START',
		}).value;
		expect(formats.voyageEmbeddings.encodeRequest(request, 'm').value).toMatchObject({ input_type: 'query', truncation: true });
		expect(formats.jinaEmbeddings.encodeRequest(request, 'm').value).toMatchObject({ task: 'retrieval.query', truncate: true });
		expect(formats.geminiBatchEmbed.encodeRequest(request, 'm').value.requests).toMatchObject([{ taskType: 'RETRIEVAL_QUERY' }]);
		const asked = formats.openaiEmbeddings.decodeRequest({ model: 'm', input: 'a', input_type: 'passage' }).value;
		expect(formats.cohereEmbed.encodeRequest(asked, 'm').value.input_type).toBe('search_document');
	});

	it('of token ids goes only where they mean something', () => {
		const request = formats.openaiEmbeddings.decodeRequest({ model: 'm', input: [1, 2] }).value;
		expect(formats.openaiEmbeddings.encodeRequest(request, 'm').value.input).toEqual([1, 2]);
		for (const [, format] of FORMATS.filter(([name]) => name !== 'openai-embeddings'))
			expect(codeOf(() => format.encodeRequest(request, 'm'))).toBe('unsupported');
	});

	it('with images goes to models that see, and no further', () => {
		const image = 'data:image/png;base64,AAAA';
		const request = formats.cohereEmbed.decodeRequest({ model: 'm', images: [image], input_type: 'image' }).value;
		expect(formats.cohereEmbed.encodeRequest(request, 'm').value).toMatchObject({ images: [image], input_type: 'image' });
		expect(formats.jinaEmbeddings.encodeRequest(request, 'm').value.input).toEqual([{ image }]);
		expect(formats.titanEmbeddings.encodeRequest(request, 'm').value).toMatchObject({ inputImage: 'AAAA' });
		expect(codeOf(() => formats.openaiEmbeddings.encodeRequest(request, 'm'))).toBe('unsupported');
	});

	it('whose inputs differ in purpose keeps each, and says where they are levelled', () => {
		const one = (word: string): JsonObject => ({ content: { parts: [{ text: 'a' }] }, taskType: word });
		const request = formats.geminiBatchEmbed.decodeRequest({
			model: 'm',
			requests: [one('RETRIEVAL_QUERY'), one('CLUSTERING')],
		}).value;
		expect(formats.geminiBatchEmbed.encodeRequest(request, 'm').value.requests).toMatchObject([
			{ taskType: 'RETRIEVAL_QUERY' },
			{ taskType: 'CLUSTERING' },
		]);
		const levelled = formats.cohereEmbed.encodeRequest(request, 'm');
		expect(levelled.value.input_type).toBe('search_query');
		expect(JSON.stringify(levelled.warnings)).toContain('each');
	});
});
