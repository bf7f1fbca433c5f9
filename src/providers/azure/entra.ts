import { readFile } from 'node:fs/promises';
import type { Clock } from '../../lib/clock.ts';
import { reasonOf } from '../../lib/reason.ts';
import type { ProviderSettings } from '../../spec/index.ts';
import { renewed } from '../shared/renewed.ts';
import {
	type AccessToken,
	askForToken,
	bearerSigner,
	noCredentials,
	showsCredentials,
	type TokenHost,
	type TokenSeeker,
	type TokenSigner,
	tokenIn,
} from '../shared/tokens.ts';
import { textOption } from './address.ts';

/** Variables of a process. */
export interface Variables {
	readonly [name: string]: string | undefined;
}

/** What tokens are for (catalog, quirks of the row `azure-openai`). */
const SCOPE = 'https://cognitiveservices.azure.com/.default';
const AUTHORITY = 'https://login.microsoftonline.com';
const ENTRA = 'Microsoft Entra ID';
const MACHINE = "the machine's managed identity";
/** Where machines in the cloud ask for their identity's tokens; elsewhere nobody answers. */
const MACHINE_ADDRESS = 'http://169.254.169.254';
/** Time for the machine's service to answer, in ms: where there is one it answers at once. */
const MACHINE_LIMIT_MS = 3000;

/** What is known of the identity to use. */
interface Identity {
	tenant: string | undefined;
	client: string | undefined;
	secret: string | undefined;
	/** File with a token of another issuer (workload identity). */
	tokenFile: string | undefined;
	authority: string;
	scope: string;
}

function identityOf(settings: ProviderSettings, env: Variables): Identity {
	const variable = (name: string): string | undefined => env[name]?.trim() || undefined;
	return {
		tenant: textOption(settings, 'tenant_id') ?? variable('AZURE_TENANT_ID'),
		client: textOption(settings, 'client_id') ?? variable('AZURE_CLIENT_ID'),
		secret: textOption(settings, 'client_secret') ?? variable('AZURE_CLIENT_SECRET'),
		tokenFile: textOption(settings, 'federated_token_file') ?? variable('AZURE_FEDERATED_TOKEN_FILE'),
		authority: (textOption(settings, 'authority') ?? variable('AZURE_AUTHORITY_HOST') ?? AUTHORITY).replace(/\/+$/, ''),
		scope: textOption(settings, 'scope') ?? SCOPE,
	};
}

/** Ways to a token in which the config may ask for it by name, under `auth`. */
const STATED: ReadonlySet<unknown> = new Set(['entra', 'managed-identity', 'managed_identity']);

/**
 * Whether calls should show a token of Microsoft Entra ID: there is no key, and the config asks for a token, or names an identity,
 * or the address is the vendor's own, to which the machine's identity may go unasked.
 */
export function wantsToken(settings: ProviderSettings, ownHost: boolean): boolean {
	const { apiKey, options, headers } = settings;
	if (showsCredentials(headers)) return false;
	if (STATED.has(options.auth)) return true;
	if (apiKey !== undefined && apiKey !== '') return false;
	return ownHost || textOption(settings, 'tenant_id', 'client_id') !== undefined;
}

/**
 * Fetches tokens of Microsoft Entra ID: for a client and its secret, for a token of another issuer (workload identity), and else for
 * the identity of the machine. Nothing is kept.
 */
export function entraTokens(settings: ProviderSettings, seeker: TokenSeeker, env: Variables): () => Promise<AccessToken> {
	const identity = identityOf(settings, env);
	const machineOnly = typeof settings.options.auth === 'string' && settings.options.auth.startsWith('managed');
	return async () => {
		const { tenant, client, secret, tokenFile } = identity;
		if (!machineOnly && client !== undefined && tenant !== undefined) {
			if (secret !== undefined) return clientToken(identity, { client_secret: secret }, seeker);
			if (tokenFile !== undefined) return federatedToken(identity, tokenFile, seeker);
		}
		if (!machineOnly && secret !== undefined) {
			const lacking = tenant === undefined ? 'AZURE_TENANT_ID' : 'AZURE_CLIENT_ID';
			throw noCredentials(seeker, `there is a client secret, but no ${lacking}`);
		}
		return machineToken(identity, seeker, env);
	};
}

async function clientToken(
	{ tenant = '', client = '', authority, scope }: Identity,
	proof: { [field: string]: string },
	seeker: TokenSeeker,
): Promise<AccessToken> {
	const answer = await askForToken(seeker, {
		who: ENTRA,
		url: `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
		form: { grant_type: 'client_credentials', client_id: client, scope, ...proof },
		secrets: Object.values(proof),
	});
	return tokenIn(answer, seeker, ENTRA);
}

async function federatedToken(identity: Identity, file: string, seeker: TokenSeeker): Promise<AccessToken> {
	let assertion: string;
	try {
		assertion = (await readFile(file, 'utf8')).trim();
	} catch (error) {
		throw noCredentials(seeker, `the token file of the workload identity cannot be read (${reasonOf(error)})`);
	}
	const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
	return clientToken(identity, { client_assertion_type: type, client_assertion: assertion }, seeker);
}

/** The machine's identity: of an app service where its variables are set, else of the machine itself. */
async function machineToken({ client, scope }: Identity, seeker: TokenSeeker, env: Variables): Promise<AccessToken> {
	const resource = scope.replace(/\/\.default$/, '');
	const { IDENTITY_ENDPOINT: service, IDENTITY_HEADER: header, AZURE_POD_IDENTITY_AUTHORITY_HOST: pod } = env;
	const ofService = service !== undefined && service !== '' && header !== undefined;
	const query = new URLSearchParams({
		'api-version': ofService ? '2019-08-01' : '2018-02-01',
		resource,
		...(client === undefined ? {} : { client_id: client }),
	});
	const place = ofService ? service : `${(pod || MACHINE_ADDRESS).replace(/\/+$/, '')}/metadata/identity/oauth2/token`;
	const answer = await askForToken(seeker, {
		who: MACHINE,
		url: `${place}?${query}`,
		headers: ofService ? { 'x-identity-header': header } : { metadata: 'true' },
		limitMs: MACHINE_LIMIT_MS,
		ambient: true,
		...(header === undefined ? {} : { secrets: [header] }),
	});
	return tokenIn(answer, seeker, MACHINE);
}

/** What puts tokens on the calls of one provider, all its APIs sharing one token at a time. */
export function entraSigner(
	settings: ProviderSettings,
	{ host, cure, clock, env }: { host: TokenHost; cure: string; clock: Pick<Clock, 'now'>; env: Variables },
): TokenSigner {
	const seeker: TokenSeeker = { provider: settings.name, cure, host, now: () => clock.now() };
	return bearerSigner(renewed(entraTokens(settings, seeker, env), clock));
}
