import { isObject, tryParse } from '../../../lib/json.ts';
import type { JsonObject } from '../../../spec/index.ts';

/** The key of an account that programs use. */
export interface ServiceAccount {
	type: 'service_account';
	email: string;
	/** PEM. */
	privateKey: string;
	keyId: string | undefined;
	tokenUrl: string;
}

/** A person's consent, as the vendor's command line stores it. */
export interface AuthorizedUser {
	type: 'authorized_user';
	clientId: string;
	clientSecret: string;
	refreshToken: string;
	tokenUrl: string;
}

/** Where the token of another issuer is read. */
export type SubjectSource = ({ file: string } | { url: string; headers: { [name: string]: string } }) & {
	/** Member of a JSON text that holds it; undefined: the text is the token. */
	member: string | undefined;
};

/** An identity of another issuer, exchanged for one of Google's (workload identity federation). */
export interface ExternalAccount {
	type: 'external_account';
	audience: string;
	subjectType: string;
	tokenUrl: string;
	source: SubjectSource;
	/** Address that gives out tokens of the service account to act as. */
	impersonation: string | undefined;
}

/** Another account's credentials to act as a service account with. */
export interface Impersonated {
	type: 'impersonated_service_account';
	source: Credentials;
	impersonation: string;
	delegates: string[];
}

export type Credentials = ServiceAccount | AuthorizedUser | ExternalAccount | Impersonated;

/** What a file of credentials says. */
export interface CredentialFile {
	credentials: Credentials;
	/** Project the account belongs to. */
	project: string | undefined;
	/** Project whose quota a person's calls count against. */
	quotaProject: string | undefined;
}

const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/;

/**
 * Reads the JSON of credentials, as downloaded or as the vendor's command line writes it. Throws an `Error` that says what is wrong
 * and holds nothing of the content.
 */
export function readCredentials(content: string | JsonObject): CredentialFile {
	const body = typeof content === 'string' ? tryParse(content) : content;
	if (!isObject(body)) throw new Error('is not JSON');
	const project = text(body, 'project_id') ?? text(body, 'workload_project_id');
	return { credentials: credentialsIn(body), project, quotaProject: text(body, 'quota_project_id') };
}

const READERS: { readonly [type: string]: (body: JsonObject) => Credentials } = {
	service_account: (body) => ({
		type: 'service_account',
		email: required(body, 'client_email'),
		privateKey: required(body, 'private_key'),
		keyId: text(body, 'private_key_id'),
		tokenUrl: address(body, 'token_uri', TOKEN_URL),
	}),
	authorized_user: (body) => ({
		type: 'authorized_user',
		clientId: required(body, 'client_id'),
		clientSecret: required(body, 'client_secret'),
		refreshToken: required(body, 'refresh_token'),
		tokenUrl: address(body, 'token_uri', TOKEN_URL),
	}),
	external_account: (body) => ({
		type: 'external_account',
		audience: required(body, 'audience'),
		subjectType: required(body, 'subject_token_type'),
		tokenUrl: address(body, 'token_url', 'https://sts.googleapis.com/v1/token'),
		source: subjectSource(body.credential_source),
		impersonation: optionalAddress(body, 'service_account_impersonation_url'),
	}),
	impersonated_service_account: (body) => {
		const { source_credentials: source, delegates } = body;
		if (!isObject(source)) throw new Error('has no source_credentials');
		return {
			type: 'impersonated_service_account',
			source: credentialsIn(source),
			impersonation: address(body, 'service_account_impersonation_url'),
			delegates: Array.isArray(delegates) ? delegates.filter((each) => typeof each === 'string') : [],
		};
	},
};

function credentialsIn(body: JsonObject): Credentials {
	const type = text(body, 'type') ?? 'service_account';
	const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
	if (read === undefined) throw new Error(`is of a type this version does not know; it knows ${Object.keys(READERS).join(', ')}`);
	return read(body);
}

function subjectSource(value: unknown): SubjectSource {
	if (!isObject(value)) throw new Error('has no credential_source');
	const format = isObject(value.format) ? value.format : {};
	const member = format.type === 'json' ? (text(format, 'subject_token_field_name') ?? 'access_token') : undefined;
	const file = text(value, 'file');
	if (file !== undefined) return { file, member };
	if (text(value, 'url') === undefined || value.environment_id !== undefined)
		throw new Error('takes its token from something other than a file or a URL, which this version cannot');
	const headers = isObject(value.headers) ? value.headers : {};
	const texts = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
	return { url: text(value, 'url') ?? '', headers: Object.fromEntries(texts), member };
}

function text(body: JsonObject, member: string): string | undefined {
	const value = body[member];
	return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function required(body: JsonObject, member: string): string {
	const value = text(body, member);
	if (value === undefined) throw new Error(`has no ${member}`);
	return value;
}

/** An address secrets go to: encrypted, or on this machine. */
function address(body: JsonObject, member: string, usual?: string): string {
	const value = text(body, member) ?? usual;
	if (value === undefined) throw new Error(`has no ${member}`);
	if (!URL.canParse(value) || !(value.startsWith('https://') || LOOPBACK.test(value)))
		throw new Error(`has a ${member} that is no https address`);
	return value;
}

function optionalAddress(body: JsonObject, member: string): string | undefined {
	return text(body, member) === undefined ? undefined : address(body, member);
}
