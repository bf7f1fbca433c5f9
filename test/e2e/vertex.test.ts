import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Gateway, post, startGateway } from '../support/gateway.ts';
import { makeAccount, startTokenServer, type TokenServer } from '../support/google/token-server.ts';
import { completion, startUpstream, type Upstream } from '../support/upstream.ts';

const ACCOUNT = makeAccount();
const messages = [{ role: 'user', content: 'hi' }];
const PLACE = '/v1/projects/the-project/locations/global';

const GEMINI = {
	candidates: [{ content: { role: 'model', parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }],
	usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 },
	modelVersion: 'gemini-3.5-flash',
};
const CLAUDE = {
	id: 'msg_vrtx_1',
	type: 'message',
	role: 'assistant',
	model: 'claude-sonnet-4-5-20250929',
	content: [{ type: 'text', text: 'Hello' }],
	stop_reason: 'end_turn',
	stop_sequence: null,
	usage: { input_tokens: 3, output_tokens: 2 },
};
const CLAUDE_STREAM = [
	['message_start', { message: { ...CLAUDE, content: [], stop_reason: null } }],
	['content_block_start', { index: 0, content_block: { type: 'text', text: '' } }],
	['content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hello' } }],
	['content_block_stop', { index: 0 }],
	['message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } }],
	['message_stop', {}],
] as const;

let folder: string;
let tokens: TokenServer;
let upstream: Upstream;
let gateway: Gateway | undefined;

