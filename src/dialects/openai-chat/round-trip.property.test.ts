import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accumulate, chunksOf, framesOf } from '../../../test/support/openai-chat/accumulate.ts';
import { answer, chunks, request } from '../../../test/support/openai-chat/arbitraries.ts';
import { canonicalRequest, canonicalResponse } from '../../../test/support/openai-chat/canonical.ts';
import { collect, orderFaults, withoutExtensions } from '../../../test/support/openai-chat/collect.ts';
import type { ChatResponse, ContentPart, Frame, JsonObject, JsonValue, StreamPart } from '../../spec/index.ts';
import { openaiChat } from './index.ts';

const CONTEXT = { model: 'shown-model', now: 0, id: 'fallback', streamUsage: true };

function plain(value: unknown): JsonValue {
	return JSON.parse(JSON.stringify(value)) as JsonValue;
}

function choicesOf(chunk: JsonObject | undefined): JsonValue[] {
	return Array.isArray(chunk?.choices) ? chunk.choices : [null];
}

function frames(wire: JsonObject[]): Frame[] {
	return [...wire.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((data) => ({ event: '', data }));
}

function decode(all: Frame[]): StreamPart[] {
	const decoder = openaiChat.streamDecoder();
	return [...all.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

describe('what comes in this dialect and goes out in it', () => {
	test('is the same request, unknown fields and forms included', () => {
		fc.assert(
			fc.property(request, (body) => {
				const wire = plain(body);
				const { value } = openaiChat.decodeRequest(wire);
				const encoded = openaiChat.encodeRequest(value, { model: value.model, traits: {} });
				expect(plain(encoded.value)).toEqual(wire);
				expect(encoded.warnings).toEqual([]);
			}),
			{ numRuns: 150 },
		);
	});

	test('is the same answer, vendors’ fields and forms included', () => {
		fc.assert(
			fc.property(answer, (body) => {
				const wire = plain(body);
				const { value } = openaiChat.decodeResponse(wire);
				const encoded = openaiChat.encodeResponse(value, CONTEXT);
				expect(plain(encoded.value)).toEqual(wire);
				expect(encoded.warnings).toEqual([]);
			}),
			{ numRuns: 150 },
		);
	});

	test('is the same stream, whatever the cut into chunks', () => {
		fc.assert(
			fc.property(chunks, (wire) => {
				const parts = decode(frames(wire));
				expect(orderFaults(parts)).toEqual([]);
				const encoder = openaiChat.streamEncoder(CONTEXT);
				const text = parts.map((part) => encoder.push(part)).join('');
				expect(accumulate(chunksOf(framesOf(text)))).toEqual(accumulate(plain(wire) as JsonObject[]));
				expect(encoder.warnings()).toEqual([]);
			}),
			{ numRuns: 150 },
		);
	});

	test('is read by the tap as by the decoder', () => {
		fc.assert(
			fc.property(chunks, fc.boolean(), (wire, dropUsage) => {
				const tap = openaiChat.streamTap({ dropUsage });
				const all = frames(wire);
				const verdicts = all.map((frame) => tap.frame(frame));
				const parts = decode(all);
				const finish = parts.find((part) => part.type === 'finish');
				expect(tap.finish).toBe(finish?.stop.raw);
				expect(tap.usage).toEqual(parts.findLast((part) => part.type === 'usage')?.usage);
				expect(tap.complete).toBe(true);
				expect(tap.error).toBeUndefined();
				expect(tap.started).toBe(parts.some((part) => part.type === 'block-start'));
				const dropped = verdicts.flatMap((verdict, index) =>
					verdict === 'drop' && wire[index] !== undefined ? [wire[index]] : [],
				);
				expect(dropped.every((chunk) => choicesOf(chunk).length === 0)).toBe(true);
				expect(dropped.length).toBe(dropUsage && choicesOf(wire.at(-1)).length === 0 ? 1 : 0);
			}),
			{ numRuns: 150 },
		);
	});
});

/** An answer as a stream: each part a block, its text in two pieces. */
function streamOf(response: ChatResponse): StreamPart[] {
	const parts: StreamPart[] = [{ type: 'start', id: 'answer', model: 'model', createdAt: 1 }];
	let block = 0;
	for (const candidate of response.candidates) {
		for (const content of candidate.content) parts.push(...blockOf(content, block++, candidate.index));
		if (candidate.stop !== undefined) parts.push({ type: 'finish', candidate: candidate.index, stop: candidate.stop });
	}
	if (response.usage !== undefined) parts.push({ type: 'usage', usage: response.usage });
	return [...parts, { type: 'end' }];
}

function blockOf(content: ContentPart, block: number, candidate: number): StreamPart[] {
	const start = (part: ContentPart): StreamPart => ({ type: 'block-start', block, candidate, content: part });
	const end: StreamPart = { type: 'block-end', block };
	const half = (text: string): [string, string] => [text.slice(0, text.length / 2), text.slice(text.length / 2)];
	if (content.type === 'text' || content.type === 'refusal') {
		const { text, ...rest } = content;
		return [
			start({ ...rest, text: '' }),
			...half(text).map((piece): StreamPart => ({ type: 'text-delta', block, text: piece })),
			end,
		];
	}
	if (content.type === 'tool-call') {
		const pieces = half(content.input).map((input): StreamPart => ({ type: 'tool-input-delta', block, input }));
		return [start({ ...content, input: '' }), ...pieces, end];
	}
	if (content.type !== 'reasoning') return [start(content), end];
	const { text, summary, signature, encrypted, ...rest } = content;
	const deltas: StreamPart[] = half(text ?? '').map((piece) => ({ type: 'reasoning-delta', block, text: piece }));
	const paragraphs = (summary ?? []).map(
		(each, summaryIndex): StreamPart => ({ type: 'reasoning-delta', block, summary: each, summaryIndex }),
	);
	const proofs: StreamPart[] = [
		...(signature === undefined ? [] : [{ type: 'reasoning-delta' as const, block, signature }]),
		...(encrypted === undefined ? [] : [{ type: 'reasoning-delta' as const, block, encrypted }]),
	];
	return [
		start(text === undefined ? rest : { ...rest, text: '' }),
		...(text === undefined ? [] : deltas),
		...paragraphs,
		...proofs,
		end,
	];
}

/** Parts of a stream may be cut otherwise: what each candidate says in all. */
function essence(content: ContentPart[]): unknown {
	return content.map((part) => {
		if (part.type === 'reasoning') return { ...part, summary: part.summary?.join('\n\n') };
		return part.type === 'text' ? { type: 'text', text: part.text, citations: part.citations } : part;
	});
}

describe('what comes from another dialect and is read back', () => {
	test('is the same request', () => {
		fc.assert(
			fc.property(canonicalRequest, (request) => {
				const encoded = openaiChat.encodeRequest(request, { model: request.model, traits: {} });
				expect(encoded.warnings).toEqual([]);
				const { value } = openaiChat.decodeRequest(plain(encoded.value));
				expect(withoutExtensions(value)).toEqual(request);
			}),
			{ numRuns: 150 },
		);
	});

	test('is the same answer', () => {
		fc.assert(
			fc.property(canonicalResponse, (response) => {
				const encoded = openaiChat.encodeResponse(response, CONTEXT);
				expect(encoded.warnings).toEqual([]);
				const { value } = openaiChat.decodeResponse(plain(encoded.value));
				const { candidates, ...rest } = withoutExtensions(value);
				const { candidates: original, ...expected } = response;
				expect(rest).toEqual(expected);
				const kinds = candidates.map((each) => ({ ...each, stop: { kind: each.stop?.kind } }));
				expect(kinds).toEqual(original);
			}),
			{ numRuns: 150 },
		);
	});

	test('is the same stream', () => {
		fc.assert(
			fc.property(canonicalResponse, (response) => {
				const encoder = openaiChat.streamEncoder(CONTEXT);
				const text = streamOf(response)
					.map((part) => encoder.push(part))
					.join('');
				expect(encoder.warnings()).toEqual([]);
				const parts = decode(framesOf(text)).map((part) => (part.type === 'error' ? part : withoutExtensions(part)));
				expect(orderFaults(parts)).toEqual([]);
				const { candidates, usage, ended } = collect(parts);
				expect(ended).toBe(true);
				expect(usage).toEqual(response.usage);
				for (const { index, content, stop } of response.candidates) {
					expect(candidates[index]?.stop ?? 'none').toBe(stop?.kind);
					expect(essence(candidates[index]?.content ?? [])).toEqual(essence(content));
				}
			}),
			{ numRuns: 150 },
		);
	});
});
