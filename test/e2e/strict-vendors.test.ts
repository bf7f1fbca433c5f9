import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulators, startSimulators } from '../../src/simulators/index.ts';
import { type Gateway, post, startGateway } from '../support/gateway.ts';

/** Simulated vendors that refuse what the real ones refuse, asked by clients that know nothing of them. */
const FLAVORS = ['mistral', 'deepseek', 'groq', 'xai'] as const;

/** A model of each that reasons, and one that does not where there is one. */
const MODELS: readonly string[] = [
	'mistral/mistral-medium-latest',
	'mistral/magistral-medium-latest',
	'mistral/mistral-large-latest',
	'deepseek/deepseek-v4-pro',
	'groq/openai/gpt-oss-120b',
	'xai/grok-4.7',
	'xai/grok-4.20-0309-non-reasoning',
];

let simulators: Simulators;
let gateway: Gateway;

beforeAll(async () => {
	simulators = await startSimulators({ vendors: FLAVORS.map((flavor) => ({ name: flavor, kind: 'openai', flavor })) });
	const providers = simulators.vendors.map(({ name, baseUrl, apiKey }) => ({
		name,
		type: name,
		base_url: baseUrl,
		api_key: apiKey,
	}));
	gateway = await startGateway({ config: { providers } });
});
afterAll(async () => {
	await gateway.close();
	await simulators.close();
});

async function accepted(path: string, body: object): Promise<void> {
	const response = await post(gateway, path, body);
	const text = await response.text();
	expect({ status: response.status, text: response.status === 200 ? '' : text }).toEqual({ status: 200, text: '' });
}

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const tools = [{ type: 'function', function: { name: 'weather', description: 'Weather', strict: true, parameters: schema } }];
const call = {
	id: 'call_0123456789abcdefABCDEF',
	type: 'function',
	function: { name: 'weather', arguments: '{"city":"Paris"}' },
};

/** Turns of a chat that other vendors' models had a part in. */
const history = [
	{ role: 'developer', content: 'Be brief.' },
	{ role: 'user', content: 'Weather in Paris?', name: 'ann' },
	{ role: 'assistant', content: null, tool_calls: [call], reasoning_content: 'Look it up.', refusal: null, annotations: [] },
	{ role: 'tool', tool_call_id: call.id, content: 'Sunny' },
	{
		role: 'assistant',
		content: 'Sunny.',
		reasoning: 'Said so.',
		reasoning_details: [{ type: 'reasoning.text', text: 'Said so.' }],
	},
	{ role: 'user', content: 'And in Rome?' },
];

const CHAT: readonly (readonly [name: string, body: object])[] = [
	[
		'everything a client may set',
		{
			messages: history,
			tools,
			tool_choice: 'auto',
			max_completion_tokens: 200,
			seed: 3,
			user: 'u',
			store: false,
			metadata: { a: 'b' },
			n: 1,
			logprobs: true,
			top_logprobs: 2,
			logit_bias: { 50: 1 },
			stop: ['###'],
			presence_penalty: 0.2,
			frequency_penalty: 0.1,
			parallel_tool_calls: true,
			service_tier: 'auto',
			reasoning_effort: 'high',
			prompt_cache_key: 'k',
		},
	],
	['a forced call', { messages: [{ role: 'user', content: 'Weather in Paris?' }], tools, tool_choice: 'required' }],
	[
		'a call forced by name',
		{
			messages: [{ role: 'user', content: 'Weather in Paris?' }],
			tools,
			tool_choice: { type: 'function', function: { name: 'weather' } },
		},
	],
	['no call', { messages: [{ role: 'user', content: 'Weather in Paris?' }], tools, tool_choice: 'none' }],
	[
		'JSON by a schema',
		{
			messages: [{ role: 'user', content: 'Where?' }],
			response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true, schema } },
		},
	],
	['JSON', { messages: [{ role: 'user', content: 'Where?' }], response_format: { type: 'json_object' } }],
	['reasoning switched off', { messages: [{ role: 'user', content: 'Hi' }], reasoning_effort: 'none' }],
	[
		'a result and then a new word of the user',
		{ messages: [...history.slice(1, 4), { role: 'user', content: 'Thanks.' }], tools },
	],
	[
		'an instruction in the midst',
		{ messages: [...history.slice(0, 5), { role: 'system', content: 'Be kind.' }, { role: 'user', content: 'Go on' }] },
	],
	[
		'a turn to go on from',
		{
			messages: [
				{ role: 'user', content: 'Count.' },
				{ role: 'assistant', content: '1, 2,' },
			],
		},
	],
];

