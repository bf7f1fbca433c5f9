import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameScanner } from './frame-scanner.ts';
import { FrameTooLargeError, type RawFrame } from './frames.ts';
import { JsonArrayScanner } from './json-array.ts';

function scan(body: Buffer, cuts: number[] = []): RawFrame[] {
	const scanner = new JsonArrayScanner();
	const places = [...new Set(cuts.map((cut) => cut % (body.length + 1)))].sort((a, b) => a - b);
	const frames = [0, ...places].flatMap((from, index) => scanner.push(body.subarray(from, places[index] ?? body.length)));
	const last = scanner.end();
	return last === undefined ? frames : [...frames, last];
}

const elements = (frames: RawFrame[]): unknown[] =>
	frames.filter((frame) => frame.data !== '').map((frame) => JSON.parse(frame.data) as unknown);

describe('A stream that is one JSON array', () => {
	test('gives each element as soon as its last byte is there', () => {
		const scanner = new JsonArrayScanner();
		expect(scanner.push(Buffer.from('[{"text":"a'))).toEqual([]);
		expect(scanner.pending).toBe(11);
		const [first] = scanner.push(Buffer.from(' } ] b"}'));
		expect(first?.data).toBe('{"text":"a } ] b"}');
		const [second] = scanner.push(Buffer.from('\r\n,\r\n{"text":"\\"]"}'));
		expect(second?.data).toBe('{"text":"\\"]"}');
		expect(scanner.push(Buffer.from(']\n'))).toEqual([]);
		expect(scanner.end()).toMatchObject({ event: '', data: '' });
	});

	test('is read whatever the chunk boundaries, and loses no byte', () => {
		const layout = fc.constantFrom('', ' ', '\n', '\r\n', '  ');
		fc.assert(
			fc.property(
				fc.array(fc.jsonValue(), { maxLength: 6 }),
				layout,
				fc.boolean(),
				fc.array(fc.nat(), { maxLength: 12 }),
				(values, space, pretty, cuts) => {
					const texts = values.map((value) => JSON.stringify(value, null, pretty ? 2 : 0));
					const body = Buffer.from(`[${space}${texts.join(`${space},${space}`)}${space}]${space}`);
					const frames = scan(body, cuts);
					expect(elements(frames)).toEqual(JSON.parse(body.toString()));
					expect(Buffer.concat(frames.map((frame) => frame.raw)).equals(body)).toBe(true);
				},
			),
			{ numRuns: 300 },
		);
	});

	test('is read byte by byte, also inside a character', () => {
		const body = Buffer.from('[{"t":"ü€😀"},{"t":"\\\\"}]');
		expect(elements(scan(body, [...body.keys()]))).toEqual([{ t: 'ü€😀' }, { t: '\\' }]);
	});

	test('may begin with a byte-order mark, and may be empty', () => {
		expect(elements(scan(Buffer.from('\ufeff[{"a":1}]')))).toEqual([{ a: 1 }]);
		expect(elements(scan(Buffer.from('[]')))).toEqual([]);
		expect(scan(Buffer.alloc(0))).toEqual([]);
	});

	test('gives a lone object, as servers report an error', () => {
		const frames = scan(Buffer.from('{"error":{"code":400}}\n'), [3, 9]);
		expect(elements(frames)).toEqual([{ error: { code: 400 } }]);
	});

	test('gives what is left of an element that was cut off', () => {
		expect(scan(Buffer.from('[{"a":1},{"b":')).map((frame) => frame.data)).toEqual(['{"a":1}', '{"b":']);
	});

	test('refuses an element beyond the limit', () => {
		const scanner = frameScanner('json-array', 10);
		expect(() => scanner.push(Buffer.from('[{"text":"a long one'))).toThrow(FrameTooLargeError);
	});
});
