import { systemClock } from '../../lib/clock.ts';
import {
	isRelaisError,
	type ProviderHost,
	type ProviderSettings,
	RelaisError,
	type Signer,
	type WireCall,
} from '../../spec/index.ts';
import {
	type AssumedRole,
	type AwsCredentials,
	type CredentialSource,
	credentialChain,
	signAws,
	type Variables,
	without,
} from '../shared/aws/index.ts';
import { renewed } from '../shared/renewed.ts';

/** The start of an id of access keys; whatever else is given as a key is a bearer key. */
const ACCESS_KEY_ID = /^A[KS]IA[A-Z0-9]{12,}$/;
const SERVICE = 'bedrock';
const DEFAULT_REGION = 'us-east-1';

function text(settings: ProviderSettings, ...options: string[]): string | undefined {
	for (const option of options) {
		const value = settings.options[option];
		if (typeof value === 'string' && value !== '') return value;
	}
	return undefined;
}

/** The region calls are signed for: the option, or what the address names. */
export function regionOf(settings: ProviderSettings, env: Variables): string {
	const named = /^https?:\/\/[^/]*?bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\./.exec(settings.baseUrl ?? '')?.[1];
	return text(settings, 'region') ?? named ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? DEFAULT_REGION;
}

/**
 * Puts credentials on calls. A bearer key (`api_key`, or `AWS_BEARER_TOKEN_BEDROCK` where nothing else is stated) goes into
 * `authorization`; otherwise calls are signed with keys found as AWS's own tools find them. Where the config gives an
 * `authorization` header itself, nothing is added.
 */
export function bedrockSigner(
	settings: ProviderSettings,
	env: Variables = process.env,
	host: Pick<ProviderHost, 'conceal'> = {},
): Signer | undefined {
	if (Object.keys(settings.headers).some((name) => name.toLowerCase() === 'authorization')) return undefined;
	const profile = text(settings, 'profile');
	const keys = statedKeys(settings, env);
	const key = settings.apiKey;
	const given = key !== undefined && key !== '' && !ACCESS_KEY_ID.test(key) ? key : undefined;
	const bearer = given ?? (keys === undefined && profile === undefined ? env.AWS_BEARER_TOKEN_BEDROCK : undefined);
	if (bearer !== undefined && bearer !== '') {
		host.conceal?.(bearer);
		return (call) => ({ ...call, headers: [...without(call.headers, 'authorization'), 'authorization', `Bearer ${bearer}`] });
	}
	const region = regionOf(settings, env);
	const role = roleOf(settings);
	const source = credentialChain({
		region,
		env,
		...(keys === undefined ? {} : { keys }),
		...(profile === undefined ? {} : { profile }),
		...(role === undefined ? {} : { role }),
	});
	const credentials = renewed(async () => {
		const found = await named(settings, source);
		for (const secret of [found.secretAccessKey, found.sessionToken]) if (secret !== undefined) host.conceal?.(secret);
		return found;
	}, systemClock);
	const sign = async (call: WireCall): Promise<WireCall> =>
		signAws(call, await credentials(), { region, service: SERVICE, now: systemClock.now() });
	return Object.assign(sign, { refused: credentials.refused });
}

const CURE =
	'set AWS_BEARER_TOKEN_BEDROCK to a Bedrock API key, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, ' +
	'or run where there is a role (container, machine, web identity)';

/** Fetches credentials; a failure names the provider and says what to set. */
async function named(settings: ProviderSettings, source: CredentialSource): Promise<AwsCredentials> {
	try {
		return await source();
	} catch (cause) {
		if (!isRelaisError(cause) || cause.provider !== undefined) throw cause;
		const message = `provider "${settings.name}": ${cause.message.replace(/\.$/, '')}; ${CURE}.`;
		throw new RelaisError(cause.code, message, { provider: settings.name, cause });
	}
}

/** The role to take on with the credentials found. */
function roleOf(settings: ProviderSettings): AssumedRole | undefined {
	const arn = text(settings, 'role_arn');
	if (arn === undefined) return undefined;
	const externalId = text(settings, 'external_id');
	return {
		arn,
		session: text(settings, 'role_session_name') ?? 'relais',
		...(externalId === undefined ? {} : { externalId }),
	};
}

/** Keys of the config: the key's id as `api_key` or `access_key_id`, the secret beside it or, for the environment's id, there. */
function statedKeys(settings: ProviderSettings, env: Variables): AwsCredentials | undefined {
	const { apiKey } = settings;
	const id = apiKey !== undefined && ACCESS_KEY_ID.test(apiKey) ? apiKey : text(settings, 'access_key_id');
	if (id === undefined) return undefined;
	const inEnvironment = id === env.AWS_ACCESS_KEY_ID;
	const secret = text(settings, 'secret', 'secret_access_key') ?? (inEnvironment ? env.AWS_SECRET_ACCESS_KEY : undefined);
	if (secret === undefined || secret === '') return undefined;
	const session = text(settings, 'session', 'session_token') ?? (inEnvironment ? env.AWS_SESSION_TOKEN : undefined);
	return { accessKeyId: id, secretAccessKey: secret, ...(session ? { sessionToken: session } : {}) };
}
