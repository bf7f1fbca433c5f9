import { describe, expect, it } from 'vitest';
import { gemini } from './index.ts';

const call = (signed: object = {}): object => ({ functionCall: { name: 'look', args: {} }, ...signed });

function isForeign(...parts: object[]): boolean | undefined {
	const contents = [
		{ role: 'user', parts: [{ text: 'Hi' }] },
		{ role: 'model', parts },
	];
	return gemini.sketch({ model: 'm', contents: JSON.parse(JSON.stringify(contents)) }).foreign;
}

describe('a history that its vendor would refuse', () => {
	it('holds a turn whose first call bears no signature', () => {
		expect(isForeign(call())).toBe(true);
		expect(isForeign({ text: 'Let me look.' }, call(), call({ thoughtSignature: 'c2ln' }))).toBe(true);
	});

	it('does not where the first call is signed, under either spelling, or there is none', () => {
		expect(isForeign(call({ thoughtSignature: 'c2ln' }), call())).toBeUndefined();
		expect(isForeign(call({ thought_signature: 'c2ln' }))).toBeUndefined();
		expect(isForeign({ text: 'Hello' })).toBeUndefined();
	});
});
