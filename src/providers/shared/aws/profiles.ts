import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AwsCredentials } from './types.ts';

/** Variables of a process. */
export interface Variables {
	readonly [name: string]: string | undefined;
}

/** Settings of one profile, of both files together. */
export interface Profile {
	readonly [setting: string]: string;
}

/** Sections of a file by name, each a list of settings. */
type Sections = Map<string, Map<string, string>>;

/**
 * Reads `~/.aws/config` and `~/.aws/credentials`, or the files that `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name, and
 * gives the settings of a profile; what the credentials file says goes before. Undefined when neither file has the profile.
 */
export async function readProfile(name: string, env: Variables): Promise<Profile | undefined> {
	const folder = join(env.HOME ?? env.USERPROFILE ?? homedir(), '.aws');
	const config = await sectionsOf(env.AWS_CONFIG_FILE ?? join(folder, 'config'));
	const credentials = await sectionsOf(env.AWS_SHARED_CREDENTIALS_FILE ?? join(folder, 'credentials'));
	// In the config file every profile but the default one has its kind before its name.
	const configured = config.get(`profile ${name}`) ?? (name === 'default' ? config.get('default') : undefined);
	const secret = credentials.get(name);
	if (configured === undefined && secret === undefined) return undefined;
	return Object.fromEntries([...(configured ?? []), ...(secret ?? [])]);
}

/** The keys a profile states, if it states any. */
export function keysOf(profile: Profile): AwsCredentials | undefined {
	const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey, aws_session_token: sessionToken } = profile;
	if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
	return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

async function sectionsOf(path: string): Promise<Sections> {
	let text: string;
	try {
		text = await readFile(path, 'utf8');
	} catch {
		// The vendor's own tools take a file that is missing or unreadable for an empty one.
		return new Map();
	}
	return parseSections(text);
}

/** Reads the files' form: `[section]`, `name = value`, comments behind `#` or `;`, indented lines belong to the setting before. */
export function parseSections(text: string): Sections {
	const sections: Sections = new Map();
	let section: Map<string, string> | undefined;
	for (const line of text.split(/\r?\n/)) {
		const plain = line.replace(/(^|\s)[#;].*$/, '').trimEnd();
		const head = /^\s*\[([^\]]*)\]\s*$/.exec(plain);
		if (head !== null) {
			const name = (head[1] ?? '').trim().replace(/\s+/g, ' ').replace(/"/g, '');
			section = sections.get(name) ?? new Map<string, string>();
			sections.set(name, section);
			continue;
		}
		const setting = /^([^\s=][^=]*)=(.*)$/.exec(plain);
		if (setting !== null) section?.set((setting[1] ?? '').trim().toLowerCase(), (setting[2] ?? '').trim());
	}
	return sections;
}
