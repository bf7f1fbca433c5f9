import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Ollama } from 'ollama';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatRequest, ChatResponse, Dialect, JsonValue, StreamPart } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { ollama, ollamaGenerate } from './index.ts';

/** Another vendor's answer: signed reasoning, words, a call. */
const ANSWER: ChatResponse = {
	id: 'answer-1',
	model: 'claude-opus-4-6',
	createdAt: 1_700_000_000,
	candidates: [
		{
			index: 0,
			content: [
				{ type: 'reasoning', text: 'Paris, then.', signature: { vendor: 'anthropic-messages', value: 'c2ln' } },
				{ type: 'text', text: 'Let me look.' },
				{ type: 'tool-call', id: 'toolu_1', name: 'weather', kind: 'function', input: '{"city":"Paris"}' },
			],
			stop: { kind: 'tool_calls' },
		},
	],
	usage: { inputTokens: 11, outputTokens: 7 },
};

const PARTS: StreamPart[] = [
	{ type: 'start', model: 'claude-opus-4-6', createdAt: 1_700_000_000 },
	{ type: 'block-start', block: 0, candidate: 0, content: { type: 'reasoning' } },
	{ type: 'reasoning-delta', block: 0, text: 'Paris, then.' },
	{ type: 'block-end', block: 0 },
	{ type: 'block-start', block: 1, candidate: 0, content: { type: 'text', text: '' } },
	{ type: 'text-delta', block: 1, text: 'Let me ' },
	{ type: 'text-delta', block: 1, text: 'look.' },
	{ type: 'block-end', block: 1 },
	{
		type: 'block-start',
		block: 2,
		candidate: 0,
		content: { type: 'tool-call', id: 'toolu_1', name: 'weather', kind: 'function', input: '' },
	},
	{ type: 'tool-input-delta', block: 2, input: '{"city":' },
	{ type: 'tool-input-delta', block: 2, input: '"Paris"}' },
	{ type: 'block-end', block: 2 },
	{ type: 'finish', candidate: 0, stop: { kind: 'tool_calls' } },
	{ type: 'usage', usage: { inputTokens: 11, outputTokens: 7 } },
	{ type: 'end' },
];

const CONTEXT = { model: 'shown', now: 1_700_000_000, id: 'x', streamUsage: true };
const DIALECTS: { readonly [path: string]: Dialect } = { '/api/chat': ollama, '/api/generate': ollamaGenerate };
const asked: ChatRequest[] = [];

function answer(dialect: Dialect, request: ChatRequest): { status: number; body: string } {
	if (request.model === 'missing') {
		const { status, body } = dialect.encodeError(new RelaisError('model_not_found', "no model 'missing'"), 'r');
		return { status, body: JSON.stringify(body) };
	}
	if (!request.stream) return { status: 200, body: JSON.stringify(dialect.encodeResponse(ANSWER, CONTEXT).value) };
	const encoder = dialect.streamEncoder(CONTEXT);
	const parts = request.model === 'broken' ? PARTS.slice(0, 6) : PARTS;
	const body = parts.map((part) => encoder.push(part)).join('');
	const error = new RelaisError('stream_interrupted', 'the provider hung up');
	return { status: 200, body: request.model === 'broken' ? body + dialect.encodeStreamError(error, 'r') : body };
}

let server: Server;
let client: Ollama;
beforeAll(async () => {
	server = createServer(async (request, response) => {
		const dialect = DIALECTS[request.url ?? ''] ?? ollama;
		const { value } = dialect.decodeRequest(JSON.parse(await text(request)) as JsonValue);
		asked.push(value);
		const { status, body } = answer(dialect, value);
		response.writeHead(status, { 'content-type': value.stream ? dialect.streamContentType : 'application/json' }).end(body);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	client = new Ollama({ host: `http://127.0.0.1:${port}` });
});
afterAll(() => server.close());

describe('the official client', () => {
	const messages = [{ role: 'user', content: 'Weather?' }];

	test('reads a whole answer: words, thinking, a call with its arguments as an object, counts', async () => {
		const reply = await client.chat({ model: 'm', messages });
		expect(reply).toMatchObject({
			model: 'claude-opus-4-6',
			done: true,
			done_reason: 'stop',
			prompt_eval_count: 11,
			eval_count: 7,
		});
		expect(new Date(reply.created_at).getTime()).toBe(1_700_000_000_000);
		expect(reply.message).toMatchObject({ role: 'assistant', content: 'Let me look.', thinking: 'Paris, then.' });
		expect(reply.message.tool_calls?.[0]?.function).toMatchObject({ name: 'weather', arguments: { city: 'Paris' } });
	});

	test('sends an answer back as it came: the call finds its result, and the vendor its signature', async () => {
		const { message } = await client.chat({ model: 'm', messages });
		const result = { role: 'tool', content: '21 degrees', tool_name: 'weather' };
		await client.chat({ model: 'm', messages: [...messages, message, result] });
		const [, turn, tool] = asked.at(-1)?.messages ?? [];
		expect(turn?.content).toMatchObject(ANSWER.candidates[0]?.content ?? []);
		expect(tool?.content).toMatchObject([{ type: 'tool-result', callId: 'toolu_1', name: 'weather' }]);
	});

	test('reads a stream', async () => {
		const stream = await client.chat({ model: 'm', messages, stream: true });
		const lines = [];
		for await (const line of stream) lines.push(line);
		expect(lines.map(({ message }) => message.content).join('')).toBe('Let me look.');
		expect(lines.map(({ message }) => message.thinking ?? '').join('')).toBe('Paris, then.');
		expect(lines.flatMap(({ message }) => message.tool_calls ?? [])).toMatchObject([
			{ function: { name: 'weather', arguments: { city: 'Paris' } } },
		]);
		expect(lines.at(-1)).toMatchObject({ done: true, done_reason: 'stop', prompt_eval_count: 11, eval_count: 7 });
		expect(lines.filter(({ done }) => done).length).toBe(1);
	});

	test('raises an error with its status, and one in the middle of a stream', async () => {
		await expect(client.chat({ model: 'missing', messages })).rejects.toMatchObject({
			message: "no model 'missing'",
			status_code: 404,
		});
		const stream = await client.chat({ model: 'broken', messages, stream: true });
		const read = async (): Promise<void> => {
			for await (const line of stream) expect(line.done).toBe(false);
		};
		await expect(read()).rejects.toThrowError('the provider hung up');
	});

	test('generates from a prompt, whole and in pieces', async () => {
		const whole = await client.generate({ model: 'm', prompt: 'Weather?', system: 'Be brief.' });
		expect(whole).toMatchObject({ response: 'Let me look.', thinking: 'Paris, then.', done: true, eval_count: 7 });
		expect(asked.at(-1)?.messages).toMatchObject([
			{ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
			{ role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
		]);
		const pieces = [];
		for await (const piece of await client.generate({ model: 'm', prompt: 'Weather?', stream: true })) pieces.push(piece);
		expect(pieces.map(({ response }) => response).join('')).toBe('Let me look.');
		expect(pieces.at(-1)).toMatchObject({ done: true, prompt_eval_count: 11 });
	});
});
