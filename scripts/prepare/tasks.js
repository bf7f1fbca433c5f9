// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure, runHere } from './children.js';

/**
 * A thing this script gets ready for and then does. `build`: whether it needs the built program; a broken build stops what is
 * `required`, while what merely `wants` it goes on without.
 * @typedef {{ build?: 'required' | 'wanted' | 'always', run?: (root: string, args: string[]) => Promise<void> }} Task
 */

/** @param {string} file relative to the project's folder
 * @param {string[]} before arguments ahead of the user's */
function program(file, before = []) {
	return (/** @type {string} */ root, /** @type {string[]} */ args) => runHere(join(root, file), [...before, ...args]);
}

/** Options that are no command's: who asks for help wants to see all commands. */
const OF_THE_PROGRAM = new Set(['-h', '--help', '-V', '--version']);

/** `npm start -- --port 1` serves; `npm start -- simulate` runs another command of the same program.
 * @param {string} root
 * @param {string[]} args */
function start(root, args) {
	const [first = '-'] = args;
	const isPrograms = !first.startsWith('-') || OF_THE_PROGRAM.has(first);
	return runHere(join(root, 'bin/relais.js'), isPrograms ? args : ['serve', ...args]);
}

/**
 * The file behind the name of a tool: a script's path, or a program of one of the dependencies.
 * @param {string} root
 * @param {string} name
 */
function tool(root, name) {
	const file = resolve(root, name);
	if (/[./]/.test(name) && existsSync(file)) return file;
	const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
		const home = join(root, 'node_modules', dependency);
		if (!existsSync(home)) continue;
		const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
		if (bin?.[name]) return join(home, bin[name]);
	}
	throw new Failure(`There is no script or tool called "${name}".`);
}

/** @type {{ [name: string]: Task }} */
export const tasks = {
	serve: { build: 'required', run: start },
	test: { build: 'wanted', run: program('node_modules/vitest/vitest.mjs', ['run']) },
	bench: { build: 'required', run: program('bench/run.ts') },
	build: { build: 'always' },
	'test-live': { run: program('test/live/run.ts') },
	'catalog-import': { run: program('scripts/import-catalog.ts') },
	/** Any script or tool, under the right Node and with the dependencies in place: `exec knip`. */
	exec: { run: (root, [name, ...args]) => runHere(tool(root, name ?? ''), args) },
};
