import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../spec/index.ts';
import { applyRules } from '../rules.ts';
import { compatible } from '../shared/chat/index.ts';
import { mistral } from './mistral.ts';
import { nineLetters } from './mistral-call-ids.ts';

const rules = compatible(mistral).rules ?? [];

/** The messages as they go out. */
function sent(messages: JsonObject[]): JsonObject[] {
	const body = { model: 'm', messages };
	const changes = applyRules(rules, body, 'm', {}, () => undefined);
	return (changes?.messages ?? messages) as JsonObject[];
}

const ids = fc.oneof(
	fc.string({ minLength: 1, maxLength: 60 }),
	fc.stringMatching(/^(call|toolu|chatcmpl-tool)_[a-zA-Z0-9]{10,30}$/),
	fc.stringMatching(/^[a-zA-Z0-9]{9}$/),
);

/** A conversation of calls and their results, each call with an id of its own. */
const conversation = fc.uniqueArray(ids, { minLength: 1, maxLength: 8 }).map((list): JsonObject[] => [
	{ role: 'user', content: 'Go on.' },
	...list.flatMap((id) => [
		{
			role: 'assistant',
			content: '',
			tool_calls: [{ id, type: 'function', function: { name: `tool_${id.length}`, arguments: '{}' } }],
		},
		{ role: 'tool', tool_call_id: id, content: 'done' },
	]),
]);

function callIds(messages: JsonObject[]): string[] {
	return messages.flatMap(({ tool_calls: calls }) =>
		Array.isArray(calls) ? calls.map((call) => String((call as JsonObject).id)) : [],
	);
}

function resultIds(messages: JsonObject[]): string[] {
	return messages.flatMap(({ tool_call_id: id }) => (typeof id === 'string' ? [id] : []));
}

describe('ids of calls on their way to the vendor', () => {
	it('are nine letters and digits, whatever the client calls them', () => {
		fc.assert(fc.property(ids, (id) => /^[a-zA-Z0-9]{9}$/.test(nineLetters(id))));
	});

	it('stay as the vendor made them, so that the client sees its own again', () => {
		fc.assert(fc.property(fc.stringMatching(/^[a-zA-Z0-9]{9}$/), (id) => nineLetters(id) === id));
	});

	it('are the same in the call and in its result, and different for different calls', () => {
		fc.assert(
			fc.property(conversation, (messages) => {
				const out = sent(messages);
				expect(resultIds(out)).toEqual(callIds(out));
				expect(new Set(callIds(out)).size).toBe(callIds(messages).length);
			}),
		);
	});

	it('are the same in every later turn', () => {
		fc.assert(
			fc.property(conversation, fc.nat(), (messages, cut) => {
				const earlier = messages.slice(0, 3 + 2 * (cut % ((messages.length - 1) / 2)));
				expect(sent(messages).slice(0, earlier.length)).toEqual(sent(earlier));
			}),
		);
	});

	it('go with the name of their tool, and leave the client’s own messages alone', () => {
		fc.assert(
			fc.property(conversation, (messages) => {
				const before = structuredClone(messages);
				for (const message of sent(messages)) if (message.role === 'tool') expect(message.name).toMatch(/^tool_\d+$/);
				expect(messages).toEqual(before);
			}),
		);
	});
});

describe('a request on its way to the vendor', () => {
	const changed = (body: JsonObject) => {
		const warned: string[] = [];
		const changes = applyRules(rules, { model: 'm', ...body }, 'm', {}, ({ kind, path }) => warned.push(`${kind} ${path}`));
		return { changes, warned };
	};
	const asked = (...content: JsonObject[]): JsonObject => ({ messages: [{ role: 'user', content }] });
	const file = (type: string, text: string): JsonObject => {
		return { type: 'file', file: { filename: 'a.x', file_data: `data:${type};base64,${Buffer.from(text).toString('base64')}` } };
	};

	it('holds documents by their URL, and plain text as text', () => {
		const pdf = file('application/pdf', '%PDF');
		const { changes, warned } = changed(asked(pdf, file('text/plain', 'All is well.')));
		expect(changes?.messages).toEqual([
			{
				role: 'user',
				content: [
					{ type: 'document_url', document_url: (pdf.file as JsonObject).file_data, document_name: 'a.x' },
					{ type: 'text', text: 'a.x\nAll is well.\n\n' },
				],
			},
		]);
		expect(warned).toEqual(['changed messages[0].content[1]']);
		expect(changed(asked({ type: 'file', file: { file_id: 'f-1' } })).changes?.messages).toEqual([
			{ role: 'user', content: [{ type: 'file', file_id: 'f-1' }] },
		]);
	});

	it('knows tools of free text as functions, earlier calls of them too', () => {
		const { changes, warned } = changed({
			messages: [
				{ role: 'user', content: 'Go on.' },
				{ role: 'assistant', tool_calls: [{ id: 'abcdefghi', type: 'custom', custom: { name: 'calc', input: '6 * 7' } }] },
				{ role: 'tool', tool_call_id: 'abcdefghi', content: '42' },
			],
			tools: [{ type: 'custom', custom: { name: 'calc', description: 'Counts.' } }],
			tool_choice: { type: 'custom', custom: { name: 'calc' } },
		});
		expect(changes).toMatchObject({
			tools: [{ type: 'function', function: { name: 'calc', description: 'Counts.', parameters: { required: ['input'] } } }],
			tool_choice: { type: 'function', function: { name: 'calc' } },
			messages: [{}, { tool_calls: [{ function: { name: 'calc', arguments: '{"input":"6 * 7"}' } }] }, {}],
		});
		expect(warned).toEqual(['approximated tools[0]']);
	});

	it("bears no other vendor's proofs", () => {
		const call = { id: 'abcdefghi', type: 'function', function: { name: 'f', arguments: '{}' } };
		const extra_content = { google: { thought_signature: 'c2ln' } };
		const messages = [
			{ role: 'user', content: 'Go on.' },
			{ role: 'assistant', content: '', tool_calls: [{ ...call, extra_content }] },
			{ role: 'tool', tool_call_id: 'abcdefghi', content: 'done' },
		];
		expect(sent(messages)[1]?.tool_calls).toEqual([call]);
	});
});
