import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../catalog/index.ts';
import { absentAdvice } from './absent.ts';

const advice = absentAdvice(loadCatalog(), new Set(['anthropic']));

describe('a model of a provider that is not configured', () => {
	it.each([
		['openai/gpt-5', /^OpenAI is not configured: set OPENAI_API_KEY/],
		['gpt-4o', /^OpenAI is not configured: set OPENAI_API_KEY/],
		['github-models/gpt-4o', /^GitHub Models is retired/],
		['groq/whatever', /set GROQ_API_KEY/],
		['ollama/llama3.2', /^Ollama.* was not found here: start it/],
	])('%s tells what to set', (name, words) => expect(advice(name)).toMatch(words));

	it.each(['anthropic/claude-nope', 'claude-sonnet-5-5', 'nobody/gpt-5', 'made-up', '/', ''])('%j needs nothing set', (name) =>
		expect(advice(name)).toBeUndefined(),
	);
});
