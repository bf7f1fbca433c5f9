import { type Content, FunctionCallingConfigMode, ThinkingLevel, Type } from '@google/genai';
import { describe, expect, it } from 'vitest';
import { data } from './raw.ts';
import { JPEG, PNG, stage, WEATHER_SCHEMA } from './support.ts';

const scene = stage({ vendors: [{ name: 'sim-gemini', kind: 'gemini' }] });
const city = { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] };
const weather = { functionDeclarations: [{ name: 'get_weather', parameters: city }] };
const cities = 'What is the weather in Paris and Rome?';
const FLASH = 'gemini-2.5-flash';
const NEW = 'gemini-3.8-flash';

function user(text: string): Content {
	return { role: 'user', parts: [{ text }] };
}

async function streamed(model: string, contents: string | Content[], config: object = {}) {
	const chunks = [];
	for await (const chunk of await scene.gemini().models.generateContentStream({ model, contents, config })) chunks.push(chunk);
	return chunks;
}

describe('the official Gemini client at the simulated vendor', () => {
	it('gets an answer that says who gives it, under a system instruction', async () => {
		const answer = await scene.gemini().models.generateContent({
			model: 'gemini-2.0-flash',
			contents: 'Hello',
			config: { systemInstruction: 'Be brief.' },
		});
		expect(answer.text).toBe(
			'Simulated answer from sim-gemini (model gemini-2.0-flash): you said «Hello». My instructions: «Be brief.».',
		);
		expect(answer.candidates?.[0]).toMatchObject({ finishReason: 'STOP', index: 0, content: { role: 'model' } });
		expect(answer.modelVersion).toBe('gemini-2.0-flash');
		expect(answer.usageMetadata).toMatchObject({
			promptTokenCount: 3 + 3 + 3 + 3 + 2,
			candidatesTokenCount: 27,
			totalTokenCount: 41,
			promptTokensDetails: [{ modality: 'TEXT', tokenCount: 14 }],
		});
	});

	it.each(['gemini-2.0-flash', FLASH, NEW])('streams with %s what it would have got in one piece', async (model) => {
		const said = 'Grüße 😀 你好 👩‍👩‍👧';
		const whole = await scene.gemini().models.generateContent({ model, contents: said });
		const chunks = await streamed(model, said);
		expect(chunks.map((chunk) => chunk.text ?? '').join('')).toBe(whole.text);
		expect(chunks.length).toBeGreaterThan(3);
		expect(chunks.at(-1)?.usageMetadata).toEqual(whole.usageMetadata);
		expect(chunks.filter((chunk) => chunk.candidates?.[0]?.finishReason !== undefined)).toHaveLength(1);
		expect(new Set(chunks.map((chunk) => chunk.responseId)).size).toBe(1);
	});

	it('gets server-sent events with CR LF, or a JSON array', async () => {
		const { baseUrl, apiKey } = scene.vendor('sim-gemini');
		const ask = (query: string) =>
			fetch(`${baseUrl}/models/${FLASH}:streamGenerateContent${query}`, {
				method: 'POST',
				headers: { 'x-goog-api-key': apiKey },
				body: JSON.stringify({ contents: [user('Hello')] }),
			});
		const events = await ask('?alt=sse');
		expect(events.headers.get('content-type')).toBe('text/event-stream');
		const text = await events.text();
		expect(text).toMatch(/^data: \{"candidates": \[\{"content": \{"parts": \[\{"text": /);
		expect(text.replaceAll('\r\n', '')).not.toContain('\n');
		const array = await ask('');
		expect(array.headers.get('content-type')).toBe('application/json; charset=UTF-8');
		expect(JSON.parse(await array.text())).toEqual(data(text));
		const numbers: { candidates: { finishReason?: number }[] }[] = JSON.parse(
			await (await ask('?$alt=json;enum-encoding=int')).text(),
		);
		expect(numbers.at(-1)?.candidates[0]?.finishReason).toBe(1);
	});

	it.each([
		{ model: FLASH, stream: false },
		{ model: NEW, stream: false },
		{ model: FLASH, stream: true },
		{ model: NEW, stream: true },
	])(
		'calls a tool for each of two cities at once, and then quotes the results ($model, stream: $stream)',
		async ({ model, stream }) => {
			const config = { tools: [weather] };
			const chunks = stream
				? await streamed(model, cities, config)
				: [await scene.gemini().models.generateContent({ model, contents: cities, config })];
			const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
			const calls = parts.flatMap((part) => (part.functionCall === undefined ? [] : [part.functionCall]));
			expect(calls.map(({ name, args }) => [name, args])).toEqual([
				['get_weather', { city: 'Paris' }],
				['get_weather', { city: 'Rome' }],
			]);
			expect(calls.every(({ id }) => (id === undefined) === (model === FLASH))).toBe(true);
			expect(parts.filter((part) => part.functionCall && part.thoughtSignature)).toHaveLength(1);
			expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe('STOP');
			const responses = calls.map(({ id, name }, index) => ({
				functionResponse: {
					...(id === undefined ? {} : { id }),
					name: name ?? '',
					response: { output: `${20 + index} degrees` },
				},
			}));
			const kept = parts.filter((part) => part.functionCall !== undefined);
			const last = await scene.gemini().models.generateContent({
				model,
				contents: [user(cities), { role: 'model', parts: kept }, { role: 'user', parts: responses }],
				config,
			});
			expect(last.text).toContain('get_weather returned «20 degrees»; get_weather returned «21 degrees»');
		},
	);

	it('calls a tool without parameters without arguments', async () => {
		const answer = await scene.gemini().models.generateContent({
			model: FLASH,
			contents: 'Please refresh everything',
			config: { tools: [{ functionDeclarations: [{ name: 'refresh' }] }] },
		});
		expect(answer.functionCalls).toEqual([{ name: 'refresh' }]);
	});

	it('gets a call when it must be one, none when there may be none, the allowed one', async () => {
		const ask = (contents: string, mode: FunctionCallingConfigMode, allowedFunctionNames?: string[]) =>
			scene.gemini().models.generateContent({
				model: FLASH,
				contents,
				config: {
					tools: [{ functionDeclarations: [...weather.functionDeclarations, { name: 'other', parameters: city }] }],
					toolConfig: { functionCallingConfig: { mode, ...(allowedFunctionNames ? { allowedFunctionNames } : {}) } },
				},
			});
		expect((await ask('Hello', FunctionCallingConfigMode.ANY)).functionCalls).toHaveLength(1);
		expect((await ask('weather in Oslo', FunctionCallingConfigMode.NONE)).functionCalls).toBeUndefined();
		expect((await ask('Hello', FunctionCallingConfigMode.ANY, ['other'])).functionCalls?.[0]?.name).toBe('other');
	});

	it('sees thoughts only where it asks for them, and pays for them in any case', async () => {
		const ask = (thinkingConfig: object, model = NEW) =>
			scene.gemini().models.generateContent({ model, contents: 'Hello', config: { thinkingConfig } });
		const shown = await ask({ includeThoughts: true, thinkingLevel: ThinkingLevel.LOW });
		expect(shown.candidates?.[0]?.content?.parts?.[0]).toMatchObject({
			thought: true,
			text: expect.stringContaining('The user said'),
		});
		expect(shown.text).not.toContain('The user said');
		expect(shown.usageMetadata?.thoughtsTokenCount).toBeGreaterThan(64);
		expect((await ask({})).usageMetadata?.thoughtsTokenCount).toBe(320);
		expect((await ask({ thinkingBudget: 0 }, FLASH)).usageMetadata?.thoughtsTokenCount).toBeUndefined();
		const [first] = await streamed(NEW, 'Hello', { thinkingConfig: { includeThoughts: true } });
		expect(first?.candidates?.[0]?.content?.parts?.[0]?.thought).toBe(true);
		expect(first?.usageMetadata?.candidatesTokenCount).toBeUndefined();
	});

	it('finds a signature behind the text of newer models: on an empty part at the end of a stream', async () => {
		const answer = await scene.gemini().models.generateContent({ model: NEW, contents: 'Hello' });
		expect(answer.candidates?.[0]?.content?.parts?.[0]?.thoughtSignature).toMatch(/^[A-Za-z0-9+/]+=*$/);
		const last = (await streamed(NEW, 'Hello')).at(-1);
		expect(last?.candidates?.[0]?.content?.parts).toEqual([{ text: '', thoughtSignature: expect.any(String) }]);
	});

	it('gets structured output by either kind of schema, and JSON without one', async () => {
		const ask = (config: object) =>
			scene.gemini().models.generateContent({
				model: FLASH,
				contents: 'Weather in Oslo in fahrenheit as JSON',
				config: { responseMimeType: 'application/json', ...config },
			});
		expect(JSON.parse((await ask({ responseJsonSchema: WEATHER_SCHEMA })).text ?? '')).toMatchObject({ unit: 'fahrenheit' });
		const schema = {
			type: Type.OBJECT,
			properties: { days: { type: Type.ARRAY, items: { type: Type.INTEGER } } },
			required: ['days'],
		};
		expect(JSON.parse((await ask({ responseSchema: schema })).text ?? '')).toEqual({ days: [7] });
		expect(JSON.parse((await ask({})).text ?? '')).toHaveProperty('answer');
	});

	it('has its images, sounds, films and documents described, and counted by kind', async () => {
		const inline = (mimeType: string, bytes: string) => ({ inlineData: { mimeType, data: bytes } });
		const answer = await scene.gemini().models.generateContent({
			model: FLASH,
			contents: [
				{
					role: 'user',
					parts: [
						{ text: 'What are these?' },
						inline('image/png', PNG),
						inline('image/jpeg', JPEG),
						inline('audio/wav', 'AAAA'),
						inline('video/mp4', 'AAAA'),
						inline('application/pdf', 'JVBERg=='),
						{ fileData: { mimeType: 'image/png', fileUri: 'https://example.com/cat.png' } },
					],
				},
			],
		});
		expect(answer.text).toContain(
			'3 images: image/png 3x2 px 73 bytes; image/jpeg 20x10 px 41 bytes; image/png https://example.com/cat.png.',
		);
		expect(answer.text).toContain('1 document: application/pdf 4 bytes.');
		expect(answer.text).toContain('1 audio clip: audio/wav 3 bytes. 1 video: video/mp4 3 bytes.');
		const counted = answer.usageMetadata?.promptTokensDetails?.map((entry) => entry.modality);
		expect(counted).toEqual(['TEXT', 'IMAGE', 'AUDIO', 'VIDEO', 'DOCUMENT']);
	});

	it('is blocked before or within the answer, refused, cut short or stopped when it asks to be', async () => {
		const ask = (contents: string, config: object = {}) =>
			scene.gemini().models.generateContent({ model: FLASH, contents, config });
		const blocked = await ask('simulate a blocked prompt');
		expect(blocked).toMatchObject({ promptFeedback: { blockReason: 'SAFETY' } });
		expect(blocked.candidates).toBeUndefined();
		expect(await streamed(FLASH, 'simulate a blocked prompt')).toMatchObject([{ promptFeedback: { blockReason: 'SAFETY' } }]);
		const filtered = await ask('simulate a content filter');
		expect(filtered.candidates?.[0]).toMatchObject({ finishReason: 'SAFETY', content: {}, safetyRatings: expect.any(Array) });
		const chunks = await streamed(FLASH, 'simulate a content filter');
		expect([chunks.length > 1, chunks.at(-1)?.candidates?.[0]?.finishReason]).toEqual([true, 'SAFETY']);
		expect((await ask('simulate a refusal')).text).toContain('I cannot help with that');
		const thinking = { thinkingConfig: { thinkingBudget: 0 } };
		const short = await ask('Hello', { ...thinking, maxOutputTokens: 3 });
		expect(short.candidates?.[0]).toMatchObject({ finishReason: 'MAX_TOKENS', content: { parts: [{ text: 'Simulated an' }] } });
		const mute = await ask('Hello', { maxOutputTokens: 100 });
		expect(mute.candidates?.[0]).toEqual({ content: { role: 'model' }, finishReason: 'MAX_TOKENS', index: 0 });
		expect((await ask('Hello', { ...thinking, stopSequences: ['(model'] })).text).toBe('Simulated answer from sim-gemini ');
	});

	it('gets several candidates and log probabilities', async () => {
		const config = { candidateCount: 2, responseLogprobs: true, logprobs: 2 };
		const answer = await scene.gemini().models.generateContent({ model: 'gemini-2.0-flash', contents: 'Hello', config });
		expect(answer.candidates?.map((candidate) => candidate.index)).toEqual([0, 1]);
		const [first] = answer.candidates ?? [];
		const tokens = first?.logprobsResult?.chosenCandidates ?? [];
		expect(tokens.map((token) => token.token).join('')).toBe(first?.content?.parts?.[0]?.text);
		expect(first?.logprobsResult?.topCandidates?.[0]?.candidates).toHaveLength(2);
	});

	it('finds a long prompt cached the second time', async () => {
		const ask = () =>
			scene
				.gemini()
				.models.generateContent({ model: FLASH, contents: 'Hello', config: { systemInstruction: 'rule '.repeat(1200) } });
		expect((await ask()).usageMetadata?.cachedContentTokenCount).toBeUndefined();
		expect((await ask()).usageMetadata?.cachedContentTokenCount).toBe(1408);
		expect(scene.simulators.bill()[1]?.usage?.cacheReadTokens).toBe(1408);
	});

	it('counts tokens, embeds texts and lists models', async () => {
		const { models } = scene.gemini();
		expect((await models.countTokens({ model: FLASH, contents: 'Hello' })).totalTokens).toBe(3 + 3 + 2);
		const embed = (contents: string[], outputDimensionality: number) =>
			models.embedContent({ model: 'gemini-embedding-001', contents, config: { outputDimensionality } });
		const { embeddings } = await embed(['one', 'two'], 8);
		expect(embeddings?.map((one) => one.values?.length)).toEqual([8, 8]);
		expect(Math.hypot(...(embeddings?.[0]?.values ?? []))).toBeCloseTo(1, 5);
		expect(embeddings?.[1]?.values).not.toEqual(embeddings?.[0]?.values);
		const names: string[] = [];
		for await (const model of await models.list({ config: { pageSize: 5 } })) names.push(model.name ?? '');
		expect(names).toContain('models/gemini-2.5-pro');
		expect(names.length).toBeGreaterThan(10);
		expect(await models.get({ model: FLASH })).toMatchObject({ name: `models/${FLASH}`, inputTokenLimit: 1_048_576 });
	});

	it('hears of trouble within a stream', async () => {
		const asked = streamed(FLASH, 'Hello', { httpOptions: { headers: { 'x-sim-fault': 'error-event' } } });
		await expect(asked).rejects.toThrow(/UNAVAILABLE|overloaded/);
	});
});
