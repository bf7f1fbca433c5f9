import { describe, expect, test } from 'vitest';
import { gemini } from './index.ts';

const BODY = {
	system_instruction: { parts: [{ text: 'Be brief.' }] },
	contents: [
		{ role: 'user', parts: [{ text: 'Hi' }, { text: 'there' }] },
		{ role: 'model', parts: [{ text: 'Hel' }] },
		{ role: 'model', parts: [{ text: 'lo' }, { functionCall: { name: 'f' } }] },
		{ role: 'user', parts: [{ text: 'See:' }, { functionResponse: { name: 'f' } }, { text: 'And?' }] },
	],
	tools: [{ functionDeclarations: [{ name: 'f' }, { name: 'g' }] }, { googleSearch: {} }],
};

describe('A place in a canonical request', () => {
	test.each([
		['messages[0].content[0]', 'systemInstruction.parts[0]'],
		['messages[1].content[1].text', 'contents[0].parts[1].text'],
		['messages[2].content[0]', 'contents[1].parts[0]'],
		['messages[2].content[2]', 'contents[2].parts[1]'],
		['messages[3].content[0]', 'contents[3].parts[1]'],
		['messages[4].content[0]', 'contents[3].parts[0]'],
		['messages[4].content[1]', 'contents[3].parts[2]'],
		['messages[1]', 'contents[0]'],
		['tools[1].name', 'tools[0].functionDeclarations[1].name'],
		['tools[2]', 'tools[1].googleSearch'],
		['top_k', 'generationConfig.topK'],
		['reasoning', 'generationConfig.thinkingConfig'],
		['messages[9]', 'messages[9]'],
		['labels', 'labels'],
	])('%s stands at %s', (path, place) => {
		expect(gemini.locate(BODY, path)).toBe(place);
	});
});
