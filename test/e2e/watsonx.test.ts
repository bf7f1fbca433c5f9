import { afterEach, describe, expect, it } from 'vitest';
import { startSimulators } from '../../src/simulators/index.ts';
import { checkProvider, createTestHost } from '../../src/testing/index.ts';
import { type Gateway, post, startGateway } from '../support/gateway.ts';
import { shipped } from '../support/providers.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

const MODEL = 'ibm/granite-4-h-small';
const messages = [{ role: 'user', content: 'hi' }];
const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];

let gateway: Gateway | undefined;
let upstream: Upstream | undefined;

afterEach(async () => {
	await gateway?.close();
	await upstream?.close();
	gateway = upstream = undefined;
});

const chunk = (delta: object, more: object = {}): string =>
	`id: 1\nevent: message\ndata: ${JSON.stringify({ id: 'c', model_id: MODEL, created: 1, choices: [{ index: 0, finish_reason: null, delta, ...more }] })}\n\n`;
const ANSWER = {
	id: 'c',
	model_id: MODEL,
	created: 1,
	choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
	usage: { completion_tokens: 2, prompt_tokens: 3, total_tokens: 5 },
};

/** What the region of the test answers. */
interface Region {
	/** Seconds a token lasts. */
	lasts?: number;
	/** Answers chats in its own way. */
	chat?: Parameters<typeof startUpstream>[0];
	keyIsWrong?: boolean;
}

/** A region with the identity service beside it: gives out `token-1`, `token-2` ... and takes no other. */
async function region({ lasts = 3600, chat, keyIsWrong = false }: Region = {}): Promise<string> {
	let tokens = 0;
	upstream = await startUpstream((request, response, body, nth) => {
		response.setHeader('content-type', 'application/json');
		const { url = '', headers } = request;
		if (url === '/identity/token') {
			if (keyIsWrong) {
				response.writeHead(400).end('{"errorCode":"BXNIM0415E","errorMessage":"Provided API key could not be found."}');
				return;
			}
			response.end(JSON.stringify({ access_token: `token-${++tokens}`, token_type: 'Bearer', expires_in: lasts }));
			return;
		}
		if (url.startsWith('/icp4d-api/v1/authorize')) {
			response.end('{"token":"cluster-token"}');
			return;
		}
		if (!/^(Bearer (token-\d|cluster-token)|ZenApiKey )/.test(headers.authorization ?? '')) {
			response.writeHead(401).end('{"errors":[{"code":"authentication_token_not_valid","message":"bad token"}]}');
			return;
		}
		if (url.startsWith('/ml/v1/foundation_model_specs')) {
			const rows = [
				{
					model_id: MODEL,
					label: 'granite',
					functions: [{ id: 'text_chat' }],
					task_ids: ['function_calling'],
					model_limits: { max_sequence_length: 131_072 },
				},
				{ model_id: 'ibm/slate', functions: [{ id: 'embedding' }] },
				{ model_id: 'ibm/gone', functions: [{ id: 'text_chat' }], lifecycle: [{ id: 'withdrawn', start_date: '2024-01-01' }] },
				{ model_id: 'ibm/new', functions: [{ id: 'text_chat' }, { id: 'image_chat' }] },
			];
			const second = url.includes('start=two');
			response.end(
				JSON.stringify({
					resources: second ? rows.slice(2) : rows.slice(0, 2),
					...(second ? {} : { next: { href: `${url}&start=two` } }),
				}),
			);
			return;
		}
		if (chat !== undefined) return chat(request, response, body, nth);
		if (!url.includes('chat_stream')) {
			response.end(JSON.stringify(ANSWER));
			return;
		}
		response.setHeader('content-type', 'text/event-stream');
		response.end(
			[chunk({ role: 'assistant', content: 'Hel' }), chunk({ content: 'lo' }), chunk({}, { finish_reason: 'stop' })].join(''),
		);
	});
	return new URL(upstream.baseUrl).origin;
}

