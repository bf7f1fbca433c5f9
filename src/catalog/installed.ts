import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf } from '../lib/reason.ts';
import { RelaisError } from '../spec/index.ts';
import { type CatalogBundle, parseBundle } from './bundle.ts';

/** Where a catalog the user installed is kept. */
export function installedPath(dataDir: string): string {
	return join(dataDir, 'catalog', 'catalog.json');
}

/** The catalog the user installed; undefined when there is none. Throws `config_invalid` for one that cannot be used any more. */
export function readInstalled(dataDir: string): CatalogBundle | undefined {
	const path = installedPath(dataDir);
	if (!existsSync(path)) return undefined;
	try {
		return parseBundle(readFileSync(path, 'utf8'), path);
	} catch (error) {
		const reason = reasonOf(error);
		const cure = 'Run "relais catalog reset" to go back to the catalog that comes with Relais.';
		throw new RelaisError('config_invalid', `the installed catalog cannot be used: ${reason}\n${cure}`, { cause: error });
	}
}

/** Puts a catalog in the place of the one that is installed, whole or not at all. Returns its file. */
export function installBundle(dataDir: string, bundle: CatalogBundle): string {
	const path = installedPath(dataDir);
	const made = mkdirSync(dataDir, { recursive: true, mode: 0o700 });
	// A folder that will hold secrets has no place in anybody's repository.
	if (made !== undefined) writeFileSync(join(dataDir, '.gitignore'), '*\n');
	mkdirSync(dirname(path), { recursive: true });
	const beside = `${path}.${process.pid}.new`;
	try {
		writeFileSync(beside, JSON.stringify(bundle));
		renameSync(beside, path);
	} finally {
		rmSync(beside, { force: true });
	}
	return path;
}

/** Removes the installed catalog. False when there was none. */
export function removeInstalled(dataDir: string): boolean {
	const path = installedPath(dataDir);
	const there = existsSync(path);
	rmSync(path, { force: true });
	return there;
}
