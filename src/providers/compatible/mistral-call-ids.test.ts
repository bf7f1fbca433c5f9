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
