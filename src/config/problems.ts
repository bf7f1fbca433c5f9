import { RelaisError } from '../spec/index.ts';

/** A place in the config: keys and list positions from the root. */
export type ConfigPath = readonly (string | number)[];

/** One thing that is wrong with the configuration. Never holds a secret. */
export interface ConfigProblem {
	/** `providers[2].timeouts.idle`; empty for the whole file. */
	path: string;
	/** As shown to users: relative to the working directory where it lies inside it; absent for problems of no file. */
	file?: string;
	/** Counted from 1. */
	line?: number;
	column?: number;
	/** What is wrong, one sentence without its full stop. */
	message: string;
	/** What to do, one sentence. */
	cure?: string;
}

/** The configuration cannot be used: every problem found, not only the first. Code `config_invalid`. */
export class ConfigError extends RelaisError {
	readonly problems: readonly ConfigProblem[];
	/** Files whose change may cure it; empty when the config file itself could not be read. */
	readonly files: readonly string[];

	constructor(problems: readonly ConfigProblem[], files: readonly string[] = []) {
		const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
		super(
			'config_invalid',
			`the configuration has ${count}:\n${problems.map((problem) => `  ${formatProblem(problem)}`).join('\n')}`,
		);
		this.problems = problems;
		this.files = files;
	}
}

/** `relais.yaml:12:5 providers[1].tpye: unknown key. Did you mean "type"?` */
export function formatProblem(problem: ConfigProblem): string {
	const position = problem.line === undefined ? '' : `:${problem.line}:${problem.column ?? 1}`;
	const place = [problem.file === undefined ? '' : problem.file + position, problem.path].filter((part) => part !== '').join(' ');
	const text = problem.cure === undefined ? problem.message : `${problem.message}. ${problem.cure}`;
	return place === '' ? text : `${place}: ${text}`;
}

/** `providers[2].timeouts.idle` */
export function formatPath(path: ConfigPath): string {
	let text = '';
	for (const part of path) {
		if (typeof part === 'number') text += `[${part}]`;
		else if (/^[A-Za-z_$][\w$-]*$/.test(part)) text += text === '' ? part : `.${part}`;
		else text += `[${JSON.stringify(part)}]`;
	}
	return text;
}

/** Shorter values are left: they are no secrets worth the name, and hiding them would garble ordinary words. */
const MIN_SECRET_LENGTH = 8;

/** A key may be given as the path of the file that holds it, which is no secret, and has to be named where it cannot be read. */
const KEY_FILE = /^(?:[./~]|[A-Za-z]:[\\/])\S*\.json$/;

/** Hides secrets in texts for users: the last line of defence, for a secret that was put where a name belongs. */
export function redactor(secrets: Iterable<string | undefined>): (text: string) => string {
	const hidden = [...new Set(secrets)]
		.filter((secret) => secret !== undefined)
		.filter((secret) => secret.length >= MIN_SECRET_LENGTH && !KEY_FILE.test(secret));
	// Longest first: one secret may hold another.
	hidden.sort((a, b) => b.length - a.length);
	return (text) => hidden.reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}
