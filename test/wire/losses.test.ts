import { afterEach, describe, expect, test } from 'vitest';
import { anthropicMessages, openaiChat } from '../../src/dialects/index.ts';
import type { JsonObject, Warning } from '../../src/spec/index.ts';
import { type Gateway, post, startGateway } from '../support/gateway.ts';
import { completion, startUpstream, type Upstream } from '../support/upstream.ts';

/** What recorded traffic taught, without the recordings. */
const messages = [{ role: 'user', content: 'Hi' }];
const CONTEXT = { model: 'm', traits: {} };

function chatToMessages(request: JsonObject): Warning[] {
	const { value } = openaiChat.decodeRequest({ model: 'm', messages, max_tokens: 4000, ...request });
	return anthropicMessages.encodeRequest(value, CONTEXT).warnings;
}

const paths = (warnings: readonly Warning[]): string[] => warnings.map((warning) => `${warning.kind} ${warning.path}`);

describe('what a chat request says and the Messages API cannot', () => {
	test('reasoning worded in two ways: the one that is left out is named', () => {
		const history = [
			...messages,
			{ role: 'assistant', content: 'A', reasoning_content: 'one way', reasoning: 'another way' },
			{ role: 'user', content: 'So?' },
		];
		expect(paths(chatToMessages({ messages: history }))).toContain('dropped messages[1].reasoning');
	});

	test('a second description of the schema', () => {
		const schema = { type: 'object', description: 'inner', properties: {}, additionalProperties: false };
		const named = (description: string): JsonObject => ({ type: 'json_schema', json_schema: { name: 'n', description, schema } });
		expect(paths(chatToMessages({ response_format: named('outer') }))).toEqual([
			'dropped response_format.json_schema.description',
		]);
		expect(chatToMessages({ response_format: named('inner') })).toEqual([]);
	});

	test('an effort nobody knows is approximated, a known one is not worth a word', () => {
		expect(paths(chatToMessages({ reasoning_effort: 'default' }))).toEqual(['approximated reasoning']);
		expect(chatToMessages({ reasoning_effort: 'medium' })).toEqual([]);
	});

	test('a way of thinking nobody knows', () => {
		expect(paths(chatToMessages({ thinking: { type: 'between_tools' } }))).toContain('dropped thinking');
	});
});

describe('what a Messages request says and chat completions cannot', () => {
	test('an effort beside thinking that is turned off', () => {
		const body = { model: 'm', max_tokens: 9, messages, thinking: { type: 'disabled' }, output_config: { effort: 'high' } };
		const { value } = anthropicMessages.decodeRequest(body);
		expect(paths(openaiChat.encodeRequest(value, CONTEXT).warnings)).toContain('dropped reasoning.effort');
	});

	test('how soon arguments are streamed is not worth a word', () => {
		const tool = { name: 'look', input_schema: { type: 'object' }, eager_input_streaming: true };
		const { value } = anthropicMessages.decodeRequest({ model: 'm', max_tokens: 9, messages, tools: [tool] });
		expect(openaiChat.encodeRequest(value, CONTEXT).warnings).toEqual([]);
		expect(anthropicMessages.encodeRequest(value, CONTEXT).value).toMatchObject({ tools: [tool] });
	});
});

describe('what a chat stream says after its finish reason', () => {
	test('an error is a warning on the other surface', () => {
		const chunk = (choice: object, more: object = {}): string =>
			JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, ...choice }], ...more });
		const decoder = openaiChat.streamDecoder();
		const encoder = anthropicMessages.streamEncoder({ model: 'm', now: 0, id: 'x', streamUsage: true });
		const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
		const frames = [
			chunk({ delta: { content: 'A' }, finish_reason: 'length' }),
			chunk({ delta: {}, finish_reason: null }, { error: { code: 400, message: 'Token limit reached' }, usage }),
			'[DONE]',
		];
		for (const data of frames) for (const part of decoder.push({ event: '', data })) encoder.push(part);
		expect(paths(encoder.warnings())).toContain('dropped error');
	});
});

describe('a warning or refusal on its way to the client', () => {
	let gateway: Gateway | undefined;
	let upstream: Upstream | undefined;

	afterEach(async () => {
		await gateway?.close();
		await upstream?.close();
	});

	async function serve(type: string): Promise<Gateway> {
		upstream = await startUpstream((_request, response) => response.end(completion('ok')));
		gateway = await startGateway({
			config: { providers: [{ name: 'up', type, base_url: upstream.baseUrl, api_key: 'k', models: ['m'] }] },
		});
		return gateway;
	}

	test('names the place in the body the client sent, not in the form Relais made of it', async () => {
		const served = await serve('openai-compatible');
		const content = [
			{ type: 'text', text: 'Look' },
			{ type: 'image', source: { type: 'file', file_id: 'file_1' } },
		];
		const body = { model: 'm', max_tokens: 9, system: 'Be brief.', messages: [{ role: 'user', content }] };
		const reply = await post(served, '/v1/messages', body);
		const warnings = JSON.parse(reply.headers.get('x-relais-warnings') ?? '[]') as Warning[];
		expect(paths(warnings)).toEqual(['dropped messages[0].content[1]']);
	});

	test('names the part of a tool message that the target refuses', async () => {
		const served = await serve('anthropic-compatible');
		const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };
		const content = [
			{ type: 'text', text: '1' },
			{ type: 'file', file: { file_id: 'file_1' } },
		];
		const history = [
			...messages,
			{ role: 'assistant', content: 'A', tool_calls: [call] },
			{ role: 'tool', tool_call_id: 'a', content },
		];
		const reply = await post(served, '/v1/chat/completions', { model: 'm', messages: history });
		expect(reply.status).toBe(400);
		expect(await reply.json()).toMatchObject({ error: { param: 'messages[2].content[1]' } });
	});
});
