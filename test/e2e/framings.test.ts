import { afterEach, describe, expect, it } from 'vitest';
import { awsEventMessage } from '../../src/lib/aws-event-stream.ts';
import { frameScanner } from '../../src/lib/frame-scanner.ts';
import { type Gateway, post, startGateway } from '../support/gateway.ts';
import { completion, completionEvents, startUpstream, type Upstream } from '../support/upstream.ts';

let gateway: Gateway | undefined;
let upstream: Upstream | undefined;

afterEach(async () => {
	await gateway?.close();
	await upstream?.close();
});

type Answer = Parameters<typeof startUpstream>[0];
type ServerReply = Parameters<Answer>[1];

const VENDORS = {
	gemini: { type: 'gemini', api_key: 'k-0123456789', path: '/v1beta' },
	ollama: { type: 'ollama', path: '' },
	openai: { type: 'openai-compatible', path: '/v1' },
	anthropic: { type: 'anthropic', api_key: 'k-0123456789', path: '' },
	bedrock: { type: 'aws-bedrock', api_key: 'bedrock-key-0123456789', path: '', options: { region: 'us-west-2' } },
} as const;

async function setUp(vendor: keyof typeof VENDORS, answer: Answer): Promise<{ gateway: Gateway; upstream: Upstream }> {
	upstream = await startUpstream(answer);
	const { path, ...settings } = VENDORS[vendor];
	const entry = { name: 'up', base_url: upstream.baseUrl.replace('/v1', path), models: ['m'], ...settings };
	gateway = await startGateway({ config: { providers: [entry], routing: { retries: 0 } } });
	return { gateway, upstream };
}

/** Sends a body in pieces of so many bytes, as a network may. */
function sendPieces(response: ServerReply, type: string, body: Buffer, size = 7): void {
	response.writeHead(200, { 'content-type': type });
	for (let at = 0; at < body.length; at += size) response.write(body.subarray(at, at + size));
	response.end();
}

async function laneOf(given: { gateway: Gateway }, reply: Response): Promise<string | undefined> {
	const record = await given.gateway.record(reply.headers.get('x-relais-request-id') ?? '');
	return record.attempts[0]?.lane;
}

const SSE = 'text/event-stream';
const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];
const STREAM = '/v1beta/models/m:streamGenerateContent';
/** Events as a vendor writes them: spaces, number forms and members nobody knows must survive. */
const EVENTS = [
	'{"candidates": [{"content": {"role": "model","parts": [{"text": "Hé"}]},"index": 0,"x_new": 1.50}],"modelVersion": "m"}',
	'{"candidates":[{"content":{"parts":[{"text":"llo 漢字"}],"role":"model"},"finishReason":"STOP","index":0,"safetyRatings":[{"category":"HARM_CATEGORY_HARASSMENT","probability":"NEGLIGIBLE"}]}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2,"totalTokenCount":5,"promptTokensDetails":[{"modality":"TEXT","tokenCount":3}]}}',
];
const GEMINI = Buffer.from(EVENTS.map((event) => `data: ${event}\r\n\r\n`).join(''));

