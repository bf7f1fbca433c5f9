import { describe } from 'vitest';
import { answer, first0, itFinds, saying, streaming } from '../../../test/support/sound-provider.ts';
import { type ChatResponse, type Provider, RelaisError } from '../../spec/index.ts';
import { TOOLS } from './tools.ts';

function isCall(whole: ChatResponse): boolean {
	return whole.candidates[0]?.content[0]?.type === 'tool-call';
}

function calls(more: object): Partial<Provider> {
	return saying((whole) =>
		isCall(whole) ? first0(whole, { content: [{ ...whole.candidates[0]?.content[0], ...more }] }) : whole,
	);
}

describe('calls of tools', () => {
	itFinds(TOOLS, {
		'calls a tool and takes its result': [
			{
				wrong: 'no call',
				provider: saying((whole) => first0(whole, { content: [{ type: 'text', text: 'x' }] })),
				says: /holds no call/,
			},
			{ wrong: 'no id', provider: calls({ id: '' }), says: /have the ids \[""\]/ },
			{ wrong: 'another tool', provider: calls({ name: 'other' }), says: /names the tool "other"/ },
			{ wrong: 'an input that is no JSON', provider: calls({ input: '{"city' }), says: /is no JSON object/ },
			{ wrong: 'an input that is no object', provider: calls({ input: '"Paris"' }), says: /is no JSON object/ },
			{ wrong: 'an input that is no text', provider: calls({ input: { city: 'Paris' } as never }), says: /input must be a text/ },
			{
				wrong: 'a cut call',
				provider: saying((whole) => first0(whole, { stop: { kind: 'length' } })),
				says: /an answer that calls a tool ends with "length"/,
			},
			{
				wrong: 'no answer to the result',
				provider: saying((whole) => (isCall(whole) ? whole : first0(whole, { content: [] }))),
				says: /the answer to a tool result is empty/,
			},
			{
				wrong: 'a refusal of the result',
				provider: {
					chat: async (request) => {
						if (request.messages.length > 1) throw new RelaisError('provider_rejected', 'what is this result?');
						return answer(request);
					},
				},
				says: /what is this result/,
			},
		],
		'streams a tool call and takes its result': [
			{
				wrong: 'a lost input',
				provider: streaming((told) => told.filter((part) => part.type !== 'tool-input-delta')),
				says: /is no JSON object: ""/,
			},
			{
				wrong: 'an input of text',
				provider: streaming((told) =>
					told.map((part) => (part.type === 'tool-input-delta' ? { type: 'text-delta', block: 0, text: part.input } : part)),
				),
				says: /block 0 is a tool-call block, which takes no text-delta/,
			},
		],
	});
});
