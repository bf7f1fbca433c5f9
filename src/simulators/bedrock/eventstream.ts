import type { JsonObject } from '../../spec/index.ts';

/** CRC-32 of every byte (ISO 3309, reflected polynomial 0xEDB88320). */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
	let rest = byte;
	for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
	return rest;
});

/** The CRC-32 checksum of bytes. */
export function crc32(bytes: Uint8Array): number {
	let rest = 0xffffffff;
	for (const byte of bytes) rest = (rest >>> 8) ^ (TABLE[(rest ^ byte) & 0xff] ?? 0);
	return (rest ^ 0xffffffff) >>> 0;
}

/** The type of header values that are text. */
const TEXT = 7;

/** A header: length of the name, name, type, length of the value (16 bits), value. */
function header(name: string, value: string): Buffer {
	const key = Buffer.from(name);
	const text = Buffer.from(value);
	const size = Buffer.alloc(2);
	size.writeUInt16BE(text.length);
	return Buffer.concat([Buffer.from([key.length]), key, Buffer.from([TEXT]), size, text]);
}

/** A message: lengths of the whole and of the headers, their checksum, headers, payload, checksum of all before. */
function message(headers: readonly (readonly [string, string])[], payload: Buffer): Buffer {
	const head = Buffer.concat(headers.map(([name, value]) => header(name, value)));
	const whole = Buffer.alloc(16 + head.length + payload.length);
	whole.writeUInt32BE(whole.length, 0);
	whole.writeUInt32BE(head.length, 4);
	whole.writeUInt32BE(crc32(whole.subarray(0, 8)), 8);
	head.copy(whole, 12);
	payload.copy(whole, 12 + head.length);
	whole.writeUInt32BE(crc32(whole.subarray(0, whole.length - 4)), whole.length - 4);
	return whole;
}

const JSON_TYPE = [':content-type', 'application/json'] as const;

/** An event of a stream. */
export function eventMessage(type: string, payload: JsonObject): Buffer {
	const headers = [[':event-type', type], JSON_TYPE, [':message-type', 'event']] as const;
	return message(headers, Buffer.from(JSON.stringify(payload)));
}

/** An exception in place of an event: the stream ends with it. */
export function exceptionMessage(type: string, payload: JsonObject): Buffer {
	const headers = [[':exception-type', type], JSON_TYPE, [':message-type', 'exception']] as const;
	return message(headers, Buffer.from(JSON.stringify(payload)));
}
