import { systemClock } from '../../lib/clock.ts';
import type { ProviderHost, ProviderSettings, Signer } from '../../spec/index.ts';
import { without } from '../shared/aws/index.ts';
import { renewed } from '../shared/renewed.ts';
import {
	type AccessToken,
	askForToken,
	bearerSigner,
	noCredentials,
	showsCredentials,
	type TokenSeeker,
	tokenIn,
} from '../shared/tokens.ts';
import { settingOf, text, type Variables } from './settings.ts';

/** Who gives out tokens for the keys of the vendor's cloud. */
const IAM = 'https://iam.cloud.ibm.com/identity/token';
const GRANT = 'urn:ibm:params:oauth:grant-type:apikey';
const CURE =
	'set WATSONX_API_KEY or api_key to an API key of IBM Cloud; for Cloud Pak for Data give options.username with api_key or options.password';

/**
 * Puts credentials on calls. On the vendor's cloud an API key is changed for a token that lasts an hour, kept and renewed before it
 * ends; a token may also be given as it is. On premises (Cloud Pak for Data) a user's name and key go along with each call, or a
 * name and a password are changed for a token. Where the config gives an `authorization` header itself, nothing is added.
 */
export function watsonxSigner(settings: ProviderSettings, host: ProviderHost, env: Variables = process.env): Signer | undefined {
	if (showsCredentials(settings.headers)) return undefined;
	const { apiKey: key } = settings;
	const user = text(settings, 'username');
	const password = text(settings, 'password');
	if (user !== undefined && password === undefined && key !== undefined)
		return fixed('ZenApiKey', base64(`${user}:${key}`), host);
	const token =
		text(settings, 'token') ?? (key === undefined && password === undefined ? settingOf(settings, 'token', env) : undefined);
	if (token !== undefined) return fixed('Bearer', token, host);
	const seeker: TokenSeeker = { provider: settings.name, cure: CURE, host, now: () => systemClock.now() };
	return bearerSigner(renewed(() => fetchToken(settings, seeker, { key, user, password }), systemClock));
}

function fixed(scheme: string, credentials: string, host: ProviderHost): Signer {
	host.conceal?.(credentials);
	const authorization = `${scheme} ${credentials}`;
	return (call) => ({ ...call, headers: [...without(call.headers, 'authorization'), 'authorization', authorization] });
}

interface Login {
	key: string | undefined;
	user: string | undefined;
	password: string | undefined;
}

async function fetchToken(settings: ProviderSettings, seeker: TokenSeeker, { key, user, password }: Login): Promise<AccessToken> {
	if (user !== undefined && password !== undefined) {
		const url = `${(settings.baseUrl ?? '').replace(/\/ml\/v1$/, '')}/icp4d-api/v1/authorize`;
		const who = 'Cloud Pak for Data';
		const answer = await askForToken(seeker, { who, url, json: { username: user, password }, secrets: [password] });
		return tokenIn(answer, seeker, who, 'token');
	}
	if (key === undefined || key === '') throw noCredentials(seeker, 'there is no API key');
	const url = text(settings, 'iam_url') ?? IAM;
	const who = 'IBM Cloud IAM';
	const answer = await askForToken(seeker, { who, url, form: { grant_type: GRANT, apikey: key }, secrets: [key] });
	return tokenIn(answer, seeker, who);
}

function base64(value: string): string {
	return Buffer.from(value, 'utf8').toString('base64');
}
