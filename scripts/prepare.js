// @ts-check
/**
 * What `npm start`, `npm test` and their like go through, so that a fresh clone needs no other command: a Node that is new enough,
 * the dependencies, the built program, then the task itself, in this process where its Node will do. Silent when nothing is to
 * do. Uses nothing but Node, from version 18 on.
 *
 *     node scripts/prepare.js <task> [arguments for the task]
 */
import { fileURLToPath } from 'node:url';
import { ensureBuild } from './prepare/build.js';
import { Failure, runInFront, stopWithParent } from './prepare/children.js';
import { ensureDependencies } from './prepare/dependencies.js';
import { pathWithThisNode } from './prepare/npm.js';
import { findRuntime } from './prepare/runtime.js';
import { say } from './prepare/say.js';
import { tasks } from './prepare/tasks.js';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Set for the process that runs under a fetched Node: it does not look for one again. */
const FETCHED = 'RELAIS_FETCHED_NODE';

/** @param {import('./prepare/tasks.js').Task} task */
async function build(task) {
	if (!task.build) return;
	try {
		await ensureBuild(root, { always: task.build === 'always' });
	} catch (error) {
		if (task.build !== 'wanted' || !(error instanceof Failure)) throw error;
		say(`${error.message} Going on without it.`);
	}
}

/**
 * @param {string} name
 * @param {string[]} args
 */
async function main(name, args) {
	const task = tasks[name];
	if (!task) throw new Failure(`There is no task "${name}". The tasks are: ${Object.keys(tasks).join(', ')}.`);
	const runtime = process.env[FETCHED] ? undefined : await findRuntime(root);
	if (runtime) {
		const script = fileURLToPath(import.meta.url);
		process.exitCode = await runInFront(runtime, [script, name, ...args], { ...process.env, [FETCHED]: '1' });
		return;
	}
	if (process.env[FETCHED]) process.env.PATH = pathWithThisNode();
	delete process.env[FETCHED];
	await ensureDependencies(root);
	await build(task);
	await task.run?.(root, args);
}

const [name = 'serve', ...args] = process.argv.slice(2);
stopWithParent();
try {
	await main(name, args);
} catch (error) {
	if (!(error instanceof Failure)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
}
