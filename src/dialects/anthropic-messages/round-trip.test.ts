import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accumulate, parseEvents } from '../../../test/support/anthropic/accumulate.ts';
import { request, response, streamed } from '../../../test/support/anthropic/arbitraries.ts';
import { tell } from '../../../test/support/anthropic/events.ts';
import type { JsonObject, JsonValue, StreamPart } from '../../spec/index.ts';
import { anthropicMessages } from './index.ts';

const CONTEXT = { model: 'shown', now: 0, id: 'fallback', streamUsage: true };
const RUNS = { numRuns: 300 };

/** What JSON makes of a value: the wire knows no `undefined`, no `-0`. */
const onTheWire = (value: JsonObject): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
const frames = (events: JsonObject[]) => events.map((event) => ({ event: String(event.type), data: JSON.stringify(event) }));

function decodeStream(events: JsonObject[]): StreamPart[] {
	const decoder = anthropicMessages.streamDecoder();
	return [...frames(events).flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

describe('decoding and encoding again in this dialect loses nothing', () => {
	test('of any request', () => {
		fc.assert(
			fc.property(request, (generated) => {
				const body = onTheWire(generated);
				const { value } = anthropicMessages.decodeRequest(body);
				const again = anthropicMessages.encodeRequest(value, { model: value.model, traits: {} });
				expect(onTheWire(again.value)).toEqual(body);
				expect(again.warnings).toEqual([]);
			}),
			RUNS,
		);
	});

	test('of any answer', () => {
		fc.assert(
			fc.property(response, (generated) => {
				const body = onTheWire(generated);
				const { value } = anthropicMessages.decodeResponse(body);
				const again = anthropicMessages.encodeResponse(value, CONTEXT);
				expect(onTheWire(again.value)).toEqual(body);
				expect(again.warnings).toEqual([]);
			}),
			RUNS,
		);
	});

	test('of any streamed answer, however it is cut', () => {
		fc.assert(
			fc.property(streamed, ({ message, cuts, pings, finalUsage }) => {
				const events = tell(onTheWire(message), cuts, pings, onTheWire(finalUsage));
				const parts = decodeStream(events);
				const encoder = anthropicMessages.streamEncoder(CONTEXT);
				const again = parseEvents(parts.map((part) => encoder.push(part)).join(''));
				expect(accumulate(again)).toEqual(accumulate(events));
				expect(encoder.warnings()).toEqual([]);
			}),
			RUNS,
		);
	});

	test('decoding leaves the body as it was', () => {
		fc.assert(
			fc.property(request, response, (asked, answered) => {
				const before: JsonValue = JSON.parse(JSON.stringify([asked, answered])) as JsonValue;
				const { value } = anthropicMessages.decodeRequest(asked);
				anthropicMessages.encodeRequest(value, { model: 'other', traits: { prefill: false, sampling: false } });
				anthropicMessages.encodeResponse(anthropicMessages.decodeResponse(answered).value, CONTEXT);
				expect(JSON.parse(JSON.stringify([asked, answered]))).toEqual(before);
			}),
			{ numRuns: 100 },
		);
	});
});

describe('the tap', () => {
	test('agrees with the decoder on usage, end, model and characters of any stream', () => {
		fc.assert(
			fc.property(streamed, ({ message, cuts, pings, finalUsage }) => {
				const events = tell(onTheWire(message), cuts, pings, onTheWire(finalUsage));
				const parts = decodeStream(events);
				const tap = anthropicMessages.streamTap({ dropUsage: false });
				for (const frame of frames(events)) tap.frame(frame);
				expect(tap.usage).toEqual(parts.findLast((part) => part.type === 'usage')?.usage);
				expect(tap.finish).toBe(parts.find((part) => part.type === 'finish')?.stop.raw);
				expect(tap.model).toBe(message.model);
				expect(tap.complete).toBe(true);
				const shown = parts.reduce((sum, part) => {
					if (part.type === 'text-delta' || part.type === 'reasoning-delta') return sum + (part.text?.length ?? 0);
					return part.type === 'tool-input-delta' ? sum + part.input.length : sum;
				}, 0);
				expect(tap.outputChars).toBe(shown);
			}),
			RUNS,
		);
	});
});