const MESSAGES: readonly (readonly [name: string, body: object])[] = [
	[
		'results and words in one turn',
		{
			system: 'Be brief.',
			tools: [{ name: 'weather', input_schema: schema }],
			messages: [
				{ role: 'user', content: 'Weather in Paris?' },
				{
					role: 'assistant',
					content: [
						{ type: 'thinking', thinking: 'Look.', signature: 'c2ln' },
						{ type: 'tool_use', id: 'toolu_01A', name: 'weather', input: { city: 'Paris' } },
					],
				},
				{
					role: 'user',
					content: [
						{ type: 'tool_result', tool_use_id: 'toolu_01A', content: 'Sunny' },
						{ type: 'text', text: 'And Rome?' },
					],
				},
			],
		},
	],
	['thinking on', { thinking: { type: 'enabled', budget_tokens: 1024 }, messages: [{ role: 'user', content: 'Hi' }] }],
	['thinking off', { thinking: { type: 'disabled' }, messages: [{ role: 'user', content: 'Hi' }] }],
	[
		'a forced call',
		{
			tools: [{ name: 'weather', input_schema: schema }],
			tool_choice: { type: 'any' },
			messages: [{ role: 'user', content: 'Weather?' }],
		},
	],
	[
		'a beginning of the answer',
		{
			messages: [
				{ role: 'user', content: 'Count.' },
				{ role: 'assistant', content: '1, 2,' },
			],
		},
	],
];

describe.each(MODELS)('%s takes', (model) => {
	it.each(CHAT)('%s from a chat client', (_, body) => accepted('/v1/chat/completions', { model, ...body }));
	it.each(CHAT)('%s from a chat client, as a stream', (_, body) =>
		accepted('/v1/chat/completions', { model, stream: true, ...body }),
	);
	it.each(MESSAGES)('%s from a Messages client', (_, body) => accepted('/v1/messages', { model, max_tokens: 2000, ...body }));
});

describe('a vendor whose answers clients of its dialect cannot read', () => {
	const ask = async (body: object): Promise<string> => {
		const answer = await post(gateway, '/v1/chat/completions', { stream: true, ...body });
		expect(answer.status).toBe(200);
		const record = await gateway.record(answer.headers.get('x-relais-request-id') ?? '');
		expect(record.attempts[0]?.lane).toBe('canonical');
		return answer.text();
	};
	const user = (content: string) => [{ role: 'user', content }];

	it('has them told in the usual form: calls with an index, reasoning beside a text', async () => {
		const called = await ask({ model: 'mistral/mistral-large-latest', tools, messages: user('Weather in Paris?') });
		expect(called).toMatch(/"tool_calls":\[\{[^\]]*"index":0/);
		const thought = await ask({ model: 'mistral/mistral-medium-latest', reasoning_effort: 'high', messages: user('Hi') });
		expect(thought).toContain('"reasoning_content"');
		expect(thought).not.toContain('"type":"thinking"');
	});

	it('has an error amid a stream told as one', async () => {
		const broken = await ask({ model: 'mistral/mistral-large-latest#error-event', messages: user('Hi') });
		expect(broken).toMatch(/data: \{"error":\{/);
	});
});
