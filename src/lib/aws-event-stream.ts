import { crc32 } from 'node:zlib';
import { type Frame, RelaisError } from '../spec/index.ts';
import { DEFAULT_FRAME_LIMIT, type FrameScanner, FrameTooLargeError, HeldBytes, type RawFrame } from './frames.ts';

/**
 * AWS event streams (`application/vnd.amazon.eventstream`). A message is: its total length and the length of its headers (32 bits
 * each, big-endian), a CRC-32 of these eight bytes, the headers, the payload, a CRC-32 of all that came before it.
 */

/** Lengths and their checksum, in bytes. */
const PRELUDE = 12;
/** Prelude and closing checksum: a message without headers and payload. */
const LEAST = 16;
const CHECKSUM = 4;
const EMPTY = Buffer.alloc(0);

/** Begins the `event` of a frame that reports a failure; the exception's type or the error's code follows. */
export const EXCEPTION = 'exception:';

/**
 * Cuts a body into messages and checks both checksums of each. A message becomes a frame: `data` is its payload, `event` its
 * `:event-type`, or `exception:` and the type for what the vendor marks as exception or error. The beginning of a message whose end
 * never came is a frame without data. Throws `provider_protocol` for damaged bytes.
 */
export class AwsEventStreamScanner implements FrameScanner {
	readonly #held: HeldBytes;
	readonly #limit: number;
	/** Bytes without which nothing more can be read. */
	#needed = PRELUDE;

	/** @param limit greatest size of one message, in bytes */
	constructor(limit = DEFAULT_FRAME_LIMIT) {
		this.#limit = limit;
		this.#held = new HeldBytes(limit);
	}

	get pending(): number {
		return this.#held.length;
	}

	push(chunk: Buffer): RawFrame[] {
		if (this.#held.length + chunk.length < this.#needed) {
			if (chunk.length > 0) this.#held.hold(chunk);
			return [];
		}
		const bytes = this.#held.take(chunk);
		const frames: RawFrame[] = [];
		let from = 0;
		this.#needed = PRELUDE;
		try {
			while (bytes.length - from >= PRELUDE) {
				const length = messageLength(bytes, from, this.#limit);
				this.#needed = length;
				if (bytes.length - from < length) break;
				frames.push(readMessage(bytes.subarray(from, from + length)));
				this.#needed = PRELUDE;
				from += length;
			}
		} catch (error) {
			// What came before the damage still counts; the damage is found again with the next chunk.
			if (frames.length === 0) throw error;
		}
		if (from < bytes.length) this.#held.hold(bytes.subarray(from));
		return frames;
	}

	end(): RawFrame | undefined {
		return this.#held.length === 0 ? undefined : { event: '', data: '', raw: this.#held.take(EMPTY) };
	}
}

function damaged(what: string): RelaisError {
	return new RelaisError('provider_protocol', `sent a damaged event stream: ${what}`);
}

/** Total length of the message whose prelude begins at `at`. */
function messageLength(bytes: Buffer, at: number, limit: number): number {
	if (crc32(bytes.subarray(at, at + 8)) !== bytes.readUInt32BE(at + 8)) throw damaged('the checksum of a prelude does not hold');
	const length = bytes.readUInt32BE(at);
	if (length > limit) throw new FrameTooLargeError(limit);
	if (length < LEAST + bytes.readUInt32BE(at + 4)) throw damaged('a message is shorter than its headers');
	return length;
}

function readMessage(raw: Buffer): RawFrame {
	const end = raw.length - CHECKSUM;
	if (crc32(raw.subarray(0, end)) !== raw.readUInt32BE(end)) throw damaged('the checksum of a message does not hold');
	const payload = PRELUDE + raw.readUInt32BE(4);
	const headers = readHeaders(raw.subarray(PRELUDE, payload));
	const data = raw.toString('utf8', payload, end);
	switch (headers.get(':message-type')) {
		case 'exception':
			return { event: EXCEPTION + (headers.get(':exception-type') ?? ''), data: data === '' ? '{}' : data, raw };
		case 'error':
			return {
				event: EXCEPTION + (headers.get(':error-code') ?? ''),
				data: JSON.stringify({ message: headers.get(':error-message') }),
				raw,
			};
		default:
			return { event: headers.get(':event-type') ?? '', data, raw };
	}
}

const STRING = 7;
/** Bytes of a header's value by its type: true, false, byte, short, integer, long, binary, string, timestamp, UUID. */
const VALUE_SIZES: readonly (number | 'counted')[] = [0, 0, 1, 2, 4, 8, 'counted', 'counted', 8, 16];

/** The headers that are strings; those of other types are skipped. */
function readHeaders(bytes: Buffer): Map<string, string> {
	const headers = new Map<string, string>();
	let at = 0;
	while (at < bytes.length) {
		const nameEnd = at + 1 + (bytes[at] ?? 0);
		const name = bytes.toString('utf8', at + 1, nameEnd);
		const type = bytes[nameEnd];
		const size = type === undefined ? undefined : VALUE_SIZES[type];
		if (size === undefined) throw damaged(`the header '${name}' has no type`);
		at = nameEnd + 1;
		if (size !== 'counted') {
			at += size;
			continue;
		}
		if (at + 2 > bytes.length) throw damaged(`the header '${name}' is cut`);
		const length = bytes.readUInt16BE(at);
		at += 2;
		if (type === STRING) headers.set(name, bytes.toString('utf8', at, at + length));
		at += length;
	}
	if (at > bytes.length) throw damaged('a header is cut');
	return headers;
}

/** Writes one message: the reverse of what the scanner does. `data`: JSON text. */
export function awsEventMessage({ event, data }: Frame): Buffer {
	const failed = event.startsWith(EXCEPTION);
	const headers = Buffer.concat([
		stringHeader(failed ? ':exception-type' : ':event-type', failed ? event.slice(EXCEPTION.length) : event),
		stringHeader(':content-type', 'application/json'),
		stringHeader(':message-type', failed ? 'exception' : 'event'),
	]);
	const payload = Buffer.from(data, 'utf8');
	const message = Buffer.alloc(LEAST + headers.length + payload.length);
	message.writeUInt32BE(message.length, 0);
	message.writeUInt32BE(headers.length, 4);
	message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
	headers.copy(message, PRELUDE);
	payload.copy(message, PRELUDE + headers.length);
	const end = message.length - CHECKSUM;
	message.writeUInt32BE(crc32(message.subarray(0, end)), end);
	return message;
}

function stringHeader(name: string, value: string): Buffer {
	const bytes = Buffer.from(value, 'utf8');
	const head = Buffer.from([Buffer.byteLength(name), ...Buffer.from(name), STRING, bytes.length >> 8, bytes.length & 0xff]);
	return Buffer.concat([head, bytes]);
}