async function start(origin: string, options: object, entry: object = {}): Promise<Gateway> {
	const provider = { name: 'ibm', type: 'watsonx', base_url: origin, api_key: 'the-api-key', models: [MODEL], ...entry };
	const all = { iam_url: `${origin}/identity/token`, project_id: 'p-1', ...options };
	gateway = await startGateway({ config: { providers: [{ ...provider, options: all }], routing: { retries: 0 } } });
	return gateway;
}

const asked = (path: string) => upstream?.requests.filter(({ url = '' }) => url.startsWith(path)) ?? [];

describe('a chat that watsonx answers', () => {
	it('goes with a token bought for the key, in the API’s words', async () => {
		const given = await start(await region(), {});
		const answer = await post(given, '/v1/chat/completions', {
			model: MODEL,
			messages,
			tools,
			tool_choice: 'required',
			max_tokens: 9,
		});
		expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] });
		expect(new URLSearchParams(upstream?.bodies[0]).get('apikey')).toBe('the-api-key');
		const [request] = asked('/ml/v1/text/');
		expect(request?.url).toBe('/ml/v1/text/chat?version=2025-02-11');
		expect(request?.headers.authorization).toBe('Bearer token-1');
		expect(JSON.parse(upstream?.bodies[1] ?? '')).toEqual({
			model_id: MODEL,
			project_id: 'p-1',
			messages,
			tools,
			tool_choice_option: 'required',
			max_tokens: 9,
		});
	});

	it('streams from the stream’s address', async () => {
		const given = await start(await region(), {
			version: '2026-01-02',
			space_id: 's-1',
			project_id: undefined,
			time_limit: 9000,
		});
		const answer = await post(given, '/v1/messages', { model: MODEL, messages, max_tokens: 9, stream: true });
		const text = await answer.text();
		expect(text).toContain('"text":"Hel"');
		expect(text.trimEnd().endsWith('{"type":"message_stop"}')).toBe(true);
		expect(asked('/ml/v1/text/')[0]?.url).toBe('/ml/v1/text/chat_stream?version=2026-01-02');
		expect(JSON.parse(upstream?.bodies[1] ?? '')).toMatchObject({ space_id: 's-1', time_limit: 9000 });
	});

	it('shares one token among many callers, and buys the next before it ends', async () => {
		const given = await start(await region({ lasts: 0.6 }), {});
		const once = () => post(given, '/v1/chat/completions', { model: MODEL, messages });
		const answers = await Promise.all(Array.from({ length: 8 }, once));
		expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
		expect(asked('/identity/token').length).toBe(1);
		await new Promise((resolve) => setTimeout(resolve, 400));
		expect((await once()).status).toBe(200);
		expect(asked('/identity/token').length).toBe(2);
		expect(asked('/ml/v1/text/').at(-1)?.headers.authorization).toBe('Bearer token-2');
	});

	it('is found from the environment alone, by URL or region', async () => {
		const origin = await region();
		const env = { WATSONX_URL: origin, WATSONX_TOKEN: 'token-0', WATSONX_PROJECT_ID: 'p-2', WATSONX_API_KEY: 'the-api-key' };
		gateway = await startGateway({ config: { routing: { retries: 0 } }, env });
		const answer = await post(gateway, '/v1/chat/completions', { model: `watsonx/${MODEL}`, messages });
		expect(answer.status).toBe(200);
		expect(asked('/ml/v1/text/')[0]?.headers.authorization).toBe('Bearer token-0');
		expect(JSON.parse(upstream?.bodies[0] ?? '')).toMatchObject({ project_id: 'p-2' });
		await gateway.close();
		gateway = await startGateway({ config: {}, env: { WATSONX_API_KEY: 'the-api-key', WATSONX_REGION: 'eu-de' } });
		const provider = gateway.relais.state.providers.find(({ name }) => name === 'watsonx');
		expect(provider?.wire?.call('chat', 'm', {})).toMatchObject({ origin: 'https://eu-de.ml.cloud.ibm.com' });
	});

	it.each<[string, object, object, string]>([
		[
			'a user’s key, which goes along as it is',
			{ username: 'me' },
			{},
			`ZenApiKey ${Buffer.from('me:the-api-key').toString('base64')}`,
		],
		[
			'a user’s password, which buys a token',
			{ username: 'me', password: 'secret-word' },
			{ api_key: undefined },
			'Bearer cluster-token',
		],
	])('on premises goes with %s', async (_, options, entry, authorization) => {
		const given = await start(await region(), options, entry);
		expect((await post(given, '/v1/chat/completions', { model: MODEL, messages })).status).toBe(200);
		expect(asked('/ml/v1/text/')[0]?.headers.authorization).toBe(authorization);
	});
});

