import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { KeyConfig, RelaisConfig } from '../../config/index.ts';
import { reasonOf } from '../../lib/reason.ts';
import { RelaisError } from '../../spec/index.ts';

/** Key of the demo mode. Public on purpose: it opens nothing but simulated answers on this machine. */
export const DEMO_KEY = 'rk-demo-simulated-answers-only';

/** How often, and how many ms apart, to look into a key file that another program is filling. */
const READ_TRIES = 50;
const READ_PAUSE_MS = 10;

/** A key the program made for itself, and where a user can find it again. */
export interface OwnKey {
	key: string;
	name: 'demo' | 'local';
	/** File it is kept in; undefined for the demo key. */
	file: string | undefined;
}

/**
 * The key to use when the config names none: the demo key when every provider is simulated, else one made on first start and kept in
 * the data folder for its owner alone. Undefined when the config has keys or needs none. Throws `config_invalid` when the key cannot be kept.
 */
export async function ownKey(config: RelaisConfig): Promise<OwnKey | undefined> {
	if (config.keys.length > 0 || config.auth.mode === 'open') return undefined;
	if (config.providers.filter((provider) => provider.enabled).every((provider) => provider.simulated === true)) {
		return { key: DEMO_KEY, name: 'demo', file: undefined };
	}
	const file = join(config.dataDir, 'local.key');
	const key = (existsSync(file) ? undefined : makeKey(config.dataDir, file)) ?? (await readKey(file));
	return { key, name: 'local', file };
}

/** The config entry of such a key. */
export function keyConfig({ key, name }: OwnKey): KeyConfig {
	return { name, key, models: ['*'], origin: `made by Relais (${name})` };
}

async function readKey(file: string): Promise<string> {
	for (let left = READ_TRIES; ; left--) {
		const key = readText(file);
		if (/^rk-[\w-]{16,}$/.test(key)) return key;
		// Another program may have made the file this very moment and not filled it yet.
		if (key !== '' || left === 0)
			throw unusable(`${file} does not hold a Relais key. Delete it and a new one is made at the next start.`);
		await setTimeout(READ_PAUSE_MS);
	}
}

function readText(file: string): string {
	try {
		return readFileSync(file, 'utf8').trim();
	} catch (error) {
		throw unusable(
			`the local key in ${file} cannot be read: ${reason(error)}. Make the file readable, or set data_dir to another folder.`,
		);
	}
}

/** Makes the key's file; undefined when another program that starts on the same folder was quicker: its key holds. */
function makeKey(folder: string, file: string): string | undefined {
	const key = `rk-local-${randomBytes(24).toString('base64url')}`;
	try {
		const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
		// A folder for secrets has no place in anybody's repository.
		if (made !== undefined) writeFileSync(join(folder, '.gitignore'), '*\n');
		writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
		return key;
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EEXIST' && existsSync(file)) return undefined;
		throw unusable(`the local key cannot be kept in ${file}: ${reason(error)}. Set data_dir to a folder that can be written.`);
	}
}

function unusable(message: string): RelaisError {
	return new RelaisError('config_invalid', message);
}

function reason(error: unknown): string {
	return reasonOf(error);
}
