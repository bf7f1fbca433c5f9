import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.ts';

describe('parseDuration', () => {
	it.each([
		['250ms', 250],
		['30s', 30_000],
		['1.5m', 90_000],
		['2h', 7_200_000],
		['7d', 604_800_000],
		[' 10 s ', 10_000],
		['0s', 0],
		[1500, 1500],
		[0, 0],
	])('reads %j', (written, ms) => {
		expect(parseDuration(written)).toBe(ms);
	});

	it.each([
		'',
		's',
		'10',
		'10 seconds',
		'-1s',
		'1.s',
		'.5s',
		'1e3ms',
		'10S',
		'5w',
		'constructor',
		-1,
		Number.NaN,
		Number.POSITIVE_INFINITY,
	])('declines %j', (written) => {
		expect(parseDuration(written)).toBeUndefined();
	});
});
