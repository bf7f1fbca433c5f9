import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { awsEventMessage } from '../../src/lib/aws-event-stream.ts';
import { type Simulators, startSimulators } from '../../src/simulators/index.ts';
import type { JsonObject } from '../../src/spec/index.ts';
import { checkProvider, createTestHost } from '../../src/testing/index.ts';
import { expectedSignature, statedSignature } from '../support/aws/verify.ts';
import { type Gateway, post, startGateway } from '../support/gateway.ts';
import { shipped } from '../support/providers.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const messages = [{ role: 'user', content: 'hi' }];

let gateway: Gateway | undefined;
let upstream: Upstream | undefined;

afterEach(async () => {
	await gateway?.close();
	await upstream?.close();
});

type Answer = Parameters<typeof startUpstream>[0];

async function setUp(answer: Answer, entry: object = {}): Promise<{ gateway: Gateway; upstream: Upstream }> {
	upstream = await startUpstream(answer);
	const keys = { api_key: 'AKIAIOSFODNN7EXAMPLE', options: { secret: SECRET, session: 'session-token', region: 'us-west-2' } };
	const provider = {
		name: 'aws',
		type: 'aws-bedrock',
		base_url: upstream.baseUrl.replace('/v1', ''),
		models: [MODEL],
		...keys,
		...entry,
	};
	gateway = await startGateway({ config: { providers: [provider], routing: { retries: 0 } } });
	return { gateway, upstream };
}

const WHOLE = {
	output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
	stopReason: 'end_turn',
	usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
	metrics: { latencyMs: 1 },
};
const STREAM: [string, object][] = [
	['messageStart', { role: 'assistant', p: 'abc' }],
	['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hé' } }],
	['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'llo 漢字' } }],
	['contentBlockStop', { contentBlockIndex: 0 }],
	['messageStop', { stopReason: 'end_turn' }],
	['metadata', { usage: WHOLE.usage, metrics: { latencyMs: 1 } }],
];
const bytes = (events: [string, object][]): Buffer =>
	Buffer.concat(events.map(([event, data]) => awsEventMessage({ event, data: JSON.stringify(data) })));

function sendStream(response: Parameters<Answer>[1], body: Buffer, size = 11): void {
	response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
	for (let at = 0; at < body.length; at += size) response.write(body.subarray(at, at + size));
	response.end();
}

describe('a chat that Bedrock answers', () => {
	it('goes to the model’s own address, signed as the service expects', async () => {
		const given = await setUp((_request, response) =>
			response.setHeader('content-type', 'application/json').end(JSON.stringify(WHOLE)),
		);
		const answer = await post(given.gateway, '/v1/chat/completions', { model: MODEL, messages, max_tokens: 9, temperature: 0.5 });
		expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] });
		const [request] = given.upstream.requests;
		expect(request?.url).toBe('/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse');
		const [body = ''] = given.upstream.bodies;
		expect(JSON.parse(body)).toEqual({
			messages: [{ role: 'user', content: [{ text: 'hi' }] }],
			inferenceConfig: { maxTokens: 9, temperature: 0.5 },
		});
		const received = { method: 'POST', url: request?.url ?? '', headers: request?.headers ?? {}, body };
		expect(received.headers.authorization).toMatch(/Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/us-west-2\/bedrock\/aws4_request/);
		expect(received.headers['x-amz-security-token']).toBe('session-token');
		expect(statedSignature(received)).toBe(expectedSignature(received, SECRET));
	});

	it('streams from the stream’s address, whatever the chunks', async () => {
		const given = await setUp((_request, response) => sendStream(response, bytes(STREAM)));
		const answer = await post(given.gateway, '/v1/messages', { model: MODEL, messages, max_tokens: 9, stream: true });
		const text = await answer.text();
		expect(answer.status).toBe(200);
		expect(text).toContain('"text":"Hé"');
		expect(text).toContain('"text":"llo 漢字"');
		expect(text.trimEnd().endsWith('{"type":"message_stop"}')).toBe(true);
		expect(given.upstream.requests[0]?.url).toMatch(/\/converse-stream$/);
		const record = await given.gateway.record(answer.headers.get('x-relais-request-id') ?? '');
		expect(record.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
		expect(record.attempts[0]?.lane).toBe('canonical');
	});

	it('takes a bearer key in place of a signature', async () => {
		const given = await setUp((_request, response) => response.end(JSON.stringify(WHOLE)), {
			api_key: 'bedrock-api-key-xyz',
			options: {},
		});
		await post(given.gateway, '/v1/chat/completions', { model: MODEL, messages });
		expect(given.upstream.requests[0]?.headers.authorization).toBe('Bearer bedrock-api-key-xyz');
	});

	it.each([
		['throttlingException', 429],
		['serviceUnavailableException', 503],
		['validationException', 400],
	])('that fails before its first word with %s is answered %i', async (type, status) => {
		const failure: [string, object][] = [STREAM[0] ?? ['', {}], [`exception:${type}`, { message: 'Not now.' }]];
		const given = await setUp((_request, response) => sendStream(response, bytes(failure)));
		const answer = await post(given.gateway, '/v1/chat/completions', { model: MODEL, messages, stream: true });
		expect(answer.status).toBe(status);
		expect(await answer.text()).toContain('Not now.');
	});

	it('that fails in the middle ends with an error, not as complete', async () => {
		const failure: [string, object][] = [
			...STREAM.slice(0, 2),
			['exception:modelStreamErrorException', { message: 'It broke.' }],
		];
		const given = await setUp((_request, response) => sendStream(response, bytes(failure)));
		const answer = await post(given.gateway, '/v1/messages', { model: MODEL, messages, max_tokens: 9, stream: true });
		const text = await answer.text();
		expect(text).toContain('event: error');
		expect(text).toContain('It broke.');
		expect(text).not.toContain('message_stop');
	});

	it('that is but a message under a success status is an error, also to clients of Bedrock', async () => {
		const given = await setUp((_request, response) => response.end('{"message":"Something broke."}'));
		const body = { messages: [{ role: 'user', content: [{ text: 'hi' }] }] };
		const answer = await post(given.gateway, `/model/${encodeURIComponent(MODEL)}/converse`, body);
		expect(answer.status).toBe(500);
		expect(await answer.text()).toContain('Something broke.');
	});

	it('that is damaged or cut on the way does not pass for complete', async () => {
		const whole = bytes(STREAM);
		const damaged = Buffer.from(whole);
		damaged[whole.length - 30] = (damaged[whole.length - 30] ?? 0) ^ 1;
		const cut = bytes(STREAM.slice(0, 3));
		for (const body of [damaged, Buffer.concat([cut, whole.subarray(0, 20)])]) {
			const given = await setUp((_request, response) => sendStream(response, body));
			const answer = await post(given.gateway, '/v1/messages', { model: MODEL, messages, max_tokens: 9, stream: true });
			const text = await answer.text();
			expect(text).toContain('Hé');
			expect(text).toContain('event: error');
			expect(text).not.toContain('message_stop');
			await given.gateway.close();
			await given.upstream.close();
		}
	});

	it('of an expired session says so, with the provider’s name', async () => {
		const given = await setUp((_request, response) => {
			response.writeHead(403, {
				'content-type': 'application/json',
				'x-amzn-errortype': 'ExpiredTokenException:http://internal/',
			});
			response.end('{"message":"The security token included in the request is expired"}');
		});
		const answer = await post(given.gateway, '/v1/chat/completions', { model: MODEL, messages });
		const body = (await answer.json()) as { error: { message: string } };
		expect(body.error.message).toContain('aws');
		expect([401, 403]).toContain(answer.status);
	});
});

