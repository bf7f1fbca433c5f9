import { describe, expect, it } from 'vitest';
import { dialectByName } from '../../dialects/index.ts';
import type { JsonObject, Warning } from '../../spec/index.ts';
import { applyRules } from '../rules.ts';
import { perplexity } from './index.ts';

/** Fields of the vendor's published schema. */
const KNOWN = ['model', 'models', 'preset', 'input', 'instructions', 'language_preference', 'max_output_tokens', 'max_steps'];
const ALL_KNOWN = [...KNOWN, 'reasoning', 'response_format', 'stream', 'tools'];

function sent(body: JsonObject): { body: JsonObject; warned: string[] } {
	const warnings: Warning[] = [];
	const changes = applyRules(perplexity.rules ?? [], body, 'perplexity/sonar', {}, (warning) => warnings.push(warning));
	return {
		body: JSON.parse(JSON.stringify({ ...body, ...changes })) as JsonObject,
		warned: warnings.map(({ kind, path }) => `${kind} ${path}`),
	};
}

const schema = { type: 'object', properties: {} };

describe('what reaches the vendor', () => {
	it('holds no field it refuses, whatever a chat client asks for', () => {
		const chat = dialectByName('openai-chat').decodeRequest({
			model: 'm',
			messages: [{ role: 'user', content: 'Hi' }],
			temperature: 0.2,
			top_p: 0.9,
			user: 'u',
			metadata: { a: 'b' },
			store: true,
			service_tier: 'flex',
			parallel_tool_calls: false,
			tools: [{ type: 'function', function: { name: 'f', parameters: schema } }],
			tool_choice: 'required',
			reasoning_effort: 'xhigh',
			response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
			stream: true,
		}).value;
		const encoded = dialectByName('openai-responses').encodeRequest(chat, { model: 'perplexity/sonar', traits: {} }).value;
		const { body, warned } = sent(encoded);
		expect(Object.keys(body).filter((field) => !ALL_KNOWN.includes(field))).toEqual([]);
		expect(body).toMatchObject({
			reasoning: { effort: 'high' },
			response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
		});
		expect(warned).toEqual(
			expect.arrayContaining(['dropped tool_choice', 'dropped temperature', 'approximated reasoning.effort']),
		);
	});

	it('is what a client of its own API said', () => {
		const body = { model: 'perplexity/sonar', preset: 'fast', input: 'Hi', reasoning: { effort: 'low' }, max_steps: 3 };
		expect(sent(body)).toEqual({ body, warned: [] });
	});

	it('says nothing of what changes nothing', () => {
		const idle = { store: false, temperature: 1, tool_choice: 'auto', text: { format: { type: 'text' } } };
		expect(sent({ model: 'm', input: 'Hi', ...idle })).toEqual({ body: { model: 'm', input: 'Hi' }, warned: [] });
	});
});
