import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually, JPEG, PNG, stage, WEATHER_SCHEMA } from './support.ts';

const scene = stage();
const hello = [{ role: 'user' as const, content: 'Hello' }];
const weather = { type: 'function' as const, function: { name: 'get_weather', parameters: WEATHER_SCHEMA } };

describe('the official OpenAI client at the simulated vendor', () => {
	it('gets a text that says who answered, in what model, to what', async () => {
		const answer = await scene.openai().chat.completions.create({
			model: 'gpt-4o',
			messages: [{ role: 'system', content: 'Be brief.' }, ...hello],
		});
		expect(answer.choices[0]?.message.content).toBe(
			'Simulated answer from sim-openai (model gpt-4o): you said «Hello». My instructions: «Be brief.».',
		);
		expect(answer.model).toBe('gpt-4o-2024-08-06');
		expect(answer.choices[0]?.finish_reason).toBe('stop');
		const { prompt_tokens, completion_tokens, total_tokens } = answer.usage ?? {};
		expect([prompt_tokens, completion_tokens, total_tokens]).toEqual([3 + 3 + 3 + 3 + 2, 24, 38]);
	});

	it('gets the same answer for the same request', async () => {
		const ask = () => scene.openai().chat.completions.create({ model: 'gpt-4o', messages: hello });
		const [first, second] = [await ask(), await ask()];
		expect({ ...second, created: 0 }).toEqual({ ...first, created: 0 });
	});

	it('streams the text that it would have got in one piece, multibyte characters whole', async () => {
		const messages = [{ role: 'user' as const, content: 'Grüße 😀 你好 👩‍👩‍👧' }];
		const whole = await scene.openai().chat.completions.create({ model: 'gpt-4.1', messages });
		const stream = await scene.openai().chat.completions.create({ model: 'gpt-4.1', messages, stream: true });
		let text = '';
		let deltas = 0;
		for await (const chunk of stream) {
			text += chunk.choices[0]?.delta.content ?? '';
			deltas++;
		}
		expect(text).toBe(whole.choices[0]?.message.content);
		expect(text).toContain('Grüße 😀 你好 👩‍👩‍👧');
		expect(deltas).toBeGreaterThan(8);
	});

	it('sees usage at the end of a stream only where it asked for it', async () => {
		const usages = async (include_usage: boolean) => {
			const stream = await scene
				.openai()
				.chat.completions.create({ model: 'gpt-4o', messages: hello, stream: true, stream_options: { include_usage } });
			const seen: unknown[] = [];
			for await (const chunk of stream) if ('usage' in chunk) seen.push(chunk.usage?.total_tokens ?? null);
			return seen;
		};
		const withUsage = await usages(true);
		expect(withUsage.at(-1)).toBe(8 + 17);
		expect(withUsage.slice(0, -1).every((usage) => usage === null)).toBe(true);
		expect(await usages(false)).toEqual([]);
	});

	it('uses the stream helper to the end', async () => {
		const runner = scene.openai().chat.completions.stream({ model: 'gpt-4o', messages: hello });
		const pieces: string[] = [];
		runner.on('content', (piece) => pieces.push(piece));
		expect((await runner.finalChatCompletion()).choices[0]?.message.content).toBe(pieces.join(''));
	});

	it.each([false, true])(
		'calls a tool for each of two cities at once, and then quotes the results (stream: %s)',
		async (streamed) => {
			const question = { role: 'user' as const, content: 'What is the weather in Paris and Rome?' };
			const body = { model: 'gpt-4o', messages: [question], tools: [weather] };
			const answer = streamed
				? await scene.openai().chat.completions.stream(body).finalChatCompletion()
				: await scene.openai().chat.completions.create(body);
			const message = answer.choices[0]?.message;
			expect(answer.choices[0]?.finish_reason).toBe('tool_calls');
			const calls = (message?.tool_calls ?? []).filter((call) => call.type === 'function');
			expect(calls.map((call) => [call.function.name, JSON.parse(call.function.arguments)])).toEqual([
				['get_weather', { city: 'Paris', unit: 'celsius' }],
				['get_weather', { city: 'Rome', unit: 'celsius' }],
			]);
			const results = calls.map((call, index) => ({
				role: 'tool' as const,
				tool_call_id: call.id,
				content: `${index + 20} degrees`,
			}));
			const last = await scene.openai().chat.completions.create({
				...body,
				messages: [question, { role: 'assistant', content: null, tool_calls: calls }, ...results],
			});
			expect(last.choices[0]?.message.content).toContain('get_weather returned «20 degrees»; get_weather returned «21 degrees»');
		},
	);

	it('gets one call where parallel calls are off, none where tools are off, one where a tool is forced', async () => {
		const ask = (content: string, more: object) =>
			scene
				.openai()
				.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content }], tools: [weather], ...more });
		const one = await ask('weather in Paris and Rome', { parallel_tool_calls: false });
		expect(one.choices[0]?.message.tool_calls).toHaveLength(1);
		const none = await ask('weather in Paris', { tool_choice: 'none' });
		expect(none.choices[0]?.message.tool_calls).toBeUndefined();
		const forced = await ask('Hello', { tool_choice: { type: 'function', function: { name: 'get_weather' } } });
		expect(forced.choices[0]?.message.tool_calls).toHaveLength(1);
		expect(forced.choices[0]?.finish_reason).toBe('stop');
		const required = await ask('Hello', { tool_choice: 'required' });
		expect(required.choices[0]?.finish_reason).toBe('tool_calls');
	});

	it('calls a tool that takes free text, and an older function', async () => {
		const custom = await scene.openai().chat.completions.create({
			model: 'gpt-5',
			messages: [{ role: 'user', content: 'run the calculator' }],
			tools: [{ type: 'custom', custom: { name: 'calculator' } }],
		});
		expect(custom.choices[0]?.message.tool_calls?.[0]).toMatchObject({ type: 'custom', custom: { name: 'calculator' } });
		const older = await scene.openai().chat.completions.create({
			model: 'gpt-4o',
			messages: [{ role: 'user', content: 'weather in Oslo' }],
			functions: [{ name: 'get_weather', parameters: WEATHER_SCHEMA }],
		});
		expect(older.choices[0]?.finish_reason).toBe('function_call');
		expect(JSON.parse(older.choices[0]?.message.function_call?.arguments ?? '')).toEqual({ city: 'Oslo', unit: 'celsius' });
	});

	it('has its images, sounds and documents described', async () => {
		const answer = await scene.openai().chat.completions.create({
			model: 'gpt-4o',
			messages: [
				{
					role: 'user',
					content: [
						{ type: 'text', text: 'What are these?' },
						{ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
						{ type: 'image_url', image_url: { url: `data:image/jpeg;base64,${JPEG}` } },
						{ type: 'image_url', image_url: { url: 'https://example.com/cat.png' } },
						{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
						{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' } },
					],
				},
			],
		});
		const said = answer.choices[0]?.message.content;
		expect(said).toContain(
			'3 images: image/png 3x2 px 73 bytes; image/jpeg 20x10 px 41 bytes; image https://example.com/cat.png.',
		);
		expect(said).toContain('1 document: application/pdf 4 bytes a.pdf.');
		expect(said).toContain('1 audio clip: audio/wav 3 bytes.');
	});

	it('parses structured output with the zod helper, streamed or not', async () => {
		const Event = z.object({
			title: z.string(),
			day: z.enum(['monday', 'friday']),
			guests: z.array(z.object({ name: z.string(), age: z.number() })),
		});
		const body = {
			model: 'gpt-4o',
			messages: [{ role: 'user' as const, content: 'A party on friday' }],
			response_format: zodResponseFormat(Event, 'event'),
		};
		const parsed = (await scene.openai().chat.completions.parse(body)).choices[0]?.message.parsed;
		expect(parsed?.day).toBe('friday');
		expect(parsed?.title).toContain('Simulated answer from sim-openai');
		const streamed = await scene.openai().chat.completions.stream(body).finalChatCompletion();
		expect(streamed.choices[0]?.message.parsed).toEqual(parsed);
	});

	it('gets a JSON object', async () => {
		const answer = await scene.openai().chat.completions.create({
			model: 'gpt-4o',
			messages: [{ role: 'user', content: 'Answer in JSON' }],
			response_format: { type: 'json_object' },
		});
		expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toHaveProperty('answer');
	});

	it('pays for hidden reasoning, more of it for more effort', async () => {
		const reasoned = async (reasoning_effort: 'none' | 'low' | 'high') => {
			const answer = await scene.openai().chat.completions.create({ model: 'gpt-6-luna', messages: hello, reasoning_effort });
			return answer.usage?.completion_tokens_details?.reasoning_tokens;
		};
		expect([await reasoned('none'), await reasoned('low'), await reasoned('high')]).toEqual([0, 64, 320]);
	});

	it('may get nothing but reasoning under a tight limit', async () => {
		const answer = await scene
			.openai()
			.chat.completions.create({ model: 'gpt-6-luna', messages: hello, max_completion_tokens: 100 });
		expect(answer.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: '' } });
		expect(answer.usage?.completion_tokens).toBe(100);
	});

	it('is cut at the token limit and at a stop text', async () => {
		const ask = (more: object) => scene.openai().chat.completions.create({ model: 'gpt-4o', messages: hello, ...more });
		const short = await ask({ max_tokens: 3 });
		expect(short.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'Simulated an' } });
		expect(short.usage?.completion_tokens).toBe(3);
		const stopped = await ask({ stop: ['(model', 'never'] });
		expect(stopped.choices[0]).toMatchObject({
			finish_reason: 'stop',
			message: { content: 'Simulated answer from sim-openai ' },
		});
	});

	it('gets several choices, streamed or not', async () => {
		const answer = await scene.openai().chat.completions.create({ model: 'gpt-4o', messages: hello, n: 3 });
		expect(answer.choices.map((choice) => choice.index)).toEqual([0, 1, 2]);
		expect(new Set(answer.choices.map((choice) => choice.message.content)).size).toBe(3);
		const streamed = await scene
			.openai()
			.chat.completions.stream({ model: 'gpt-4o', messages: hello, n: 3 })
			.finalChatCompletion();
		expect(streamed.choices.map((choice) => choice.message.content)).toEqual(
			answer.choices.map((choice) => choice.message.content),
		);
	});

	it('gets log probabilities whose tokens make up the text, streamed or not', async () => {
		const body = { model: 'gpt-4o', messages: hello, logprobs: true, top_logprobs: 2 };
		const whole = await scene.openai().chat.completions.create(body);
		const streamed = await scene.openai().chat.completions.stream(body).finalChatCompletion();
		for (const answer of [whole, streamed]) {
			const tokens = answer.choices[0]?.logprobs?.content ?? [];
			expect(tokens.map((token) => token.token).join('')).toBe(answer.choices[0]?.message.content);
			expect(tokens[0]?.top_logprobs).toHaveLength(2);
			expect(Buffer.from(tokens[0]?.bytes ?? []).toString()).toBe(tokens[0]?.token);
		}
	});

	it('is refused, or filtered, when it asks to be', async () => {
		const ask = (content: string) =>
			scene.openai().chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content }] });
		const refused = await ask('Please simulate a refusal');
		expect(refused.choices[0]?.message).toMatchObject({ content: null, refusal: expect.stringContaining('cannot help') });
		expect((await ask('Please simulate a content filter')).choices[0]?.finish_reason).toBe('content_filter');
		const streamed = await scene
			.openai()
			.chat.completions.stream({ model: 'gpt-4o', messages: [{ role: 'user', content: 'simulate refusal' }] })
			.finalChatCompletion();
		expect(streamed.choices[0]?.message.refusal).toBe(refused.choices[0]?.message.refusal);
	});

	it('finds a long prompt cached the second time, in steps of 128 tokens', async () => {
		const messages = [
			{ role: 'system' as const, content: 'rule '.repeat(1200) },
			{ role: 'user' as const, content: 'Hello' },
		];
		const cached = async (content: string) => {
			const body = { model: 'gpt-4o', messages: [...messages, { role: 'user' as const, content }] };
			return (await scene.openai().chat.completions.create(body)).usage?.prompt_tokens_details?.cached_tokens;
		};
		expect([await cached('one'), await cached('two')]).toEqual([0, 1408]);
	});

	it('echoes the service tier, and a fingerprint that follows the seed', async () => {
		const ask = (seed: number) =>
			scene.openai().chat.completions.create({ model: 'gpt-4o', messages: hello, seed, service_tier: 'priority' });
		const [a, b, c] = [await ask(1), await ask(1), await ask(2)];
		expect(a.service_tier).toBe('priority');
		expect(a.system_fingerprint).toMatch(/^fp_[0-9a-f]{10}$/);
		expect(b.system_fingerprint).toBe(a.system_fingerprint);
		expect(c.system_fingerprint).not.toBe(a.system_fingerprint);
	});

	it('lists models', async () => {
		const models = await scene.openai().models.list();
		expect(models.data.map((model) => model.id)).toContain('gpt-6-luna');
		expect((await scene.openai().models.retrieve('gpt-4o')).owned_by).toBe('system');
	});

	it('leaves its mark on the bill when it aborts a stream', async () => {
		const abort = new AbortController();
		const stream = await scene
			.openai()
			.chat.completions.create(
				{ model: 'gpt-4o', messages: hello, stream: true },
				{ signal: abort.signal, headers: { 'x-sim-chunks': '100', 'x-sim-chunk-ms': '20' } },
			);
		let seen = 0;
		for await (const _ of stream) if (++seen === 3) abort.abort();
		await eventually(() => scene.simulators.bill()[0]?.disconnected === true);
		const [row] = scene.simulators.bill();
		expect(row).toMatchObject({ disconnected: true, completed: false, stream: true, model: 'gpt-4o' });
		expect(row?.disconnectedAfterMs).toBeGreaterThan(0);
		expect(row?.frames).toBeLessThan(20);
		expect(row?.usage?.outputTokens).toBeLessThan(30);
	});
});

