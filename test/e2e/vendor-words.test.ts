import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/spec/index.ts';
import { type Gateway, post, startGateway } from '../support/gateway.ts';
import { completion, startUpstream, type Upstream } from '../support/upstream.ts';

/** What compatible vendors are sent, whichever of the two chat surfaces asks. */

const TYPES = [
	'cerebras',
	'cloudflare-workers-ai',
	'deepseek',
	'fireworks',
	'friendli',
	'glm',
	'groq',
	'kimi',
	'lm-studio',
	'minimax',
	'mistral',
	'novita',
	'openai',
	'openrouter',
	'qwen',
	'sambanova',
	'scaleway',
	'siliconflow',
	'snowflake-cortex',
	'volcengine',
	'xai',
];

let upstream: Upstream;
let gateway: Gateway;

beforeAll(async () => {
	upstream = await startUpstream((_request, response, body) => {
		const { stream, user: end } = JSON.parse(body) as { stream?: boolean; user?: string };
		if (end === 'broke') {
			const refused = { id: 'x', choices: null, base_resp: { status_code: 1008, status_msg: 'insufficient balance' } };
			response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(refused));
			return;
		}
		const text = completion('Hello.');
		if (stream !== true) response.writeHead(200, { 'content-type': 'application/json' }).end(text);
		else {
			const chunk = { ...(JSON.parse(text) as object), object: 'chat.completion.chunk' };
			const delta = { choices: [{ index: 0, delta: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }] };
			response
				.writeHead(200, { 'content-type': 'text/event-stream' })
				.end(`data: ${JSON.stringify({ ...chunk, ...delta })}\n\ndata: [DONE]\n\n`);
		}
	});
	const options = { referer: 'https://app.example', title: 'App', provider: { sort: 'price' }, token_type: 'OAUTH' };
	const providers = TYPES.map((type) => ({ name: type, type, api_key: 'k', base_url: upstream.baseUrl, options }));
	gateway = await startGateway({ config: { providers } });
});
afterAll(async () => {
	await gateway.close();
	await upstream.close();
});

interface Sent {
	body: JsonObject;
	warned: string[];
	headers: { [name: string]: unknown };
	status: number;
}

async function send(path: string, body: object): Promise<Sent> {
	const before = upstream.bodies.length;
	const response = await post(gateway, path, body);
	const text = await response.text();
	if (upstream.bodies.length === before) throw new Error(`nothing was sent: ${text}`);
	const warnings = JSON.parse(response.headers.get('x-relais-warnings') ?? '[]') as { kind: string; path: string }[];
	return {
		body: JSON.parse(upstream.bodies.at(-1) ?? '{}') as JsonObject,
		warned: warnings.map(({ kind, path: at }) => `${kind} ${at}`),
		headers: upstream.requests.at(-1)?.headers ?? {},
		status: response.status,
	};
}

const user = { role: 'user', content: 'Hi' };
const tool = { type: 'function', function: { name: 'weather', strict: true, parameters: { type: 'object', properties: {} } } };
const call = (id: string) => ({ id, type: 'function', function: { name: 'weather', arguments: '{}' } });

const chat = (model: string, body: object) => send('/v1/chat/completions', { model, messages: [user], ...body });
const messages = (model: string, body: object) => send('/v1/messages', { model, max_tokens: 100, messages: [user], ...body });

type Case = [name: string, model: string, asked: object, sent: object, warned: string[]];

