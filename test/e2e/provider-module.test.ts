import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, post, startGateway, TEST_KEY } from '../support/gateway.ts';

const ECHO = fileURLToPath(new URL('../../examples/provider-module/echo.ts', import.meta.url));

/** A type that replaces one that ships, and says so in its answers. */
const OWN_OPENAI = `
const one = (settings) => ({
	name: settings.name, type: 'openai',
	capabilities: () => ({ chat: true, streaming: true, tools: null, jsonSchema: null, vision: null, reasoning: null, embeddings: null, dataSources: null }),
	listModels: async () => [], isHealthy: async () => ({ healthy: true, latencyMs: 0 }),
	chat: async (request) => {
		if (request.messages[0].content[0].text === 'fail') throw new TypeError('a bug');
		return { candidates: [{ index: 0, content: [{ type: 'text', text: 'my own' }], stop: { kind: 'stop' } }], usage: { inputTokens: 1, outputTokens: 2 } };
	},
	async *chatStream() {},
});
export default { type: 'openai', title: 'Mine', create: one };
`;

let gateway: Gateway;
let folder = '';
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'relais-module-'));
	writeFileSync(join(folder, 'own.mjs'), OWN_OPENAI);
	gateway = await startGateway({
		config: {
			plugins: [ECHO, join(folder, 'own.mjs')],
			providers: [
				{ name: 'echo', type: 'echo', models: ['shout', 'whisper'] },
				{ name: 'replaced', type: 'openai', api_key: 'sk-mine', models: ['m'] },
			],
			routing: { retries: 0 },
		},
	});
});
afterAll(async () => {
	await gateway.close();
	rmSync(folder, { recursive: true, force: true });
});

const openai = () => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
const anthropic = () => new Anthropic({ baseURL: gateway.url, apiKey: TEST_KEY, maxRetries: 0 });
const messages = [{ role: 'user' as const, content: 'hello there' }];

describe('a provider of one’s own', () => {
	it('answers OpenAI’s client, whole and streamed', async () => {
		const whole = await openai().chat.completions.create({ model: 'echo/shout', messages });
		expect(whole.choices[0]?.message.content).toBe('HELLO THERE');
		expect(whole.usage).toMatchObject({ prompt_tokens: 2, completion_tokens: 2 });
		const stream = await openai().chat.completions.create({ model: 'echo/shout', messages, stream: true });
		let text = '';
		for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
		expect(text).toBe('HELLO THERE');
	});

	it('answers Anthropic’s client, whole and streamed', async () => {
		const body = { model: 'echo/shout', max_tokens: 50, messages };
		const whole = await anthropic().messages.create(body);
		expect(whole.content).toMatchObject([{ type: 'text', text: 'HELLO THERE' }]);
		const streamed = await anthropic().messages.stream(body).finalMessage();
		expect(streamed.content).toMatchObject([{ type: 'text', text: 'HELLO THERE' }]);
		expect(streamed.stop_reason).toBe('end_turn');
	});

	it('fails in the client’s own format', async () => {
		const failed = openai().chat.completions.create({ model: 'echo/whisper', messages });
		await expect(failed).rejects.toThrow(OpenAI.NotFoundError);
		await expect(failed).rejects.toThrow(/echo has one model, shout/);
	});

	it('may take the place of one that ships, and a bug in it costs one request', async () => {
		const ask = (content: string) =>
			post(gateway, '/v1/chat/completions', { model: 'replaced/m', messages: [{ role: 'user', content }] });
		const failed = await ask('fail');
		expect(failed.status).toBe(500);
		expect(JSON.stringify(await failed.json())).toContain('a bug');
		const answered = await ask('work');
		expect(JSON.stringify(await answered.json())).toContain('my own');
	});
});
