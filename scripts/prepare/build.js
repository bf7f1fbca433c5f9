// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, runHidden } from './children.js';
import { withLock } from './lock.js';
import { say } from './say.js';

/** What the built program is made from, besides `src/`. */
const INPUTS = ['tsdown.config.ts', 'package.json', 'package-lock.json'];

/**
 * Every file under a folder that goes into the program, tests aside, in a fixed order.
 * @param {string} folder
 * @returns {string[]}
 */
function sources(folder) {
	return readdirSync(folder, { withFileTypes: true })
		.sort((a, b) => (a.name < b.name ? -1 : 1))
		.flatMap((entry) => {
			const path = join(folder, entry.name);
			if (entry.isDirectory()) return sources(path);
			return entry.name.endsWith('.test.ts') ? [] : [path];
		});
}

/**
 * Stands for the state of the sources: names, sizes and times, without reading them, because it is made at every start.
 * @param {string} root
 */
function fingerprint(root) {
	const hash = createHash('sha256');
	for (const path of [...sources(join(root, 'src')), ...INPUTS.map((name) => join(root, name))]) {
		const { size, mtimeMs } = statSync(path);
		hash.update(`${path} ${size} ${mtimeMs}\n`);
	}
	return hash.digest('hex');
}

/** @param {string} root */
function bundler(root) {
	const home = join(root, 'node_modules', 'tsdown');
	return join(home, JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).bin.tsdown);
}

/** @param {string} output of the bundler, whose own call stack helps nobody */
function withoutStack(output) {
	return output.replace(/^\s+at .*\n?/gm, '').trim();
}

/**
 * Builds `dist/` where it is missing or older than a source.
 * @param {string} root
 * @param {{ always?: boolean }} [options] `always`: even if it is up to date
 */
export async function ensureBuild(root, options = {}) {
	const stamp = join(root, 'dist', '.built-from');
	const fresh = (/** @type {string} */ wanted) => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
	if (!options.always && fresh(fingerprint(root))) return;
	const wait = () => say('another process is building; waiting for it...');
	await withLock(join(root, '.runtime', 'locks', 'build'), wait, async () => {
		const wanted = fingerprint(root);
		if (!options.always && fresh(wanted)) return;
		say('building...');
		const { code, output } = await runHidden(process.execPath, [bundler(root)], { cwd: root });
		if (code !== 0) throw new Failure(`${withoutStack(output)}\nThe build failed.`);
		mkdirSync(join(root, 'dist'), { recursive: true });
		writeFileSync(stamp, wanted);
	});
}
