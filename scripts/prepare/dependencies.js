// @ts-check
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './children.js';
import { withLock } from './lock.js';
import { npm, npmErrors } from './npm.js';
import { say } from './say.js';

/**
 * @typedef {{ version?: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[], link?: boolean }} LockedPackage
 * @typedef {{ packages?: { [path: string]: LockedPackage } }} Lock
 */

/** Fields of package.json that decide what is installed. */
const DECIDING = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides', 'workspaces'];

/**
 * Stands for what should be installed: the lock file, package.json's share in it, and the machine.
 * @param {string} root
 */
function fingerprint(root) {
	const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n`);
	hash.update(JSON.stringify(DECIDING.map((field) => manifest[field] ?? null)));
	return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

/** @param {string} path */
function read(path) {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
}

/** The C library of this machine in npm's terms; undefined outside Linux. */
function libc() {
	if (process.platform !== 'linux') return undefined;
	const report = JSON.parse(JSON.stringify(process.report.getReport()));
	return report.header.glibcVersionRuntime ? 'glibc' : 'musl';
}

/**
 * Whether npm would install this package here.
 * @param {LockedPackage} entry
 * @param {string | undefined} machineLibc
 */
function belongsHere(entry, machineLibc) {
	const allowed = (/** @type {string[] | undefined} */ list, /** @type {string | undefined} */ value) =>
		!list || (list.some((item) => item === value) && !list.includes(`!${value}`));
	return allowed(entry.os, process.platform) && allowed(entry.cpu, process.arch) && allowed(entry.libc, machineLibc);
}

/**
 * Whether someone has installed by hand exactly what the lock file names, by the record npm leaves in `node_modules`.
 * @param {string} root
 */
function installedByHand(root) {
	const record = read(join(root, 'node_modules', '.package-lock.json'));
	if (!record) return false;
	/** @type {Lock} */
	const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
	/** @type {Lock} */
	const present = JSON.parse(record);
	const machineLibc = libc();
	return Object.entries(wanted.packages ?? {})
		.filter(([path, entry]) => path.startsWith('node_modules/') && belongsHere(entry, machineLibc))
		.every(([path, entry]) => present.packages?.[path]?.version === entry.version);
}

/**
 * Installs the dependencies where they are missing or are not those of the lock file.
 * @param {string} root
 */
export async function ensureDependencies(root) {
	const stamp = join(root, 'node_modules', '.relais-installed');
	const wanted = fingerprint(root);
	const fresh = () => read(stamp) === wanted;
	if (fresh()) return;
	if (installedByHand(root)) return writeFileSync(stamp, wanted);
	const wait = () => say('another process is installing the dependencies; waiting for it...');
	await withLock(join(root, '.runtime', 'locks', 'install'), wait, async () => {
		if (fresh()) return;
		const first = read(join(root, 'node_modules', '.package-lock.json')) === undefined;
		say(first ? 'installing dependencies (first run, about 20 s)...' : 'updating dependencies...');
		const { code, output } = await npm(['ci', '--include=dev', '--no-audit', '--no-fund'], root);
		if (code !== 0) {
			throw new Failure(
				`${npmErrors(output)}\nThe dependencies could not be installed ("npm ci" ended with code ${code}).\n` +
					"Check the network (or npm's proxy and registry settings) and try again.",
			);
		}
		writeFileSync(stamp, wanted);
	});
}
