import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cutShort } from './support/cut.ts';
import { Fidelity } from './support/fidelity.ts';
import { type Answer, answersOf, loadRecordings } from './support/recordings.ts';
import { type Stage, setStage } from './support/stage.ts';

const recordings = loadRecordings();
const answers = recordings.flatMap(answersOf);
const named = (list: readonly Answer[]): [string, Answer][] => list.map((answer) => [answer.id, answer]);
const successes = answers.filter((answer) => answer.status < 300);
const cut = answers.map(cutShort).filter((answer) => answer !== undefined);
const asked = answers.filter((answer) => answer.request !== undefined);

describe.skipIf(recordings.length === 0)('recorded traffic through Relais (skipped where ../shared/wire is absent)', () => {
	const fidelity = new Fidelity();
	let stage: Stage;

	beforeAll(async () => {
		fidelity.begin(recordings, answers);
		stage = await setStage([...answers, ...cut]);
	});
	afterAll(async () => {
		await stage.close();
		process.stdout.write(`\n${fidelity.block()}\n`);
	});

	test('every recording of the two dialects is there', () => {
		expect(recordings.length).toBe(239);
		expect(answers.length).toBe(241);
	});

	test.each(named(answers))('%s: the official client of its own surface reads what the vendor said', async (_, answer) => {
		expect(await fidelity.own(stage, answer)).toEqual([]);
	});

	test.each(named(answers))('%s: the official client of the other surface reads the same', async (_, answer) => {
		expect(await fidelity.other(stage, answer)).toEqual([]);
	});

	test.each(named(cut))('%s is reported as interrupted on both surfaces', async (_, answer) => {
		expect(await fidelity.cut(stage, answer)).toEqual([]);
	});

	test.each(named(answers))('%s: both lanes, the tap and the decoder agree', async (_, answer) => {
		expect(await fidelity.lanes(stage, answer)).toEqual([]);
	});

	test.each(named(successes))('%s: its own dialect writes every field again', (_, answer) => {
		expect(fidelity.rewritten(answer)).toEqual([]);
	});

	test.each(named(asked))('%s: no value of the request is lost in silence', (_, answer) => {
		expect(fidelity.request(answer)).toEqual([]);
	});

	test('every exception is of use', () => {
		expect(fidelity.unused()).toEqual([]);
	});
});
