import { describe, expect, it } from 'vitest';
import { data } from './raw.ts';
import { stage, WEATHER_SCHEMA } from './support.ts';
import { collect, hasRecordings, inventions, omissions, type Recording, recordings, type Types } from './wire.ts';

const scene = stage({
	vendors: [
		{ name: 'sim-openai', kind: 'openai' },
		{ name: 'sim-gemini', kind: 'gemini' },
	],
});

function typesOf(values: unknown[], opaque: readonly string[] = []): Types {
	const types: Types = new Map();
	for (const value of values) collect(value, types, opaque);
	return types;
}

function succeeded(entries: Recording[], stream: boolean): Recording[] {
	return entries.filter(({ response }) => response.status === 200 && (response.body_text !== undefined) === stream);
}

async function bodies(vendor: string, calls: { path: string; body: object }[]): Promise<string[]> {
	const texts: string[] = [];
	for (const { path, body } of calls) {
		const response = await scene.post(vendor, path, body);
		const text = await response.text();
		if (response.status !== 200) throw new Error(text);
		texts.push(text);
	}
	return texts;
}

const weather = { type: 'function', name: 'get_weather', parameters: WEATHER_SCHEMA };
const included = { include: ['reasoning.encrypted_content'] };

/** Requests that between them show everything the Responses API can say. */
const RESPONSES: object[] = [
	{ model: 'gpt-4o', input: 'Hello' },
	{ model: 'gpt-5', input: 'Hello', reasoning: { effort: 'low', summary: 'auto' }, ...included },
	{ model: 'gpt-5.6-sol', input: 'Weather in Paris and Rome', tools: [weather], store: false },
	{ model: 'gpt-5.2', input: 'Search for Oslo', tools: [{ type: 'web_search' }] },
	{ model: 'gpt-4o', input: 'simulate a refusal' },
	{ model: 'gpt-5-mini', input: 'Hello', max_output_tokens: 50 },
	{ model: 'gpt-5', input: 'run the calculator', tools: [{ type: 'custom', name: 'calculator' }] },
];

/** What says whatever the request said, and what other tools add. */
const ECHOED = ['text.format.schema', 'tools', 'response.text.format.schema', 'response.tools', 'metadata', 'response.metadata'];

interface Event {
	type: string;
	item?: { type?: string };
	part?: { type?: string };
	response?: object;
}

/** A stream's events by their type and that of what they carry; those that carry the whole response together: each says the same. */
function byKind(events: unknown[]): Map<string, unknown[]> {
	const kinds = new Map<string, unknown[]>();
	for (const event of events) {
		const { type, item, part, response } = event as Event;
		const kind = response === undefined ? `${type}/${item?.type ?? part?.type ?? ''}` : 'response';
		kinds.set(kind, [...(kinds.get(kind) ?? []), event]);
	}
	return kinds;
}

