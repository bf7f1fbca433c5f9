import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Gateway, post, startGateway } from '../support/gateway.ts';
import { completion, completionEvents, startUpstream, type Upstream } from '../support/upstream.ts';

const KEY = 'azure-key-0123456789';
const VERSION = '2024-10-21';
const messages = [{ role: 'user', content: 'hi' }];

const CLAUDE = {
	id: 'msg_1',
	type: 'message',
	role: 'assistant',
	model: 'claude-opus-5',
	content: [{ type: 'text', text: 'Hello' }],
	stop_reason: 'end_turn',
	stop_sequence: null,
	usage: { input_tokens: 3, output_tokens: 2 },
};
const RESPONSE = {
	id: 'resp_1',
	object: 'response',
	created_at: 1,
	model: 'gpt-5-pro',
	status: 'completed',
	output: [
		{
			id: 'msg_1',
			type: 'message',
			status: 'completed',
			role: 'assistant',
			content: [{ type: 'output_text', text: 'Hello', annotations: [] }],
		},
	],
	usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
};
/** What the service sends before anything else: no id, no choice, what its filter thinks of the prompt. */
const FIRST_CHUNK = `data: ${JSON.stringify({ choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }] })}\n\n`;
const FILTERED = {
	error: {
		message: 'The response was filtered due to the prompt triggering content management policy.',
		type: null,
		param: 'prompt',
		code: 'content_filter',
		status: 400,
		innererror: { code: 'ResponsibleAIPolicyViolation' },
	},
};

let upstream: Upstream;
let root: string;
let gateway: Gateway | undefined;

/** A resource with deployments, which takes one key and one token. */
beforeEach(async () => {
	upstream = await startUpstream((request, response, body) => {
		const json = (status: number, answer: object | string): void => {
			response.writeHead(status, { 'content-type': 'application/json' });
			response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
		};
		const path = request.url ?? '';
		if (path.includes('/oauth2/')) return json(200, { access_token: 'entra-token', expires_in: 3600 });
		const { 'api-key': key, authorization } = request.headers;
		if (key !== KEY && authorization !== 'Bearer entra-token')
			return json(401, { error: { code: '401', message: `Access denied due to invalid subscription key ${key}.` } });
		if (path.startsWith('/anthropic/')) return json(200, CLAUDE);
		if (path.includes('/responses')) return json(200, RESPONSE);
		if (body.includes('blocked')) return json(200, FILTERED);
		if (!body.includes('"stream":true')) return json(200, completion('Hello'));
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		response.end(FIRST_CHUNK + completionEvents(['Hel', 'lo']).join(''));
	});
	root = upstream.baseUrl.replace('/v1', '');
});

afterEach(async () => {
	vi.unstubAllEnvs();
	await gateway?.close();
	gateway = undefined;
	await upstream.close();
});

async function start(entry: object): Promise<Gateway> {
	const provider = { name: 'azure', type: 'azure-openai', base_url: root, api_key: KEY, ...entry };
	gateway = await startGateway({ config: { providers: [provider], routing: { retries: 0 } } });
	return gateway;
}

async function fromEnvironment(env: { [name: string]: string }): Promise<Gateway> {
	gateway = await startGateway({ config: {}, env });
	return gateway;
}

async function text(answer: Response): Promise<unknown> {
	const body = (await answer.json()) as { choices?: { message: { content: string } }[] };
	return body.choices?.[0]?.message.content ?? body;
}

const asked = (nth = 0): { [field: string]: unknown } => JSON.parse(upstream.bodies[nth] ?? '{}');