describe('the official OpenAI client at the simulated local server', () => {
	it('needs no key and reads the reasoning beside the answer', async () => {
		const client = new OpenAI({ baseURL: scene.vendor('sim-local').baseUrl, apiKey: 'whatever', maxRetries: 0 });
		const answer = await client.chat.completions.create({ model: 'qwen3-32b', messages: hello });
		expect(answer.choices[0]?.message).toMatchObject({ reasoning_content: expect.stringContaining('The user said «Hello»') });
		const stream = await client.chat.completions.create({ model: 'qwen3-32b', messages: hello, stream: true });
		let reasoning = '';
		for await (const chunk of stream) {
			const delta: object = chunk.choices[0]?.delta ?? {};
			if ('reasoning_content' in delta) reasoning += String(delta.reasoning_content);
		}
		expect(answer.choices[0]?.message).toMatchObject({ reasoning_content: reasoning });
	});

	it('may send parameters of its own, and reasoning back', async () => {
		const messages = [
			...hello,
			{ role: 'assistant', content: 'Hi', reasoning_content: 'A greeting.' },
			{ role: 'user', content: 'Again' },
		];
		const response = await scene.post('sim-local', '/chat/completions', {
			model: 'llama-3.3-70b',
			messages,
			top_k: 20,
			min_p: 0.1,
		});
		expect(response.status).toBe(200);
	});

	it('gets errors in the style of such servers', async () => {
		const wrong = scene.openai('sim-local').chat.completions.create({ model: 'nope', messages: hello });
		await expect(wrong).rejects.toMatchObject({ status: 404, type: 'NotFoundError', code: 404 });
	});
});
