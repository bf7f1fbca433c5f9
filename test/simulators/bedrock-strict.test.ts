import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, it } from 'vitest';
import { canonicalRequest, signatureFault } from '../../src/simulators/bedrock/sigv4.ts';
import { bedrockClient, stage } from './support.ts';

const scene = stage({ vendors: [{ name: 'sim-bedrock', kind: 'bedrock' }] });
const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const NOVA = 'amazon.nova-pro-v1:0';
const hello = [{ role: 'user', content: [{ text: 'Hello' }] }];

function converse(body: object, model = CLAUDE): Promise<Response> {
	return scene.post('sim-bedrock', `/model/${encodeURIComponent(model)}/converse`, body);
}

async function fault(body: object, model?: string): Promise<string> {
	const response = await converse(body, model);
	expect(response.status).toBeGreaterThanOrEqual(400);
	const error = (await response.json()) as { message: string };
	expect(Object.keys(error)).toEqual(['message']);
	return error.message;
}

/** A conversation in which a tool was called and answered. */
function called(use: object, result: object[], more: object = {}): object {
	return {
		messages: [...hello, { role: 'assistant', content: [{ toolUse: use }] }, { role: 'user', content: result }],
		toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object' } } } }] },
		...more,
	};
}

describe('who may call the simulated Bedrock', () => {
	const client = (more: object) => bedrockClient(scene.vendor('sim-bedrock'), more);
	const ask = new ConverseCommand({ modelId: CLAUDE, messages: [{ role: 'user', content: [{ text: 'Hello' }] }] });
	const keys = () => scene.vendor('sim-bedrock').keys ?? { accessKeyId: '', secretAccessKey: '' };

	it('a request with the right signature, or with the bearer key', async () => {
		await expect(client({}).send(ask)).resolves.toBeDefined();
		const token = { token: scene.vendor('sim-bedrock').apiKey };
		const bearer = { token, authSchemePreference: ['httpBearerAuth'], credentials: undefined };
		await expect(client(bearer).send(ask)).resolves.toBeDefined();
	});

	it('no request signed with another secret: 403, the name in a header, the text alone in the body', async () => {
		const error = await client({ credentials: { ...keys(), secretAccessKey: 'other' } })
			.send(ask)
			.catch((reason: unknown) => reason);
		expect(error).toMatchObject({ name: 'InvalidSignatureException', $metadata: { httpStatusCode: 403 } });
		const raw = await fetch(`${scene.vendor('sim-bedrock').baseUrl}/foundation-models`);
		expect(raw.status).toBe(403);
		expect(raw.headers.get('x-amzn-errortype')).toBe(
			'MissingAuthenticationTokenException:http://internal.amazon.com/coral/com.amazon.coral.service/',
		);
		expect(await raw.json()).toEqual({ message: 'Missing Authentication Token' });
	});

	it('no unknown key, no stray session token, no wrong bearer key', async () => {
		const unknown = client({ credentials: { ...keys(), accessKeyId: 'AKIAOTHER' } });
		await expect(unknown.send(ask)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
		const temporary = client({ credentials: { ...keys(), sessionToken: 'stray' } });
		await expect(temporary.send(ask)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
		const path = `/model/${encodeURIComponent(CLAUDE)}/converse`;
		const wrong = await scene.post('sim-bedrock', path, { messages: hello }, { authorization: 'Bearer wrong' });
		expect(wrong.status).toBe(403);
	});

	it('no request that is older than five minutes', async () => {
		const late = client({ systemClockOffset: -6 * 60_000 });
		await expect(late.send(ask)).rejects.toThrow(
			/^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/,
		);
	});

	it('no request whose body was changed on its way', () => {
		const request = (body: string) => ({
			method: 'POST',
			url: '/',
			headers: {
				host: 'example.com',
				'x-amz-date': '20250130T064508Z',
				authorization: `AWS4-HMAC-SHA256 Credential=A/20250130/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
			},
			body: Buffer.from(body),
		});
		const at = Date.UTC(2025, 0, 30, 6, 45, 8);
		const refused = signatureFault(request('{}'), { accessKeyId: 'A', secretAccessKey: 'S' }, 'bedrock', at);
		expect(refused?.name).toBe('InvalidSignatureException');
		const other = signatureFault(request('{}'), { accessKeyId: 'A', secretAccessKey: 'S' }, 's3', at);
		expect(other?.message).toContain("correct service: 's3'");
	});

	it('signs the path encoded twice, and the query in order', () => {
		const request = {
			method: 'GET',
			url: '/model/a%3A0/converse?b=2&a=x%20y',
			headers: { host: ' h  h ' },
			body: Buffer.alloc(0),
		};
		expect(canonicalRequest(request, ['host'], 'hash').split('\n')).toEqual([
			'GET',
			'/model/a%253A0/converse',
			'a=x%20y&b=2',
			'host:h h',
			'',
			'host',
			'hash',
		]);
	});
});

describe('what the simulated Bedrock refuses', () => {
	const use = { toolUseId: 't1', name: 'f', input: {} };
	const result = (toolUseId: string) => ({ toolResult: { toolUseId, content: [{ text: '1' }] } });

	it.each([
		[
			'an unknown field',
			{ messages: hello, temperature: 1 },
			'Malformed input request: #: extraneous key [temperature] is not permitted, please reformat your input and try again.',
		],
		[
			'an unknown field within',
			{ messages: [{ ...hello[0], name: 'x' }] },
			'Malformed input request: #/messages/0: extraneous key [name] is not permitted, please reformat your input and try again.',
		],
		[
			'a role it does not know',
			{ messages: [{ role: 'system', content: [] }] },
			"1 validation error detected: Value 'system' at 'messages.1.member.role' failed to satisfy constraint: Member must satisfy enum value set: [user, assistant]",
		],
		[
			'a block of two kinds',
			{ messages: [{ role: 'user', content: [{ text: 'a', cachePoint: { type: 'default' } }] }] },
			/^The messages\.1\.member\.content\.1\.member field must set exactly one of the members/,
		],
		['no message', { messages: [] }, /^The messages field must contain at least one message/],
		[
			'a conversation that the assistant begins',
			{ messages: [{ role: 'assistant', content: [{ text: 'a' }] }] },
			'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
		],
		[
			'two turns of one side',
			{ messages: [...hello, ...hello] },
			/^A conversation must alternate between user and assistant roles\./,
		],
		[
			'an empty text',
			{ messages: [{ role: 'user', content: [{ text: ' ' }] }] },
			'The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, and try again.',
		],
		[
			'an empty message',
			{ messages: [{ role: 'user', content: [] }] },
			/^The content field in the Message object at messages\.0 is empty\./,
		],
		[
			'an id with other characters',
			called({ ...use, toolUseId: 'call.1' }, [result('call.1')]),
			/'call\.1' at 'messages\.2\.member\.content\.1\.member\.toolUse\.toolUseId' .* pattern: \[a-zA-Z0-9_-\]\+$/,
		],
		[
			'an id of more than 64 characters',
			called({ ...use, toolUseId: 'a'.repeat(65) }, [result('a')]),
			/Member must have length less than or equal to 64$/,
		],
		[
			'a call without its result',
			called(use, [{ text: 'And?' }]),
			'Expected toolResult blocks at messages.2.content for the following Ids: t1',
		],
		[
			'a result of no call',
			called(use, [result('t1'), result('t2')]),
			'The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks of previous turn.',
		],
		[
			'one result twice',
			called(use, [result('t1'), result('t1')]),
			'The toolResult blocks at messages.2.content contain duplicate Ids: t1, t1',
		],
		[
			'calls in the history without toolConfig',
			called(use, [result('t1')], { toolConfig: undefined }),
			'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
		],
		[
			'a temperature above 1',
			{ messages: hello, inferenceConfig: { temperature: 1.5 } },
			"1 validation error detected: Value '1.5' at 'inferenceConfig.temperature' failed to satisfy constraint: Member must have value less than or equal to 1",
		],
		[
			'fields that Claude does not know',
			{ messages: hello, additionalModelRequestFields: { foo: 1 } },
			'The model returned the following errors: foo: Extra inputs are not permitted',
		],
		[
			'thinking without a signature',
			{
				messages: [
					...hello,
					{ role: 'assistant', content: [{ reasoningContent: { reasoningText: { text: 'a' } } }, { text: 'b' }] },
					...hello,
				],
			},
			'The model returned the following errors: messages.1.content.0.thinking.signature: Field required',
		],
		[
			'reasoning of the user',
			{ messages: [{ role: 'user', content: [{ reasoningContent: { reasoningText: { text: 'a' } } }] }] },
			'User messages cannot contain reasoning content. Please remove the reasoning content and try again.',
		],
		[
			'a document with a bad name',
			{
				messages: [
					{ role: 'user', content: [{ text: 'a' }, { document: { name: 'a_b.pdf', format: 'txt', source: { bytes: 'YQ==' } } }] },
				],
			},
			/^The document file name can only contain alphanumeric characters/,
		],
		[
			'a document without a text',
			{ messages: [{ role: 'user', content: [{ document: { name: 'a', format: 'txt', source: { bytes: 'YQ==' } } }] }] },
			/^A text block must be included/,
		],
	])('%s', async (_what, body, message) => {
		expect(await fault(body)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
	});

	it.each([
		['an unknown model', 'nobody.model-v1:0', { messages: hello }, 'The provided model identifier is invalid.'],
		[
			'a model that needs a profile by its own id',
			'anthropic.claude-sonnet-4-5-20250929-v1:0',
			{ messages: hello },
			/^Invocation of model ID anthropic\.claude-sonnet-4-5-20250929-v1:0 with on-demand throughput isn’t supported\./,
		],
		['a model of vectors', 'cohere.embed-v4:0', { messages: hello }, /doesn't support the model/],
		[
			'instructions where the model takes none',
			'amazon.titan-text-express-v1',
			{ messages: hello, system: [{ text: 'a' }] },
			/^This model doesn't support system messages\./,
		],
		[
			'a signature where the model makes none',
			'openai.gpt-oss-20b-1:0',
			{
				messages: [
					...hello,
					{ role: 'assistant', content: [{ reasoningContent: { reasoningText: { text: 'a', signature: 'b' } } }] },
					...hello,
				],
			},
			/^This model doesn't support the reasoningContent\.reasoningText\.signature field\./,
		],
		[
			'cache points where the model knows none',
			'meta.llama3-1-8b-instruct-v1:0',
			{ messages: [{ role: 'user', content: [{ text: 'a' }, { cachePoint: { type: 'default' } }] }] },
			/^You invoked an unsupported model or your request did not allow prompt caching\./,
		],
		[
			'more tokens than the model writes',
			NOVA,
			{ messages: hello, inferenceConfig: { maxTokens: 100_000 } },
			/^The maximum tokens you requested exceeds the model limit of 8192\./,
		],
		[
			'a prompt that is too long',
			'sim.small-v1:0',
			{ messages: [{ role: 'user', content: [{ text: 'a '.repeat(3000) }] }] },
			'Input is too long for requested model.',
		],
	])('%s', async (_what, model, body, message) => {
		expect(await fault(body, model)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
	});
});

describe('lists of the simulated Bedrock', () => {
	it('names models and profiles', async () => {
		const { baseUrl, apiKey } = scene.vendor('sim-bedrock');
		const get = async (path: string) =>
			(await fetch(`${baseUrl}${path}`, { headers: { authorization: `Bearer ${apiKey}` } })).json();
		const { modelSummaries } = (await get('/foundation-models?byOutputModality=EMBEDDING')) as {
			modelSummaries: { modelId: string }[];
		};
		expect(modelSummaries.map((model) => model.modelId)).toContain('amazon.titan-embed-text-v2:0');
		const first = (await get('/inference-profiles?maxResults=5')) as { inferenceProfileSummaries: object[]; nextToken: string };
		expect(first.inferenceProfileSummaries).toHaveLength(5);
		expect(await get(`/inference-profiles?nextToken=${first.nextToken}`)).toHaveProperty('inferenceProfileSummaries');
	});
});