describe('Azure OpenAI', () => {
	it('answers from the environment alone: endpoint and key', async () => {
		const given = await fromEnvironment({ AZURE_OPENAI_ENDPOINT: `${root}/`, AZURE_OPENAI_API_KEY: KEY });
		expect(await text(await post(given, '/v1/chat/completions', { model: 'gpt-4o', messages }))).toBe('Hello');
		expect(upstream.requests[0]?.url).toBe('/openai/v1/chat/completions');
		expect(asked()).toMatchObject({ model: 'gpt-4o' });
	});

	it('answers from the environment alone: endpoint, version and deployment', async () => {
		const given = await fromEnvironment({
			AZURE_OPENAI_ENDPOINT: root,
			AZURE_OPENAI_API_KEY: KEY,
			OPENAI_API_VERSION: VERSION,
			AZURE_OPENAI_DEPLOYMENT: 'my-dep',
		});
		expect(await text(await post(given, '/v1/chat/completions', { model: 'azure-openai', messages }))).toBe('Hello');
		expect(upstream.requests[0]?.url).toBe(`/openai/deployments/my-dep/chat/completions?api-version=${VERSION}`);
	});

	it('answers from the environment alone: the whole address of a deployment', async () => {
		const address = `${root}/openai/deployments/my-dep/chat/completions?api-version=${VERSION}`;
		const given = await fromEnvironment({ AZURE_OPENAI_ENDPOINT: address, AZURE_OPENAI_API_KEY: KEY });
		expect(await text(await post(given, '/v1/chat/completions', { model: 'gpt-4o', messages }))).toBe('Hello');
		expect(upstream.requests[0]?.url).toBe(`/openai/deployments/my-dep/chat/completions?api-version=${VERSION}`);
	});

	it('answers from the environment alone: a client of Entra ID', async () => {
		vi.stubEnv('AZURE_AUTHORITY_HOST', root);
		const identity = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 'client-secret' };
		const given = await fromEnvironment({ AZURE_OPENAI_ENDPOINT: root, ...identity });
		expect(await text(await post(given, '/v1/chat/completions', { model: 'gpt-4o', messages }))).toBe('Hello');
		expect(upstream.requests[0]?.url).toBe('/t/oauth2/v2.0/token');
		expect(upstream.requests[1]?.headers.authorization).toBe('Bearer entra-token');
	});

	it('calls a deployment under the name the config gives it, by the rules of its model', async () => {
		const models = [{ name: 'gpt-5', id: 'prod' }];
		const given = await start({ models, options: { api_version: VERSION, deployments: { prod: 'gpt-5' } } });
		const answer = await post(given, '/v1/chat/completions', { model: 'gpt-5', messages, max_tokens: 9, temperature: 0.5 });
		expect(await text(answer)).toBe('Hello');
		expect(upstream.requests[0]?.url).toBe(`/openai/deployments/prod/chat/completions?api-version=${VERSION}`);
		expect(asked()).toEqual({ model: 'prod', messages, max_completion_tokens: 9 });
	});

	it('streams, whatever comes before the first word, to clients of each dialect', async () => {
		const given = await start({ models: ['gpt-4o'] });
		const chat = await post(given, '/v1/chat/completions', { model: 'gpt-4o', messages, stream: true });
		expect(await chat.text()).toMatch(/"content":"Hel"[\s\S]*"content":"lo"[\s\S]*\[DONE\]/);
		const messagesApi = await post(given, '/v1/messages', { model: 'gpt-4o', messages, max_tokens: 9, stream: true });
		expect(await messagesApi.text()).toMatch(/"text":"Hel"[\s\S]*message_stop/);
		const record = await given.record(messagesApi.headers.get('x-relais-request-id') ?? '');
		expect(record.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
	});

	it('tells what its filter blocked, also where the service calls it a success', async () => {
		const given = await start({ models: ['gpt-4o'] });
		const blocked = { model: 'gpt-4o', messages: [{ role: 'user', content: 'blocked' }] };
		for (const path of ['/v1/chat/completions', '/v1/messages']) {
			const answer = await post(given, path, { ...blocked, max_tokens: 9 });
			expect(answer.status).toBe(400);
			expect(await answer.text()).toContain('content management policy');
		}
	});

	it('is handed data sources', async () => {
		const given = await start({ models: ['gpt-4o'] });
		const data_sources = [{ type: 'azure_search', parameters: { endpoint: 'https://s.example', index_name: 'i' } }];
		await post(given, '/v1/chat/completions', { model: 'gpt-4o', messages, data_sources, stream: true }).then((answer) =>
			answer.text(),
		);
		expect(asked()).toEqual({ model: 'gpt-4o', messages, data_sources, stream: true });
	});

	it('answers models that have only responses, to any client', async () => {
		const given = await start({ models: ['gpt-5-pro'] });
		expect(await text(await post(given, '/v1/chat/completions', { model: 'gpt-5-pro', messages }))).toBe('Hello');
		expect(upstream.requests[0]?.url).toBe('/openai/v1/responses');
	});

	it('passes the bytes of clients of the Responses API through', async () => {
		const given = await start({ models: ['gpt-4o'] });
		const answer = await post(given, '/v1/responses', { model: 'gpt-4o', input: 'hi', store: false });
		expect(await answer.json()).toMatchObject({ output: RESPONSE.output });
		expect(upstream.requests[0]?.url).toBe('/openai/v1/responses');
		const record = await given.record(answer.headers.get('x-relais-request-id') ?? '');
		expect(record.attempts[0]?.lane).toBe('pass-through');
	});

	it('that refuses its key is named with the cure, and the key is not repeated', async () => {
		const given = await start({ models: ['gpt-4o'], api_key: 'wrong-key-0123456789' });
		const answer = await post(given, '/v1/chat/completions', { model: 'gpt-4o', messages });
		const body = await answer.text();
		expect(answer.status).toBe(401);
		expect(body).toContain('set AZURE_OPENAI_API_KEY or api_key of provider \\"azure\\"');
		expect(body).not.toContain('wrong-key');
	});
});

