import { readFile } from 'node:fs/promises';
import { isObject, tryParse } from '../../../lib/json.ts';
import { reasonOf } from '../../../lib/reason.ts';
import type { JsonObject } from '../../../spec/index.ts';
import { type AccessToken, askForText, askForToken, noCredentials, type TokenSeeker, tokenIn } from '../tokens.ts';
import { assertion } from './assertion.ts';
import type { AuthorizedUser, Credentials, ExternalAccount, Impersonated, ServiceAccount, SubjectSource } from './files.ts';

/** What tokens allow (catalog, quirks of the row `vertex-ai`). */
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const TOKENS = "Google's token endpoint";
const METADATA = "the machine's metadata server";
/** Time for the machine's own server to answer, in ms. */
const METADATA_LIMIT_MS = 3000;

/** Exchanges credentials for a token. */
export async function exchange(credentials: Credentials, seeker: TokenSeeker): Promise<AccessToken> {
	switch (credentials.type) {
		case 'service_account':
			return ofServiceAccount(credentials, seeker);
		case 'authorized_user':
			return ofUser(credentials, seeker);
		case 'external_account':
			return ofExternal(credentials, seeker);
		case 'impersonated_service_account':
			return ofImpersonated(credentials, seeker);
	}
}

async function ofServiceAccount(account: ServiceAccount, seeker: TokenSeeker): Promise<AccessToken> {
	let proof: string;
	try {
		proof = assertion(account, SCOPE, seeker.now());
	} catch (error) {
		throw noCredentials(seeker, `the service account's key file ${reasonOf(error)}`);
	}
	const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
	const call = { who: TOKENS, url: account.tokenUrl, form: { grant_type: grant, assertion: proof }, secrets: [proof] };
	return tokenIn(await askForToken(seeker, call), seeker, TOKENS);
}

async function ofUser(user: AuthorizedUser, seeker: TokenSeeker): Promise<AccessToken> {
	const { clientId, clientSecret, refreshToken, tokenUrl: url } = user;
	const form = { grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken };
	const answer = await askForToken(seeker, { who: TOKENS, url, form, secrets: [clientSecret, refreshToken] });
	return tokenIn(answer, seeker, TOKENS);
}

async function ofExternal(account: ExternalAccount, seeker: TokenSeeker): Promise<AccessToken> {
	const subject = await subjectToken(account.source, seeker);
	const answer = await askForToken(seeker, {
		who: TOKENS,
		url: account.tokenUrl,
		form: {
			grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
			requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
			audience: account.audience,
			scope: SCOPE,
			subject_token_type: account.subjectType,
			subject_token: subject,
		},
		secrets: [subject],
	});
	const token = tokenIn(answer, seeker, TOKENS);
	return account.impersonation === undefined ? token : actAs(account.impersonation, [], token, seeker);
}

async function ofImpersonated({ source, impersonation, delegates }: Impersonated, seeker: TokenSeeker): Promise<AccessToken> {
	return actAs(impersonation, delegates, await exchange(source, seeker), seeker);
}

async function actAs(url: string, delegates: string[], { token }: AccessToken, seeker: TokenSeeker): Promise<AccessToken> {
	const json: JsonObject = { scope: [SCOPE], ...(delegates.length === 0 ? {} : { delegates }) };
	const who = "Google's service for acting as an account";
	const answer = await askForToken(seeker, { who, url, json, headers: { authorization: `Bearer ${token}` }, secrets: [token] });
	return tokenIn(answer, seeker, who, 'accessToken');
}

/** The token of another issuer, read anew each time: whoever issues it replaces it. */
async function subjectToken(source: SubjectSource, seeker: TokenSeeker): Promise<string> {
	const read = await subjectText(source, seeker);
	const { member } = source;
	if (member === undefined) return read;
	const body = tryParse(read);
	const token = isObject(body) ? body[member] : undefined;
	if (typeof token !== 'string' || token === '')
		throw noCredentials(seeker, `the token of the workload identity has no member "${member}"`);
	return token;
}

async function subjectText(source: SubjectSource, seeker: TokenSeeker): Promise<string> {
	if ('url' in source) {
		const { url, headers } = source;
		return askForText(seeker, { who: 'the issuer of the workload identity', url, headers });
	}
	try {
		return (await readFile(source.file, 'utf8')).trim();
	} catch (error) {
		throw noCredentials(seeker, `the token file of the workload identity cannot be read (${reasonOf(error)})`);
	}
}

/** What machines in the vendor's cloud are asked for who they are. */
export interface Metadata {
	token(): Promise<AccessToken>;
	project(): Promise<string>;
}

/** @param host of the metadata server */
export function metadata(host: string, seeker: TokenSeeker): Metadata {
	const call = (path: string) => ({
		who: METADATA,
		url: `http://${host}/computeMetadata/v1/${path}`,
		headers: { 'metadata-flavor': 'Google' },
		limitMs: METADATA_LIMIT_MS,
		ambient: true,
	});
	return {
		token: async () => tokenIn(await askForToken(seeker, call('instance/service-accounts/default/token')), seeker, METADATA),
		project: () => askForText(seeker, call('project/project-id')),
	};
}
