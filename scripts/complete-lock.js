// @ts-check
/**
 * Completes package-lock.json with the programs of other machines: `npm ci` refuses a lock file that leaves out any optional
 * dependency, and npm leaves out those which the registry in use did not have when it wrote the file. Added entries carry the
 * exact version their parent asks for and no hash, which npm then takes from the registry.
 *
 *     node scripts/complete-lock.js [folder]            adds what is missing
 *     node scripts/complete-lock.js [folder] --check    only says what is missing; exit code 1 if anything is
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ version?: string, cpu?: string[], dev?: boolean, libc?: string[], optional?: boolean, os?: string[],
 *   optionalDependencies?: { [name: string]: string } }} Entry
 * @typedef {{ [path: string]: Entry }} Packages
 */

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/**
 * Where Node would find `name` from the package at `path`.
 * @param {Packages} packages
 * @param {string} path
 * @param {string} name
 */
function installed(packages, path, name) {
	const folders = path.split('/node_modules/').map((_, index, all) => all.slice(0, all.length - index).join('/node_modules/'));
	return [...folders, ''].some((folder) => packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]);
}

/**
 * The machine a package of prebuilt programs is for, read from its name: `binding-linux-arm64-musl`.
 * @param {string} name
 * @returns {{ os: string[], cpu: string[], libc?: string[] } | undefined}
 */
function machine(name) {
	const words = name.split(/[-/]/);
	const os = SYSTEMS.find((system) => words.includes(system));
	const cpu = PROCESSORS.find((processor) => words.includes(processor));
	if (!os || !cpu) return undefined;
	if (os !== 'linux') return { os: [os], cpu: [cpu] };
	return { os: [os], cpu: [cpu], libc: [words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc'] };
}

/**
 * @param {Packages} packages
 * @returns {Packages} the entries the lock file lacks
 */
function missing(packages) {
	/** @type {Packages} */
	const found = {};
	for (const [path, entry] of Object.entries(packages)) {
		for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
			if (installed(packages, path, name)) continue;
			const facts = machine(name);
			if (!facts || !/^\d+\.\d+\.\d+/.test(version)) {
				throw new Error(`${name}@${version}, wanted by ${path}, is not a package for one machine: add it with npm.`);
			}
			const { os, cpu, libc } = facts;
			const added = { version, cpu, ...(entry.dev && { dev: true }), ...(libc && { libc }), optional: true, os };
			found[`node_modules/${name}`] = added;
		}
	}
	return found;
}

const options = process.argv.slice(2);
const root = options.find((option) => !option.startsWith('--')) ?? fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const found = missing(lock.packages);
const names = Object.keys(found).map((path) => path.replace('node_modules/', ''));

if (options.includes('--check')) {
	for (const name of names) console.error(`package-lock.json: lacks ${name}; run "node scripts/complete-lock.js"`);
	if (names.length > 0) process.exitCode = 1;
} else if (names.length > 0) {
	const entries = Object.entries({ ...lock.packages, ...found });
	// npm indents the lock file as package.json is.
	const indentation = /^[ \t]+/m.exec(readFileSync(join(root, 'package.json'), 'utf8'))?.[0];
	lock.packages = Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b, 'en')));
	writeFileSync(file, `${JSON.stringify(lock, null, indentation)}\n`);
	console.log(`Added to package-lock.json: ${names.join(', ')}`);
}
