import { describe, expect, it } from 'vitest';
import { AwsEventStreamScanner } from '../../lib/aws-event-stream.ts';
import { isObject } from '../../lib/json.ts';
import {
	type ChatResponse,
	type ContentPart,
	ERROR_CODES,
	type ErrorCode,
	type JsonObject,
	RelaisError,
	type StreamPart,
} from '../../spec/index.ts';
import { bedrockConverse } from './index.ts';

const CONTEXT = { model: 'm', now: 0, id: 'id-1', streamUsage: true };

/** An answer of other vendors' models: what they need back must survive a client of this dialect. */
const FOREIGN: ContentPart[] = [
	{ type: 'reasoning', text: 'Thought.', signature: { vendor: 'other', value: 'proof' } },
	{ type: 'reasoning', encrypted: { vendor: 'other', value: 'blob' }, id: 'rs_1', summary: [] },
	{ type: 'text', text: 'Text.', signature: { vendor: 'other', value: 'text-proof' } },
	{
		type: 'tool-call',
		id: 'c1',
		name: 'look',
		kind: 'function',
		input: '{"a":1}',
		signature: { vendor: 'other', value: 'call-proof' },
	},
];

/** The client's next request with the assistant's turn as it got it. */
function nextTurn(content: JsonObject[]) {
	const messages = [
		{ role: 'user', content: [{ text: 'a' }] },
		{ role: 'assistant', content },
	];
	const body: JsonObject = { model: 'm', messages };
	return { parts: bedrockConverse.decodeRequest(body).value.messages[1]?.content, sketch: bedrockConverse.sketch(body) };
}

const response = (content: ContentPart[], more: Partial<ChatResponse> = {}): ChatResponse => ({
	candidates: [{ index: 0, content }],
	...more,
});

function streamed(parts: StreamPart[]) {
	const encoder = bedrockConverse.streamEncoder(CONTEXT);
	const bytes = Buffer.from(parts.map((part) => encoder.push(part)).join(''), 'latin1');
	const frames = new AwsEventStreamScanner().push(bytes);
	return {
		events: frames.map(({ event, data }): [string, JsonObject] => [event, JSON.parse(data) as JsonObject]),
		warnings: encoder.warnings(),
	};
}

const END: StreamPart[] = [
	{ type: 'finish', candidate: 0, stop: { kind: 'stop' } },
	{ type: 'usage', usage: { inputTokens: 5, outputTokens: 3, cacheReadTokens: 2 } },
	{ type: 'end' },
];

describe('an answer of another vendor’s model', () => {
	it('has all that clients of the API read', () => {
		const { value } = bedrockConverse.encodeResponse(
			response([{ type: 'text', text: 'Hi' }], { usage: { inputTokens: 5, outputTokens: 3, cacheReadTokens: 2 } }),
			CONTEXT,
		);
		expect(value).toEqual({
			output: { message: { role: 'assistant', content: [{ text: 'Hi' }] } },
			stopReason: 'end_turn',
			usage: { inputTokens: 3, outputTokens: 3, totalTokens: 8, cacheReadInputTokens: 2 },
			metrics: { latencyMs: 0 },
		});
	});

	it('keeps its proofs through the client’s next turn', () => {
		const { value } = bedrockConverse.encodeResponse(response(FOREIGN), CONTEXT);
		const content = (value.output as { message: { content: JsonObject[] } }).message.content;
		const { parts, sketch } = nextTurn(content);
		expect(parts).toMatchObject(FOREIGN);
		expect(sketch.foreign).toBe(true);
		for (const block of content) {
			const blob = (block.reasoningContent as JsonObject | undefined)?.redactedContent;
			if (typeof blob === 'string') expect(Buffer.from(blob, 'base64').toString('base64')).toBe(blob);
		}
	});

	it('ends by asking for tools where it holds calls', () => {
		const { value } = bedrockConverse.encodeResponse(response(FOREIGN), CONTEXT);
		expect(value.stopReason).toBe('tool_use');
	});
});

