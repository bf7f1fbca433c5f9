import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyConfig, RelaisConfig } from '../../config/index.ts';
import { RelaisError } from '../../spec/index.ts';

/** Key of the demo mode. Public on purpose: it opens nothing but simulated answers on this machine. */
export const DEMO_KEY = 'rk-demo-simulated-answers-only';

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
export function ownKey(config: RelaisConfig): OwnKey | undefined {
	if (config.keys.length > 0 || config.auth.mode === 'open') return undefined;
	if (config.providers.filter((provider) => provider.enabled).every((provider) => provider.simulated === true)) {
		return { key: DEMO_KEY, name: 'demo', file: undefined };
	}
	const file = join(config.dataDir, 'local.key');
	return { key: existsSync(file) ? readKey(file) : makeKey(config.dataDir, file), name: 'local', file };
}

/** The config entry of such a key. */
export function keyConfig({ key, name }: OwnKey): KeyConfig {
	return { name, key, models: ['*'], origin: `made by Relais (${name})` };
}

function readKey(file: string): string {
	const key = readFileSync(file, 'utf8').trim();
	if (!/^rk-[\w-]{16,}$/.test(key)) {
		throw new RelaisError(
			'config_invalid',
			`${file} does not hold a Relais key. Delete it and a new one is made at the next start.`,
		);
	}
	return key;
}

function makeKey(folder: string, file: string): string {
	const key = `rk-local-${randomBytes(24).toString('base64url')}`;
	try {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
		writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
		chmodSync(file, 0o600);
	} catch (error) {
		// Two programs that start at once on one folder: the first one's key holds.
		if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return readKey(file);
		const reason = error instanceof Error ? error.message : String(error);
		throw new RelaisError(
			'config_invalid',
			`the local key cannot be kept in ${file}: ${reason}. Set data_dir to a folder that can be written.`,
		);
	}
	return key;
}
