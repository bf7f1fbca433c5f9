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

/** One block of another vendor's answer, and the pieces its content comes in. */
const foreignBlock = fc.record({
	kind: fc.constantFrom('text', 'call', 'reasoning'),
	pieces: fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 }),
	/** Where the block's parts go among those of the others. */
	order: fc.array(fc.nat(1000), { minLength: 6, maxLength: 6 }),
	ends: fc.boolean(),
});

describe('streams of other vendors, however their blocks interleave', () => {
	test('come out as whole blocks in the order they began, nothing lost', () => {
		fc.assert(
			fc.property(fc.array(foreignBlock, { maxLength: 4 }), (blocks) => {
				const placed = blocks.flatMap(({ kind, pieces, order, ends }, block) => {
					const content = {
						text: { type: 'text', text: '' },
						call: { type: 'tool-call', id: `call${block}`, name: 'get', kind: 'function', input: '' },
						reasoning: { type: 'reasoning' },
					} as const;
					const parts: StreamPart[] = [{ type: 'block-start', block, candidate: 0, content: content[kind] }];
					for (const text of pieces) {
						if (kind === 'text') parts.push({ type: 'text-delta', block, text });
						else if (kind === 'call') parts.push({ type: 'tool-input-delta', block, input: JSON.stringify(text).slice(1, -1) });
						else parts.push({ type: 'reasoning-delta', block, text });
					}
					if (kind === 'call') parts.splice(1, 0, { type: 'tool-input-delta', block, input: '{"a":"' });
					if (kind === 'call') parts.push({ type: 'tool-input-delta', block, input: '"}' });
					if (ends) parts.push({ type: 'block-end', block });
					const places = [...order, 1001, 1002].sort((a, b) => a - b);
					return parts.map((part, i) => ({ part, at: (places[i] ?? 2000) + i / 100, block }));
				});
				const begun = placed.filter(({ part }) => part.type === 'block-start').sort((a, b) => a.at - b.at || a.block - b.block);
				placed.sort((a, b) => a.at - b.at || a.block - b.block);
				const encoder = anthropicMessages.streamEncoder(CONTEXT);
				const parts: StreamPart[] = [
					{ type: 'start' },
					...placed.map(({ part }) => part),
					{ type: 'finish', candidate: 0, stop: { kind: 'stop' } },
					{ type: 'end' },
				];
				const message = accumulate(parseEvents(parts.map((part) => encoder.push(part)).join('')));
				const expected = begun.flatMap(({ block }): JsonObject[] => {
					const { kind, pieces } = blocks[block] ?? { kind: 'text', pieces: [] };
					const text = pieces.join('');
					if (kind === 'call') return [{ type: 'tool_use', id: `call${block}`, name: 'get', input: { a: text } }];
					if (text === '') return [];
					return [kind === 'text' ? { type: 'text', text } : { type: 'thinking', thinking: text, signature: 'relais.unsigned' }];
				});
				expect(message.content).toEqual(expected);
				expect(encoder.warnings()).toEqual([]);
			}),
			RUNS,
		);
	});
});
