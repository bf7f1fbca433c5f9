import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../catalog/index.ts';
import type { ProviderSettings, WireEndpoint } from '../../spec/index.ts';
import { createTestHost, testSettings } from '../../testing/index.ts';
import { ProviderRegistry } from '../index.ts';

const registry = new ProviderRegistry(loadCatalog());
const host = createTestHost();

/** The endpoint a client of a dialect is led to. */
function endpoint(type: string, model: string, dialect: string, more: Partial<ProviderSettings> = {}): WireEndpoint {
	const provider = registry.create(testSettings({ type, apiKey: 'k', options: { account_id: 'a', host: 'h' }, ...more }), host);
	const wire = provider.wireFor?.(model, dialect) ?? provider.wire;
	if (wire === undefined) throw new Error(`${type} has no wire`);
	return wire;
}

function place(...given: Parameters<typeof endpoint>): { dialect: string; url: string; key: string | undefined } {
	const wire = endpoint(...given);
	const call = wire.call('chat', given[1], {});
	if ('then' in call) throw new Error('credentials are fetched');
	const at = call.headers.indexOf('authorization');
	return { dialect: wire.dialect.name, url: call.origin + call.path, key: at < 0 ? undefined : call.headers[at + 1] };
}

describe('a client of the Messages API', () => {
	it.each([
		['deepseek', 'deepseek-v4-pro', 'https://api.deepseek.com/anthropic/v1/messages'],
		['kimi', 'kimi-k2.6', 'https://api.moonshot.ai/anthropic/v1/messages'],
		['glm', 'glm-5.2', 'https://api.z.ai/api/anthropic/v1/messages'],
		['glm-cn', 'glm-4.7', 'https://open.bigmodel.cn/api/anthropic/v1/messages'],
		['minimax', 'MiniMax-M2.7', 'https://api.minimax.io/anthropic/v1/messages'],
		['fireworks', 'accounts/fireworks/models/x', 'https://api.fireworks.ai/inference/v1/messages'],
		['openrouter', 'anthropic/claude-opus-5-5', 'https://openrouter.ai/api/v1/messages'],
		['vercel-ai-gateway', 'anthropic/claude-opus-5.5', 'https://ai-gateway.vercel.sh/v1/messages'],
	])('passes through to %s', (type, model, url) => {
		expect(place(type, model, 'anthropic-messages')).toEqual({ dialect: 'anthropic-messages', url, key: 'Bearer k' });
	});

	it.each(['mistral', 'groq', 'xai'])('is translated for %s, which has no such API', (type) => {
		expect(place(type, 'm', 'anthropic-messages').dialect).toBe('openai-chat');
	});

	it('has its request go out without what only the other API is asked', () => {
		const body = { model: 'm', max_tokens: 5, messages: [], stream: true };
		expect(endpoint('openrouter', 'm', 'anthropic-messages').bodyChanges(body, 'm', () => undefined)).toBeNull();
	});
});

describe('a client of the Responses API', () => {
	it.each([
		['xai', 'grok-4.7', 'https://api.x.ai/v1/responses'],
		['deepseek', 'deepseek-v4-pro', 'https://api.deepseek.com/responses'],
		['groq', 'openai/gpt-oss-120b', 'https://api.groq.com/openai/v1/responses'],
		['openrouter', 'openai/gpt-6-luna', 'https://openrouter.ai/api/v1/responses'],
		['cloudflare-workers-ai', '@cf/openai/gpt-oss-120b', 'https://api.cloudflare.com/client/v4/accounts/a/ai/v1/responses'],
	])('passes through to %s', (type, model, url) => {
		expect(place(type, model, 'openai-responses')).toEqual({ dialect: 'openai-responses', url, key: 'Bearer k' });
	});

	it('is translated for models a vendor does not serve there', () => {
		expect(place('cloudflare-workers-ai', '@cf/meta/llama-3.3-70b-instruct-fp8-fast', 'openai-responses').dialect).toBe(
			'openai-chat',
		);
	});

	it('has its answers kept by Relais where the vendor keeps none', () => {
		const body = { model: 'm', input: 'Hi', store: true, include: ['reasoning.encrypted_content'] };
		const warned: string[] = [];
		const changes = endpoint('groq', 'm', 'openai-responses').bodyChanges(body, 'm', ({ path }) => warned.push(path));
		expect({ changes, warned }).toEqual({ changes: { store: false, include: undefined }, warned: ['include'] });
	});
});

describe('a second API', () => {
	it('is not looked for at an address of the user’s own, nor at a local server', () => {
		const baseUrl = 'https://proxy.example/v1';
		expect(place('deepseek', 'deepseek-v4-pro', 'anthropic-messages', { baseUrl })).toMatchObject({
			dialect: 'openai-chat',
			url: 'https://proxy.example/v1/chat/completions',
		});
		expect(place('vllm', 'm', 'anthropic-messages', { baseUrl: 'http://127.0.0.1:8000/v1' }).dialect).toBe('openai-chat');
	});

	it('is spoken there where the config says so', () => {
		const options = { dialects: ['openai-chat', 'anthropic-messages'] };
		expect(place('vllm', 'm', 'anthropic-messages', { baseUrl: 'http://127.0.0.1:8000/v1', options })).toMatchObject({
			dialect: 'anthropic-messages',
			url: 'http://127.0.0.1:8000/v1/messages',
		});
	});

	it('takes no part where a client speaks the first', () => {
		expect(place('deepseek', 'deepseek-v4-pro', 'openai-chat').url).toBe('https://api.deepseek.com/chat/completions');
		expect(place('deepseek', 'deepseek-v4-pro', 'gemini').dialect).toBe('openai-chat');
	});
});
