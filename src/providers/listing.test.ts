import { expect, it } from 'vitest';
import { completed } from './listing.ts';

const usual = {
	...{ chat: true, streaming: true, tools: true, jsonSchema: true, vision: true },
	...{ reasoning: null, embeddings: true, dataSources: null },
};

it.each([
	['gpt-9-preview', 'chat', true, false],
	['text-embedding-9-large', 'embedding', false, true],
	['baai/bge-small-en', 'embedding', false, true],
	['Qwen3-Reranker-8B', 'rerank', false, false],
	['omni-moderation-latest', 'moderation', false, false],
	['whisper-9', 'transcription', false, false],
	['gpt-9-mini-tts', 'speech', false, false],
	['dall-e-4', 'image', false, false],
])('a listed model of which only the name %s is known counts as %s', (id, mode, chat, embeddings) => {
	expect(completed({ id }, undefined, 'mine', usual)).toMatchObject({ id, mode, capabilities: { chat, embeddings } });
});