describe.skipIf(!hasRecordings)('the Responses API beside recordings of the real one (they lie outside the project)', () => {
	const real = (stream: boolean) => succeeded(recordings('openai', 'responses'), stream);

	it('answers with no key and no type that real answers do not have, and every key that all of them have', async () => {
		const texts = await bodies(
			'sim-openai',
			RESPONSES.map((body) => ({ path: '/responses', body })),
		);
		const known = real(false).map((entry) => entry.response.body);
		expect(known.length).toBeGreaterThan(15);
		const simulated = typesOf(
			texts.map((text) => JSON.parse(text)),
			ECHOED,
		);
		expect(inventions(simulated, typesOf(known, ECHOED))).toEqual([]);
		expect(omissions(simulated, known, ECHOED)).toEqual([]);
	});

	it('streams events of the same types, each with the same keys', async () => {
		// Calls of custom tools are on record in one piece only.
		const recorded = RESPONSES.filter((body) => !JSON.stringify(body).includes('"custom"'));
		const calls = recorded.map((body) => ({ path: '/responses', body: { ...body, stream: true } }));
		const simulated = byKind((await bodies('sim-openai', calls)).flatMap((text) => data(text)));
		const known = byKind(real(true).flatMap((entry) => data(entry.response.body_text ?? '')));
		for (const [kind, events] of simulated) {
			const alike = known.get(kind) ?? [];
			expect(alike, kind).not.toEqual([]);
			expect([kind, inventions(typesOf(events, ECHOED), typesOf(alike, ECHOED))]).toEqual([kind, []]);
			expect([kind, omissions(typesOf(events, ECHOED), alike, ECHOED)]).toEqual([kind, []]);
		}
		expect(simulated.size).toBeGreaterThan(18);
	});

	it('takes the requests on record, but for what only the real vendor made or has', async () => {
		const asked = [...recordings('openai', 'responses'), ...recordings('azure-openai', 'responses')].filter(
			({ request, response }) => response.status === 200 && request?.body,
		);
		const refusals: string[] = [];
		for (const { request } of asked) {
			const response = await scene.post('sim-openai', '/responses', request?.body);
			if (response.status !== 200) refusals.push(((await response.json()) as { error: { message: string } }).error.message);
			else await response.text();
		}
		expect(asked.length - refusals.length).toBeGreaterThan(35);
		expect(refusals.filter((message) => !/could not be verified|not found|does not exist/.test(message))).toEqual([]);
	});

	it('errs in the same form', async () => {
		const known = recordings('openai', 'responses').filter((entry) => entry.response.status >= 400);
		const unknown = await scene.post('sim-openai', '/responses', { model: 'this-model-does-not-exist-12345', input: 'x' });
		const recorded = known.find((entry) => JSON.stringify(entry.response.body).includes('model_not_found'));
		expect([unknown.status, await unknown.json()]).toEqual([recorded?.response.status, recorded?.response.body]);
	});
});

const declared = {
	tools: [{ functionDeclarations: [{ name: 'get_weather', parametersJsonSchema: WEATHER_SCHEMA }] }],
};
const says = (text: string) => ({ contents: [{ role: 'user', parts: [{ text }] }] });

/** Requests that between them show everything that Gemini can say. */
const CONTENT: { model: string; body: object }[] = [
	{ model: 'gemini-2.0-flash', body: says('Hello') },
	{ model: 'gemini-2.5-flash', body: { ...says('Weather in Paris and Rome'), ...declared } },
	{ model: 'gemini-3-flash-preview', body: { ...says('Weather in Paris and Rome'), ...declared } },
	{ model: 'gemini-3.5-flash', body: { ...says('Hello'), generationConfig: { thinkingConfig: { includeThoughts: true } } } },
	{ model: 'gemini-2.5-pro', body: { ...says('Hello'), generationConfig: { maxOutputTokens: 100 } } },
	{ model: 'gemini-2.5-flash', body: says('simulate a content filter') },
	{ model: 'gemini-2.5-flash', body: { ...says('Hello'), systemInstruction: { parts: [{ text: 'rule '.repeat(1200) }] } } },
	{ model: 'gemini-2.5-flash', body: { ...says('Hello'), systemInstruction: { parts: [{ text: 'rule '.repeat(1200) }] } } },
];

/** Arguments are whatever the function's schema says. */
const ARGUMENTS = ['candidates[].content.parts[].functionCall.args'];

