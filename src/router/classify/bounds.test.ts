import { describe, expect, it } from 'vitest';
import { type Labelled, readPart } from '../../../bench/classify/labelled.ts';
import { hugeInputs, judge, levelRight, share, time, useCaseRight } from '../../../bench/classify/measure.ts';
import { USE_CASES } from './types.ts';

/** Somewhat below what is reached, so that a change which costs accuracy is seen. */
const FLOOR = { useCase: 0.8, complexity: 0.68 };
/** The promise is a median of 200 µs; machines that run tests are busy. */
const GENEROUS_MICROS = 1_000;

describe('the labelled set', () => {
	const test = readPart('test');
	const development = readPart('development');

	it('holds 600 requests and more, in both languages, of every use case alike', () => {
		const all = [...development, ...test];
		expect(all.length).toBeGreaterThanOrEqual(600);
		expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
		for (const useCase of USE_CASES) {
			for (const language of ['en', 'fr']) {
				expect(test.filter((one) => one.useCase === useCase && one.language === language)).toHaveLength(16);
			}
		}
	});

	it('has no request in both parts', () => {
		const key = ({ input }: Labelled) => `${input.earlier}|${input.system}|${input.user}`;
		const known = new Set(development.map(key));
		expect(test.filter((one) => known.has(key(one))).map(({ id }) => id)).toEqual([]);
	});

	it('is told apart as well as before in the part that nothing was tuned on', () => {
		const judged = judge(test);
		expect(share(judged, useCaseRight)).toBeGreaterThan(FLOOR.useCase);
		expect(share(judged, levelRight)).toBeGreaterThan(FLOOR.complexity);
	});
});

describe('the time it takes', () => {
	it('is short for common requests', () => {
		const inputs = readPart('test').map(({ input }) => input);
		expect(time(inputs, 3).median).toBeLessThan(GENEROUS_MICROS);
	});

	it('does not grow with the length of the texts', () => {
		expect(time(hugeInputs(1_000_000), 50).median).toBeLessThan(GENEROUS_MICROS);
	});
});