/** A location of the vendor, which takes the tokens of the test's token endpoint and no other. */
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'relais-vertex-'));
	tokens = await startTokenServer({ accounts: [ACCOUNT], now: () => Date.now() });
	upstream = await startUpstream((request, response, body) => {
		const json = (status: number, answer: object): void => {
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
		};
		const { authorization = '' } = request.headers;
		const path = request.url ?? '';
		if (!/^Bearer ya29\.token-\d+$/.test(authorization))
			return json(401, { error: { code: 401, message: `Bad credentials ${authorization}`, status: 'UNAUTHENTICATED' } });
		if (path.endsWith(':streamRawPredict')) {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			return response.end(
				CLAUDE_STREAM.map(([type, data]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`).join(''),
			);
		}
		if (path.endsWith('count-tokens:rawPredict')) return json(200, { input_tokens: 7 });
		if (path.endsWith(':rawPredict')) return json(200, CLAUDE);
		if (path.endsWith(':countTokens')) return json('contents' in JSON.parse(body) ? 200 : 400, { totalTokens: 7 });
		if (path.endsWith('?alt=sse')) {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			return response.end(`data: ${JSON.stringify(GEMINI)}\r\n\r\n`);
		}
		if (path.endsWith('/openapi/chat/completions')) return response.end(completion('Hello'));
		return json(200, GEMINI);
	});
});

afterEach(async () => {
	await gateway?.close();
	gateway = undefined;
	await upstream.close();
	await tokens.upstream.close();
	rmSync(folder, { recursive: true });
});

function keyFile(content: object = ACCOUNT.file(tokens.url), name = 'key.json'): string {
	const path = join(folder, name);
	writeFileSync(path, JSON.stringify(content));
	return path;
}

async function start(entry: object = {}): Promise<Gateway> {
	const base_url = upstream.baseUrl;
	const provider = {
		name: 'vertex',
		type: 'vertex-ai',
		base_url,
		api_key: keyFile(),
		options: { project: 'the-project' },
		...entry,
	};
	gateway = await startGateway({ config: { providers: [provider], routing: { retries: 0 } } });
	return gateway;
}

async function text(answer: Response): Promise<unknown> {
	const body = (await answer.json()) as { choices: { message: { content: string } }[] };
	return body.choices[0]?.message.content;
}

describe('Vertex AI', () => {
	it('answers from the environment alone: a key file and an address, the project from the file', async () => {
		gateway = await startGateway({
			config: {},
			env: { GOOGLE_APPLICATION_CREDENTIALS: keyFile(), VERTEX_AI_BASE_URL: upstream.baseUrl },
		});
		const answer = await post(gateway, '/v1/chat/completions', { model: 'gemini-3.5-flash', messages });
		expect(await text(answer)).toBe('Hello');
		expect(upstream.requests[0]?.url).toBe(`${PLACE}/publishers/google/models/gemini-3.5-flash:generateContent`);
	});

	it('answers many clients with one token', async () => {
		const { url } = await start();
		const ask = () => post({ url }, '/v1/chat/completions', { model: 'vertex/gemini-3.5-flash', messages });
		const answers = await Promise.all(Array.from({ length: 8 }, ask));
		expect(new Set(await Promise.all(answers.map(text)))).toEqual(new Set(['Hello']));
		expect(tokens.forms).toHaveLength(1);
	});

	it('streams Gemini to clients of other dialects', async () => {
		const given = await start();
		const answer = await post(given, '/v1/chat/completions', { model: 'vertex/gemini-3.5-flash', messages, stream: true });
		expect(await answer.text()).toMatch(/"content":"Hello"[\s\S]*data: \[DONE\]/);
	});

	it('passes Claude’s bytes through to Anthropic’s clients, model and version where the vendor wants them', async () => {
		const given = await start();
		const model = 'vertex/claude-sonnet-4-5@20250929';
		const whole = await post(given, '/v1/messages', { model, messages, max_tokens: 9 }, { 'anthropic-beta': 'context-1m' });
		expect(await whole.text()).toBe(JSON.stringify(CLAUDE));
		expect(upstream.requests[0]?.url).toBe(`${PLACE}/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict`);
		expect(JSON.parse(upstream.bodies[0] ?? '')).toEqual({ messages, max_tokens: 9, anthropic_version: 'vertex-2023-10-16' });
		expect(upstream.requests[0]?.headers['anthropic-beta']).toBe('context-1m');
		expect(upstream.requests[0]?.headers['anthropic-version']).toBeUndefined();
		const stream = await post(given, '/v1/messages', { model, messages, max_tokens: 9, stream: true });
		expect(await stream.text()).toContain('"text":"Hello"');
		const record = await given.record(stream.headers.get('x-relais-request-id') ?? '');
		expect(record.attempts[0]?.lane).toBe('pass-through');
		expect(record.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
	});

	it('serves Claude to OpenAI’s clients', async () => {
		const answer = await post(await start(), '/v1/chat/completions', { model: 'vertex/claude-opus-5', messages });
		expect(await text(answer)).toBe('Hello');
		expect(Object.keys(JSON.parse(upstream.bodies[0] ?? '{}'))).not.toContain('model');
	});

	it('serves models of other makers through the OpenAI layer', async () => {
		const model = 'vertex/meta/llama-3.3-70b-instruct-maas';
		const answer = await post(await start(), '/v1/chat/completions', { model, messages });
		expect(await text(answer)).toBe('Hello');
		expect(upstream.requests[0]?.url).toBe(`${PLACE}/endpoints/openapi/chat/completions`);
		expect(JSON.parse(upstream.bodies[0] ?? '{}')).toMatchObject({ model: 'meta/llama-3.3-70b-instruct-maas' });
	});

	it.each(['claude-opus-5', 'gemini-3.5-flash'])('counts tokens of %s', async (model) => {
		const body = { model: `vertex/${model}`, system: 'Be brief.', messages };
		const answer = await post(await start(), '/v1/messages/count_tokens', body);
		expect(await answer.json()).toEqual({ input_tokens: 7 });
	});

	it('names provider and cure when its credentials are wrong, and repeats nothing of them', async () => {
		const stranger = { ...makeAccount().file(tokens.url), client_email: ACCOUNT.email };
		const given = await start({ api_key: keyFile(stranger, 'wrong.json') });
		const answer = await post(given, '/v1/chat/completions', { model: 'vertex/gemini-3.5-flash', messages });
		const body = await answer.text();
		expect(answer.status).toBe(401);
		expect(body).toMatch(/provider \\"vertex\\" has no credentials: .*Invalid JWT Signature.*set GOOGLE_APPLICATION_CREDENTIALS/);
		expect(body).not.toContain('PRIVATE KEY');
		expect(upstream.requests).toHaveLength(0);
	});

	it('names provider and cure when the vendor refuses the token, without the token', async () => {
		const given = await start({ api_key: 'ya29.wrong-token-123456' });
		const answer = await post(given, '/v1/chat/completions', { model: 'vertex/gemini-3.5-flash', messages });
		const body = await answer.text();
		expect(answer.status).toBe(401);
		expect(body).toContain('set GOOGLE_APPLICATION_CREDENTIALS or api_key of provider');
		expect(body).not.toContain('wrong-token');
	});
});
