import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { describe, expect, it } from 'vitest';
import { stage, WEATHER_SCHEMA } from './support.ts';
import { collect, hasRecordings, inventions, omissions, recordings, type Types } from './wire.ts';

const scene = stage({
	vendors: [
		{ name: 'bedrock', kind: 'bedrock' },
		{ name: 'cohere', kind: 'cohere' },
		{ name: 'ollama', kind: 'ollama' },
		{ name: 'azure', kind: 'azure' },
		{ name: 'mistral', kind: 'openai', flavor: 'mistral' },
		{ name: 'deepseek', kind: 'openai', flavor: 'deepseek' },
		{ name: 'groq', kind: 'openai', flavor: 'groq' },
		{ name: 'xai', kind: 'openai', flavor: 'xai' },
	],
});

/** One simulated answer to compare with the recorded ones. */
interface Sample {
	path: string;
	body: object;
}

interface Case {
	vendor: string;
	api: string;
	folder?: string;
	samples: Sample[];
	/** Below these paths the content is the client's own. */
	opaque: string[];
	/** What the paths of the recordings to compare with begin with. */
	only?: string;
	/** What the recordings happen not to show. */
	known?: string[];
}

const said = (content: string) => [{ role: 'user', content }];
const converse = (text: string, more: object = {}) => ({ messages: [{ role: 'user', content: [{ text }] }], ...more });
const CLAUDE = '/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0';
const tools = [{ type: 'function', function: { name: 'get_weather', parameters: WEATHER_SCHEMA } }];
const toolConfig = { tools: [{ toolSpec: { name: 'get_weather', inputSchema: { json: WEATHER_SCHEMA } } }] };
const thinking = { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } } };
const guardrailConfig = { guardrailIdentifier: 'abc', guardrailVersion: 'DRAFT', trace: 'enabled' };
const WEATHER = 'What is the weather in Paris?';

function chats(path: string, model: string): Sample[] {
	return [
		{ path, body: { model, messages: said('Hello') } },
		{ path, body: { model, messages: said(WEATHER), tools } },
	];
}

const CASES: Case[] = [
	{
		vendor: 'bedrock',
		api: 'converse',
		samples: [
			{ path: `${CLAUDE}/converse`, body: converse('Hello', thinking) },
			{ path: `${CLAUDE}/converse`, body: converse(WEATHER, { toolConfig }) },
			{ path: '/model/amazon.nova-lite-v1%3A0/converse', body: converse('Hello', { guardrailConfig }) },
		],
		opaque: ['output.message.content[].toolUse.input', 'trace.guardrail'],
	},
	{
		vendor: 'cohere',
		api: 'cohere-chat',
		only: '/v2/',
		samples: [...chats('/v2/chat', 'command-a-03-2025'), ...chats('/v2/chat', 'command-a-reasoning-08-2025')],
		opaque: [],
	},
	{
		vendor: 'ollama',
		api: 'ollama-chat',
		samples: chats('/api/chat', 'qwen3').map(({ path, body }) => ({ path, body: { ...body, stream: false } })),
		opaque: ['message.tool_calls[].function.arguments'],
	},
	{
		vendor: 'azure',
		folder: 'azure-openai',
		api: 'chat-completions',
		samples: ['gpt-4o', 'gpt-5-mini']
			.flatMap((model) => chats('/openai/v1/chat/completions', model))
			.map(({ path, body }) => ({ path, body })),
		opaque: [],
	},
	{
		vendor: 'mistral',
		api: 'chat-completions',
		samples: [
			...chats('/chat/completions', 'mistral-large-latest'),
			{ path: '/chat/completions', body: { model: 'mistral-small-latest', messages: said('Hello'), reasoning_effort: 'high' } },
		],
		opaque: [],
	},
	{ vendor: 'deepseek', api: 'chat-completions', samples: chats('/chat/completions', 'deepseek-v4-flash'), opaque: [] },
	{ vendor: 'groq', api: 'chat-completions', samples: chats('/chat/completions', 'openai/gpt-oss-120b'), opaque: [] },
	{ vendor: 'xai', api: 'chat-completions', samples: chats('/chat/completions', 'grok-4.6'), opaque: [] },
];

describe.skipIf(!hasRecordings)('simulated answers beside recorded ones (skipped where ../shared/wire is not there)', () => {
	it.each(CASES)(
		'$vendor $api: nothing that the vendor never sent, all that it always sends',
		async ({ vendor, folder, api, samples, opaque, only, known = [] }) => {
			const recorded = recordings(folder ?? vendor, api)
				.filter(
					({ response, request }) =>
						response.status === 200 &&
						typeof response.body === 'object' &&
						(only === undefined || request?.path.startsWith(only) !== false),
				)
				.map(({ response }) => response.body);
			const real: Types = new Map();
			for (const value of recorded) collect(value, real, opaque);
			const simulated: Types = new Map();
			for (const { path, body } of samples) {
				const headers: { [name: string]: string } = vendor === 'azure' ? { 'api-key': scene.vendor('azure').apiKey } : {};
				const response = await scene.post(vendor, path, body, headers);
				expect(response.status).toBe(200);
				collect(await response.json(), simulated, opaque);
			}
			expect(recorded.length).toBeGreaterThan(1);
			expect(inventions(simulated, real).filter((path) => !known.includes(path))).toEqual([]);
			expect(omissions(simulated, recorded, opaque)).toEqual([]);
		},
	);

	it("Bedrock's streams hold no event and no key that the vendor's do not", async () => {
		const folder = fileURLToPath(new URL('../../../shared/wire/bedrock/', import.meta.url));
		const real: Types = new Map();
		for (const name of readdirSync(folder).filter((file) => file.startsWith('bedrock-converse-stream'))) {
			const { body_base64: bytes } = (JSON.parse(readFileSync(folder + name, 'utf8')) as { response: { body_base64?: string } })
				.response;
			for (const event of messages(Buffer.from(bytes ?? '', 'base64'))) collect(event, real, OPAQUE);
		}
		const simulated: Types = new Map();
		for (const body of [converse('Hello', thinking), converse(WEATHER, { toolConfig }), converse('Hello', { guardrailConfig })]) {
			const response = await scene.post('bedrock', `${CLAUDE}/converse-stream`, body);
			expect(response.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
			for (const event of messages(Buffer.from(await response.arrayBuffer()))) collect(event, simulated, OPAQUE);
		}
		expect(inventions(simulated, real)).toEqual([]);
	});
});

/** A guardrail's assessments have keys of their own. */
const OPAQUE = ['metadata.trace.guardrail'];
const codec = new EventStreamCodec(
	(bytes) => Buffer.from(bytes).toString('utf8'),
	(text) => Buffer.from(text),
);

/** The messages of a binary stream, each under its type, read by Amazon's own code, which checks the sums. */
function messages(bytes: Buffer): object[] {
	const found: object[] = [];
	for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
		const { headers, body } = codec.decode(bytes.subarray(at, at + bytes.readUInt32BE(at)));
		found.push({ [String(headers[':event-type']?.value)]: JSON.parse(Buffer.from(body).toString('utf8')) });
	}
	return found;
}
