import { zodTextFormat } from 'openai/helpers/zod';
import type { Response as OpenAIResponse, ResponseInputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PNG, stage, WEATHER_SCHEMA } from './support.ts';

const scene = stage();
const weather = { type: 'function' as const, name: 'get_weather', parameters: WEATHER_SCHEMA, strict: true };
const included: ['reasoning.encrypted_content'] = ['reasoning.encrypted_content'];

/** What comes back of an answer when the conversation goes on. */
function sentBack({ output }: OpenAIResponse): ResponseInputItem[] {
	return output as ResponseInputItem[];
}

async function streamed(body: object): Promise<ResponseStreamEvent[]> {
	const response = await scene.post('sim-openai', '/responses', { ...body, stream: true });
	const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
	return lines.map((line): ResponseStreamEvent => JSON.parse(line.slice(6)));
}

/** The types of a stream's events in order, each run of one type once. */
function outline(events: ResponseStreamEvent[]): string[] {
	const types = events.map((event) => event.type.replace('response.', ''));
	return types.filter((type, index) => type !== types[index - 1]);
}

describe('the official OpenAI client at the simulated Responses API', () => {
	it('gets an answer that says who gives it, under instructions', async () => {
		const answer = await scene.openai().responses.create({ model: 'gpt-4o', instructions: 'Be brief.', input: 'Hello' });
		expect(answer.output_text).toBe(
			'Simulated answer from sim-openai (model gpt-4o): you said «Hello». My instructions: «Be brief.».',
		);
		expect(answer).toMatchObject({ status: 'completed', model: 'gpt-4o-2024-08-06', store: true, instructions: 'Be brief.' });
		expect(answer.id).toMatch(/^resp_[0-9a-f]{50}$/);
		expect(answer.output[0]?.id).toMatch(/^msg_[0-9a-f]{50}$/);
		expect(answer.usage).toMatchObject({ input_tokens: 3 + 6 + 5, output_tokens: 24, total_tokens: 38 });
	});

	it('streams what it would have got in one piece, its events numbered', async () => {
		const body = { model: 'gpt-5', input: 'Hello', reasoning: { effort: 'low' as const, summary: 'auto' as const } };
		const events = await streamed(body);
		expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
		expect(outline(events)).toEqual([
			'created',
			'in_progress',
			'output_item.added',
			'reasoning_summary_part.added',
			'reasoning_summary_text.delta',
			'reasoning_summary_text.done',
			'reasoning_summary_part.done',
			'output_item.done',
			'output_item.added',
			'content_part.added',
			'output_text.delta',
			'output_text.done',
			'content_part.done',
			'output_item.done',
			'completed',
		]);
		const whole = await scene.openai().responses.create(body);
		const final = await scene.openai().responses.stream(body).finalResponse();
		expect(final.output_text).toBe(whole.output_text);
		expect(final.usage).toEqual(whole.usage);
		expect(whole.output[0]).toMatchObject({ type: 'reasoning', summary: [{ type: 'summary_text' }] });
		expect(whole.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(64);
	});

	it.each([false, true])(
		'calls two tools at once and gets on with their results, keeping nothing (stream: %s)',
		async (stream) => {
			const base = { model: 'gpt-6-luna', tools: [weather], store: false, include: included };
			const question = { role: 'user' as const, content: 'What is the weather in Paris and Rome?' };
			const body = { ...base, input: [question] };
			const client = scene.openai();
			const first = stream ? await client.responses.stream(body).finalResponse() : await client.responses.create(body);
			expect(first.output.map((item) => item.type)).toEqual(['reasoning', 'function_call', 'function_call']);
			const results = first.output.flatMap((item, index) =>
				item.type === 'function_call'
					? [{ type: 'function_call_output' as const, call_id: item.call_id, output: `${index} degrees` }]
					: [],
			);
			const plain = first.output.map((item) => {
				if (!('parsed_arguments' in item)) return item;
				const { parsed_arguments, ...rest } = item;
				return rest;
			});
			const second = await client.responses.create({ ...base, input: [question, ...(plain as ResponseInputItem[]), ...results] });
			expect(second.output_text).toContain('get_weather returned «1 degrees»; get_weather returned «2 degrees»');
		},
	);

	it('goes on from a kept response, reads it again, and deletes it', async () => {
		const client = scene.openai();
		const first = await client.responses.create({ model: 'gpt-5', tools: [weather], input: 'Weather in Oslo' });
		const call = first.output.find((item) => item.type === 'function_call');
		const second = await client.responses.create({
			model: 'gpt-5',
			previous_response_id: first.id,
			input: [{ type: 'function_call_output', call_id: call?.call_id ?? '', output: 'snow' }],
		});
		expect(second.output_text).toContain('get_weather returned «snow»');
		expect(second.previous_response_id).toBe(first.id);
		expect(second.usage?.input_tokens).toBeGreaterThan(10);
		expect((await client.responses.retrieve(second.id)).output_text).toBe(second.output_text);
		const asked = await client.responses.inputItems.list(second.id);
		expect(asked.data).toMatchObject([{ type: 'function_call_output', id: expect.stringMatching(/^fc_/) }]);
		await client.responses.delete(first.id);
		await expect(client.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 });
		expect((await client.responses.retrieve(second.id)).id).toBe(second.id);
	});

	it('streams a kept response again from where it left off', async () => {
		const client = scene.openai();
		const { id } = await client.responses.create({ model: 'gpt-4o', input: 'Hello' });
		const events = [];
		for await (const event of await client.responses.retrieve(id, { stream: true, starting_after: 3 })) events.push(event);
		expect(events[0]?.sequence_number).toBe(4);
		expect(events.at(-1)?.type).toBe('response.completed');
	});

	it('gets an answer asked for in the background once it is there', async () => {
		const client = scene.openai();
		const queued = await client.responses.create({ model: 'gpt-4o', input: 'Hello', background: true });
		expect(queued).toMatchObject({ status: 'queued', output: [], usage: null });
		expect((await client.responses.retrieve(queued.id)).status).toBe('completed');
	});

	it('calls a tool that takes free text, streamed in pieces', async () => {
		const body = {
			model: 'gpt-5',
			input: 'Run the calculator for me',
			tools: [{ type: 'custom' as const, name: 'calculator' }],
			reasoning: { effort: 'minimal' as const },
		};
		const answer = await scene.openai().responses.create(body);
		const call = answer.output.find((item) => item.type === 'custom_tool_call');
		expect(call).toMatchObject({
			name: 'calculator',
			input: 'Run the calculator for me',
			call_id: expect.stringMatching(/^call_/),
		});
		expect(call?.id).toMatch(/^ctc_/);
		const events = await streamed(body);
		const deltas = events.flatMap((event) => (event.type === 'response.custom_tool_call_input.delta' ? [event.delta] : []));
		expect(deltas.length).toBeGreaterThan(1);
		expect(deltas.join('')).toBe('Run the calculator for me');
	});

	it('searches the web and cites what it found', async () => {
		const body = { model: 'gpt-5.2', input: 'Search for news of Oslo', tools: [{ type: 'web_search' as const }] };
		const answer = await scene.openai().responses.create(body);
		expect(answer.output[0]).toMatchObject({ type: 'web_search_call', action: { type: 'search', query: 'Oslo' } });
		const message = answer.output[1];
		const part = message?.type === 'message' ? message.content[0] : undefined;
		const [cited] = part?.type === 'output_text' ? part.annotations : [];
		if (cited?.type !== 'url_citation') throw new Error('no citation');
		expect(answer.output_text.slice(cited.start_index, cited.end_index)).toBe(`([example.com](${cited.url}))`);
		expect(outline(await streamed(body)).slice(2, 8)).toEqual([
			'output_item.added',
			'web_search_call.in_progress',
			'web_search_call.searching',
			'web_search_call.completed',
			'output_item.done',
			'output_item.added',
		]);
		expect(outline(await streamed(body))).toContain('output_text.annotation.added');
	});

	it('parses structured output with the zod helper, streamed or not', async () => {
		const Event = z.object({ title: z.string(), day: z.enum(['monday', 'friday']) });
		const body = { model: 'gpt-4o', input: 'A party on friday', text: { format: zodTextFormat(Event, 'event') } };
		const parsed = (await scene.openai().responses.parse(body)).output_parsed;
		expect(parsed?.day).toBe('friday');
		expect((await scene.openai().responses.stream(body).finalResponse()).output_parsed).toEqual(parsed);
	});

	it('has images and files described, in messages and in the results of tools', async () => {
		const image = { type: 'input_image' as const, detail: 'auto' as const, image_url: `data:image/png;base64,${PNG}` };
		const file = { type: 'input_file' as const, filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' };
		const answer = await scene.openai().responses.create({
			model: 'gpt-4o',
			input: [{ role: 'user', content: [{ type: 'input_text', text: 'What are these?' }, image, file] }],
		});
		expect(answer.output_text).toContain('1 image: image/png 3x2 px 73 bytes. 1 document: application/pdf 4 bytes a.pdf.');
		const result = await scene.openai().responses.create({
			model: 'gpt-4o',
			input: [
				{ role: 'user', content: 'Look' },
				{ type: 'function_call', call_id: 'call_1', name: 'camera', arguments: '{}' },
				{ type: 'function_call_output', call_id: 'call_1', output: [{ type: 'input_text', text: 'here' }, image] },
			],
		});
		expect(result.output_text).toContain('camera returned «here» and 1 image: image/png 3x2 px 73 bytes');
	});

	it('is refused, filtered, cut short or failed when it asks to be, streamed or not', async () => {
		const ask = (input: string, more: object = {}) => scene.openai().responses.create({ model: 'gpt-4o', input, ...more });
		const refused = await ask('Please simulate a refusal');
		expect(refused.output[0]).toMatchObject({ content: [{ type: 'refusal', refusal: expect.stringContaining('cannot help') }] });
		expect(outline(await streamed({ model: 'gpt-4o', input: 'simulate refusal' }))).toContain('created');
		expect(await ask('simulate a content filter')).toMatchObject({
			status: 'incomplete',
			incomplete_details: { reason: 'content_filter' },
		});
		const short = await ask('Hello', { max_output_tokens: 16 });
		expect(short).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
		expect(short.usage?.output_tokens).toBe(16);
		expect(short.output[0]).toMatchObject({ type: 'message', status: 'incomplete' });
		expect(outline(await streamed({ model: 'gpt-4o', input: 'Hello', max_output_tokens: 16 })).at(-1)).toBe('incomplete');
		expect(await ask('simulate a failure')).toMatchObject({ status: 'failed', error: { code: 'server_error' }, output: [] });
		expect(outline(await streamed({ model: 'gpt-4o', input: 'simulate a failure' }))).toEqual([
			'created',
			'in_progress',
			'failed',
		]);
	});

	it('streams a refusal as one', async () => {
		const events = await streamed({ model: 'gpt-4o', input: 'simulate a refusal' });
		expect(outline(events)).toEqual([
			'created',
			'in_progress',
			'output_item.added',
			'content_part.added',
			'refusal.delta',
			'refusal.done',
			'content_part.done',
			'output_item.done',
			'completed',
		]);
	});

	it('reaches models that answer nowhere else', async () => {
		for (const model of ['gpt-5.4-pro', 'gpt-5.3-codex']) {
			expect((await scene.openai().responses.create({ model, input: 'Hello' })).output_text).toContain(model);
			const elsewhere = scene.openai().chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello' }] });
			await expect(elsewhere).rejects.toMatchObject({ status: 404 });
		}
	});

	it('gets log probabilities, and a long prompt from the cache', async () => {
		const listed = await scene
			.openai()
			.responses.create({ model: 'gpt-4o', input: 'Hello', include: ['message.output_text.logprobs'], top_logprobs: 2 });
		const part = listed.output[0]?.type === 'message' ? listed.output[0].content[0] : undefined;
		const tokens = part?.type === 'output_text' ? (part.logprobs ?? []) : [];
		expect(tokens.map((token) => token.token).join('')).toBe(listed.output_text);
		const ask = () => scene.openai().responses.create({ model: 'gpt-4o', instructions: 'rule '.repeat(1200), input: 'Hello' });
		await ask();
		expect((await ask()).usage?.input_tokens_details.cached_tokens).toBe(1408);
	});

	it('hears of trouble within a stream', async () => {
		const ask = scene
			.openai()
			.responses.create({ model: 'gpt-4o', input: 'Hello', stream: true }, { headers: { 'x-sim-fault': 'error-event' } });
		const reading = (async () => {
			for await (const _ of await ask);
		})();
		await expect(reading).rejects.toMatchObject({ code: 'server_error', message: expect.stringContaining('had an error') });
	});
});

describe('encrypted reasoning at the simulated Responses API', () => {
	const base = { model: 'gpt-5', store: false, include: included };
	const make = async () => scene.openai().responses.create({ ...base, input: 'Hello' });
	const back = async (change: (item: Record<string, unknown>) => object) => {
		const [reasoning, ...rest] = sentBack(await make());
		const changed = change({ ...reasoning });
		return scene.post('sim-openai', '/responses', { ...base, input: [{ role: 'user', content: 'Hi' }, changed, ...rest] });
	};

	it('is taken back as it was made, with or without its id, in whatever form the stream gave it', async () => {
		expect((await back((item) => item)).status).toBe(200);
		expect((await back(({ id, ...item }) => item)).status).toBe(200);
		const events = await streamed({ ...base, input: 'Hello' });
		const items = events.flatMap((event) => (event.type === 'response.output_item.done' ? [event.item] : []));
		const sealed = events.flatMap((event) => {
			const item = 'item' in event ? event.item : undefined;
			return item?.type === 'reasoning' ? [item.encrypted_content] : [];
		});
		expect(new Set(sealed).size).toBe(2);
		const input = [{ role: 'user', content: 'Hi' }, ...items];
		expect((await scene.post('sim-openai', '/responses', { ...base, input })).status).toBe(200);
	});

	it.each<[string, (item: Record<string, unknown>) => object, number, string]>([
		['forged', (item) => ({ ...item, encrypted_content: 'gAAAAABforged' }), 400, 'could not be decrypted or parsed'],
		['of another vendor', (item) => ({ ...item, encrypted_content: 'EgqMTMQInHRRHin' }), 400, 'could not be decrypted or parsed'],
		['under another id', (item) => ({ ...item, id: `rs_${'0'.repeat(50)}` }), 400, 'item_id did not match the target item id'],
		['left out', ({ encrypted_content, ...item }) => item, 404, 'Items are not persisted when `store` is set to false'],
		['under an id of another form', (item) => ({ ...item, id: 'reasoning-1' }), 400, "Expected an ID that begins with 'rs'."],
	])('is refused when it is %s', async (_, change, status, message) => {
		const response = await back(change);
		expect(response.status).toBe(status);
		expect(await response.text()).toContain(message);
	});
});
