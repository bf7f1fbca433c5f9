import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../spec/index.ts';
import { DIALECTS } from './index.ts';

/** What is new in a conversation that some vendor holds: a result, without the call before it. */
const REQUEST: ChatRequest = {
	model: 'm',
	messages: [{ role: 'tool', content: [{ type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: 'sunny' }] }] }],
	previousResponseId: 'msg_1',
	stream: false,
	sampling: {},
};

describe('a request to go on from an answer of another dialect’s vendor', () => {
	it.each(DIALECTS.map((dialect) => [dialect.name, dialect] as const))(
		'is refused by %s, in the way that has clients send the whole history',
		(_, dialect) => {
			expect(() => dialect.encodeRequest(REQUEST, { model: 'm', traits: {} })).toThrow(
				expect.objectContaining({ code: 'unsupported', param: 'previous_response_id' }),
			);
		},
	);
});
