import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRelaisError, type JsonObject, type JsonValue, type RerankRequest, type TaskFormat } from '../../spec/index.ts';
import * as formats from './index.ts';

const FORMATS: [string, TaskFormat<'rerank'>][] = Object.values(formats).map((format) => [format.name, format]);
const CONTEXT = { model: 'm', id: 'id' };
const asJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
const received = (format: TaskFormat<'rerank'>, wire: JsonObject): JsonObject =>
	format.modelInPath === true ? { ...wire, model: 'm' } : wire;

function codeOf(action: () => unknown): string {
	try {
		action();
	} catch (error) {
		return isRelaisError(error) ? error.code : `not an error of Relais: ${error}`;
	}
	return 'nothing was thrown';
}

const request: RerankRequest = { model: 'm', query: 'q', documents: ['a', 'b', 'c'], topN: 2 };

/** Formats in which nothing says how many are wanted: the rest is left out of the answer. */
const ALL: ReadonlySet<string> = new Set(['passages-rerank', 'scores-rerank']);

describe.each(FORMATS)('the format %s', (name, format) => {
	it('carries query, documents and how many are wanted', () => {
		const wire = received(format, asJson(format.encodeRequest(request, 'm').value));
		const { topN, ...rest } = request;
		expect(format.decodeRequest(wire).value).toMatchObject(ALL.has(name) ? rest : { ...rest, topN });
	});

	it('gives scores back to the last digit, best first', () => {
		const { topN: _, ...all } = request;
		const three = { minLength: 3, maxLength: 3 };
		fc.assert(
			fc.property(fc.uniqueArray(fc.double({ min: 0, max: 1, noNaN: true }), three), (scores) => {
				const results = [2, 0, 1].map((index, place) => ({ index, score: scores.toSorted((a, b) => b - a)[place] ?? 0 }));
				const wire = asJson(format.encodeResponse({ results, usage: { inputTokens: 5, outputTokens: 0 } }, all, CONTEXT).value);
				expect(format.decodeResponse(wire, all).value.results).toEqual(results);
			}),
		);
	});

	it('refuses what is no request, and takes no answer for one that is none', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const body = value as JsonValue;
				expect(['invalid_request', 'nothing was thrown']).toContain(codeOf(() => format.decodeRequest(body)));
				expect(['provider_protocol', 'nothing was thrown']).toContain(codeOf(() => format.decodeResponse(body, request)));
			}),
		);
		const wire = asJson(format.encodeResponse({ results: [{ index: 9, score: 1 }] }, request, CONTEXT).value);
		expect(codeOf(() => format.decodeResponse(wire, request))).toBe('provider_protocol');
	});
});

describe('documents', () => {
	it('come back where they were asked for and the vendor does not repeat them', () => {
		const asked = formats.jinaRerank.decodeRequest({
			model: 'm',
			query: 'q',
			documents: ['a', { text: 'b', id: 7 }],
			return_documents: true,
		}).value;
		const response = {
			results: [
				{ index: 1, score: 0.5 },
				{ index: 0, score: 0.25 },
			],
		};
		expect(formats.jinaRerank.encodeResponse(response, asked, CONTEXT).value.results).toEqual([
			{ index: 1, relevance_score: 0.5, document: { text: 'b', id: 7 } },
			{ index: 0, relevance_score: 0.25, document: { text: 'a' } },
		]);
		expect(formats.voyageRerank.encodeResponse(response, asked, CONTEXT).value.data).toMatchObject([{}, { document: 'a' }]);
	});

	it('that nobody sent, or none at all, are refused with the place', () => {
		for (const documents of [[], ['a', 3], 'a']) {
			expect(codeOf(() => formats.jinaRerank.decodeRequest({ model: 'm', query: 'q', documents }))).toBe('invalid_request');
		}
	});
});
