import {
	type ContentBlock,
	ConverseCommand,
	type ConverseCommandInput,
	ConverseStreamCommand,
	type ConverseStreamOutput,
	CountTokensCommand,
	InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, it } from 'vitest';
import { bedrockClient, PNG, stage, WEATHER_SCHEMA } from './support.ts';

const scene = stage({ vendors: [{ name: 'sim-bedrock', kind: 'bedrock' }] });
const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const client = () => bedrockClient(scene.vendor('sim-bedrock'));
const said = (text: string): ConverseCommandInput['messages'] => [{ role: 'user', content: [{ text }] }];
const toolConfig: ConverseCommandInput['toolConfig'] = {
	tools: [{ toolSpec: { name: 'get_weather', inputSchema: { json: WEATHER_SCHEMA } } }],
};

async function collect(stream: AsyncIterable<ConverseStreamOutput> | undefined): Promise<ConverseStreamOutput[]> {
	const events: ConverseStreamOutput[] = [];
	for await (const event of stream ?? []) events.push(event);
	return events;
}

describe("Amazon's client at the simulated Bedrock", () => {
	it('gets a text and its usage', async () => {
		const answer = await client().send(
			new ConverseCommand({ modelId: 'amazon.nova-lite-v1:0', messages: said('Hello'), system: [{ text: 'Be brief.' }] }),
		);
		expect(answer.output?.message?.content?.[0]?.text).toBe(
			'Simulated answer from sim-bedrock (model amazon.nova-lite-v1:0): you said «Hello». My instructions: «Be brief.».',
		);
		expect(answer.stopReason).toBe('end_turn');
		const { inputTokens = 0, outputTokens = 0, totalTokens } = answer.usage ?? {};
		expect(inputTokens).toBeGreaterThan(0);
		expect(totalTokens).toBe(inputTokens + outputTokens);
	});

	it('streams the text that it would have got in one piece', async () => {
		const input = { modelId: CLAUDE, messages: said('Grüße 😀 你好') };
		const whole = await client().send(new ConverseCommand(input));
		const { stream } = await client().send(new ConverseStreamCommand(input));
		const events = await collect(stream);
		expect(events.map((event) => event.contentBlockDelta?.delta?.text ?? '').join('')).toBe(
			whole.output?.message?.content?.[0]?.text,
		);
		expect(events[0]?.messageStart?.role).toBe('assistant');
		expect(events.at(-2)?.messageStop?.stopReason).toBe('end_turn');
		expect(events.at(-1)?.metadata?.usage).toEqual({ ...whole.usage, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 });
	});

	it('calls tools in parallel, streamed or not, and quotes the results', async () => {
		const question = said('What is the weather in Paris and Rome?') ?? [];
		const answer = await client().send(new ConverseCommand({ modelId: CLAUDE, messages: question, toolConfig }));
		const content = answer.output?.message?.content ?? [];
		expect(answer.stopReason).toBe('tool_use');
		expect(content.map((block) => block.toolUse?.input)).toEqual([
			{ city: 'Paris', unit: 'celsius' },
			{ city: 'Rome', unit: 'celsius' },
		]);
		const { stream } = await client().send(new ConverseStreamCommand({ modelId: CLAUDE, messages: question, toolConfig }));
		const events = await collect(stream);
		const starts = events.flatMap((event) => event.contentBlockStart?.start?.toolUse ?? []);
		expect(starts.map((start) => start.name)).toEqual(['get_weather', 'get_weather']);
		const inputs = [0, 1].map((index) =>
			events
				.filter((event) => event.contentBlockDelta?.contentBlockIndex === index)
				.map((event) => event.contentBlockDelta?.delta?.toolUse?.input ?? '')
				.join(''),
		);
		expect(inputs.map((text) => JSON.parse(text).city)).toEqual(['Paris', 'Rome']);
		const results = content.map((block, index) => ({
			toolResult: { toolUseId: block.toolUse?.toolUseId ?? '', content: [{ text: `${index + 20} degrees` }] },
		}));
		const messages = [...question, { role: 'assistant' as const, content }, { role: 'user' as const, content: results }];
		const last = await client().send(new ConverseCommand({ modelId: CLAUDE, messages, toolConfig }));
		expect(last.output?.message?.content?.[0]?.text).toContain('get_weather returned «21 degrees»');
	});

	it('thinks with a signature, takes its thinking back, and refuses it changed', async () => {
		const thinking = { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } } };
		const question = said('Hello') ?? [];
		const answer = await client().send(new ConverseCommand({ modelId: CLAUDE, messages: question, ...thinking }));
		const content = answer.output?.message?.content ?? [];
		const [first] = content;
		expect(first?.reasoningContent?.reasoningText?.signature).toMatch(/^.{100,}$/);
		const back = (blocks: ContentBlock[]) =>
			client().send(
				new ConverseCommand({
					modelId: CLAUDE,
					messages: [...question, { role: 'assistant', content: blocks }, ...(said('And now?') ?? [])],
					...thinking,
				}),
			);
		await expect(back(content)).resolves.toMatchObject({ stopReason: 'end_turn' });
		const signature = first?.reasoningContent?.reasoningText?.signature ?? '';
		const forged: ContentBlock = { reasoningContent: { reasoningText: { text: 'Something else.', signature } } };
		await expect(back([forged, ...content.slice(1)])).rejects.toMatchObject({
			name: 'ValidationException',
			message: 'The model returned the following errors: messages.1.content.0: Invalid `signature` in `thinking` block',
		});
		const { stream } = await client().send(new ConverseStreamCommand({ modelId: CLAUDE, messages: question, ...thinking }));
		const events = await collect(stream);
		const deltas = events.flatMap((event) => event.contentBlockDelta?.delta?.reasoningContent ?? []);
		expect(deltas.map((delta) => delta.text ?? '').join('')).toBe(first?.reasoningContent?.reasoningText?.text);
		expect(deltas.at(-1)?.signature).toBe(signature);
	});

	it('hides thinking on demand, in bytes that come back as they were', async () => {
		const thinking = { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } } };
		const question = said('simulate redacted thinking') ?? [];
		const answer = await client().send(new ConverseCommand({ modelId: CLAUDE, messages: question, ...thinking }));
		const content = answer.output?.message?.content ?? [];
		expect(content[0]?.reasoningContent?.redactedContent).toBeInstanceOf(Uint8Array);
		const messages = [...question, { role: 'assistant' as const, content }, ...(said('And now?') ?? [])];
		await expect(client().send(new ConverseCommand({ modelId: CLAUDE, messages, ...thinking }))).resolves.toBeDefined();
	});

	it('follows a schema, sees images, counts tokens', async () => {
		const schema = { name: 'city', schema: JSON.stringify(WEATHER_SCHEMA) };
		const answer = await client().send(
			new ConverseCommand({
				modelId: CLAUDE,
				messages: [
					{
						role: 'user',
						content: [{ text: 'Where is this?' }, { image: { format: 'png', source: { bytes: Buffer.from(PNG, 'base64') } } }],
					},
				],
				outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: schema } } },
			}),
		);
		expect(JSON.parse(answer.output?.message?.content?.[0]?.text ?? '')).toHaveProperty('unit', 'celsius');
		const seen = await client().send(
			new ConverseCommand({
				modelId: 'amazon.nova-lite-v1:0',
				messages: [
					{
						role: 'user',
						content: [{ text: 'Look' }, { image: { format: 'png', source: { bytes: Buffer.from(PNG, 'base64') } } }],
					},
				],
			}),
		);
		expect(seen.output?.message?.content?.[0]?.text).toContain('1 image: image/png 3x2 px');
		const counted = await client().send(
			new CountTokensCommand({ modelId: CLAUDE, input: { converse: { messages: said('Hello') } } }),
		);
		expect(counted.inputTokens).toBe(5);
	});

	it('reports what a cache point wrote and a later request read', async () => {
		const messages = [
			{
				role: 'user' as const,
				content: [{ text: 'word '.repeat(2000) }, { cachePoint: { type: 'default' as const } }, { text: 'Hello' }],
			},
		];
		const ask = () => client().send(new ConverseCommand({ modelId: CLAUDE, messages }));
		const [first, second] = [await ask(), await ask()];
		expect(first.usage).toMatchObject({
			cacheReadInputTokens: 0,
			cacheWriteInputTokens: 2503,
			cacheDetails: [{ inputTokens: 2503, ttl: '5m' }],
		});
		expect(second.usage).toMatchObject({
			cacheReadInputTokens: 2503,
			cacheWriteInputTokens: 0,
			totalTokens: first.usage?.totalTokens,
		});
	});

	it('shows what a guardrail did, and lets it intervene', async () => {
		const guardrailConfig = { guardrailIdentifier: 'abc123', guardrailVersion: 'DRAFT', trace: 'enabled' as const };
		const ask = (text: string) =>
			client().send(new ConverseCommand({ modelId: 'amazon.nova-pro-v1:0', messages: said(text), guardrailConfig }));
		const passed = await ask('Hello');
		expect(passed.trace?.guardrail?.inputAssessment).toHaveProperty('abc123');
		const blocked = await ask('simulate a content filter');
		expect(blocked.stopReason).toBe('guardrail_intervened');
		expect(blocked.output?.message?.content?.[0]?.text).toBe('Sorry, the model cannot answer this question.');
	});

	it.each([
		['amazon.titan-embed-text-v2:0', { inputText: 'Hello', dimensions: 256 }, (body: { embedding: number[] }) => body.embedding],
		[
			'cohere.embed-english-v3',
			{ texts: ['Hello'], input_type: 'search_query' },
			(body: { embeddings: number[][] }) => body.embeddings[0],
		],
		[
			'cohere.embed-v4:0',
			{ texts: ['Hello'], input_type: 'search_query', output_dimension: 256 },
			(body: { embeddings: { float: number[][] } }) => body.embeddings.float[0],
		],
	])('makes vectors with %s', async (modelId, body, vectorOf: (body: never) => number[] | undefined) => {
		const answer = await client().send(new InvokeModelCommand({ modelId, body: JSON.stringify(body) }));
		const vector = vectorOf(JSON.parse(Buffer.from(answer.body).toString('utf8')) as never) ?? [];
		expect([256, 1024]).toContain(vector.length);
		expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
	});

	it.each(['throttlingException', 'modelStreamErrorException', 'internalServerException'])(
		'meets a %s inside the stream',
		async (error) => {
			scene.simulators.addFault({ controls: { fault: 'error-event', error } });
			const { stream } = await client().send(new ConverseStreamCommand({ modelId: CLAUDE, messages: said('Hello') }));
			const name = `${error[0]?.toUpperCase()}${error.slice(1)}`;
			await expect(collect(stream)).rejects.toMatchObject({ name });
		},
	);

	it('notices a message whose checksum is wrong, and a stream cut off', async () => {
		for (const fault of ['malformed', 'cut']) {
			scene.simulators.addFault({ controls: { fault, times: 1 } });
			const { stream } = await client().send(new ConverseStreamCommand({ modelId: CLAUDE, messages: said('Hello') }));
			await expect(collect(stream)).rejects.toThrow();
		}
	});

	it.each([
		['429', 'ThrottlingException'],
		['503', 'ServiceUnavailableException'],
		['500', 'InternalServerException'],
		['403', 'AccessDeniedException'],
		['quota', 'ThrottlingException'],
	])('meets fault %s as %s', async (fault, name) => {
		scene.simulators.addFault({ controls: { fault } });
		await expect(client().send(new ConverseCommand({ modelId: CLAUDE, messages: said('Hello') }))).rejects.toMatchObject({
			name,
		});
	});
});
