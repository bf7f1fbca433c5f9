// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Two of the same signal within this time are one: a terminal signals the whole group, and npm passes the same on again. */
const SAME_SIGNAL_MS = 300;

const PARENT_CHECK_MS = 200;

/** A failure whose message is all the user needs: no stack is shown. */
export class Failure extends Error {}

/**
 * What a parent shell sees of a process ended by a signal.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function exitCode(code, signal) {
	return code ?? 128 + (signal ? (constants.signals[signal] ?? 0) : 0);
}

/**
 * Runs a helper out of sight. Stopping this process stops the helper too.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, shell?: boolean }} options
 * @returns {Promise<{ code: number, output: string }>} `output`: both streams as they came
 */
export function runHidden(command, args, options) {
	return new Promise((resolve) => {
		const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
		let output = '';
		const keep = (/** @type {Buffer} */ chunk) => {
			output += chunk.toString();
		};
		child.stdout.on('data', keep);
		child.stderr.on('data', keep);
		const stop = (/** @type {NodeJS.Signals} */ signal) => {
			child.kill(signal);
			process.exit(exitCode(null, signal));
		};
		const finish = (/** @type {number} */ code) => {
			for (const signal of SIGNALS) process.off(signal, stop);
			resolve({ code, output });
		};
		for (const signal of SIGNALS) process.on(signal, stop);
		child.on('error', (error) => {
			output += error.message;
			finish(127);
		});
		child.on('close', (code, signal) => finish(exitCode(code, signal)));
	});
}

/**
 * Lets another program take over this terminal: its streams, its signals, its exit code.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
export function runInFront(command, args, env) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { env, stdio: 'inherit' });
		for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
		child.on('error', reject);
		child.on('exit', (code, signal) => resolve(exitCode(code, signal)));
	});
}

/**
 * Runs a Node program in this process, as if it had been started alone: no second process, so nothing between it and its signals.
 * @param {string} file
 * @param {string[]} args
 */
export async function runHere(file, args) {
	process.argv.splice(1, process.argv.length, file, ...args);
	joinRepeatedSignals();
	const { pathToFileURL } = await import('node:url');
	await import(pathToFileURL(file).href);
}

/** Keeps the second copy of a signal from the program, which could take it for the user's impatience. */
function joinRepeatedSignals() {
	/** @type {Map<string | symbol, number>} */
	const last = new Map();
	const emit = process.emit;
	const filtered = (/** @type {string | symbol} */ name, /** @type {unknown[]} */ ...rest) => {
		if (typeof name === 'string' && SIGNALS.some((signal) => signal === name)) {
			const before = last.get(name) ?? Number.NEGATIVE_INFINITY;
			last.set(name, performance.now());
			if (performance.now() - before < SAME_SIGNAL_MS) return true;
		}
		return Reflect.apply(emit, process, [name, ...rest]);
	};
	process.emit = filtered;
}

/**
 * Under npm, ends this process as SIGTERM would when the one that started it is gone: npm passes SIGTERM on to the shell between it
 * and us, and that shell dies of it without a word to its child.
 */
export function stopWithParent() {
	const parent = process.ppid;
	if (!process.env.npm_lifecycle_event || process.platform === 'win32' || parent <= 1) return;
	const timer = setInterval(() => {
		if (process.ppid === parent) return;
		clearInterval(timer);
		process.kill(process.pid, 'SIGTERM');
	}, PARENT_CHECK_MS);
	timer.unref();
}