describe.skipIf(!hasRecordings)('Gemini beside recordings of the real one (they lie outside the project)', () => {
	it('answers with no key and no type that real answers do not have, and every key that all of them have', async () => {
		const calls = CONTENT.map(({ model, body }) => ({ path: `/models/${model}:generateContent`, body }));
		const simulated = typesOf(
			(await bodies('sim-gemini', calls)).map((text) => JSON.parse(text)),
			ARGUMENTS,
		);
		const known = succeeded(recordings('google', 'generateContent'), false).map((entry) => entry.response.body);
		expect(known.length).toBeGreaterThan(15);
		expect(inventions(simulated, typesOf(known, ARGUMENTS))).toEqual([]);
		expect(omissions(simulated, known, ARGUMENTS)).toEqual([]);
	});

	it('streams objects of the same keys, framed and spaced alike', async () => {
		const calls = CONTENT.map(({ model, body }) => ({ path: `/models/${model}:streamGenerateContent?alt=sse`, body }));
		const texts = await bodies('sim-gemini', calls);
		const streams = [...recordings('google', 'streamGenerateContent'), ...recordings('google-vertex', 'streamGenerateContent')];
		const real = succeeded(streams, true).filter(({ response }) => response.body_text?.startsWith('data: ') === true);
		expect(real.length).toBeGreaterThan(10);
		// Objects of a stream are answers, each with a part of the whole.
		const wholes = succeeded(recordings('google', 'generateContent'), false).map((entry) => entry.response.body);
		const known = [...wholes, ...real.flatMap((entry) => data(entry.response.body_text ?? ''))];
		const simulated = typesOf(
			texts.flatMap((text) => data(text)),
			ARGUMENTS,
		);
		expect(inventions(simulated, typesOf(known, ARGUMENTS))).toEqual([]);
		const head = /^data: \{"candidates": \[\{"content": \{"parts": \[\{"(?:text|functionCall)": /;
		const recorded = real.find(({ response }) => response.body_text?.includes('\r\n\r\n') === true);
		for (const text of [texts[0] ?? '', recorded?.response.body_text ?? '']) {
			expect(text).toMatch(head);
			expect(text.endsWith('\r\n\r\n')).toBe(true);
		}
	});

	it.each(['streamGenerateContent', 'countTokens', 'batchEmbedContents'])(
		'does not find a model for %s in the same words',
		async (api) => {
			const entry = recordings('google', api).find(({ response }) => response.status === 404);
			const { body } =
				(entry ?? recordings('google', 'generateContent').find(({ response }) => response.status === 404))?.response ?? {};
			const [, model = ''] = /models\/([\w-]+) is not found/.exec(JSON.stringify(body)) ?? [];
			const response = await scene.post('sim-gemini', `/models/${model}:${entry === undefined ? 'generateContent' : api}`, {});
			expect([response.status, await response.json()]).toEqual([404, body]);
		},
	);

	it('takes the requests on record, but for what only the real vendor made or has', async () => {
		const asked = ['generateContent', 'streamGenerateContent']
			.flatMap((api) => [...recordings('google', api), ...recordings('google-vertex', api)])
			.filter(({ request, response }) => response.status === 200 && request?.body);
		const refusals: string[] = [];
		for (const { request } of asked) {
			const path = request?.path ?? '';
			const newer = /gemini-3|latest/.test(path);
			const model = newer ? 'gemini-3.5-flash' : /2\.5-pro/.test(path) ? 'gemini-2.5-pro' : 'gemini-2.5-flash';
			const response = await scene.post('sim-gemini', `/models/${model}:generateContent`, request?.body);
			if (response.status !== 200) refusals.push(((await response.json()) as { error: { message: string } }).error.message);
			else await response.text();
		}
		expect(asked.length - refusals.length).toBeGreaterThan(40);
		expect(refusals.filter((message) => !/signature is not valid|modalities: image|modelArmorConfig/.test(message))).toEqual([]);
	});

	it('refuses a wrong key in the same words', async () => {
		const entry = recordings('google', 'streamGenerateContent').find(({ response }) => response.status === 400);
		const { baseUrl } = scene.vendor('sim-gemini');
		const response = await fetch(`${baseUrl}/models/gemini-2.5-flash:generateContent`, {
			method: 'POST',
			headers: { 'x-goog-api-key': 'wrong' },
			body: '{}',
		});
		expect(await response.json()).toEqual(JSON.parse(entry?.response.body_text ?? ''));
	});

	it('counts tokens, embeds and lists models in the same form', async () => {
		const { baseUrl, apiKey } = scene.vendor('sim-gemini');
		const pairs: [string, unknown][] = [
			[
				'countTokens',
				JSON.parse((await bodies('sim-gemini', [{ path: '/models/gemini-3.5-flash:countTokens', body: says('x') }]))[0] ?? ''),
			],
			[
				'embedContent',
				JSON.parse(
					(
						await bodies('sim-gemini', [
							{ path: '/models/gemini-embedding-001:embedContent', body: { content: { parts: [{ text: 'x' }] } } },
						])
					)[0] ?? '',
				),
			],
			['models', await (await fetch(`${baseUrl}/models?pageSize=8`, { headers: { 'x-goog-api-key': apiKey } })).json()],
		];
		for (const [api, answer] of pairs) {
			const known = succeeded(recordings('google', api), false).map((entry) => entry.response.body);
			expect([api, inventions(typesOf([answer]), typesOf(known))]).toEqual([api, []]);
			expect([api, omissions(typesOf([answer]), known, [])]).toEqual([api, []]);
		}
	});
});
