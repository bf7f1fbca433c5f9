// @ts-check
/**
 * Builds the package as it would be published, unpacks it elsewhere and uses it: every file that package.json promises is there,
 * every door of the library can be imported, the program answers. Nothing is published.
 *
 *     node scripts/check-package.js
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const LARGEST_MB = 5;

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} [cwd]
 */
function run(command, args, cwd = root) {
	return execFileSync(command, args, {
		cwd,
		encoding: 'utf8',
		shell: process.platform === 'win32',
		stdio: ['ignore', 'pipe', 'pipe'],
	});
}

/** @returns {string[]} the files package.json names, of every condition of every export */
function promised() {
	const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	const exported = Object.values(manifest.exports).flatMap((target) =>
		typeof target === 'string' ? [target] : Object.values(target),
	);
	return [...Object.values(manifest.bin), ...exported, 'LICENSE', 'README.md', 'src/catalog/data/models.json'];
}

/**
 * @param {string} home the unpacked package
 * @returns {string[]} what is wrong with it
 */
function contents(home) {
	const missing = promised().filter((path) => !existsSync(join(home, path)));
	return missing.map((path) => `${path} is named in package.json and not in the package`);
}

/**
 * @param {string} folder a project that has the package installed
 * @returns {string[]}
 */
function use(folder) {
	const doors = ['relais', 'relais/spec', 'relais/testing'];
	const program = join(folder, 'node_modules', 'relais', 'bin', 'relais.js');
	const uses = [...doors.map((door) => ['--input-type=module', '--eval', `await import('${door}')`]), [program, '--version']];
	return uses.flatMap((args) => {
		try {
			run(process.execPath, args, folder);
			return [];
		} catch (error) {
			const { stderr } = /** @type {{ stderr?: string }} */ (error);
			return [`${args.join(' ')} fails:\n${stderr ?? error}`];
		}
	});
}

const scratch = mkdtempSync(join(tmpdir(), 'relais-package-'));
try {
	run(process.execPath, ['scripts/prepare.js', 'build']);
	run(process.execPath, ['node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.types.json']);
	/** @type {[{ filename: string, size: number, entryCount: number, files: { path: string }[] }]} */
	const packed = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch]));
	const [{ filename, size, entryCount, files }] = packed;
	run(
		'npm',
		['install', '--prefix', scratch, '--no-audit', '--no-fund', '--omit=dev', '--prefer-offline', join(scratch, filename)],
		scratch,
	);
	const home = join(scratch, 'node_modules', 'relais');
	const tests = files
		.filter(({ path }) => path.includes('.test.'))
		.map(({ path }) => `${path} is a test and does not belong in the package`);
	const large = size > LARGEST_MB * 1e6 ? [`the package is ${(size / 1e6).toFixed(1)} MB; the limit is ${LARGEST_MB}`] : [];
	const problems = [...contents(home), ...tests, ...large, ...use(scratch)];
	for (const problem of problems) console.error(problem);
	console.log(`show: ${entryCount} files, ${(size / 1e3).toFixed(0)} kB packed`);
	if (problems.length > 0) process.exitCode = 1;
} catch (error) {
	const { stdout, stderr } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
	console.error(stdout ?? '', stderr ?? error);
	process.exitCode = 1;
} finally {
	rmSync(scratch, { recursive: true, force: true });
}