describe('a stream of another vendor’s model', () => {
	it('comes block by block, numbered without gaps', () => {
		const { events } = streamed([
			{ type: 'start' },
			{ type: 'block-start', block: 0, candidate: 0, content: { type: 'text', text: '' } },
			{
				type: 'block-start',
				block: 1,
				candidate: 0,
				content: { type: 'tool-call', id: '', name: 'look', kind: 'function', input: '' },
			},
			{ type: 'tool-input-delta', block: 1, input: '{"a":' },
			{ type: 'text-delta', block: 0, text: 'Hé' },
			{ type: 'block-end', block: 0 },
			{ type: 'tool-input-delta', block: 1, input: '1}' },
			{ type: 'block-end', block: 1 },
			...END,
		]);
		expect(events).toEqual([
			['messageStart', { role: 'assistant' }],
			['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hé' } }],
			['contentBlockStop', { contentBlockIndex: 0 }],
			['contentBlockStart', { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'tooluse_id1_1', name: 'look' } } }],
			['contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: { input: '{"a":' } } }],
			['contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: { input: '1}' } } }],
			['contentBlockStop', { contentBlockIndex: 1 }],
			['messageStop', { stopReason: 'tool_use' }],
			[
				'metadata',
				{ usage: { inputTokens: 3, outputTokens: 3, totalTokens: 8, cacheReadInputTokens: 2 }, metrics: { latencyMs: 0 } },
			],
		]);
	});

	it('keeps its proofs through the client’s next turn', () => {
		const { events } = streamed([
			{ type: 'start' },
			{ type: 'block-start', block: 0, candidate: 0, content: { type: 'reasoning', text: '' } },
			{ type: 'reasoning-delta', block: 0, text: 'Thought.' },
			{ type: 'reasoning-delta', block: 0, signature: { vendor: 'other', value: 'proof' } },
			{ type: 'block-end', block: 0 },
			{ type: 'block-start', block: 1, candidate: 0, content: { type: 'text', text: '' } },
			{ type: 'text-delta', block: 1, text: 'Text.', signature: { vendor: 'other', value: 'text-proof' } },
			{ type: 'block-end', block: 1 },
			...END,
		]);
		const [thought, signature, , said, , sealed] = events.filter(([name]) => name !== 'messageStart').map(([, data]) => data);
		const inner = (event: JsonObject | undefined): JsonObject => {
			const delta = event?.delta;
			return isObject(delta) && isObject(delta.reasoningContent) ? delta.reasoningContent : {};
		};
		const { parts } = nextTurn([
			{ reasoningContent: { reasoningText: { text: inner(thought).text, signature: inner(signature).signature } } },
			said?.delta as JsonObject,
			{ reasoningContent: inner(sealed) },
		]);
		expect(parts).toMatchObject([FOREIGN[0], FOREIGN[2]]);
	});
});