describe('a Gemini stream', () => {
	it('passes byte for byte where the client asks for events', async () => {
		const given = await setUp('gemini', (_request, response) => sendPieces(response, SSE, GEMINI));
		const reply = await post(given.gateway, `${STREAM}?alt=sse`, { contents });
		expect(reply.headers.get('content-type')).toBe(SSE);
		expect(Buffer.from(await reply.arrayBuffer())).toEqual(GEMINI);
		expect(given.upstream.bodies[0]).toBe(JSON.stringify({ contents }));
		expect(await laneOf(given, reply)).toBe('pass-through');
	});

	it('is an array of the same pieces where it does not', async () => {
		const given = await setUp('gemini', (_request, response) => sendPieces(response, SSE, GEMINI));
		const reply = await post(given.gateway, STREAM, { contents });
		expect(reply.headers.get('content-type')).toBe('application/json');
		expect(await reply.text()).toBe(`[${EVENTS.join(',\r\n')}]`);
		expect(await laneOf(given, reply)).toBe('pass-through');
	});

	it('comes as an array piece by piece, not at its end', async () => {
		let finish: () => void = () => undefined;
		const given = await setUp('gemini', (_request, response) => {
			response.writeHead(200, { 'content-type': SSE }).write(`data: ${EVENTS[0]}\n\n`);
			finish = () => response.end(`data: ${EVENTS[1]}\n\n`);
		});
		const reply = await post(given.gateway, STREAM, { contents });
		const reader = reply.body?.getReader();
		const first = await reader?.read();
		expect(Buffer.from(first?.value ?? []).toString()).toBe(`[${EVENTS[0]}`);
		finish();
		const rest = await reader?.read();
		expect(Buffer.from(rest?.value ?? []).toString()).toContain('STOP');
	});

	it('of another vendor is an array too, and one that breaks off ends with an error in it', async () => {
		const events = completionEvents(['fi', 'ne']);
		const given = await setUp('openai', (_request, response, _body, nth) =>
			sendPieces(response, SSE, Buffer.from(events.slice(0, nth === 0 ? events.length : 2).join(''))),
		);
		const whole = (await (await post(given.gateway, STREAM, { contents })).json()) as { candidates: object[] }[];
		expect(JSON.stringify(whole.map(({ candidates }) => candidates))).toMatch(/"fi".*"ne".*STOP/);
		const broken = (await (await post(given.gateway, STREAM, { contents })).json()) as object[];
		expect(broken.at(-1)).toMatchObject({ error: { code: 502, status: 'UNAVAILABLE' } });
	});

	it('of a vendor that answers in one piece is an array all the same', async () => {
		const given = await setUp('openai', (_request, response) =>
			response.setHeader('content-type', 'application/json').end(completion('fine')),
		);
		const reply = await post(given.gateway, STREAM, { contents });
		expect(JSON.stringify(await reply.json())).toMatch(/^\[.*"fine".*\]$/);
		expect(reply.headers.get('x-relais-warnings')).toContain('stream');
	});

	it('that never began is refused with a plain error', async () => {
		const given = await setUp('gemini', (_request, response) => response.writeHead(500).end('{}'));
		const reply = await post(given.gateway, STREAM, { contents });
		expect(reply.status).toBe(500);
		expect(await reply.json()).toMatchObject({ error: { code: 500, status: 'INTERNAL' } });
	});

	it.each([
		['?alt=sse;enum-encoding%3Dint', true],
		['?%24alt=json%3Benum-encoding%3Dint', false],
	])('has its enums as numbers for clients that ask so (%s)', async (query, sse) => {
		const given = await setUp('gemini', (_request, response) => sendPieces(response, SSE, GEMINI));
		const text = await (await post(given.gateway, `${STREAM}${query}`, { contents })).text();
		expect(text.startsWith(sse ? 'data: {' : '[{')).toBe(true);
		expect(text).toContain('"finishReason":1');
		expect(text).toContain('{"category":7,"probability":1}');
		expect(text).toContain('"modality":1');
		expect(text).toContain('llo 漢字');
	});

	it('in one piece has them too, what tools are given excepted', async () => {
		const parts = [{ functionCall: { name: 'log', args: { category: 'HARM_CATEGORY_HARASSMENT' } } }];
		const body = { candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }] };
		const given = await setUp('gemini', (_request, response) =>
			response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
		);
		const path = '/v1beta/models/m:generateContent?alt=json;enum-encoding=int';
		const answer = await (await post(given.gateway, path, { contents })).json();
		expect(answer).toEqual({ candidates: [{ content: { role: 'model', parts }, finishReason: 1, index: 0 }] });
	});
});

const messages = [{ role: 'user', content: 'hi' }];
const LINES = Buffer.from(
	[
		'{"model":"m","created_at":"2026-11-20T10:00:00.123456789Z","message":{"role":"assistant","content":"Hé"},"done":false}',
		'{"model":"m","created_at":"2026-11-20T10:00:00.2Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":12345678901234567,"prompt_eval_count":3,"eval_count":2}',
		'',
	].join('\n'),
);

