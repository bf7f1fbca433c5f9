import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameScanner } from './frame-scanner.ts';
import { type FrameScanner, FrameTooLargeError, type RawFrame } from './frames.ts';
import { NdjsonScanner } from './ndjson.ts';
import { SseScanner, sseEvent } from './sse.ts';

/** All frames of a body fed in pieces of the given sizes (repeated as long as it takes). */
function scan(scanner: FrameScanner, body: Buffer, sizes: number[]): RawFrame[] {
	const frames: RawFrame[] = [];
	for (let at = 0, n = 0; at < body.length; n++) {
		const size = sizes[n % sizes.length] ?? 1;
		// A copy: a scanner must not rely on its chunks being parts of one buffer.
		frames.push(...scanner.push(Buffer.from(body.subarray(at, at + size))));
		at += size;
	}
	const last = scanner.end();
	return last === undefined ? frames : [...frames, last];
}

function messages(frames: RawFrame[]): { event: string; data: string }[] {
	return frames.filter((frame) => frame.data !== '' || frame.event !== '').map(({ event, data }) => ({ event, data }));
}

/** The HTML standard's event-stream rules, read off the whole text at once; an event without its blank line at the end counts. */
function naiveSse(body: Buffer): { event: string; data: string }[] {
	const lines = new TextDecoder('utf-8').decode(body).split(/\r\n|\r|\n/);
	const found: { event: string; data: string }[] = [];
	let event = '';
	let data: string[] = [];
	for (const line of [...lines, '']) {
		if (line === '') {
			if (data.join('\n') !== '' || event !== '') found.push({ event, data: data.join('\n') });
			event = '';
			data = [];
			continue;
		}
		const [, field, value] = /^([^:]*)(?::[ ]?(.*))?$/su.exec(line) ?? [];
		if (field === 'data') data.push(value ?? '');
		if (field === 'event') event = value ?? '';
	}
	return found;
}

const lineEnd = fc.constantFrom('\n', '\n', '\r\n', '\r');
const text = fc.oneof(
	fc.string({ unit: 'grapheme', maxLength: 12 }),
	fc.constantFrom('{"a":1}', '[DONE]', ' x', 'a:b', 'é漢🙂', '\u2028', '\ufeff', ''),
);
const line = fc.oneof(
	text.map((value) => `data: ${value.replaceAll(/[\r\n]/g, '')}`),
	text.map((value) => `data:${value.replaceAll(/[\r\n]/g, '')}`),
	text.map((value) => `event: ${value.replaceAll(/[\r\n]/g, '')}`),
	text.map((value) => `: ${value.replaceAll(/[\r\n]/g, '')}`),
	fc.constantFrom('id: 7', 'retry: 10', 'data', 'event', 'unknown: field', 'database: x', '', '', ''),
);
const stream = fc
	.tuple(
		fc.constantFrom('', '\ufeff'),
		fc.array(fc.tuple(line, lineEnd), { maxLength: 30 }),
		fc.constantFrom('', 'data: unfinished', '\n', '\r'),
	)
	.map(([bom, lines, rest]) => Buffer.from(bom + lines.map((pair) => pair.join('')).join('') + rest));
const sizes = fc.oneof(
	fc.constant<number[]>([1]),
	fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }),
	fc.constant<number[]>([1_000_000]),
);

describe('SseScanner', () => {
	it('finds the events of the standard, wherever the chunks are cut', () => {
		fc.assert(
			fc.property(stream, sizes, (body, cuts) => {
				expect(messages(scan(new SseScanner(), body, cuts))).toEqual(naiveSse(body));
			}),
			{ numRuns: 2000 },
		);
	});

	it('loses no byte', () => {
		fc.assert(
			fc.property(stream, sizes, (body, cuts) => {
				const scanner = new SseScanner();
				expect(Buffer.concat(scan(scanner, body, cuts).map((frame) => frame.raw))).toEqual(body);
				expect(scanner.pending).toBe(0);
			}),
		);
	});

	it('stands any bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), sizes, (bytes, cuts) => {
				const body = Buffer.from(bytes);
				const frames = scan(new SseScanner(), body, cuts);
				expect(Buffer.concat(frames.map((frame) => frame.raw))).toEqual(body);
				expect(messages(frames)).toEqual(naiveSse(body));
			}),
		);
	});

	it('hands out an event as soon as its blank line is there, also when that ends in CR', () => {
		const scanner = new SseScanner();
		expect(scanner.push(Buffer.from('data: 1\r\n\r')).map((frame) => frame.data)).toEqual(['1']);
		expect(scanner.push(Buffer.from('\ndata: 2\n\n')).map((frame) => frame.data)).toEqual(['2']);
	});

	it('reads back what sseEvent writes', () => {
		const frames = new SseScanner().push(Buffer.from(sseEvent('{"a":1}') + sseEvent('{"b":2}', 'delta')));
		expect(messages(frames)).toEqual([
			{ event: '', data: '{"a":1}' },
			{ event: 'delta', data: '{"b":2}' },
		]);
	});

	it('ignores a byte-order mark at the start only', () => {
		const frames = new SseScanner().push(Buffer.from('\ufeffdata: 1\n\n\ufeffdata: 2\n\ndata: 3\n\n'));
		expect(messages(frames).map((frame) => frame.data)).toEqual(['1', '3']);
	});
});

describe('NdjsonScanner', () => {
	it('finds the lines wherever the chunks are cut, and loses no byte', () => {
		const body = fc
			.array(fc.tuple(fc.oneof(fc.json(), fc.constantFrom('', '{"text":"é漢🙂"}')), fc.constantFrom('\n', '\r\n')), {
				maxLength: 20,
			})
			.chain((lines) => fc.constantFrom('', '{"last":true}').map((rest) => ({ lines, rest })));
		fc.assert(
			fc.property(body, sizes, ({ lines, rest }, cuts) => {
				const bytes = Buffer.from(lines.map((pair) => pair.join('')).join('') + rest);
				const frames = scan(new NdjsonScanner(), bytes, cuts);
				expect(frames.map((frame) => frame.data)).toEqual([...lines.map(([json]) => json), ...(rest === '' ? [] : [rest])]);
				expect(Buffer.concat(frames.map((frame) => frame.raw))).toEqual(bytes);
			}),
		);
	});
});

describe('the limit on one frame', () => {
	it.each(['sse', 'ndjson'] as const)('is raised in %s as soon as it is passed, whatever the number of chunks', (framing) => {
		const scanner = frameScanner(framing, 1000);
		const piece = Buffer.from('x'.repeat(100));
		for (let i = 0; i < 10; i++) expect(scanner.push(piece)).toEqual([]);
		expect(scanner.pending).toBe(1000);
		expect(() => scanner.push(piece)).toThrow(FrameTooLargeError);
	});

	it.each(['sse', 'ndjson'] as const)('counts each frame of %s alone', (framing) => {
		const scanner = frameScanner(framing, 1000);
		const frame = Buffer.from(`data: ${'x'.repeat(500)}\n\n`);
		for (let i = 0; i < 50; i++) for (const part of [frame.subarray(0, 300), frame.subarray(300)]) scanner.push(part);
		expect(scanner.pending).toBe(0);
	});
});

describe('frameScanner', () => {
	it('has a scanner for every framing', () => {
		for (const framing of ['sse', 'ndjson', 'json-array', 'aws-event-stream'] as const)
			expect(frameScanner(framing).pending).toBe(0);
	});
});