describe('Bedrock as a provider', () => {
	let simulators: Simulators;
	beforeAll(async () => {
		simulators = await startSimulators({ vendors: [{ name: 'sim-bedrock', kind: 'bedrock' }] });
	});
	afterAll(() => simulators.close());

	/** Where the simulator is, and the keys it takes. */
	const place = () => {
		const [vendor] = simulators.vendors;
		const { accessKeyId = '', secretAccessKey = '' } = vendor?.keys ?? {};
		return { baseUrl: vendor?.baseUrl ?? '', accessKeyId, secretAccessKey };
	};

	it('is found from the environment alone, and signs what the service checks', async () => {
		const { baseUrl, accessKeyId, secretAccessKey } = place();
		const env = {
			AWS_ACCESS_KEY_ID: accessKeyId,
			AWS_SECRET_ACCESS_KEY: secretAccessKey,
			AWS_REGION: 'us-east-1',
			AWS_BEDROCK_BASE_URL: baseUrl,
		};
		gateway = await startGateway({ config: {}, env });
		for (const stream of [false, true]) {
			const answer = await post(gateway, '/v1/chat/completions', { model: `aws-bedrock/${MODEL}`, messages, stream });
			expect([stream, answer.status]).toEqual([stream, 200]);
			expect(await answer.text()).toContain(' said');
		}
	});

	it('puts the config’s guardrail on requests of every kind', async () => {
		const given = await setUp((_request, response) => response.end(JSON.stringify(WHOLE)), {
			options: { secret: SECRET, region: 'us-west-2', guardrail: { id: 'gr-1', version: 2, trace: 'enabled' } },
		});
		await post(given.gateway, '/v1/messages', { model: MODEL, messages, max_tokens: 9 });
		expect(JSON.parse(given.upstream.bodies[0] ?? '')).toMatchObject({
			guardrailConfig: { guardrailIdentifier: 'gr-1', guardrailVersion: '2', trace: 'enabled' },
		});
	});

	it('tells which profile to ask for where a model is called through one only', async () => {
		const given = await setUp((_request, response) => {
			response.writeHead(400, { 'content-type': 'application/json', 'x-amzn-errortype': 'ValidationException' });
			response.end('{"message":"Invocation of model ID x with on-demand throughput isn’t supported."}');
		});
		const answer = await post(given.gateway, '/v1/chat/completions', { model: MODEL, messages });
		expect(await answer.text()).toContain(`an inference profile of it, such as ${MODEL}`);
	});

	it('holds to what every provider must', async () => {
		const { baseUrl, accessKeyId, secretAccessKey: secret } = place();
		const host = createTestHost();
		const of = (keys: JsonObject) => shipped({ type: 'aws-bedrock', baseUrl, options: { region: 'us-east-1', ...keys } }, host);
		const results = await checkProvider(of({ access_key_id: accessKeyId, secret }), {
			model: MODEL,
			deterministic: true,
			secrets: [secret, 'another-secret'],
			broken: () => of({ access_key_id: accessKeyId, secret: 'another-secret' }),
		});
		await host.close();
		expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
	}, 30_000);
});
