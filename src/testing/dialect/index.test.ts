import { describe, expect, it } from 'vitest';
import { kinds, SHOWN, sound } from '../../../test/support/dialect-faults.ts';
import type { Dialect, JsonValue } from '../../spec/index.ts';
import { checkDialect, dialectChecks } from '../index.ts';

describe('the checks of a dialect', () => {
	it('have names of their own', () => {
		const names = dialectChecks().map((check) => check.name);
		expect(new Set(names).size).toBe(names.length);
	});

	it('are all shown a dialect with a fault', () => {
		const names = dialectChecks().map((check) => check.name);
		expect(kinds(names).toSorted()).toEqual(Object.values(SHOWN).flat().toSorted());
	});

	it('leave out what the dialect has no form for, saying so', async () => {
		const results = await checkDialect(sound, { without: ['a document'], rounds: 5 });
		const skipped = results.filter((result) => result.outcome === 'skipped').map((result) => result.name);
		expect(skipped).toEqual([
			'carries a request: a document',
			'sketches a request: a document',
			'locates what a request says: a document',
		]);
		expect(results.filter((result) => result.outcome === 'failed')).toEqual([]);
	});

	it('show the same values for the same seed', async () => {
		const seen = async (seed: number): Promise<string> => {
			const bodies: JsonValue[] = [];
			const dialect: Dialect = {
				...sound,
				decodeRequest: (body) => {
					bodies.push(body);
					return sound.decodeRequest(body);
				},
			};
			await checkDialect(dialect, { seed, rounds: 20 });
			return JSON.stringify(bodies);
		};
		expect(await seen(1)).toBe(await seen(1));
		expect(await seen(1)).not.toBe(await seen(2));
	});
});
