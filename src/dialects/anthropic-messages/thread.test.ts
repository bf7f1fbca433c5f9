import { describe, expect, test } from 'vitest';
import { type ChatRequest, isRelaisError, type JsonObject, RelaisError } from '../../spec/index.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { anthropicMessages } from './index.ts';

const going = { type: 'continue', previous_message_id: 'msg_1' };
const request = (thread: JsonObject, messages: JsonObject[] = [{ role: 'user', content: 'And then?' }]): JsonObject => ({
	model: 'm',
	max_tokens: 10,
	messages,
	thread,
});
const decode = (body: JsonObject): ChatRequest => anthropicMessages.decodeRequest(body).value;
const context = { model: 'm', traits: {} };

function refusal(encode: () => unknown): RelaisError {
	try {
		encode();
	} catch (error) {
		if (isRelaisError(error)) return error;
	}
	throw new Error('nothing was refused');
}

describe('a conversation the vendor holds', () => {
	test.each([
		['begun', request({ type: 'create' })],
		['gone on with', request(going)],
		['gone on with in silence', request(going, [])],
	])('%s, comes back out as it came', (_, body) => {
		expect(anthropicMessages.encodeRequest(decode(body), context).value).toEqual(body);
		expect(anthropicMessages.sketch(body).model).toBe('m');
	});

	test('begun, is one whole request to other vendors, with a warning', () => {
		const { warnings } = openaiChat.encodeRequest(decode(request({ type: 'create' })), context);
		expect(warnings.map((warning) => `${warning.kind} ${warning.path}`)).toEqual(['dropped thread']);
	});

	test('gone on with, is refused by other vendors in the words that make the client send all of it', () => {
		const error = refusal(() => openaiChat.encodeRequest(decode(request(going)), context));
		expect(error).toMatchObject({ code: 'unsupported', status: 400, failover: true });
		expect(anthropicMessages.encodeError(error, 'r').body).toMatchObject({
			error: { type: 'invalid_request_error', details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] } },
		});
	});

	test('other fields that cannot be carried say nothing of it', () => {
		const error = new RelaisError('unsupported', 'No.', { param: 'n' });
		expect(anthropicMessages.encodeError(error, 'r').body).toEqual({
			type: 'error',
			error: { type: 'invalid_request_error', message: 'n: No.' },
			request_id: 'r',
		});
	});
});
