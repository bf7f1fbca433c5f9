// @ts-check
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runHidden } from './children.js';

/** npm's own program: the npm that runs us, else the one beside this Node. */
function npmProgram() {
	const beside = dirname(process.execPath);
	const candidates = [
		process.env.npm_execpath,
		join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
	];
	return candidates.find((path) => path && /^npm(-cli)?\.[cm]?js$/.test(basename(path)) && existsSync(path));
}

/**
 * Runs npm out of sight under this very Node, so that what it installs fits it. `node` in install scripts is this one too.
 * @param {string[]} args
 * @param {string} cwd
 */
export function npm(args, cwd) {
	const env = { ...process.env, PATH: pathWithThisNode() };
	const program = npmProgram();
	if (program) return runHidden(process.execPath, [program, ...args], { cwd, env });
	return runHidden('npm', args, { cwd, env, shell: process.platform === 'win32' });
}

/** The search path with this Node's folder in front. */
export function pathWithThisNode() {
	const separator = process.platform === 'win32' ? ';' : ':';
	return [dirname(process.execPath), process.env.PATH].filter(Boolean).join(separator);
}

/**
 * The part of npm's output that says what went wrong.
 * @param {string} output
 */
export function npmErrors(output) {
	const lines = output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line) && !/complete log|debug-0\.log/.test(line));
	return lines.length > 0 ? lines.join('\n') : output.trim();
}
