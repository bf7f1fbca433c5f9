import { parseArgs } from 'node:util';

/** How much is measured: the full run, or the short one of CI. Times in ms unless the name says otherwise. */
export interface Effort {
	rounds: number;
	loadSeconds: number;
	promptSeconds: number;
	streamMs: number;
	/** Slices of each service in the two measurements of latency. */
	slices: number;
	sliceMs: number;
	/** Requests that each service answers before anything counts: compiled code is not fast from the start. */
	warmUpRequests: number;
	starts: number;
	idleMs: number;
	/** The whole run is ended after this. */
	giveUpMs: number;
	/** A limit counts as broken when the figure is above it by this factor: machines of CI are noisy. */
	tolerance: number;
}

const FULL: Effort = {
	rounds: 5,
	loadSeconds: 3,
	promptSeconds: 2,
	streamMs: 3000,
	slices: 30,
	sliceMs: 350,
	warmUpRequests: 50_000,
	starts: 5,
	idleMs: 3000,
	giveUpMs: 15 * 60_000,
	tolerance: 1,
};

const SHORT: Effort = {
	rounds: 2,
	loadSeconds: 1,
	promptSeconds: 1,
	streamMs: 1000,
	slices: 8,
	sliceMs: 150,
	warmUpRequests: 20_000,
	starts: 2,
	idleMs: 500,
	giveUpMs: 3 * 60_000,
	tolerance: 2,
};

export interface Options {
	effort: Effort;
	subject: string;
	json: string | undefined;
}

export const USAGE = `node bench/run.ts [--short] [--json FILE] [--subject relais|bare] [--rounds N]
  --short    a minute instead of several; fails only above twice a limit
  --json     writes all figures to a file
  --subject  what is measured: Relais, or the bare proxy (a check of the bench itself)
  --rounds   alternating rounds of each measurement (5; short: 2)`;

/** Throws with the reason where the arguments are wrong. */
export function parseOptions(args: string[]): Options {
	const { values } = parseArgs({
		args,
		options: {
			short: { type: 'boolean', default: false },
			json: { type: 'string' },
			subject: { type: 'string', default: 'relais' },
			rounds: { type: 'string' },
		},
	});
	const effort = values.short ? SHORT : FULL;
	const rounds = Number(values.rounds ?? effort.rounds);
	if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) throw new Error('--rounds takes a number from 1 to 100');
	return { effort: { ...effort, rounds }, subject: values.subject, json: values.json };
}
