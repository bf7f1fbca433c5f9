// @ts-check
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requiredNode, satisfies } from '../../bin/node-version.js';
import { Failure, runHidden } from './children.js';
import { withLock } from './lock.js';
import { npm, npmErrors } from './npm.js';
import { say } from './say.js';

const PREFERRED = '^24.15.0';

/** Name of the npm package that holds Node's program for this machine; their naming is not quite regular. */
function packageName() {
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
	return `${prefix}-${platform}-${process.arch}`;
}

/**
 * The Node fetched on an earlier run, if it still fits.
 * @param {string} folder
 * @param {string} range
 * @returns {string | undefined} its program
 */
function fetched(folder, range) {
	try {
		const { program, version } = JSON.parse(readFileSync(join(folder, 'node.json'), 'utf8'));
		return satisfies(version, range) && existsSync(join(folder, program)) ? join(folder, program) : undefined;
	} catch {
		return undefined;
	}
}

/**
 * @param {string} folder
 * @param {string} range
 * @returns {Promise<string>}
 */
async function fetchNode(folder, range) {
	const name = packageName();
	say(`fetching Node 24 into ${folder} (this Node, ${process.versions.node}, is too old; once, about 10 s)...`);
	let problem = '';
	for (const wanted of [PREFERRED, range]) {
		const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts'];
		const { code, output } = await npm(['install', '--prefix', folder, ...flags, `${name}@${wanted}`], folder);
		if (code === 0) return register(folder, name, range);
		problem = npmErrors(output);
		if (!/ETARGET|notarget/.test(output)) break;
	}
	throw new Failure(
		`${problem}\nRelais needs Node ${range}; this is ${process.versions.node}, and Node 24 could not be fetched from npm.\n` +
			"Check the network (or npm's proxy and registry settings) and try again, or install Node 24 from https://nodejs.org/.",
	);
}

/**
 * Tries the fetched program out and remembers it, so that later runs need not.
 * @param {string} folder
 * @param {string} name
 * @param {string} range
 */
async function register(folder, name, range) {
	const home = join('node_modules', name);
	const { bin } = JSON.parse(readFileSync(join(folder, home, 'package.json'), 'utf8'));
	const program = join(home, typeof bin === 'string' ? bin : bin.node);
	const { code, output } = await runHidden(join(folder, program), ['--version'], { cwd: folder });
	const version = output.trim().split('\n').at(-1) ?? '';
	if (code !== 0 || !/^v\d/.test(version) || !satisfies(version, range)) {
		throw new Failure(`The Node fetched from npm does not run here: ${output.trim()}\nInstall Node 24 from https://nodejs.org/.`);
	}
	writeFileSync(join(folder, 'node.json'), JSON.stringify({ program, version }));
	return join(folder, program);
}

/**
 * A Node this project runs on: fetched into `.runtime/` where the running one is not of the range.
 * @param {string} root the project's folder
 * @returns {Promise<string | undefined>} the program to go on under; undefined: the running one will do
 */
export async function findRuntime(root) {
	const range = requiredNode();
	if (satisfies(process.versions.node, range)) return undefined;
	const folder = join(root, '.runtime');
	const present = fetched(folder, range);
	if (present) return present;
	const wait = () => say('another process is fetching Node; waiting for it...');
	return withLock(join(folder, 'locks', 'node'), wait, async () => fetched(folder, range) ?? fetchNode(folder, range));
}
