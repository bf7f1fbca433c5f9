/**
 * Prints how faithfully Relais carries recorded traffic: every recording of chat completions and messages beside the project, put
 * through the real program and the official clients. The same checks run among the tests; ends with 1 when one fails.
 */
import { cutShort } from '../test/wire/support/cut.ts';
import { Fidelity } from '../test/wire/support/fidelity.ts';
import { answersOf, loadRecordings } from '../test/wire/support/recordings.ts';
import { setStage } from '../test/wire/support/stage.ts';

const recordings = loadRecordings();
if (recordings.length === 0) {
	console.log('../shared/wire is absent: there are no recordings to measure with');
	process.exit(0);
}
const answers = recordings.flatMap(answersOf);
const cut = answers.map(cutShort).filter((answer) => answer !== undefined);
const fidelity = new Fidelity();
fidelity.begin(recordings, answers);
const stage = await setStage([...answers, ...cut]);
const failures: string[] = [];
for (const answer of answers) {
	const problems = [...(await fidelity.own(stage, answer)), ...(await fidelity.other(stage, answer))];
	problems.push(...(await fidelity.lanes(stage, answer)));
	if (answer.status < 300) problems.push(...fidelity.rewritten(answer));
	if (answer.request !== undefined) problems.push(...fidelity.request(answer));
	failures.push(...problems.map((problem) => `${answer.id}: ${problem}`));
}
for (const answer of cut) {
	const problems = await fidelity.cut(stage, answer);
	failures.push(...problems.map((problem) => `${answer.id}: ${problem}`));
}
await stage.close();
console.log(fidelity.block());
for (const failure of failures) console.log(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
