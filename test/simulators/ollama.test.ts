import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { PNG, stage, WEATHER_SCHEMA } from './support.ts';

const scene = stage({ vendors: [{ name: 'sim-ollama', kind: 'ollama' }] });
const client = () => new Ollama({ host: scene.vendor('sim-ollama').baseUrl });
const hello = [{ role: 'user', content: 'Hello' }];
const weather = {
	type: 'function',
	function: { name: 'get_weather', description: '', parameters: WEATHER_SCHEMA },
};

async function refused(path: string, body: object): Promise<[number, string]> {
	const response = await scene.post('sim-ollama', path, body);
	const { error } = (await response.json()) as { error: string };
	return [response.status, error];
}

describe("Ollama's client at the simulated server", () => {
	it('chats, streamed or not', async () => {
		const whole = await client().chat({ model: 'llama3.2', messages: hello });
		expect(whole.message.content).toBe('Simulated answer from sim-ollama (model llama3.2): you said «Hello».');
		expect(whole).toMatchObject({ model: 'llama3.2', done: true, done_reason: 'stop', prompt_eval_count: 8 });
		let text = '';
		let last: object = {};
		for await (const part of await client().chat({ model: 'llama3.2', messages: hello, stream: true })) {
			text += part.message.content;
			last = part;
		}
		expect(text).toBe(whole.message.content);
		expect(last).toMatchObject({ done: true, eval_count: whole.eval_count });
	});

	it('generates', async () => {
		const answer = await client().generate({ model: 'llama3.2', prompt: 'Hello', system: 'Be brief.' });
		expect(answer.response).toContain('you said «Hello». My instructions: «Be brief.»');
		const loaded = await client().generate({ model: 'llama3.2', prompt: '' });
		expect(loaded).toMatchObject({ response: '', done: true, done_reason: 'load' });
	});

	it('calls tools with arguments that are objects, and quotes the results', async () => {
		const messages = [{ role: 'user', content: 'What is the weather in Paris and Rome?' }];
		const answer = await client().chat({ model: 'llama3.2', messages, tools: [weather] });
		const calls = answer.message.tool_calls ?? [];
		expect(calls.map((call) => call.function.arguments)).toEqual([
			{ city: 'Paris', unit: 'celsius' },
			{ city: 'Rome', unit: 'celsius' },
		]);
		expect(answer.done_reason).toBe('stop');
		const results = calls.map((call, index) => ({
			role: 'tool',
			content: `${index + 20} degrees`,
			tool_name: call.function.name,
		}));
		const last = await client().chat({
			model: 'llama3.2',
			messages: [...messages, answer.message, ...results],
			tools: [weather],
		});
		expect(last.message.content).toContain('get_weather returned «21 degrees»');
		const streamed: string[] = [];
		for await (const part of await client().chat({ model: 'llama3.2', messages, tools: [weather], stream: true })) {
			streamed.push(...(part.message.tool_calls ?? []).map((call) => String(call.function.arguments.city)));
		}
		expect(streamed).toEqual(['Paris', 'Rome']);
	});

	it('thinks unless told not to; models with levels think always', async () => {
		const think = async (model: string, value?: boolean | 'low') =>
			(await client().chat({ model, messages: hello, ...(value === undefined ? {} : { think: value }) })).message.thinking ?? '';
		expect(await think('qwen3')).toContain('The user said «Hello»');
		expect(await think('qwen3', false)).toBe('');
		expect(await think('gpt-oss:20b', false)).not.toBe('');
		expect((await think('gpt-oss:20b', 'low')).length).toBeLessThan((await think('gpt-oss:20b')).length);
	});

	it('follows a schema and sees images', async () => {
		const answer = await client().chat({ model: 'llama3.2', messages: hello, format: WEATHER_SCHEMA });
		expect(JSON.parse(answer.message.content)).toHaveProperty('unit', 'celsius');
		const seen = await client().chat({ model: 'gemma3', messages: [{ role: 'user', content: 'Look', images: [PNG] }] });
		expect(seen.message.content).toContain('1 image: image/png 3x2 px');
	});

	it('makes vectors', async () => {
		const { embeddings } = await client().embed({ model: 'nomic-embed-text', input: ['a', 'b'] });
		expect(embeddings.map((vector) => vector.length)).toEqual([768, 768]);
		const { embedding } = await client().embeddings({ model: 'nomic-embed-text', prompt: 'a' });
		expect(embedding).toEqual(embeddings[0]);
	});

	it('lists, shows, and says what is in memory', async () => {
		const { models } = await client().list();
		expect(models.map((model) => model.name)).toContain('llama3.2:latest');
		const shown = await client().show({ model: 'gemma3' });
		expect(shown).toMatchObject({ capabilities: ['completion', 'vision'], details: { family: 'gemma3' } });
		expect((await client().ps()).models).toEqual([]);
		await client().chat({ model: 'llama3.2', messages: hello });
		expect((await client().ps()).models.map((model) => model.name)).toEqual(['llama3.2:latest']);
		expect(await client().version()).toHaveProperty('version');
	});

	it('cuts the prompt to the context without a word, unless that is forbidden', async () => {
		const messages = [{ role: 'user', content: 'word '.repeat(4000) }];
		const cut = await client().chat({ model: 'llama3.2', messages, options: { num_ctx: 2048 } });
		expect(cut.prompt_eval_count).toBe(2048);
		expect(await refused('/api/chat', { model: 'llama3.2', messages, truncate: false })).toEqual([
			400,
			'prompt too long; exceeded max context length by 910 tokens',
		]);
	});

	it('turns a stream into an error', async () => {
		scene.simulators.addFault({ controls: { fault: 'error-event' } });
		const stream = await client().chat({ model: 'llama3.2', messages: hello, stream: true });
		await expect(
			(async () => {
				for await (const part of stream) expect(part.done).toBe(false);
			})(),
		).rejects.toThrow('an error was encountered while running the model: unexpected EOF');
	});
});

