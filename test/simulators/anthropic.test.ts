import type Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually, JPEG, PNG, stage, WEATHER_SCHEMA } from './support.ts';

const scene = stage();
const model = 'claude-sonnet-4-6';
const hello = [{ role: 'user' as const, content: 'Hello' }];
const weather = { name: 'get_weather', input_schema: WEATHER_SCHEMA };

type Body = Omit<Anthropic.MessageCreateParamsNonStreaming, 'model' | 'max_tokens'> & { model?: string; max_tokens?: number };

function whole(body: Body): Promise<Anthropic.Message> {
	return scene.anthropic().messages.create({ model, max_tokens: 2000, ...body });
}

function streamed(body: Body): Promise<Anthropic.Message> {
	return scene
		.anthropic()
		.messages.stream({ model, max_tokens: 2000, ...body })
		.finalMessage();
}

function textOf(message: Anthropic.Message): string {
	return message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

describe('the official Anthropic client at the simulated vendor', () => {
	it('gets a text that says who answered, in what model, to what', async () => {
		const answer = await whole({ model: 'claude-haiku-4-5', system: 'Be brief.', messages: hello });
		expect(textOf(answer)).toBe(
			'Simulated answer from sim-anthropic (model claude-haiku-4-5): you said «Hello». My instructions: «Be brief.».',
		);
		expect(answer.model).toBe('claude-haiku-4-5-20251001');
		expect(answer.stop_reason).toBe('end_turn');
		expect(answer.usage).toMatchObject({ input_tokens: 3 + 2 + 3, output_tokens: 28, cache_read_input_tokens: 0 });
	});

	it('counts a prompt as it is billed', async () => {
		const body = { model, system: 'Be brief.', messages: hello, tools: [weather] };
		const counted = await scene.anthropic().messages.countTokens(body);
		expect(counted.input_tokens).toBe((await whole(body)).usage.input_tokens);
	});

	it('assembles from a stream the message it would have got in one piece', async () => {
		const body: Body = { messages: [{ role: 'user', content: 'Grüße 😀 你好' }], thinking: { type: 'adaptive' } };
		const [once, pieced] = [await whole(body), await streamed(body)];
		expect(textOf(pieced)).toBe(textOf(once));
		expect(pieced.content.map((block) => block.type)).toEqual(['thinking', 'text']);
		expect(pieced.usage.output_tokens).toBe(once.usage.output_tokens);
		expect(pieced.stop_reason).toBe('end_turn');
	});

	it.each([
		['in one piece', whole],
		['streamed', streamed],
	])('calls a tool for each of two cities at once, thinks, and then quotes the results (%s)', async (_, ask) => {
		const body: Body = { thinking: { type: 'enabled', budget_tokens: 1024 }, tools: [weather], messages: [] };
		const question = { role: 'user' as const, content: 'What is the weather in Paris and Rome?' };
		const answer = await ask({ ...body, messages: [question] });
		expect(answer.stop_reason).toBe('tool_use');
		const [thinking, ...calls] = answer.content;
		expect(thinking).toMatchObject({ type: 'thinking', thinking: expect.stringContaining('I will call get_weather') });
		expect(calls).toMatchObject([
			{ type: 'tool_use', name: 'get_weather', input: { city: 'Paris', unit: 'celsius' } },
			{ type: 'tool_use', name: 'get_weather', input: { city: 'Rome', unit: 'celsius' } },
		]);
		const ids = calls.flatMap((call) => (call.type === 'tool_use' ? [call.id] : []));
		const last = await ask({
			...body,
			messages: [
				question,
				{ role: 'assistant', content: answer.content },
				{
					role: 'user',
					content: [
						{ type: 'tool_result', tool_use_id: ids[0] ?? '', content: '20 degrees' },
						{
							type: 'tool_result',
							tool_use_id: ids[1] ?? '',
							is_error: true,
							content: [
								{ type: 'text', text: 'no reading' },
								{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
							],
						},
					],
				},
			],
		});
		expect(textOf(last)).toContain('get_weather returned «20 degrees»');
		expect(textOf(last)).toContain('get_weather failed with «no reading» and 1 image: image/png 3x2 px 73 bytes');
	});

	it('gets one call where parallel calls are off, none where tools are off, one where a tool is forced', async () => {
		const calls = async (content: string, tool_choice: Anthropic.ToolChoice) => {
			const answer = await whole({ messages: [{ role: 'user', content }], tools: [weather], tool_choice });
			return answer.content.filter((block) => block.type === 'tool_use').length;
		};
		expect(await calls('weather in Paris and Rome', { type: 'auto' })).toBe(2);
		expect(await calls('weather in Paris and Rome', { type: 'auto', disable_parallel_tool_use: true })).toBe(1);
		expect(await calls('weather in Paris', { type: 'none' })).toBe(0);
		expect(await calls('Hello', { type: 'tool', name: 'get_weather' })).toBe(1);
		expect(await calls('Hello', { type: 'any' })).toBe(1);
	});

	it('must send thinking back unchanged', async () => {
		const question = { role: 'user' as const, content: 'Think about it' };
		const first = await whole({ thinking: { type: 'adaptive' }, messages: [question] });
		const again = (content: Anthropic.ContentBlockParam[]) =>
			whole({ messages: [question, { role: 'assistant', content }, { role: 'user', content: 'Go on' }] });
		expect((await again(first.content)).stop_reason).toBe('end_turn');
		const [thinking, ...rest] = first.content;
		if (thinking?.type !== 'thinking') throw new Error('no thinking');
		const changed = again([{ ...thinking, thinking: `${thinking.thinking} And more.` }, ...rest]);
		await expect(changed).rejects.toMatchObject({
			status: 400,
			apiMessage: 'messages.1.content.0: Invalid `signature` in `thinking` block',
		});
		await expect(again([{ ...thinking, signature: 'c2lnbmF0dXJl' }, ...rest])).rejects.toMatchObject({ status: 400 });
	});

	it('sees no thinking text where the display is omitted, and can send that back too', async () => {
		const first = await streamed({ thinking: { type: 'adaptive', display: 'omitted' }, messages: hello });
		expect(first.content[0]).toMatchObject({ type: 'thinking', thinking: '' });
		expect(first.usage.output_tokens_details?.thinking_tokens).toBeGreaterThan(10);
		const next = await whole({ messages: [...hello, { role: 'assistant', content: first.content }, ...hello] });
		expect(next.stop_reason).toBe('end_turn');
	});

	it('gets thinking unasked from a model that always thinks', async () => {
		const answer = await whole({ model: 'claude-opus-5-5', messages: hello });
		expect(answer.content.map((block) => block.type)).toEqual(['thinking', 'text']);
	});

	it.each([
		['in one piece', whole],
		['streamed', streamed],
	])('gets redacted thinking on request, and sends it back (%s)', async (_, ask) => {
		const question = { role: 'user' as const, content: 'simulate redacted thinking' };
		const answer = await ask({ thinking: { type: 'enabled', budget_tokens: 1024 }, messages: [question] });
		expect(answer.content.map((block) => block.type)).toEqual(['redacted_thinking', 'text']);
		const next = await ask({ messages: [question, { role: 'assistant', content: answer.content }, ...hello] });
		expect(next.stop_reason).toBe('end_turn');
	});

	it('has its images and documents described', async () => {
		const answer = await whole({
			messages: [
				{
					role: 'user',
					content: [
						{ type: 'text', text: 'What are these?' },
						{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
						{ type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: JPEG } },
						{ type: 'document', title: 'a.pdf', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' } },
					],
				},
			],
		});
		expect(textOf(answer)).toContain('2 images: image/png 3x2 px 73 bytes; image/jpeg 20x10 px 41 bytes.');
		expect(textOf(answer)).toContain('1 document: application/pdf 6 bytes a.pdf.');
	});

	it('parses structured output with the zod helper', async () => {
		const Event = z.object({ title: z.string(), day: z.enum(['monday', 'friday']) });
		const body = {
			model,
			max_tokens: 500,
			messages: [{ role: 'user' as const, content: 'A party on friday' }],
			output_config: { format: zodOutputFormat(Event) },
		};
		const parsed = (await scene.anthropic().messages.parse(body)).parsed_output;
		expect(parsed).toEqual({ title: expect.stringContaining('Simulated answer from sim-anthropic'), day: 'friday' });
		const final = await scene.anthropic().messages.stream(body).finalMessage();
		expect(final.parsed_output).toEqual(parsed);
	});

	it('is cut at the token limit and at a stop sequence', async () => {
		const short = await whole({ max_tokens: 3, messages: hello });
		expect([textOf(short), short.stop_reason, short.usage.output_tokens]).toEqual(['Simulated an', 'max_tokens', 3]);
		const stopped = await streamed({ stop_sequences: ['(model'], messages: hello });
		expect([textOf(stopped), stopped.stop_reason, stopped.stop_sequence]).toEqual([
			'Simulated answer from sim-anthropic ',
			'stop_sequence',
			'(model',
		]);
	});

	it('learns when the window, not its own limit, ends the answer', async () => {
		const answer = await whole({
			model: 'sim-small',
			max_tokens: 500,
			messages: [{ role: 'user', content: 'long '.repeat(780) }],
		});
		expect(answer.stop_reason).toBe('model_context_window_exceeded');
	});

	it.each([
		['in one piece', whole],
		['streamed', streamed],
	])('is refused, or blocked by the filter, when it asks to be (%s)', async (_, ask) => {
		const refused = await ask({ messages: [{ role: 'user', content: 'Please simulate a refusal' }] });
		expect(refused).toMatchObject({ stop_reason: 'refusal', content: [], stop_details: { type: 'refusal' } });
		const blocked = ask({ messages: [{ role: 'user', content: 'simulate content filter' }] });
		await expect(blocked).rejects.toMatchObject({ status: 400, type: 'invalid_request_error' });
	});

	it('writes to the prompt cache what it marks, and reads it the next time', async () => {
		const system: Anthropic.TextBlockParam[] = [
			{ type: 'text', text: 'rule '.repeat(1200), cache_control: { type: 'ephemeral', ttl: '1h' } },
			{ type: 'text', text: 'more '.repeat(400), cache_control: { type: 'ephemeral' } },
		];
		const { usage: first } = await whole({ system, messages: hello });
		expect(first).toMatchObject({
			input_tokens: 5,
			cache_creation_input_tokens: 2000,
			cache_read_input_tokens: 0,
			cache_creation: { ephemeral_1h_input_tokens: 1500, ephemeral_5m_input_tokens: 500 },
		});
		const { usage: second } = await streamed({ system, messages: hello });
		expect(second).toMatchObject({ input_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 2000 });
		const { usage: other } = await whole({ system: [...system.slice(0, 1)], messages: hello });
		expect(other).toMatchObject({ input_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 1500 });
	});

	it('finds an earlier turn cached as the conversation grows, the mark moving on', async () => {
		const first: Anthropic.MessageParam = {
			role: 'user',
			content: [{ type: 'text', text: 'rule '.repeat(1200), cache_control: { type: 'ephemeral' } }],
		};
		await whole({ messages: [first] });
		const later = await whole({
			messages: [
				{ role: 'user', content: [{ type: 'text', text: 'rule '.repeat(1200) }] },
				{ role: 'assistant', content: 'Noted.' },
				{ role: 'user', content: [{ type: 'text', text: 'Go on', cache_control: { type: 'ephemeral' } }] },
			],
		});
		expect(later.usage.cache_read_input_tokens).toBe(1503);
		expect(later.usage.cache_creation_input_tokens).toBe(3 + 2 + 3 + 2);
	});

	it('lists models page by page', async () => {
		const ids: string[] = [];
		for await (const entry of scene.anthropic().models.list({ limit: 5 })) ids.push(entry.id);
		expect(ids).toContain('claude-opus-5-5');
		expect(new Set(ids).size).toBe(ids.length);
		expect(await scene.anthropic().models.retrieve('claude-haiku-4-5')).toMatchObject({
			id: 'claude-haiku-4-5-20251001',
			type: 'model',
		});
	});

	it('leaves its mark on the bill when it aborts a stream', async () => {
		const stream = scene
			.anthropic()
			.messages.stream(
				{ model, max_tokens: 2000, messages: hello },
				{ headers: { 'x-sim-chunks': '100', 'x-sim-chunk-ms': '20' } },
			);
		let seen = 0;
		stream.on('text', () => {
			if (++seen === 3) stream.abort();
		});
		await expect(stream.finalMessage()).rejects.toThrow('aborted');
		await eventually(() => scene.simulators.bill()[0]?.disconnected === true);
		const [row] = scene.simulators.bill();
		expect(row).toMatchObject({ disconnected: true, completed: false, stream: true, model });
		expect(row?.frames).toBeLessThan(20);
		expect(row?.usage?.outputTokens).toBeLessThan(30);
	});
});
