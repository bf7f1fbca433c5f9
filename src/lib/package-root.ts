import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let found: string | undefined;

/** Folder of this package: the same from the sources and from the bundle. */
export function packageRoot(): string {
	found ??= search(dirname(fileURLToPath(import.meta.url)));
	return found;
}

/** Version of this package. */
export function packageVersion(): string {
	const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
	return manifest.version;
}

function search(folder: string): string {
	const manifest = join(folder, 'package.json');
	if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'relais') return folder;
	const parent = dirname(folder);
	if (parent === folder) throw new Error('the files of Relais are incomplete: its package.json is missing');
	return search(parent);
}
