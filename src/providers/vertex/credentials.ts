import type { Clock } from '../../lib/clock.ts';
import { isObject } from '../../lib/json.ts';
import type { JsonObject, ProviderSettings, WireCall } from '../../spec/index.ts';
import { type GoogleToken, googleTokens, type Variables } from '../shared/google/index.ts';
import { renewed } from '../shared/renewed.ts';
import {
	noCredentials,
	showsCredentials,
	type TokenHost,
	type TokenSeeker,
	type TokenSigner,
	withBearer,
} from '../shared/tokens.ts';
import { UNKNOWN_PROJECT } from './address.ts';

/** How a provider of this type shows who it is. */
export type Access =
	/** A key of the vendor's, as it is; `bearer`: a token somebody else has fetched. */
	| { kind: 'key' | 'bearer' | 'none' }
	/** Tokens, from what the config states or from where the vendor's tools look. */
	| { kind: 'tokens'; stated: string | JsonObject | undefined };

/** Tokens, as the vendor's command line prints them. */
const TOKEN = /^ya29\./;
const FILE = /[/\\]|\.json$/;

/** What is given in place of a key: a file's path or its content, a token, or a key of express mode. */
export function accessOf(settings: ProviderSettings, ownHost: boolean): Access {
	const { apiKey, options, headers } = settings;
	if (showsCredentials(headers)) return { kind: 'none' };
	const key = apiKey === '' ? undefined : apiKey;
	if (options.auth === 'bearer' && key !== undefined) return { kind: 'bearer' };
	if (key !== undefined && TOKEN.test(key)) return { kind: 'bearer' };
	const { credentials } = options;
	if ((typeof credentials === 'string' && credentials !== '') || isObject(credentials))
		return { kind: 'tokens', stated: credentials };
	if (key !== undefined && (key.startsWith('{') || FILE.test(key))) return { kind: 'tokens', stated: key };
	const stated = statedAccount(options);
	if (stated !== undefined) return { kind: 'tokens', stated };
	if (key !== undefined) return { kind: 'key' };
	return ownHost || options.auth === 'adc' ? { kind: 'tokens', stated: undefined } : { kind: 'none' };
}

/** An account and its key among the options. */
function statedAccount({ client_email: email, private_key: key, private_key_id: id }: JsonObject): JsonObject | undefined {
	if (typeof email !== 'string' || typeof key !== 'string') return undefined;
	return { client_email: email, private_key: key, ...(typeof id === 'string' ? { private_key_id: id } : {}) };
}

/** What signing needs from outside. */
export interface SigningHost {
	host: TokenHost;
	clock: Pick<Clock, 'now'>;
	env: Variables;
}

/** Puts tokens on the calls of one provider, all its APIs sharing one at a time, and the project where only they know it. */
export function googleSigner(
	settings: ProviderSettings,
	stated: string | JsonObject | undefined,
	{ host, clock, env }: SigningHost,
): TokenSigner {
	const cure = `set GOOGLE_APPLICATION_CREDENTIALS or options.credentials of provider "${settings.name}" to a service account's key file, or run gcloud auth application-default login`;
	const seeker: TokenSeeker = { provider: settings.name, cure, host, now: () => clock.now() };
	const tokens = renewed(googleTokens({ stated, env, ambient: true }, seeker), clock);
	const sign = async (call: WireCall): Promise<WireCall> => {
		const token = await tokens();
		return withProject(withBearer(call, token), token, seeker);
	};
	return Object.assign(sign, { refused: tokens.refused });
}

const UNKNOWN = `/projects/${UNKNOWN_PROJECT}/`;

function withProject(call: WireCall, { project, quotaProject }: GoogleToken, seeker: TokenSeeker): WireCall {
	const headers = quotaProject === undefined ? call.headers : [...call.headers, 'x-goog-user-project', quotaProject];
	if (!call.path.includes(UNKNOWN)) return { ...call, headers };
	if (project === undefined)
		throw noCredentials(
			{ provider: seeker.provider, cure: `set GOOGLE_CLOUD_PROJECT or options.project of provider "${seeker.provider}"` },
			'they belong to no project',
		);
	return { ...call, headers, path: call.path.replace(UNKNOWN, `/projects/${encodeURIComponent(project)}/`) };
}
