import { describe, expect, it } from 'vitest';
import {
	completeAddress,
	findType,
	isLoopback,
	isOwnHost,
	loadCatalog,
	mayHaveQuery,
	neededSettings,
	placeholders,
	reach,
	SPOKEN_DIALECTS,
} from './index.ts';

const catalog = loadCatalog();

describe('reaching a provider', () => {
	it('uses its own dialect, or a local server’s OpenAI-compatible side', () => {
		const way = (id: string) => {
			const row = catalog.provider(id);
			return row === undefined ? undefined : reach(row, SPOKEN_DIALECTS);
		};
		expect(way('groq')).toEqual({ dialect: 'openai', baseUrl: 'https://api.groq.com/openai/v1' });
		expect(way('anthropic')?.dialect).toBe('anthropic');
		expect(way('ollama')).toEqual({ dialect: 'ollama', baseUrl: 'http://localhost:11434' });
		expect(way('gemini')?.dialect).toBe('gemini');
		expect(way('perplexity')).toEqual({ dialect: 'openai-responses', baseUrl: 'https://api.perplexity.ai/v1' });
		expect(way('cohere')).toEqual({ dialect: 'cohere', baseUrl: 'https://api.cohere.com/v2' });
		expect(way('vertex-ai')?.dialect).toBe('gemini');
		expect(way('azure-openai')?.dialect).toBe('azure-openai');
	});

	it('knows what an address still needs', () => {
		expect(placeholders('https://{a}.x/{b_c}/v1')).toEqual(['a', 'b_c']);
		expect(placeholders('https://x/v1')).toEqual([]);
	});
});

describe('an address of the user’s own', () => {
	const row = (id: string) => {
		const found = catalog.provider(id);
		if (found === undefined) throw new Error(`no row ${id}`);
		return found;
	};

	it.each([
		['azure-openai', 'https://res.openai.azure.com/openai/v1', true],
		['azure-openai', 'https://res.openai.azure.com.evil.example', false],
		['azure-openai', 'http://res.openai.azure.com', false],
		['azure-openai', 'https://evil.example/?https://res.openai.azure.com', false],
		['vertex-ai', 'https://europe-west4-aiplatform.googleapis.com/v1', true],
		['vertex-ai', 'https://aiplatform.googleapis.com', true],
		['openai', 'https://eu.api.openai.com/v1', true],
		['openai', 'https://api_openai.com', false],
		['openai', 'no address', false],
	])('of %s, %s: at the vendor’s own host? %s', (id, url, wanted) => expect(isOwnHost(url, row(id))).toBe(wanted));

	it('may end in the version of an API that has versions, and in nothing else', () => {
		const may = (id: string, query: string) => mayHaveQuery(new URL(`https://h/${query}`), row(id));
		expect(may('azure-openai', '?api-version=2024-10-21')).toBe(true);
		expect(may('azure-ai-foundry', '?api-version=2024-05-01-preview')).toBe(true);
		expect(may('azure-openai', '?api-version=2024-10-21&key=k')).toBe(false);
		expect(may('openai', '?api-version=2024-10-21')).toBe(false);
		expect(may('openai', '')).toBe(true);
	});

	it('needs nothing more where credentials or the address itself tell', () => {
		expect(neededSettings(row('vertex-ai'), row('vertex-ai').baseUrl)).toEqual([]);
		expect(neededSettings(row('azure-openai'), row('azure-openai').baseUrl)).toEqual(['resource']);
	});
});

describe('an address as people write it', () => {
	it.each([
		['https://h/v1/', 'https://api.x/v1', 'https://h/v1'],
		['https://h', 'https://api.x/v1', 'https://h/v1'],
		['https://h/', undefined, 'https://h'],
		['https://h/own', 'https://api.x/v1', 'https://h/own'],
		['h.example', 'https://api.x/v1', 'https://h.example/v1'],
		['h:8000', 'http://localhost:8000/v1', 'http://h:8000/v1'],
		['h', 'http://localhost:8000/v1', 'http://h:8000/v1'],
		['h:80', 'http://localhost:8000/v1', 'http://h/v1'],
		['http://h', 'http://localhost:8000/v1', 'http://h/v1'],
		['0.0.0.0:1', 'http://localhost:8000/v1', 'http://127.0.0.1:1/v1'],
		['http://[::]:1/v1', undefined, 'http://127.0.0.1:1/v1'],
		[':9', 'http://localhost:8000/v1', 'http://127.0.0.1:9/v1'],
		['localhost:8000', undefined, 'http://localhost:8000'],
		['https://h', 'https://{resource}.x/openai/v1', 'https://h/openai/v1'],
		['https://h', 'https://x/{account}/v1', 'https://h'],
	])('%s (usual: %s) means %s', (given, usual, expected) => expect(completeAddress(given, usual)).toBe(expected));

	it.each(['', 'http://', 'ftp://h/x', 'a b', 'http://h:99999', 'file:///etc/passwd', 'javascript:alert(1)'])(
		'%j is none',
		(given) => expect(completeAddress(given, 'https://api.x/v1')).toBeUndefined(),
	);
});

describe('this machine alone', () => {
	it.each(['127.0.0.1', '127.9.9.9', 'localhost', 'LOCALHOST', '::1', '[::1]', 'a.localhost'])('%s is', (host) =>
		expect(isLoopback(host)).toBe(true),
	);
	it.each(['0.0.0.0', '::', '10.0.0.1', 'example.com', '127.0.0.1.example.com', 'localhost.example.com', '128.0.0.1', ''])(
		'%s is not',
		(host) => expect(isLoopback(host)).toBe(false),
	);
});

describe('a type in a free spelling', () => {
	it.each([
		['OpenAI', 'openai'],
		['AzureOpenAI', 'azure-openai'],
		['LMStudio', 'lm-studio'],
		['LM Studio', 'lm-studio'],
		['Claude', 'anthropic'],
		['Grok', 'xai'],
		['GoogleGemini', 'gemini'],
		['Google', 'gemini'],
		['Moonshot', 'kimi'],
		['Zhipu', 'glm'],
		['DashScope', 'qwen'],
		['Bedrock', 'aws-bedrock'],
		['llama.cpp', 'llama-cpp'],
		['OpenAICompatible', 'openai-compatible'],
		['OpenAIResponsesCompatible', 'openai-responses-compatible'],
	])('%s is %s', (spelling, type) => expect(findType(catalog, spelling)).toBe(type));

	it.each(['', '---', 'NoSuchThing'])('%j is none', (spelling) => expect(findType(catalog, spelling)).toBeUndefined());
});
