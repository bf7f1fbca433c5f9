import { describe, expect, it } from 'vitest';
import { parseSize, parseTimeLimit, parseTimeSpan } from './units.ts';

describe('sizes', () => {
	it.each([
		['32mb', 33_554_432],
		['512 KB', 524_288],
		['1.5gb', 1_610_612_736],
		['100', 100],
		['7b', 7],
		[100, 100],
	])('%s is %d bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));

	it.each(['', 'mb', '5 tb', '-1', '1e3', '5m', -1, 1.5, Number.NaN])('%s is none', (text) =>
		expect(parseSize(text)).toBeUndefined(),
	);
});

describe('time limits', () => {
	it.each([
		['250ms', 250],
		['1.5m', 90_000],
		['24d', 2_073_600_000],
		[' 30s ', 30_000],
		['250', 250],
		[0, 0],
	])('%s is %d ms', (text, ms) => expect(parseTimeLimit(text)).toBe(ms));

	// A timer asked to wait longer fires at once: the limit would cut every call.
	it.each(['25d', 2 ** 31, '1 week', '', '-1s', 'soon'])('%s is refused', (text) => expect(parseTimeLimit(text)).toBeUndefined());
});

describe('TimeSpan', () => {
	it.each([
		['00:00:30', 30_000],
		['0:01:00', 60_000],
		['1.02:03:04', 93_784_000],
		['00:00:01.5', 1500],
		['00:00:00.2500000', 250],
	])('%s is %d ms', (text, ms) => expect(parseTimeSpan(text)).toBe(ms));

	it.each(['30', '30s', '00:30', '1:2:3', 'a:b:c'])('%s is none', (text) => expect(parseTimeSpan(text)).toBeUndefined());
});
