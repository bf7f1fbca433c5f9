import { describe } from 'vitest';
import { type DialectFault, decoding, itFinds, SHOWN, sound, tapping } from '../../../test/support/dialect-faults.ts';
import type { Dialect, StreamEncoder, StreamPart, TapVerdict } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';

function encoding(change: (text: string, part: StreamPart) => string): Partial<Dialect> {
	return {
		streamEncoder: (context): StreamEncoder => {
			const encoder = sound.streamEncoder(context);
			return { push: (part) => change(encoder.push(part), part), warnings: () => encoder.warnings() };
		},
	};
}

const drop = (type: StreamPart['type']) => decoding((parts) => parts.filter((part) => part.type !== type));

const FAULTS: { readonly [check: string]: readonly DialectFault[] } = {
	'streams an answer: a text': [
		{ wrong: 'half a frame', dialect: encoding((text) => text.replace(/\n\n$/, '\n')), says: /writes a broken frame/ },
		{ wrong: 'a frame that is no JSON', dialect: encoding((text) => text.replace('{', '{{')), says: /frame 0 holds no JSON/ },
		{ wrong: 'a lost finish', dialect: drop('finish'), says: /no candidate has finished|candidate 0 has not finished/ },
		{ wrong: 'a lost usage', dialect: drop('usage'), says: /no usage was told/ },
		{ wrong: 'no end', dialect: drop('end'), says: /the stream has no end/ },
		{
			wrong: 'a lost piece',
			dialect: encoding((text, part) => (part.type === 'text-delta' && part.text === 'Hello' ? '' : text)),
			says: /^content was .* came back as/,
		},
	],
	'taps a stream: a text': [
		{ wrong: 'a dropped frame', dialect: tapping(() => ({ frame: (): TapVerdict => 'drop' })), says: /the tap drops frame 0/ },
		{ wrong: 'no completion', dialect: tapping(() => ({ complete: false })), says: /does not see that the stream is complete/ },
		{ wrong: 'no usage', dialect: tapping(() => ({ usage: undefined })), says: /the tap reads undefined where/ },
		{ wrong: 'no finish', dialect: tapping(() => ({ finish: undefined })), says: /reads no finish reason/ },
		{ wrong: 'no model', dialect: tapping(() => ({ model: undefined })), says: /reads the model undefined/ },
		{ wrong: 'no content', dialect: tapping(() => ({ outputChars: 0 })), says: /the tap sees no content/ },
		{ wrong: 'no start', dialect: tapping(() => ({ started: false })), says: /the tap sees no content/ },
		{ wrong: 'an end mark too many', dialect: tapping(() => ({ closing: () => 'data: [DONE]\n\n' })), says: /would add/ },
		{
			wrong: 'an error that is none',
			dialect: tapping(() => ({ error: new RelaisError('provider_error', 'no') })),
			says: /the tap sees an error: no/,
		},
	],
	'notices where a stream is cut: a text': [
		{
			wrong: 'an end whatever came',
			dialect: decoding(
				(parts) => parts.filter((part) => part.type !== 'end'),
				(parts) => [...parts, { type: 'end' }],
			),
			says: /a stream cut after 0 of \d+ frames passes for whole/,
		},
		{
			wrong: 'a tap that is soon content',
			dialect: tapping(() => ({ complete: true })),
			says: /is not complete for the decoder, otherwise/,
		},
	],
};

describe('how a dialect streams', () => itFinds(SHOWN.streams, FAULTS));