describe('Microsoft Foundry', () => {
	const foundry = { type: 'azure-ai-foundry', name: 'foundry' };

	it('answers from the environment alone', async () => {
		const given = await fromEnvironment({ AZURE_INFERENCE_ENDPOINT: `${root}/models`, AZURE_INFERENCE_CREDENTIAL: KEY });
		expect(await text(await post(given, '/v1/chat/completions', { model: 'azure-ai-foundry/grok-4', messages }))).toBe('Hello');
		expect(upstream.requests[0]?.url).toBe('/models/chat/completions?api-version=2024-05-01-preview');
		expect(asked()).toMatchObject({ model: 'grok-4' });
	});

	it('speaks Anthropic’s dialect with Claude and OpenAI’s with others', async () => {
		const given = await start({ ...foundry, models: ['claude-opus-5', 'deepseek-v3.2'] });
		const claude = await post(given, '/v1/messages', { model: 'claude-opus-5', messages, max_tokens: 9 });
		expect(await claude.text()).toBe(JSON.stringify(CLAUDE));
		expect(upstream.requests[0]?.url).toBe('/anthropic/v1/messages');
		expect(upstream.requests[0]?.headers['anthropic-version']).toBe('2023-06-01');
		expect(asked()).toEqual({ model: 'claude-opus-5', messages, max_tokens: 9 });
		expect(await text(await post(given, '/v1/chat/completions', { model: 'claude-opus-5', messages }))).toBe('Hello');
		expect(upstream.requests[1]?.url).toBe('/anthropic/v1/messages');
		expect(await text(await post(given, '/v1/chat/completions', { model: 'deepseek-v3.2', messages }))).toBe('Hello');
		expect(upstream.requests[2]?.url).toBe('/openai/v1/chat/completions');
	});

	it('is also found under the name of Copilot', async () => {
		const given = await start({ type: 'microsoft-copilot', name: 'copilot' });
		expect(await text(await post(given, '/v1/chat/completions', { model: 'copilot/gpt-4o', messages }))).toBe('Hello');
	});
});