describe('what the simulated Ollama refuses', () => {
	it.each([
		['a model that was not pulled', '/api/chat', { model: 'nobody', messages: hello }, 404, "model 'nobody' not found"],
		['a request without a model', '/api/chat', { messages: hello }, 400, 'model is required'],
		[
			'tools where the model has none',
			'/api/chat',
			{ model: 'gemma3', messages: hello, tools: [weather] },
			400,
			'registry.ollama.ai/library/gemma3:latest does not support tools',
		],
		[
			'thinking where the model has none',
			'/api/chat',
			{ model: 'gemma3', messages: hello, think: true },
			400,
			'"gemma3" does not support thinking',
		],
		[
			'a level of thinking it does not know',
			'/api/chat',
			{ model: 'qwen3', messages: hello, think: 'xhigh' },
			400,
			'invalid think value: "xhigh" (must be "high", "medium", "low", true, or false)',
		],
		[
			'a format it does not know',
			'/api/chat',
			{ model: 'llama3.2', messages: hello, format: 'xml' },
			400,
			'invalid format: "xml"; expected "json" or a valid JSON Schema object',
		],
		[
			'an image as data URL',
			'/api/chat',
			{ model: 'gemma3', messages: [{ role: 'user', content: 'a', images: [`data:image/png;base64,${PNG}`] }] },
			400,
			'illegal base64 data at input byte 4',
		],
		[
			'arguments as text',
			'/api/chat',
			{ model: 'llama3.2', messages: [{ role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: '{}' } }] }] },
			400,
			'json: cannot unmarshal string into Go struct field ChatRequest.messages.tool_calls.function.arguments of type map[string]interface {}',
		],
		[
			'content as parts',
			'/api/chat',
			{ model: 'llama3.2', messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }] }] },
			400,
			'json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string',
		],
		[
			'an option of another type',
			'/api/chat',
			{ model: 'llama3.2', messages: hello, options: { temperature: 'hot' } },
			400,
			'option "temperature" must be of type float32',
		],
		[
			'stop texts that are no list',
			'/api/chat',
			{ model: 'llama3.2', messages: hello, options: { stop: 'a' } },
			400,
			'option "stop" must be of type array',
		],
		[
			'chat with a model of vectors',
			'/api/chat',
			{ model: 'nomic-embed-text', messages: hello },
			400,
			'"nomic-embed-text" does not support chat',
		],
		[
			'vectors of a model of text',
			'/api/embed',
			{ model: 'llama3.2', input: 'a' },
			501,
			'this model does not support embeddings',
		],
	])('%s', async (_what, path, body, status, message) => {
		expect(await refused(path, body)).toEqual([status, message]);
	});

	it('but not unknown keys and options', async () => {
		const body = { model: 'llama3.2', messages: hello, stream: false, foo: 1, options: { bar: 2 } };
		expect((await scene.post('sim-ollama', '/api/chat', body)).status).toBe(200);
	});

	it('what it has no path for: in plain text', async () => {
		const { baseUrl } = scene.vendor('sim-ollama');
		const wrong = await fetch(`${baseUrl}/api/nothing`);
		expect([wrong.status, await wrong.text()]).toEqual([404, '404 page not found']);
		expect((await fetch(`${baseUrl}/api/chat`)).status).toBe(405);
		expect(await (await fetch(`${baseUrl}/`)).text()).toBe('Ollama is running');
	});
});

describe('the OpenAI protocol of the simulated Ollama', () => {
	const openai = () => new OpenAI({ baseURL: `${scene.vendor('sim-ollama').baseUrl}/v1`, apiKey: 'any', maxRetries: 0 });

	it('chats, with reasoning in a field of its own', async () => {
		const answer = await openai().chat.completions.create({ model: 'qwen3', messages: [{ role: 'user', content: 'Hello' }] });
		expect(answer.system_fingerprint).toBe('fp_ollama');
		expect(answer.choices[0]?.message).toHaveProperty('reasoning');
	});

	it('lists models, and answers for unknown ones in its own words', async () => {
		const { data } = await openai().models.list();
		expect(data.map((model) => model.id)).toContain('llama3.2:latest');
		const ask = openai().chat.completions.create({ model: 'nobody', messages: [{ role: 'user', content: 'Hello' }] });
		await expect(ask).rejects.toThrow("404 model 'nobody' not found");
	});
});