describe('a stream of Bedrock', () => {
	const decode = (events: [string, object][]) => {
		const decoder = bedrockConverse.streamDecoder();
		return [...events.flatMap(([event, data]) => decoder.push({ event, data: JSON.stringify(data) })), ...decoder.end()];
	};

	it('that fails reports what the exception means', () => {
		const parts = decode([
			['messageStart', { role: 'assistant' }],
			['exception:throttlingException', { message: 'Slow down.' }],
			['messageStop', { stopReason: 'end_turn' }],
		]);
		expect(parts.map(({ type }) => type)).toEqual(['start', 'error']);
		const [, failed] = parts;
		expect(failed?.type === 'error' && failed.error).toMatchObject({
			code: 'rate_limited',
			message: 'Slow down.',
			providerCode: 'throttlingException',
		});
	});

	it('is complete at its stop, whether or not usage follows, and not before', () => {
		const begun: [string, object][] = [
			['messageStart', { role: 'assistant' }],
			['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'a' } }],
		];
		expect(decode(begun).at(-1)?.type).toBe('text-delta');
		expect(
			decode([...begun, ['messageStop', { stopReason: 'end_turn' }]])
				.slice(-3)
				.map(({ type }) => type),
		).toEqual(['block-end', 'finish', 'end']);
	});

	it('passes on what it does not know, and refuses what is no stream', () => {
		expect(decode([['novelEvent', { a: 1 }]])).toMatchObject([{ type: 'vendor-event', event: 'novelEvent', data: { a: 1 } }]);
		expect(() => decode([['contentBlockDelta', { contentBlockIndex: 3, delta: { novel: 1 } }]])).toThrow(/no open block/);
		expect(() => bedrockConverse.streamDecoder().push({ event: 'metadata', data: 'x' })).toThrow(/no JSON object/);
	});
});

describe('an error', () => {
	const decode = (status: number, type: string, message: string) =>
		bedrockConverse.decodeError(status, { 'x-amzn-errortype': type }, { message });

	it.each<[number, string, string, ErrorCode]>([
		[429, 'ThrottlingException', 'Too many requests, please wait before trying again.', 'rate_limited'],
		[429, 'ThrottlingException', 'Too many tokens per day, please wait before trying again.', 'provider_quota'],
		[400, 'ValidationException:http://internal.amazon.com/coral/', 'Malformed input request', 'provider_rejected'],
		[400, 'ValidationException', 'Input is too long for requested model.', 'context_overflow'],
		[
			400,
			'ValidationException',
			'The model returned the following errors: prompt is too long: 250000 tokens > 200000 maximum',
			'context_overflow',
		],
		[400, 'ValidationException', 'The provided model identifier is invalid.', 'provider_not_found'],
		[403, 'AccessDeniedException', "You don't have access to the model with the specified model ID.", 'provider_forbidden'],
		[403, 'AccessDeniedException', 'Authentication failed: Please make sure your API Key is valid.', 'provider_auth'],
		[403, 'ExpiredTokenException', 'The security token included in the request is expired', 'provider_auth'],
		[403, 'UnrecognizedClientException', 'The security token included in the request is invalid.', 'provider_auth'],
		[403, 'InvalidSignatureException', 'The request signature we calculated does not match', 'provider_auth'],
		[404, 'ResourceNotFoundException', 'Model not found.', 'provider_not_found'],
		[408, 'ModelTimeoutException', 'Timed out.', 'provider_timeout'],
		[429, 'ModelNotReadyException', 'The model is not ready.', 'provider_unavailable'],
		[400, 'ServiceQuotaExceededException', 'Quota.', 'provider_quota'],
		[424, 'ModelErrorException', 'The model failed.', 'provider_error'],
		[500, 'InternalServerException', 'Oops.', 'provider_error'],
		[503, 'ServiceUnavailableException', 'Busy.', 'provider_unavailable'],
		[418, 'NovelException', 'New.', 'provider_rejected'],
	])('%i %s (%s) is %s', (status, type, message, code) => {
		expect(decode(status, type, message)).toMatchObject({ code, message: expect.stringContaining(message) });
	});

	it('is understood from its body where the header is missing', () => {
		const body = { __type: 'com.amazon.coral.service#ExpiredTokenException', Message: 'Expired.' };
		expect(bedrockConverse.decodeError(403, {}, body)).toMatchObject({
			code: 'provider_auth',
			providerCode: 'ExpiredTokenException',
		});
		expect(bedrockConverse.decodeError(502, {}, '<html>')).toMatchObject({ code: 'provider_unavailable' });
	});

	it('says how long to wait', () => {
		expect(bedrockConverse.decodeError(429, { 'retry-after': '2' }, {}).retryAfterMs).toBe(2000);
	});

	it.each(Object.keys(ERROR_CODES) as ErrorCode[])('%s reaches clients as an exception, whole or inside a stream', (code) => {
		const error = new RelaisError(code, 'It failed.', { retryAfterMs: 1500 });
		const encoded = bedrockConverse.encodeError(error, 'req-1');
		expect(encoded).toMatchObject({
			status: error.status,
			headers: { 'x-amzn-requestid': 'req-1', 'retry-after': '2' },
			body: { message: 'It failed.' },
		});
		expect(encoded.headers['x-amzn-errortype']).toMatch(/^[A-Z]\w+Exception$/);
		const [frame] = new AwsEventStreamScanner().push(Buffer.from(bedrockConverse.encodeStreamError(error, 'req-1'), 'latin1'));
		expect(frame?.event).toMatch(/^exception:[a-z]\w+Exception$/);
		expect(JSON.parse(frame?.data ?? '')).toEqual({ message: 'It failed.' });
	});
});
