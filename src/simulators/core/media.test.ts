import { describe, expect, it } from 'vitest';
import { base64Bytes, dataUrl, imageHeader } from './media.ts';

function bytes(...parts: (string | number[])[]): Buffer {
	return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
}

const SOF = [0xff, 0xc2, 0, 17, 8, 1, 0, 2, 0, 3];

describe("an image's header", () => {
	it.each<[string, Buffer, object | undefined]>([
		[
			'PNG',
			bytes('\x89PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', [0, 0, 1, 0], [0, 0, 0, 9]),
			{ mediaType: 'image/png', size: { width: 256, height: 9 } },
		],
		['GIF', bytes('GIF89a', [3, 0, 2, 0]), { mediaType: 'image/gif', size: { width: 3, height: 2 } }],
		[
			'JPEG behind other segments',
			bytes([0xff, 0xd8, 0xff, 0xe1, 0, 4, 9, 9], SOF),
			{ mediaType: 'image/jpeg', size: { width: 512, height: 256 } },
		],
		['JPEG without a frame', bytes([0xff, 0xd8, 0xff, 0xd9]), { mediaType: 'image/jpeg', size: undefined }],
		[
			'WebP, lossy',
			bytes('RIFF....WEBPVP8 ', Array(10).fill(0), [4, 0, 5, 0]),
			{ mediaType: 'image/webp', size: { width: 4, height: 5 } },
		],
		[
			'WebP, extended',
			bytes('RIFF....WEBPVP8X', Array(8).fill(0), [99, 0, 0, 49, 0, 0]),
			{ mediaType: 'image/webp', size: { width: 100, height: 50 } },
		],
		[
			'WebP, lossless',
			bytes('RIFF....WEBPVP8L', [0, 0, 0, 0, 0x2f], [0x63, 0x40, 0x0c, 0x00], Array(5).fill(0)),
			{ mediaType: 'image/webp', size: { width: 100, height: 50 } },
		],
		['nothing known', bytes('BM6...........'), undefined],
		['nothing', bytes(), undefined],
	])('of %s', (_, data, expected) => {
		expect(imageHeader(data)).toEqual(expected);
	});
});

describe('base64', () => {
	it.each<[string, number | undefined]>([
		['QUJD', 3],
		['QUI=', 2],
		['QQ==', 1],
		['', undefined],
		['QUJ', undefined],
		['Q$==', undefined],
		['QQ==QQ==', undefined],
	])('%j stands for %j bytes', (data, expected) => {
		expect(base64Bytes(data)).toBe(expected);
	});

	it('is found in data URLs', () => {
		expect(dataUrl('data:image/png;base64,QUJD')).toEqual({ mediaType: 'image/png', data: 'QUJD' });
		expect(dataUrl('data:application/pdf;name=a;base64,QUJD')).toEqual({ mediaType: 'application/pdf', data: 'QUJD' });
		expect(dataUrl('data:text/plain,hello')).toBeUndefined();
		expect(dataUrl('https://example.com')).toBeUndefined();
	});
});