describe('a chat client’s request reaches', () => {
	it.each<Case>([
		[
			'Mistral without fields it refuses',
			'mistral/mistral-large-4',
			{ max_completion_tokens: 5, seed: 1, user: 'u', store: false },
			{ max_tokens: 5, random_seed: 1, max_completion_tokens: undefined, seed: undefined, user: undefined, store: undefined },
			['dropped user'],
		],
		[
			'Mistral with its own word for a forced call',
			'mistral/mistral-large-4',
			{ tools: [tool], tool_choice: 'required' },
			{ tool_choice: 'any' },
			[],
		],
		[
			'Mistral with the mark of a turn to go on from',
			'mistral/mistral-large-4',
			{ messages: [user, { role: 'assistant', content: 'He' }] },
			{ messages: [user, { role: 'assistant', content: 'He', prefix: true }] },
			[],
		],
		[
			'Mistral without another vendor’s members',
			'mistral/mistral-small-2506',
			{ messages: [{ ...user, name: 'Ann' }, { role: 'assistant', content: 'A', reasoning_content: 'Hm', refusal: null }, user] },
			{ messages: [user, { role: 'assistant', content: 'A' }, user] },
			['dropped messages[0].name', 'dropped messages[1].reasoning_content'],
		],
		[
			'Mistral with reasoning in its chunks',
			'mistral/mistral-large-4',
			{ messages: [user, { role: 'assistant', content: 'A', reasoning_content: 'Hm' }, user] },
			{
				messages: [
					user,
					{
						role: 'assistant',
						content: [
							{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
							{ type: 'text', text: 'A' },
						],
					},
					user,
				],
			},
			[],
		],
		[
			'Magistral with its mode',
			'mistral/magistral-medium-latest',
			{ reasoning_effort: 'low' },
			{ prompt_mode: 'reasoning', reasoning_effort: undefined },
			[],
		],
		[
			'DeepSeek with the schema in words',
			'deepseek/deepseek-v4-pro',
			{ response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } } },
			{
				response_format: { type: 'json_object' },
				messages: [{ role: 'system', content: expect.stringContaining('{"type":"object"}') }, user],
			},
			['approximated response_format'],
		],
		[
			'DeepSeek with the word it wants to read',
			'deepseek/deepseek-v4-pro',
			{ response_format: { type: 'json_object' } },
			{ messages: [{ role: 'system', content: 'Answer with JSON only.' }, user] },
			['changed messages'],
		],
		[
			'DeepSeek unthinking where a call is forced',
			'deepseek/deepseek-v4-pro',
			{ tools: [tool], tool_choice: 'required' },
			{ tool_choice: 'required', thinking: { type: 'disabled' } },
			['defaulted thinking'],
		],
		[
			'DeepSeek free to call where it was asked to think',
			'deepseek/deepseek-v4-pro',
			{ tools: [tool], tool_choice: 'required', reasoning_effort: 'high' },
			{ tool_choice: 'auto', reasoning_effort: 'high', thinking: undefined },
			['approximated tool_choice'],
		],
		[
			'DeepSeek with a thought in each turn of calls',
			'deepseek/deepseek-v4-pro',
			{
				messages: [
					user,
					{ role: 'assistant', content: null, tool_calls: [call('call_1')] },
					{ role: 'tool', tool_call_id: 'call_1', content: '1' },
				],
			},
			{
				messages: [
					user,
					{ role: 'assistant', content: null, tool_calls: [call('call_1')], reasoning_content: '' },
					{ role: 'tool', tool_call_id: 'call_1', content: '1' },
				],
			},
			[],
		],
		[
			'Kimi without a seed and fixed sampling',
			'kimi/kimi-k2.6',
			{ seed: 1, temperature: 0.2, max_completion_tokens: 9 },
			{ seed: undefined, temperature: undefined, max_tokens: 9 },
			['dropped temperature', 'dropped seed'],
		],
		[
			'Kimi with reasoning switched off its way',
			'kimi/kimi-k2.6',
			{ reasoning_effort: 'none' },
			{ thinking: { type: 'disabled' }, reasoning_effort: undefined },
			[],
		],
		[
			'Kimi with a choice it takes, and no strict tools',
			'kimi/kimi-k2.6',
			{ tools: [tool], tool_choice: 'required' },
			{
				tool_choice: 'auto',
				tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } }],
			},
			['approximated tool_choice', 'dropped tools[0].function.strict'],
		],
		['GLM with a stream of tool input', 'glm/glm-5.2', { tools: [tool], stream: true }, { tool_stream: true }, []],
		[
			'GLM that cannot stop thinking',
			'glm/glm-5.3',
			{ thinking: { type: 'disabled' } },
			{ thinking: undefined },
			['dropped thinking'],
		],
		[
			'GLM without tools where none may be called',
			'glm/glm-5.2',
			{ tools: [tool], tool_choice: 'none' },
			{ tools: undefined, tool_choice: undefined },
			['changed tool_choice'],
		],
		[
			'Groq without what it refuses',
			'groq/openai/gpt-oss-120b',
			{ n: 3, logprobs: true, messages: [{ ...user, name: 'Ann' }] },
			{ n: 1, logprobs: undefined, messages: [user] },
			['dropped logprobs', 'approximated n', 'dropped messages[0].name'],
		],
		[
			'Groq with reasoning under its name',
			'groq/openai/gpt-oss-120b',
			{ messages: [user, { role: 'assistant', content: 'A', reasoning_content: 'Hm' }, user] },
			{ messages: [user, { role: 'assistant', content: 'A', reasoning: 'Hm' }, user] },
			[],
		],
		[
			'Groq with an effort the model has',
			'groq/qwen/qwen3.8-27b',
			{ reasoning_effort: 'high' },
			{ reasoning_effort: 'default' },
			['approximated reasoning_effort'],
		],
		[
			'Cerebras without what it refuses',
			'cerebras/gpt-oss-120b',
			{ parallel_tool_calls: true, service_tier: 'auto', frequency_penalty: 0.5 },
			{ parallel_tool_calls: undefined, service_tier: undefined, frequency_penalty: undefined },
			['dropped frequency_penalty'],
		],
		[
			'Cerebras’s GLM with thinking in tags',
			'cerebras/zai-glm-4.7',
			{ messages: [user, { role: 'assistant', content: 'A', reasoning: 'Hm' }, user] },
			{ messages: [user, { role: 'assistant', content: '<think>Hm</think>A' }, user] },
			[],
		],
		[
			'Qwen with its switch',
			'qwen/qwen3.7-plus',
			{ reasoning_effort: 'low' },
			{ enable_thinking: true, thinking_budget: 4096, reasoning_effort: undefined },
			[],
		],
		[
			'Qwen with its switch turned off',
			'qwen/qwen3.7-plus',
			{ thinking: { type: 'disabled' } },
			{ enable_thinking: false, thinking: undefined },
			[],
		],
		[
			'a Qwen that only streams, as a stream',
			'qwen/qwq-plus',
			{},
			{ stream: true, stream_options: { include_usage: true } },
			['changed stream'],
		],
		[
			'Grok without penalties and stops',
			'xai/grok-4.7',
			{ stop: ['x'], presence_penalty: 1, top_k: 3 },
			{ stop: undefined, presence_penalty: undefined, top_k: undefined },
			['dropped presence_penalty', 'dropped stop', 'dropped top_k'],
		],
		[
			'a Grok that does not reason with both',
			'xai/grok-4.20-0309-non-reasoning',
			{ stop: ['x'], presence_penalty: 1 },
			{ stop: ['x'], presence_penalty: 1 },
			[],
		],
		[
			'OpenRouter with what the config prefers',
			'openrouter/openai/gpt-5.6-sol',
			{ thinking: { type: 'enabled', budget_tokens: 2000 } },
			{ reasoning: { max_tokens: 2000 }, usage: { include: true }, provider: { sort: 'price' }, thinking: undefined },
			[],
		],
		[
			'OpenRouter with what the client prefers',
			'openrouter/openai/gpt-5.6-sol',
			{ provider: { only: ['x'] } },
			{ provider: { only: ['x'] } },
			[],
		],
		[
			'MiniMax with its thoughts apart',
			'minimax/MiniMax-M2.7',
			{ temperature: 0, n: 1, logit_bias: { 5: 1 } },
			{ temperature: 0.01, reasoning_split: true, n: 1, logit_bias: undefined },
			['dropped logit_bias', 'approximated temperature'],
		],
		[
			'SambaNova without what it ignores',
			'sambanova/DeepSeek-V3.2',
			{ seed: 4, n: 2 },
			{ seed: undefined, n: 1 },
			['dropped seed', 'approximated n'],
		],
		[
			'Fireworks as a stream where the answer may be long',
			'fireworks/accounts/fireworks/models/kimi-k2p6',
			{ max_tokens: 5000 },
			{ stream: true, max_tokens: 5000 },
			['changed stream'],
		],
		[
			'Fireworks as it was asked where it is short',
			'fireworks/accounts/fireworks/models/kimi-k2p6',
			{ max_tokens: 50 },
			{ stream: undefined },
			[],
		],
		[
			'Cloudflare with room for an answer',
			'cloudflare-workers-ai/@cf/openai/gpt-oss-120b',
			{},
			{ max_tokens: 4096 },
			['defaulted max_tokens'],
		],
		[
			'LM Studio with a schema for JSON',
			'lm-studio/any',
			{ response_format: { type: 'json_object' } },
			{ response_format: { type: 'json_schema', json_schema: { name: 'object', schema: { type: 'object' } } } },
			[],
		],
		['Novita and Friendli with thoughts split off', 'novita/any', {}, { separate_reasoning: true }, []],
		['Scaleway with one answer', 'scaleway/any', { n: 2, max_completion_tokens: 7 }, { n: 1, max_tokens: 7 }, ['approximated n']],
		[
			'Snowflake without strict tools',
			'snowflake-cortex/any',
			{ tools: [tool] },
			{ tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } }] },
			['dropped tools[0].function.strict'],
		],
		[
			'OpenAI with a level the model has',
			'openai/gpt-6.2-sol',
			{ reasoning_effort: 'minimal' },
			{ reasoning_effort: 'low' },
			['approximated reasoning_effort'],
		],
		[
			'OpenAI with no more than the model writes',
			'openai/gpt-4o',
			{ max_tokens: 1_000_000 },
			{ max_tokens: 16_384 },
			['approximated max_tokens'],
		],
		[
			'OpenAI without reasoning where there is none',
			'openai/gpt-4o',
			{ enable_thinking: true },
			{ enable_thinking: undefined },
			['dropped enable_thinking'],
		],
	])('%s', async (_, model, asked, sent, warned) => {
		const got = await chat(model, asked);
		expect(got.body).toMatchObject(Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)));
		for (const [field, value] of Object.entries(sent)) if (value === undefined) expect(got.body, field).not.toHaveProperty(field);
		expect({ status: got.status, warned: got.warned }).toEqual({ status: 200, warned });
	});

	it('OpenRouter and Snowflake with headers of the config', async () => {
		expect((await chat('openrouter/x/y', {})).headers).toMatchObject({ 'http-referer': 'https://app.example', 'x-title': 'App' });
		expect((await chat('snowflake-cortex/any', {})).headers).toMatchObject({
			'x-snowflake-authorization-token-type': 'OAUTH',
		});
	});
});

