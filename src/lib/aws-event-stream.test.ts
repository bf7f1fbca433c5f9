import { crc32 } from 'node:zlib';
import { EventStreamCodec, type Message } from '@smithy/eventstream-codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../spec/index.ts';
import { AwsEventStreamScanner, awsEventMessage, EXCEPTION } from './aws-event-stream.ts';
import { FrameTooLargeError, type RawFrame } from './frames.ts';

/** The vendor's own implementation, as the measure. */
const codec = new EventStreamCodec(
	(bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
	(text) => Buffer.from(text, 'utf8'),
);

function scan(body: Buffer, sizes: readonly number[], scanner = new AwsEventStreamScanner()): RawFrame[] {
	const frames: RawFrame[] = [];
	for (let at = 0, n = 0; at < body.length; n++) {
		const size = sizes[n % sizes.length] ?? 1;
		frames.push(...scanner.push(Buffer.from(body.subarray(at, at + size))));
		at += size;
	}
	const last = scanner.end();
	return last === undefined ? frames : [...frames, last];
}

const told = (frames: RawFrame[]): Frame[] => frames.map(({ event, data }) => ({ event, data }));

const string = (value: string): { type: 'string'; value: string } => ({ type: 'string', value });

function message(headers: Message['headers'], body: string): Buffer {
	return Buffer.from(codec.encode({ headers, body: Buffer.from(body, 'utf8') }));
}

/** A message of these bytes of headers whose checksums hold. */
function sealed(headers: Buffer, headerLength = headers.length): Buffer {
	const bytes = Buffer.alloc(16 + headers.length);
	bytes.writeUInt32BE(bytes.length, 0);
	bytes.writeUInt32BE(headerLength, 4);
	bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
	headers.copy(bytes, 12);
	bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
	return bytes;
}

const frame: fc.Arbitrary<Frame> = fc.record({
	event: fc.oneof(fc.constantFrom('messageStart', 'metadata', 'ü'), fc.constant(`${EXCEPTION}throttlingException`)),
	data: fc.json({ stringUnit: 'grapheme', maxDepth: 1 }),
});
const sizes = fc.oneof(
	fc.constant<number[]>([1]),
	fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
	fc.constant<number[]>([1_000_000]),
);

describe('an AWS event stream', () => {
	it('is read whatever the chunks, and no byte is lost', () => {
		fc.assert(
			fc.property(fc.array(frame, { maxLength: 8 }), sizes, (frames, cuts) => {
				const body = Buffer.concat(frames.map(awsEventMessage));
				const read = scan(body, cuts);
				expect(told(read)).toEqual(frames);
				expect(Buffer.concat(read.map(({ raw }) => raw))).toEqual(body);
			}),
			{ numRuns: 500 },
		);
	});

	it('is written as the vendor reads it', () => {
		fc.assert(
			fc.property(frame, ({ event, data }) => {
				const { headers, body } = codec.decode(awsEventMessage({ event, data }));
				expect(Buffer.from(body).toString('utf8')).toBe(data);
				const failed = event.startsWith(EXCEPTION);
				expect(headers[':message-type']?.value).toBe(failed ? 'exception' : 'event');
				expect(headers[failed ? ':exception-type' : ':event-type']?.value).toBe(event.replace(EXCEPTION, ''));
			}),
		);
	});

	it('is read as the vendor writes it, headers of every type included', () => {
		const headers: Message['headers'] = {
			yes: { type: 'boolean', value: true },
			no: { type: 'boolean', value: false },
			byte: { type: 'byte', value: -1 },
			short: { type: 'short', value: 300 },
			integer: { type: 'integer', value: 70_000 },
			binary: { type: 'binary', value: Buffer.from([1, 2, 3]) },
			time: { type: 'timestamp', value: new Date(0) },
			id: { type: 'uuid', value: '01234567-89ab-cdef-0123-456789abcdef' },
			':event-type': string('messageStop'),
		};
		expect(told(scan(message(headers, '{"a":1}'), [7]))).toEqual([{ event: 'messageStop', data: '{"a":1}' }]);
	});

	it.each([
		[{ ':message-type': string('exception'), ':exception-type': string('throttlingException') }, '{"message":"slow"}'],
		[{ ':message-type': string('error'), ':error-code': string('throttlingException'), ':error-message': string('slow') }, ''],
	])('marks failures: %o', (headers, body) => {
		expect(told(scan(message(headers, body), [1000]))).toEqual([
			{ event: 'exception:throttlingException', data: '{"message":"slow"}' },
		]);
	});

	it('gives a failure without payload an object', () => {
		const headers = { ':message-type': string('exception'), ':exception-type': string('x') };
		expect(told(scan(message(headers, ''), [5]))).toEqual([{ event: 'exception:x', data: '{}' }]);
	});

	it('that ends inside a message gives back what was left, as no message', () => {
		const body = awsEventMessage({ event: 'e', data: '{"text":"abc"}' });
		fc.assert(
			fc.property(fc.integer({ min: 1, max: body.length - 1 }), sizes, (end, cuts) => {
				const cut = body.subarray(0, end);
				expect(scan(cut, cuts)).toEqual([{ event: '', data: '', raw: cut }]);
			}),
		);
	});

	it('is refused when any bit is wrong', () => {
		const body = awsEventMessage({ event: 'contentBlockDelta', data: '{"delta":{"text":"abc"}}' });
		fc.assert(
			fc.property(fc.nat(body.length - 1), fc.integer({ min: 0, max: 7 }), sizes, (at, bit, cuts) => {
				const wrong = Buffer.from(body);
				wrong[at] = (wrong[at] ?? 0) ^ (1 << bit);
				expect(() => scan(wrong, cuts)).toThrow(/checksum/);
			}),
		);
	});

	it('keeps what came before the damage', () => {
		const good = awsEventMessage({ event: 'e', data: '{"text":"abc"}' });
		const bad = Buffer.from(good);
		bad[20] = (bad[20] ?? 0) ^ 1;
		const scanner = new AwsEventStreamScanner();
		expect(told(scanner.push(Buffer.concat([good, bad])))).toEqual([{ event: 'e', data: '{"text":"abc"}' }]);
		expect(() => scanner.push(good)).toThrow(/checksum/);
	});

	it('with a message beyond the limit is refused at its first bytes', () => {
		const scanner = new AwsEventStreamScanner(100);
		const large = awsEventMessage({ event: 'e', data: JSON.stringify('x'.repeat(200)) });
		expect(() => scanner.push(large.subarray(0, 12))).toThrow(FrameTooLargeError);
	});

	it.each([
		['a value longer than the headers', [1, 97, 7, 0, 200], /a header is cut/],
		['a value without its length', [1, 97, 7, 0], /'a' is cut/],
		['a name longer than the headers', [9, 97], /has no type/],
		['a type nobody knows', [1, 97, 77], /has no type/],
	])('is refused for %s', (_, headers, message) => {
		expect(() => scan(sealed(Buffer.from(headers)), [1000])).toThrow(message);
	});

	it('is refused for headers longer than their message', () => {
		expect(() => scan(sealed(Buffer.alloc(0), 50), [1000])).toThrow(/shorter than its headers/);
	});

	it('holds back only the unfinished message', () => {
		const one = awsEventMessage({ event: 'e', data: '1' });
		const scanner = new AwsEventStreamScanner();
		scanner.push(Buffer.concat([one, one.subarray(0, 5)]));
		expect(scanner.pending).toBe(5);
		expect(told(scanner.push(one.subarray(5)))).toEqual([{ event: 'e', data: '1' }]);
		expect(scanner.pending).toBe(0);
	});
});
