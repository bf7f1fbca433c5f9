import { RelaisError } from '../../../spec/index.ts';
import { keysOf, readProfile, type Variables } from './profiles.ts';
import type { AwsCredentials, CredentialSource } from './types.ts';

/** A role to take on, and how the session is called in the account's logs. */
export interface AssumedRole {
	arn: string;
	session: string;
	externalId?: string;
}

/** What the config says of credentials, and where else to look. */
export interface CredentialOptions {
	/** Keys given outright. */
	keys?: AwsCredentials;
	/** Profile to use, in place of the environment's keys. */
	profile?: string;
	/** Taken on with whatever credentials are found. */
	role?: AssumedRole;
	region: string;
	env: Variables;
	/** Asks the vendor's own package, which knows single sign-on, roles, containers and machines. Default: that package. */
	ask?: (profile: string | undefined, region: string) => Promise<AwsCredentials>;
}

/**
 * The vendor's own chain, first match: keys of the config; keys of the environment, unless a profile is named; keys of a profile
 * in the shared files; and, through the vendor's package, whatever else a profile asks for (single sign-on, roles, processes), a
 * web identity, the container's or the machine's role. Nothing is kept: see `renewed`.
 */
export function credentialChain(options: CredentialOptions): CredentialSource {
	const { role, region } = options;
	const found = ownCredentials(options);
	return role === undefined ? found : async () => assume(role, await found(), region);
}

function ownCredentials(options: CredentialOptions): CredentialSource {
	const { keys, env, region, ask = askPackage } = options;
	return async () => {
		if (keys !== undefined) return keys;
		const stated = options.profile ?? env.AWS_PROFILE;
		const own = stated === undefined ? environmentKeys(env) : undefined;
		if (own !== undefined) return own;
		const profile = await readProfile(stated ?? 'default', env);
		if (stated !== undefined && profile === undefined) throw refused(`there is no profile "${stated}" in the shared AWS files`);
		const found = profile === undefined ? undefined : keysOf(profile);
		return found ?? ask(stated, region);
	};
}

function environmentKeys(env: Variables): AwsCredentials | undefined {
	const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env;
	if (!accessKeyId || !secretAccessKey) return undefined;
	return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

async function askPackage(profile: string | undefined, region: string): Promise<AwsCredentials> {
	const { fromNodeProviderChain } = await vendorPackage();
	return fetched(fromNodeProviderChain({ ...(profile === undefined ? {} : { profile }), clientConfig: { region } }));
}

/** Credentials of a role, from the vendor's token service (STS). */
async function assume(role: AssumedRole, masterCredentials: AwsCredentials, region: string): Promise<AwsCredentials> {
	const { fromTemporaryCredentials } = await vendorPackage();
	const { arn: RoleArn, session: RoleSessionName, externalId } = role;
	const params = { RoleArn, RoleSessionName, ...(externalId === undefined ? {} : { ExternalId: externalId }) };
	return fetched(fromTemporaryCredentials({ masterCredentials, params, clientConfig: { region } }));
}

async function vendorPackage(): Promise<typeof import('@aws-sdk/credential-providers')> {
	try {
		return await import('@aws-sdk/credential-providers');
	} catch (cause) {
		throw refused('the package @aws-sdk/credential-providers is not installed, so only keys can be used', cause);
	}
}

/** What the package gives out, as the vendor's clients take it. */
interface Identity {
	accessKeyId: string;
	secretAccessKey: string;
	sessionToken?: string | undefined;
	expiration?: Date | undefined;
}

async function fetched(source: () => Promise<Identity>): Promise<AwsCredentials> {
	try {
		const { accessKeyId, secretAccessKey, sessionToken, expiration } = await source();
		return {
			accessKeyId,
			secretAccessKey,
			...(sessionToken === undefined ? {} : { sessionToken }),
			...(expiration === undefined ? {} : { expiresAt: expiration.getTime() }),
		};
	} catch (cause) {
		throw refused(cause instanceof Error ? cause.message : 'none was found', cause);
	}
}

function refused(reason: string, cause?: unknown): RelaisError {
	return new RelaisError('provider_auth', `No AWS credentials: ${reason}`, { cause });
}
