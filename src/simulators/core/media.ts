/** Width and height in pixels. */
export interface Size {
	width: number;
	height: number;
}

/** What an image's first bytes say. */
export interface ImageHeader {
	mediaType: string;
	size: Size | undefined;
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** Where a JPEG hides its size after large metadata, that is still within these bytes. */
const HEADER_CHARS = 512 * 1024;

/** The number of bytes a base64 text stands for; undefined where it is not base64. */
export function base64Bytes(data: string): number | undefined {
	if (data.length % 4 !== 0 || !BASE64.test(data)) return undefined;
	return (data.length / 4) * 3 - (data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0);
}

/** The beginning of base64 data, decoded. */
export function base64Head(data: string): Buffer {
	return Buffer.from(data.slice(0, HEADER_CHARS), 'base64');
}

function png(bytes: Buffer): Size | undefined {
	return bytes.length < 24 ? undefined : { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function gif(bytes: Buffer): Size | undefined {
	return bytes.length < 10 ? undefined : { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

/** Frame headers (SOF0-15) hold the size; DHT, JPG and DAC share the range and do not. */
function isFrameHeader(marker: number): boolean {
	return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function jpeg(bytes: Buffer): Size | undefined {
	let at = 2;
	while (at + 9 < bytes.length && bytes[at] === 0xff) {
		const marker = bytes[at + 1] ?? 0;
		if (isFrameHeader(marker)) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
		at += 2 + bytes.readUInt16BE(at + 2);
	}
	return undefined;
}

function webp(bytes: Buffer): Size | undefined {
	if (bytes.length < 30) return undefined;
	const form = bytes.toString('latin1', 12, 16);
	if (form === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
	if (form === 'VP8 ') return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
	const bits = bytes.readUInt32LE(21);
	return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

const FORMATS: { mediaType: string; magic: (head: string) => boolean; size: (bytes: Buffer) => Size | undefined }[] = [
	{ mediaType: 'image/png', magic: (head) => head.startsWith('\x89PNG\r\n\x1a\n'), size: png },
	{ mediaType: 'image/jpeg', magic: (head) => head.startsWith('\xff\xd8\xff'), size: jpeg },
	{ mediaType: 'image/gif', magic: (head) => head.startsWith('GIF8'), size: gif },
	{ mediaType: 'image/webp', magic: (head) => head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP', size: webp },
];

/** Format and size of an image, from its header; undefined where it is none of PNG, JPEG, GIF, WebP. */
export function imageHeader(bytes: Buffer): ImageHeader | undefined {
	const head = bytes.toString('latin1', 0, 12);
	const format = FORMATS.find((candidate) => candidate.magic(head));
	return format === undefined ? undefined : { mediaType: format.mediaType, size: format.size(bytes) };
}

/** The parts of a `data:` URL with base64 content; undefined where it is not one. */
export function dataUrl(url: string): { mediaType: string; data: string } | undefined {
	const comma = url.indexOf(',');
	const head = comma < 0 ? null : /^data:([^;,]*)(?:;[^;,]*)*;base64$/.exec(url.slice(0, comma));
	return head === null ? undefined : { mediaType: head[1] ?? '', data: url.slice(comma + 1) };
}
