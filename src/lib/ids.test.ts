import { describe, expect, it } from 'vitest';
import { uuidv7 } from './ids.ts';

describe('uuidv7', () => {
	it('has the form of a version 7 UUID that carries the time', () => {
		const id = uuidv7(0x0123456789ab);
		expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		expect(uuidv7(0)).toMatch(/^00000000-0000-7/);
		expect(uuidv7(0xffffffffffff)).toMatch(/^ffffffff-ffff-7/);
	});

	it('uses the present time by default', () => {
		const before = Date.now();
		const stamp = Number.parseInt(uuidv7().replaceAll('-', '').slice(0, 12), 16);
		expect(stamp).toBeGreaterThanOrEqual(before);
		expect(stamp).toBeLessThanOrEqual(Date.now());
	});

	it('sorts by time', () => {
		const times = [0, 1, 65_535, 65_536, 1_700_000_000_000, 1_700_000_000_001, 0xffffffffffff];
		const ids = times.map((time) => uuidv7(time));
		expect(ids.toSorted()).toEqual(ids);
	});

	it('does not repeat itself, also beyond its pool of random bytes', () => {
		expect(new Set(Array.from({ length: 20_000 }, () => uuidv7(1))).size).toBe(20_000);
	});

	it('draws every random bit', () => {
		const seen = Array.from({ length: 2000 }, () => BigInt(`0x${uuidv7(0).replaceAll('-', '')}`));
		const everSet = seen.reduce((all, id) => all | id, 0n);
		const alwaysSet = seen.reduce((all, id) => all & id, (1n << 128n) - 1n);
		// Version and variant are fixed, the other 74 bits of the lower 80 vary.
		expect(everSet).toBe(0x7fff_bfff_ffff_ffff_ffffn);
		expect(alwaysSet).toBe(0x7000_8000_0000_0000_0000n);
	});
});
