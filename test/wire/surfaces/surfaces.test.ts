import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialectByName } from '../../../src/dialects/index.ts';
import { isRelaisError, type RelaisError } from '../../../src/spec/index.ts';
import type { Surface } from '../../sdk/neutral.ts';
import { treatmentOf } from './apis.ts';
import { differences, errorDifferences } from './compare.ts';
import { loadRecordings, type Told, told } from './corpus.ts';
import { EXCEPTIONS, RETOLD } from './exceptions.ts';
import { comesBack } from './own-dialect.ts';
import { PAGE, page, SURFACES } from './page.ts';

import { startTeller, type Teller } from './replay.ts';

const recordings = loadRecordings();
const answers = told(recordings);
const named = answers.map((answer): [string, Told] => [answer.id, answer]);

describe.skipIf(recordings.length === 0)('every recorded chat answer (skipped where ../shared/wire is absent)', () => {
	test('is accounted for, and so is everything else that was recorded', () => {
		const counts = { recordings: recordings.length, answers: answers.length };
		expect(counts).toEqual({ recordings: 620, answers: 510 });
		for (const recording of recordings) expect(treatmentOf(recording).what).not.toBe('');
	});

	test.each(named.filter(([, { status }]) => status < 300))('%s comes back from its own dialect', (id, answer) => {
		const known = RETOLD.find(({ ids }) => ids.includes(id));
		expect(comesBack(answer), known?.reason ?? '').toBe(known === undefined);
	});

	test('is on the page that counts them', () => {
		expect(page(recordings), 'run npm run docs').toBe(readFileSync(PAGE, 'utf8'));
	});

	describe.each(SURFACES)('as the official $name client reads it', (surface) => {
		let teller: Teller;
		beforeAll(async () => {
			teller = await startTeller(dialectByName(surface.dialect), answers);
		});
		afterAll(() => teller.close());

		test.each(named)('%s', async (id, answer) => {
			const problems = await problemsOf(surface, teller.url, answer);
			const known = EXCEPTIONS.find((each) => each.surface === surface.dialect && each.ids.includes(id));
			if (known === undefined) expect(problems).toEqual([]);
			else expect(problems, known.reason).not.toEqual([]);
		});
	});
});

async function problemsOf(surface: Surface, url: string, answer: Told): Promise<string[]> {
	const client = surface.connect({ url, apiKey: 'key' });
	const asked = client.ask({ model: answer.id, turns: [{ user: 'Hello' }] }, answer.streamed ? 'iterator' : 'whole');
	const fault = faultOf(answer);
	try {
		const seen = await asked;
		return fault === undefined ? differences(surface, seen, answer) : [`no error: ${fault.message}`];
	} catch (error) {
		return fault === undefined ? [String(error)] : errorDifferences(surface, error, fault);
	}
}

/** The error of an answer, which may stand under a successful status. */
function faultOf(answer: Told): RelaisError | undefined {
	if (answer.status > 299) return answer.error();
	try {
		answer.response();
		return undefined;
	} catch (error) {
		if (isRelaisError(error)) return error;
		throw error;
	}
}
