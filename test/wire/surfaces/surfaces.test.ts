import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialectByName } from '../../../src/dialects/index.ts';
import { isRelaisError, type RelaisError } from '../../../src/spec/index.ts';
import type { Surface } from '../../sdk/neutral.ts';
import { anthropicSurface } from '../../sdk/surfaces/anthropic.ts';
import { geminiSurface } from '../../sdk/surfaces/gemini.ts';
import { openaiSurface } from '../../sdk/surfaces/openai.ts';
import { responsesSurface } from '../../sdk/surfaces/responses.ts';
import { differences, errorDifferences } from './compare.ts';
import { loadRecordings, type Told, told, unread } from './corpus.ts';
import { EXCEPTIONS } from './exceptions.ts';
import { startTeller, type Teller } from './replay.ts';

const SURFACES: readonly Surface[] = [openaiSurface, anthropicSurface, geminiSurface, responsesSurface];
const recordings = loadRecordings();
const answers = told(recordings);
const named = answers.map((answer): [string, Told] => [answer.id, answer]);

describe.skipIf(recordings.length === 0)('every recorded chat answer (skipped where ../shared/wire is absent)', () => {
	test('is accounted for', () => {
		expect({ answers: answers.length, unread: unread(recordings).length }).toEqual({ answers: 510, unread: 44 });
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
