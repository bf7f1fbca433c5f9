import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gemini } from '../../src/dialects/gemini/index.ts';
import { isRelaisError, type JsonObject, type JsonValue, type StreamPart } from '../../src/spec/index.ts';
import { streamFault } from '../../src/testing/index.ts';
import { accumulate, pieces } from '../support/gemini/accumulate.ts';
import { documented } from '../support/gemini/documented.ts';

interface Recording {
	id: string;
	api: string;
	request: { path?: string; body: JsonObject | null } | null;
	response: { status: number; headers: { [name: string]: string }; body?: JsonValue; body_text?: string };
}

/** Recordings are found beside the repository; where they are absent, the fixtures of this repository stand alone. */
const WIRE = join(import.meta.dirname, '../../../shared/wire');
const FIXTURES = join(import.meta.dirname, 'fixtures/gemini');

function load(folder: string): Recording[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording);
}

const recorded = ['google', 'google-vertex'].flatMap((provider) => load(join(WIRE, provider)));
const all = [...load(FIXTURES), ...recorded];
const of = (apis: string[], list = all): Recording[] => list.filter((each) => apis.includes(each.api));
const generated = of(['generateContent', 'streamGenerateContent']);
const counted = of(['countTokens']);

const CONTEXT = { model: 'shown-model', now: 0, id: 'fallback', streamUsage: true };
const names = (list: Recording[]): [string, Recording][] => list.map((each) => [each.id, each]);

/** The model of a path, which is where it stands. */
const modelOf = ({ request }: Recording): string => /models\/([^:/]+)/.exec(request?.path ?? '')?.[1] ?? 'some-model';
const isStream = (each: Recording): boolean => each.response.status === 200 && each.response.body_text !== undefined;
const isWhole = (each: Recording): boolean => each.response.status === 200 && each.response.body !== undefined;

function decodeStream(chunks: JsonObject[]): StreamPart[] {
	const decoder = gemini.streamDecoder();
	return [...chunks.flatMap((chunk) => decoder.push({ event: '', data: JSON.stringify(chunk) })), ...decoder.end()];
}

describe('generateContent traffic', () => {
	test.skipIf(recorded.length === 0)('all recordings are read (skipped where ../shared/wire is absent)', () => {
		expect(of(['generateContent', 'streamGenerateContent'], recorded).length).toBe(94);
		expect(of(['countTokens'], recorded).length).toBe(3);
	});

	test.each(names(generated.filter((each) => each.request?.body)))(
		'%s: the request comes back, every field of it',
		(_, recording) => {
			const { model: _model, ...body } = recording.request?.body ?? {};
			const stream = recording.api === 'streamGenerateContent';
			const model = modelOf(recording);
			const { value, warnings } = gemini.decodeRequest({ ...body, model, stream });
			expect(warnings).toEqual([]);
			const again = gemini.encodeRequest(value, { model, traits: {} });
			expect(again.value).toEqual(documented(body));
			expect(again.warnings).toEqual([]);
			expect(gemini.sketch({ ...body, model, stream })).toMatchObject({ model, stream });
		},
	);

	test.each(names(generated.filter(isWhole)))('%s: the answer comes back exactly', (_, { response }) => {
		const body = response.body ?? null;
		const { value } = gemini.decodeResponse(body);
		const again = gemini.encodeResponse(value, CONTEXT);
		expect(again.value).toEqual(body);
		expect(again.warnings).toEqual([]);
		const tapped = gemini.tapResponse(body);
		expect(tapped).toEqual({ usage: value.usage, finish: value.candidates[0]?.stop?.raw, model: value.model });
	});

	test.each(names(generated.filter(isStream)))('%s: the stream comes back, every field of it', (_, { response }) => {
		const chunks = pieces(response.body_text ?? '');
		const parts = decodeStream(chunks);
		expect(parts.at(-1)?.type).toBe('end');
		// Of refused prompts some hosts state no usage, or only whose quota they count against.
		const counted = chunks.some(({ usageMetadata }) => usageMetadata !== undefined);
		expect(streamFault(parts)).toEqual(counted ? undefined : expect.stringMatching(/no usage was told$/));
		const encoder = gemini.streamEncoder(CONTEXT);
		const again = pieces(parts.map((part) => encoder.push(part)).join(''));
		expect(accumulate(again)).toEqual(accumulate(chunks));
		expect(encoder.warnings()).toEqual([]);
	});

	test.each(names(generated.filter(isStream)))('%s: the tap sees what the decoder sees', (_, { response }) => {
		const chunks = pieces(response.body_text ?? '');
		const tap = gemini.streamTap({ dropUsage: false });
		for (const chunk of chunks) expect(tap.frame({ event: '', data: JSON.stringify(chunk) })).toBe('forward');
		const parts = decodeStream(chunks);
		expect(tap.usage).toEqual(parts.filter((part) => part.type === 'usage').at(-1)?.usage);
		expect(tap.finish).toBe(parts.find((part) => part.type === 'finish')?.stop.raw);
		expect(tap.model).toBe(parts.find((part) => part.type === 'start')?.model);
		expect(tap.complete).toBe(true);
		const told = parts.reduce((sum, part) => {
			if (part.type === 'text-delta' || part.type === 'reasoning-delta') return sum + (part.text?.length ?? 0);
			return part.type === 'tool-input-delta' ? sum + part.input.length : sum;
		}, 0);
		// The tap counts code and arguments in pieces by themselves, not by the JSON they become.
		if (/executableCode|partialArgs/.test(response.body_text ?? '')) expect(tap.outputChars).toBeGreaterThan(told / 2);
		else expect(tap.outputChars).toBe(told);
	});

	test.each(names([...generated, ...counted].filter((each) => each.response.status >= 400)))(
		'%s: the error has a sensible code',
		(_, { response }) => {
			const error = gemini.decodeError(response.status, response.headers, response.body ?? response.body_text ?? null);
			const codes: { [status: number]: string[] } = {
				400: ['provider_rejected', 'provider_auth'],
				401: ['provider_auth'],
				403: ['provider_forbidden'],
				404: ['provider_not_found'],
				429: ['rate_limited'],
				503: ['provider_overloaded'],
			};
			expect(codes[response.status]).toContain(error.code);
			expect(isRelaisError(error)).toBe(true);
			const encoded = gemini.encodeError(error, 'req_1');
			expect(encoded.body).toMatchObject({ error: { code: encoded.status } });
		},
	);

	test.each(names(counted))('%s: the request to count comes back, and so does the count', (_, recording) => {
		const { counting } = gemini;
		if (counting === undefined) throw new Error('the dialect counts tokens');
		const body = recording.request?.body ?? {};
		const { value } = counting.decodeRequest({ ...body, model: modelOf(recording) });
		const again = counting.encodeRequest(value, { model: modelOf(recording), traits: {} });
		expect(again.value).toEqual(documented(body));
		const { response } = recording;
		if (response.status === 200)
			expect(response.body).toMatchObject(counting.encodeAnswer(counting.decodeAnswer(response.body ?? null)));
	});
});
