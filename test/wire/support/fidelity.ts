import { DIALECT_OF, decodeAnswer } from './canonical.ts';
import { checkCut } from './cut.ts';
import { checkEitherLane } from './either-lane.ts';
import { type AnswerCheck, EXCEPTIONS, HARMLESS, REFUSED } from './exceptions.ts';
import { type Framing, framingOf } from './framing.ts';
import { checkRequest } from './losses.ts';
import { checkOther } from './other.ts';
import { checkLanes, checkOwn, checkRewritten, type Problems } from './own.ts';
import type { Answer, Recording } from './recordings.ts';
import type { Stage } from './stage.ts';

/** How often each thing came out right, and why not where it did not. */
export class Fidelity {
	readonly #passed = new Map<AnswerCheck, Set<string>>();
	readonly #excepted = new Map<string, Set<string>>();
	readonly #failed = new Set<string>();
	readonly #framing = new Map<Framing, number>();
	readonly #interrupted = new Set<string>();
	#cut = 0;
	readonly #requests = { all: 0, crossed: 0, carried: 0, read: 0, warned: 0 };
	readonly #harmless = new Map<string, number>();
	readonly #refused = new Map<string, number>();
	#recordings: readonly Recording[] = [];
	#answers: readonly Answer[] = [];

	begin(recordings: readonly Recording[], answers: readonly Answer[]): void {
		this.#recordings = recordings;
		this.#answers = answers;
		for (const answer of answers) for (const oddity of framingOf(answer)) add(this.#framing, oddity, 1);
	}

	/** The official client of the answer's own dialect. Returns what no exception explains. */
	async own(stage: Stage, answer: Answer): Promise<Problems> {
		return this.#judge('own client', answer, await checkOwn(stage, answer));
	}

	/** The official client of the other surface. */
	async other(stage: Stage, answer: Answer): Promise<Problems> {
		const problems = await checkOther(stage, answer);
		if (problems.some((line) => line === 'recorded as interrupted')) this.#interrupted.add(answer.id);
		return this.#judge('other client', answer, problems);
	}

	/** A stream broken off on purpose. */
	async cut(stage: Stage, answer: Answer): Promise<Problems> {
		this.#cut++;
		return this.#fail(answer, await checkCut(stage, answer));
	}

	/** Both lanes, and the tap with the decoder; those of the Messages dialect through the program. */
	async lanes(stage: Stage, answer: Answer): Promise<Problems> {
		const problems = answer.status < 300 ? checkLanes(answer) : [];
		if (answer.own === 'messages') problems.push(...(await checkEitherLane(stage, answer)));
		return this.#judge('lanes', answer, problems);
	}

	rewritten(answer: Answer): Problems {
		return this.#judge('own dialect', answer, checkRewritten(answer));
	}

	request(answer: Answer): Problems {
		const fate = checkRequest(answer, HARMLESS);
		this.#requests.all++;
		const known = REFUSED[answer.id];
		if (fate.refused !== undefined) {
			add(this.#refused, fate.refused.replace(/'file-[^']*'/, "'…'"), 1);
			return known?.test(fate.refused) === true ? [] : this.#fail(answer, [`refused: ${fate.refused}`]);
		}
		this.#requests.crossed++;
		for (const each of ['carried', 'read', 'warned'] as const) this.#requests[each] += fate[each];
		for (const { reason } of fate.harmless) add(this.#harmless, reason, 1);
		const problems = known === undefined ? fate.problems : [...fate.problems, 'is no longer refused'];
		return this.#fail(answer, problems);
	}

	/** Reasons given for what did not happen. Answers' exceptions are judged one by one. */
	unused(): string[] {
		return HARMLESS.map((each) => each.reason).filter((reason) => !this.#harmless.has(reason));
	}

	/** Everything in one block. */
	block(): string {
		const { all, crossed, carried, read, warned } = this.#requests;
		const successes = this.#answers.filter((answer) => answer.status < 300);
		const errors = this.#answers.length - successes.length;
		const streams = successes.filter((answer) => answer.streamed).length;
		const lines = [
			'Fidelity over recorded traffic of chat completions and messages',
			row('recordings', `${this.#recordings.length} (${this.#byApi()})`),
			row(
				'answers in them',
				`${this.#answers.length}: ${streams} streams, ${successes.length - streams} whole, ${errors} errors`,
			),
			row('decoded by their dialect', `${this.#answers.filter(isDecoded).length} of ${this.#answers.length}`),
			row('own dialect, every field back', this.#score('own dialect', successes.length)),
			row('both lanes and the tap agree', this.#score('lanes', this.#answers.length)),
			row('official client, own surface', this.#score('own client', this.#answers.length)),
			row('official client, other surface', this.#score('other client', this.#answers.length)),
			row('streams broken off', `${this.#interrupted.size} in the recordings; ${this.#cut} on purpose, each reported`),
			row('requests', `${all}: ${crossed} put in the other dialect's words, ${all - crossed} refused with a reason`),
			row(
				'values in those translated',
				`${carried} carried, ${read} checked, ${warned} warned of, ${total(this.#harmless)} as below`,
			),
			row('framing', [...this.#framing].map(([oddity, count]) => `${oddity} ${count}`).join(', ')),
			'exceptions (answers)',
			...listed([...this.#excepted].map(([reason, ids]) => [reason, ids.size])),
			'exceptions (requests refused)',
			...listed([...this.#refused]),
			'exceptions (values of requests)',
			...listed([...this.#harmless]),
			...(this.#failed.size === 0 ? [] : [`FAILED: ${[...this.#failed].join(', ')}`]),
		];
		return lines.join('\n');
	}

	#byApi(): string {
		const counts = new Map<string, number>();
		for (const { api } of this.#recordings) add(counts, api, 1);
		return [...counts].map(([api, count]) => `${api} ${count}`).join(', ');
	}

	#score(check: AnswerCheck, of: number): string {
		const passed = this.#passed.get(check)?.size ?? 0;
		const excepted = EXCEPTIONS.filter((each) => each.checks.includes(check)).flatMap((each) => each.ids);
		return `${passed} of ${of}, ${new Set(excepted).size} with exceptions`;
	}

	#judge(check: AnswerCheck, answer: Answer, problems: Problems): Problems {
		const known = EXCEPTIONS.filter((each) => each.checks.includes(check) && each.ids.includes(answer.id));
		const unexplained = problems.filter((line) => !known.some((each) => each.problem.test(line)));
		for (const each of known) {
			if (problems.some((line) => each.problem.test(line))) note(this.#excepted, each.reason, answer.id);
			else unexplained.push(`is no longer an exception: ${each.reason}`);
		}
		if (problems.length === 0) note(this.#passed, check, answer.id);
		return this.#fail(answer, unexplained);
	}

	#fail(answer: Answer, problems: Problems): Problems {
		if (problems.length > 0) this.#failed.add(answer.id);
		return problems;
	}
}

/** Whether an answer is read, as an answer or as the error its vendor reports. */
function isDecoded(answer: Answer): boolean {
	const { error, complete } = decodeAnswer(DIALECT_OF[answer.own], answer);
	return error === undefined ? complete : error.code !== 'provider_protocol';
}

function add<K>(counts: Map<K, number>, key: K, by: number): void {
	counts.set(key, (counts.get(key) ?? 0) + by);
}

function note<K>(sets: Map<K, Set<string>>, key: K, id: string): void {
	const set = sets.get(key) ?? new Set();
	sets.set(key, set.add(id));
}

function total(counts: Map<string, number>): number {
	return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function row(name: string, value: string): string {
	return `  ${name.padEnd(32)}${value}`;
}

function listed(counts: [string, number][]): string[] {
	return counts.sort((a, b) => b[1] - a[1]).map(([reason, count]) => `  ${String(count).padStart(4)}  ${reason}`);
}