describe('an Ollama stream', () => {
	it('passes byte for byte, with and without the word that asks for it', async () => {
		const given = await setUp('ollama', (_request, response) => sendPieces(response, 'application/x-ndjson', LINES));
		for (const more of [{}, { stream: true }]) {
			const reply = await post(given.gateway, '/api/chat', { model: 'm', messages, ...more });
			expect(Buffer.from(await reply.arrayBuffer())).toEqual(LINES);
			expect(await laneOf(given, reply)).toBe('pass-through');
		}
		expect(given.upstream.bodies[0]).toBe(JSON.stringify({ model: 'm', messages }));
	});

	it('keeps what comes too late for the headers out of its lines, and in the record', async () => {
		const start = {
			type: 'message_start',
			message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [] },
		};
		const usage = { input_tokens: 3, output_tokens: 1, cache_read_input_tokens: 2, cache_creation_input_tokens: 0 };
		const events = [
			{ ...start, message: { ...start.message, stop_reason: null, stop_sequence: null, usage } },
			{ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
			{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hé' } },
			{ type: 'content_block_stop', index: 0 },
			{ type: 'message_delta', delta: { stop_reason: 'refusal', stop_sequence: null }, usage: { output_tokens: 2 } },
			{ type: 'message_stop' },
		];
		const sse = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
		const given = await setUp('anthropic', (_request, response) => sendPieces(response, SSE, Buffer.from(sse)));
		const reply = await post(given.gateway, '/api/chat', { model: 'm', messages });
		const lines = (await reply.text()).trim().split('\n');
		for (const line of lines) expect(JSON.parse(line)).toHaveProperty('done');
		const record = await given.gateway.record(reply.headers.get('x-relais-request-id') ?? '');
		expect(record.warnings.map(({ path }) => path)).toContain('done_reason');
	});
});

const question = { messages: [{ role: 'user', content: [{ text: 'hi' }] }] };
const BINARY = 'application/vnd.amazon.eventstream';
const CONVERSE: [string, object][] = [
	['messageStart', { role: 'assistant', p: 'abc' }],
	['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hé 漢字' } }],
	['contentBlockStop', { contentBlockIndex: 0 }],
	['messageStop', { stopReason: 'end_turn' }],
	['metadata', { usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 }, metrics: { latencyMs: 1 } }],
];
const bytes = (events: [string, object][]): Buffer =>
	Buffer.concat(events.map(([event, data]) => awsEventMessage({ event, data: JSON.stringify(data) })));

describe('a Converse stream', () => {
	it('passes byte for byte', async () => {
		const given = await setUp('bedrock', (_request, response) => sendPieces(response, BINARY, bytes(CONVERSE), 11));
		const reply = await post(given.gateway, '/model/m/converse-stream', question);
		expect(reply.headers.get('content-type')).toBe(BINARY);
		expect(Buffer.from(await reply.arrayBuffer())).toEqual(bytes(CONVERSE));
		expect(await laneOf(given, reply)).toBe('pass-through');
	});

	it('that breaks off ends with an exception, every byte in its place', async () => {
		const begun = bytes(CONVERSE.slice(0, 2));
		const given = await setUp('bedrock', (_request, response) => sendPieces(response, BINARY, begun, 11));
		const reply = await post(given.gateway, '/model/m/converse-stream', question);
		const body = Buffer.from(await reply.arrayBuffer());
		expect(body.subarray(0, begun.length)).toEqual(begun);
		expect(body.subarray(begun.length).toString('latin1')).toContain('modelStreamErrorException');
	});

	it.each(['stream', 'whole'])('of another vendor is as binary (which answers with a %s)', async (how) => {
		const given = await setUp('openai', (_request, response) => {
			if (how === 'stream') sendPieces(response, SSE, Buffer.from(completionEvents(['Hé ', '漢字']).join('')));
			else response.setHeader('content-type', 'application/json').end(completion('Hé 漢字'));
		});
		const reply = await post(given.gateway, '/model/m/converse-stream', question);

		const scanner = frameScanner('aws-event-stream');
		const frames = scanner.push(Buffer.from(await reply.arrayBuffer()));
		expect(scanner.end()).toBeUndefined();
		expect(frames.map(({ data }) => (JSON.parse(data) as { delta?: { text?: string } }).delta?.text ?? '').join('')).toBe(
			'Hé 漢字',
		);
		expect(frames.at(-1)?.event).toBe('metadata');
	});
});