describe('watsonx', () => {
	it('lists what the region offers, with the catalog’s prices', async () => {
		const given = await start(await region(), {}, { models: undefined });
		const [provider] = given.relais.state.providers;
		const context = { signal: AbortSignal.timeout(5000), requestId: 'r', warn: () => undefined };
		const listed = await provider?.listModels(context);
		expect(listed?.map(({ id, mode }) => [id, mode])).toEqual([
			[MODEL, 'chat'],
			['ibm/slate', 'embedding'],
			['ibm/new', 'chat'],
		]);
		expect(listed?.[0]).toMatchObject({ price: { input: 0.0636 }, contextWindow: 131_072, capabilities: { tools: true } });
		expect(listed?.[2]).toMatchObject({ price: { input: null }, capabilities: { vision: true } });
		expect(await provider?.isHealthy(context)).toMatchObject({ healthy: true });
	});

	it('that does not know the key says whose it is and what to set, not what it is', async () => {
		const given = await start(await region({ keyIsWrong: true }), {});
		const answer = await post(given, '/v1/chat/completions', { model: MODEL, messages });
		const text = await answer.text();
		expect(answer.status).toBe(401);
		expect(text).toContain('Provided API key could not be found');
		expect(text).toContain('WATSONX_API_KEY');
		expect(text).not.toContain('the-api-key');
	});

	it.each([
		[
			400,
			'invalid_request_entity',
			'Json document validation error: one of project_id or space_id is required',
			'WATSONX_PROJECT_ID',
		],
		[404, 'model_not_supported', `Model '${MODEL}' is not supported for this environment`, 'may be in another'],
	])('that refuses a request (%i %s) is told with its cure', async (status, code, message, cure) => {
		const chat: Region['chat'] = (_request, response) =>
			void response.writeHead(status).end(JSON.stringify({ errors: [{ code, message }], status_code: status }));
		const given = await start(await region({ chat }), { project_id: undefined });
		const answer = await post(given, '/v1/chat/completions', { model: MODEL, messages });
		const text = await answer.text();
		expect(answer.status).toBe(status);
		expect(text).toContain(message);
		expect(text).toContain(cure);
	});

	it.each<[object, RegExp]>([
		[{ version: 'latest' }, /options\.version must be a date/],
		[{ time_limit: -1 }, /options\.time_limit must be a whole number/],
	])('does not start with %j', async (options, message) => {
		await expect(start('http://127.0.0.1:9', options)).rejects.toThrow(message);
	});

	it('holds to what every provider must', async () => {
		const simulators = await startSimulators({ vendors: [{ name: 'sim-watsonx', kind: 'watsonx' }] });
		const [vendor] = simulators.vendors;
		const baseUrl = vendor?.baseUrl ?? '';
		const host = createTestHost();
		const of = (apiKey: string) => {
			const options = { iam_url: `${baseUrl}/identity/token`, project_id: 'p-1' };
			return shipped({ type: 'watsonx', baseUrl, apiKey, options }, host);
		};
		const key = vendor?.apiKey ?? '';
		const results = await checkProvider(of(key), {
			model: MODEL,
			deterministic: true,
			secrets: [key, 'wrong-api-key'],
			broken: () => of('wrong-api-key'),
		});
		await host.close();
		await simulators.close();
		expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
	}, 30_000);
});
