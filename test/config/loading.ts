import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
	ConfigError,
	type ConfigProblem,
	formatProblem,
	type LoadConfigOptions,
	type LoadedConfig,
	loadConfig,
} from '../../src/config/index.ts';

/** A folder of its own for one test, gone after it. */
export function temporaryFolder(files: { [name: string]: string } = {}): string {
	const folder = mkdtempSync(join(tmpdir(), 'relais-config-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
	return folder;
}

export interface Given {
	/** Files by name; relais.yaml is the config. */
	files?: { [name: string]: string };
	env?: { [name: string]: string };
	options?: Partial<LoadConfigOptions>;
}

/** Loads from a folder with these files and this environment, without looking for local servers. */
export function load({ files = {}, env = {}, options = {} }: Given): Promise<LoadedConfig> {
	return loadConfig({ cwd: temporaryFolder(files), env, overrides: {}, discover: false, ...options });
}

/** Loads a relais.yaml. */
export function loadYaml(yaml: string, env: { [name: string]: string } = {}): Promise<LoadedConfig> {
	return load({ files: { 'relais.yaml': yaml }, env });
}

/** The problems of what cannot be loaded; fails the test when it can. */
export async function problemsOf(loading: Promise<LoadedConfig>): Promise<readonly ConfigProblem[]> {
	try {
		await loading;
	} catch (error) {
		if (error instanceof ConfigError) return error.problems;
		throw error;
	}
	throw new Error('the config was accepted');
}

/** The same, as users read them. */
export async function complaints(loading: Promise<LoadedConfig>): Promise<string[]> {
	return (await problemsOf(loading)).map(formatProblem);
}
