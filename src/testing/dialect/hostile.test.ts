import { afterEach, describe } from 'vitest';
import { type DialectFault, itFinds, SHOWN, sound, tapping } from '../../../test/support/dialect-faults.ts';
import { isObject } from '../../lib/json.ts';
import type { JsonValue } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';

/** Throws what a careless reader throws. */
function careless(body: JsonValue): void {
	if (isObject(body) && !Array.isArray(body.messages ?? body.choices)) throw new TypeError('not iterable');
}

function polluting(): void {
	Object.assign(Object.getPrototypeOf({}), { polluted: true });
}

const FAULTS: { readonly [check: string]: readonly DialectFault[] } = {
	'withstands requests of any form': [
		{
			wrong: 'a careless reader',
			dialect: {
				decodeRequest: (body) => {
					careless(body);
					return sound.decodeRequest(body);
				},
			},
			says: /decodeRequest of .* throws TypeError: not iterable/,
		},
		{
			wrong: 'a careless sketch',
			dialect: {
				sketch: (body) => {
					careless(body);
					return sound.sketch(body);
				},
			},
			says: /sketch of .* throws TypeError/,
		},
		{
			wrong: 'a careless locator',
			dialect: {
				locate: (body, path) => {
					for (const { content } of (body as { messages: { content: string }[] }).messages) content.trim();
					return path;
				},
			},
			says: /locate of .* throws TypeError/,
		},
		{
			wrong: 'the blame on the server',
			dialect: {
				decodeRequest: () => {
					throw new RelaisError('internal', 'x');
				},
			},
			says: /decodeRequest of .* fails as internal/,
		},
		{
			wrong: 'a polluted prototype',
			dialect: {
				decodeRequest: (body) => {
					polluting();
					return sound.decodeRequest(body);
				},
			},
			says: /changes every object's prototype/,
		},
	],
	'withstands answers of any form': [
		{
			wrong: 'a careless reader',
			dialect: {
				decodeResponse: (body) => {
					careless(body);
					return sound.decodeResponse(body);
				},
			},
			says: /decodeResponse of .* throws TypeError: not iterable/,
		},
		{
			wrong: 'a careless tap',
			dialect: {
				tapResponse: (body) => {
					careless(body);
					return sound.tapResponse(body);
				},
			},
			says: /tapResponse of .* throws TypeError/,
		},
		{
			wrong: 'the blame on the client',
			dialect: {
				decodeResponse: () => {
					throw new RelaisError('invalid_request', 'x');
				},
			},
			says: /decodeResponse of .* fails as invalid_request/,
		},
	],
	'withstands streams of any form': [
		{
			wrong: 'a careless decoder',
			dialect: {
				streamDecoder: () => {
					const decoder = sound.streamDecoder();
					return {
						push: (frame) => {
							if (frame.data !== '[DONE]') JSON.parse(frame.data);
							return decoder.push(frame);
						},
						end: () => decoder.end(),
					};
				},
			},
			says: /the stream decoder of .* throws SyntaxError/,
		},
		{
			wrong: 'a careless tap',
			dialect: tapping((tap) => ({
				frame: (frame) => {
					if (frame.data !== '[DONE]') JSON.parse(frame.data);
					return tap.frame(frame);
				},
			})),
			says: /the tap of .* throws SyntaxError/,
		},
	],
	'withstands errors of any form': [
		{
			wrong: 'a careless reader',
			dialect: {
				decodeError: (status, headers, body) => {
					(body as { error: { message: string } }).error.message.trim();
					return sound.decodeError(status, headers, body);
				},
			},
			says: /decodeError of .* throws TypeError/,
		},
		{ wrong: 'nothing', dialect: { decodeError: () => undefined as never }, says: /decodeError of .* gives undefined/ },
	],
};

afterEach(() => {
	Reflect.deleteProperty(Object.prototype, 'polluted');
});

describe('what a dialect withstands', () => itFinds(SHOWN.hostile, FAULTS));
