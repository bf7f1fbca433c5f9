import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isObject } from '../../../lib/json.ts';
import { reasonOf } from '../../../lib/reason.ts';
import type { JsonObject } from '../../../spec/index.ts';
import { type AccessToken, noCredentials, type TokenSeeker } from '../tokens.ts';
import { exchange, metadata } from './exchange.ts';
import { type CredentialFile, readCredentials } from './files.ts';

/** Variables of a process. */
export interface Variables {
	readonly [name: string]: string | undefined;
}

/** What the config says of credentials, and where else to look. */
export interface GoogleOptions {
	/** The path of a file of credentials, or what one holds. */
	stated: string | JsonObject | undefined;
	env: Variables;
	/** Whether to look where the vendor's own tools look. */
	ambient: boolean;
}

/** A token and what its credentials say besides. */
export interface GoogleToken extends AccessToken {
	/** Project the credentials belong to; undefined: they do not say. */
	project: string | undefined;
	/** Project whose quota calls count against, where that is to be said. */
	quotaProject: string | undefined;
}

const METADATA_HOST = 'metadata.google.internal';

/**
 * Fetches tokens of Google as the vendor's own tools do, first match: what the config states; the file that
 * GOOGLE_APPLICATION_CREDENTIALS names; GOOGLE_CLIENT_EMAIL with GOOGLE_PRIVATE_KEY; the file `gcloud auth application-default login`
 * writes; the metadata server of the machine. Nothing is kept.
 */
export function googleTokens(options: GoogleOptions, seeker: TokenSeeker): () => Promise<GoogleToken> {
	return async () => {
		const file = await credentialFile(options, seeker);
		if (file === undefined) return machineToken(options.env, seeker);
		const { credentials, project, quotaProject } = file;
		const person = credentials.type === 'authorized_user';
		const token = await exchange(credentials, seeker);
		return { ...token, project: project ?? (person ? quotaProject : undefined), quotaProject: person ? quotaProject : undefined };
	};
}

async function credentialFile({ stated, env, ambient }: GoogleOptions, seeker: TokenSeeker): Promise<CredentialFile | undefined> {
	if (stated !== undefined) return isPath(stated) ? fileAt(stated, seeker) : parsed(stated, 'what the config gives', seeker);
	if (!ambient) throw noCredentials(seeker, 'none are given');
	const named = env.GOOGLE_APPLICATION_CREDENTIALS?.trim();
	if (named !== undefined && named !== '') return fileAt(named, seeker);
	const { GOOGLE_CLIENT_EMAIL: email, GOOGLE_PRIVATE_KEY: key, GOOGLE_PRIVATE_KEY_ID: id } = env;
	if (email && key) {
		const account = { client_email: email, private_key: key, ...(id ? { private_key_id: id } : {}) };
		return parsed(account, 'the service account of GOOGLE_CLIENT_EMAIL', seeker);
	}
	const usual = usualFile(env);
	const content = await readFile(usual, 'utf8').catch(() => undefined);
	return content === undefined ? undefined : parsed(content, 'the file of gcloud', seeker);
}

/** Where `gcloud auth application-default login` puts its file. */
function usualFile(env: Variables): string {
	const name = 'application_default_credentials.json';
	if (env.CLOUDSDK_CONFIG) return join(env.CLOUDSDK_CONFIG, name);
	if (process.platform === 'win32' && env.APPDATA) return join(env.APPDATA, 'gcloud', name);
	return join(env.HOME ?? homedir(), '.config', 'gcloud', name);
}

function isPath(stated: string | JsonObject): stated is string {
	return !isObject(stated) && !stated.trimStart().startsWith('{');
}

async function fileAt(path: string, seeker: TokenSeeker): Promise<CredentialFile> {
	let content: string;
	try {
		content = await readFile(path, 'utf8');
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? String(error.code) : reasonOf(error);
		throw noCredentials(seeker, `the credentials file ${path} cannot be read (${code})`);
	}
	return parsed(content, `the credentials file ${path}`, seeker);
}

function parsed(content: string | JsonObject, what: string, seeker: TokenSeeker): CredentialFile {
	try {
		return readCredentials(content);
	} catch (error) {
		throw noCredentials(seeker, `${what} ${reasonOf(error)}`);
	}
}

async function machineToken(env: Variables, seeker: TokenSeeker): Promise<GoogleToken> {
	const { GCE_METADATA_HOST: host, GOOGLE_CLOUD_PROJECT: stated } = env;
	const server = metadata(host || METADATA_HOST, seeker);
	const token = await server.token();
	const project = stated || (await server.project().catch(() => undefined));
	return { ...token, project, quotaProject: undefined };
}
