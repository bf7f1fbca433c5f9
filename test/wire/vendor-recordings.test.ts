import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { isObject } from '../../src/lib/json.ts';
import { ProviderRegistry } from '../../src/providers/index.ts';
import type { JsonObject, JsonValue, WireEndpoint } from '../../src/spec/index.ts';
import { createTestHost, testSettings } from '../../src/testing/index.ts';
import { loadRecordings } from './support/recordings.ts';

/** Folders of recordings and the catalog's id of who answered. */
const VENDORS: { readonly [folder: string]: string } = {
	alibaba: 'qwen',
	cerebras: 'cerebras',
	cloudflare: 'cloudflare-workers-ai',
	databricks: 'databricks',
	deepseek: 'deepseek',
	fireworks: 'fireworks',
	groq: 'groq',
	huggingface: 'huggingface',
	hyperbolic: 'hyperbolic',
	mistral: 'mistral',
	moonshotai: 'kimi',
	nebius: 'nebius',
	novita: 'novita',
	openai: 'openai',
	openrouter: 'openrouter',
	sambanova: 'sambanova',
	snowflake: 'snowflake-cortex',
	together: 'together',
	'vercel-gateway': 'vercel-ai-gateway',
	xai: 'xai',
	zai: 'glm',
};

/**
 * What may be changed of requests the vendors took, and why. Everything else goes out as it was recorded.
 */
const JUSTIFIED: { readonly [vendor: string]: { [field: string]: string } } = {
	mistral: { stream_options: 'has no effect: streams report usage without it' },
};

/** Fields that Relais adds: they change nothing a client relies on. */
const ADDED = new Set(['stream_options', 'usage', 'tool_stream', 'separate_reasoning', 'reasoning_split', 'max_tokens']);

const DIALECTS: { readonly [api: string]: string } = { 'chat-completions': 'openai-chat', responses: 'openai-responses' };

const registry = new ProviderRegistry(loadCatalog());
const host = createTestHost();

function wireOf(type: string, model: string, dialect: string): WireEndpoint {
	const settings = testSettings({ type, options: { account_id: 'a', host: 'h', account: 'a' } });
	const provider = registry.create(settings, host);
	const wire = provider.wireFor?.(model, dialect) ?? provider.wire;
	if (wire?.dialect.name !== dialect) throw new Error(`${type} does not speak ${dialect}`);
	return wire;
}

/** Messages without the names of tools, which Relais adds to results. */
function nameless(messages: JsonValue | undefined): JsonValue | undefined {
	if (!Array.isArray(messages)) return messages;
	return messages.map((message) => (isObject(message) && message.role === 'tool' ? { ...message, name: undefined } : message));
}

const taken = loadRecordings(Object.keys(DIALECTS)).filter(
	({ provider, request, response }) => provider in VENDORS && request?.body != null && response.status === 200,
);

describe.skipIf(taken.length === 0)(
	'a request that a vendor took passes its rules (skipped without the shared recordings)',
	() => {
		it.each(taken.map((recording) => [recording.id, recording] as const))('%s', (_, { provider, api, request }) => {
			const type = VENDORS[provider] ?? '';
			const body: JsonObject = request?.body ?? {};
			const warnings: string[] = [];
			const changes = wireOf(type, String(body.model), DIALECTS[api] ?? '').bodyChanges(
				body,
				String(body.model),
				({ kind, path, message }) => warnings.push(`${kind} ${path}: ${message}`),
			);
			if (JSON.stringify(nameless(changes?.messages)) === JSON.stringify(nameless(body.messages))) delete changes?.messages;
			const changed = Object.keys(changes ?? {}).filter(
				(field) => JUSTIFIED[type]?.[field] === undefined && !(ADDED.has(field) && body[field] === undefined),
			);
			const shown = Object.fromEntries(changed.map((field) => [field, { was: body[field], is: changes?.[field] }]));
			expect({ shown, warnings: warnings.filter((warning) => !warning.startsWith('defaulted max_tokens')) }).toEqual({
				shown: {},
				warnings: [],
			});
		});
	},
);