describe('MiniMax’s refusal under status 200', () => {
	it.each(['/v1/chat/completions', '/v1/messages'])('reaches a client of %s as an error', async (path) => {
		const asked = {
			model: 'minimax/MiniMax-M2.7',
			max_tokens: 5,
			messages: [user],
			user: 'broke',
			metadata: { user_id: 'broke' },
		};
		const response = await post(gateway, path, asked);
		expect(response.status).toBe(429);
		expect(await response.text()).toContain('insufficient balance');
	});
});

describe('a Messages client’s request reaches', () => {
	const thinking = { type: 'enabled', budget_tokens: 2000 };
	const anyTool = { tools: [{ name: 'weather', input_schema: { type: 'object' } }], tool_choice: { type: 'any' } };

	it.each<Case>([
		[
			'Mistral in its words',
			'mistral/mistral-large-4',
			{ ...anyTool, metadata: { user_id: 'u' } },
			{ max_tokens: 100, tool_choice: 'any', user: undefined, stream_options: undefined },
			['dropped user'],
		],
		[
			'DeepSeek with thinking off',
			'deepseek/deepseek-v4-pro',
			{ thinking: { type: 'disabled' } },
			{ thinking: { type: 'disabled' }, reasoning_effort: undefined },
			[],
		],
		['Kimi with thinking on', 'kimi/kimi-k2.6', { thinking }, { thinking: { type: 'enabled' } }, ['approximated thinking']],
		['Qwen with its budget', 'qwen/qwen3.7-plus', { thinking }, { enable_thinking: true, thinking_budget: 2000 }, []],
		[
			'OpenRouter with an effort',
			'openrouter/anthropic/claude-sonnet-5',
			{ thinking },
			{ reasoning_effort: 'low' },
			['approximated thinking'],
		],
		['Groq with an effort', 'groq/openai/gpt-oss-120b', { thinking }, { reasoning_effort: 'low' }, ['approximated thinking']],
		[
			'Cerebras without parallel calls being forbidden',
			'cerebras/gpt-oss-120b',
			{ ...anyTool, tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
			{ parallel_tool_calls: undefined, tool_choice: 'auto' },
			['dropped parallel_tool_calls'],
		],
		['GLM with a choice it takes', 'glm/glm-5.2', anyTool, { tool_choice: 'auto' }, ['approximated tool_choice']],
	])('%s', async (_, model, asked, sent, warned) => {
		const got = await messages(model, asked);
		expect(got.body).toMatchObject(Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)));
		for (const [field, value] of Object.entries(sent)) if (value === undefined) expect(got.body, field).not.toHaveProperty(field);
		expect({ status: got.status, warned: got.warned }).toEqual({ status: 200, warned });
	});
});
