import { createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { startUpstream, type Upstream } from '../upstream.ts';

/** An account whose key was made for one test. */
export interface TestAccount {
	email: string;
	publicKey: KeyObject;
	/** The key file as it is downloaded, asking for tokens at an address. */
	file(tokenUrl: string): { [member: string]: string };
}

/** Makes an account with an RSA key of its own. */
export function makeAccount(project = 'the-project'): TestAccount {
	const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const email = `robot@${project}.iam.gserviceaccount.com`;
	const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
	return {
		email,
		publicKey,
		file: (tokenUrl) => ({
			type: 'service_account',
			project_id: project,
			private_key_id: 'key-1',
			private_key: pem,
			client_email: email,
			token_uri: tokenUrl,
		}),
	};
}

/** A token endpoint that checks what it is shown as the real one does. */
export interface TokenServer {
	url: string;
	/** Forms received, oldest first. */
	forms: URLSearchParams[];
	upstream: Upstream;
}

/** How one behaves. */
export interface TokenServerOptions {
	/** Accounts whose assertions are taken. */
	accounts: readonly TestAccount[];
	/** Unix time in ms, by the endpoint's clock. */
	now(): number;
	/** Lifetime of tokens, in seconds. */
	lifeS?: number;
	/** Status to answer with in place of a token. */
	fails?: () => number | undefined;
}

/** Starts one. Tokens are `ya29.token-<n>`, counted from 1. */
export async function startTokenServer({ accounts, now, lifeS = 3599, fails }: TokenServerOptions): Promise<TokenServer> {
	const forms: URLSearchParams[] = [];
	let given = 0;
	let url = '';
	const upstream = await startUpstream((_request, response, body) => {
		const form = new URLSearchParams(body);
		forms.push(form);
		const status = fails?.();
		const reply = (code: number, answer: object): void => {
			response.writeHead(code, { 'content-type': 'application/json' });
			response.end(JSON.stringify(answer));
		};
		if (status !== undefined) return reply(status, { error: 'unavailable' });
		const fault = faultOf(form, accounts, url, now());
		if (fault !== undefined) return reply(400, { error: 'invalid_grant', error_description: fault });
		given += 1;
		return reply(200, { access_token: `ya29.token-${given}`, expires_in: lifeS, token_type: 'Bearer' });
	});
	url = upstream.baseUrl.replace('/v1', '/token');
	return { url, forms, upstream };
}

/** What is wrong with a request for a token. */
function faultOf(form: URLSearchParams, accounts: readonly TestAccount[], url: string, now: number): string | undefined {
	const grant = form.get('grant_type');
	if (grant === 'refresh_token')
		return form.get('refresh_token') === 'refresh-1' ? undefined : 'Token has been expired or revoked.';
	if (grant !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return 'Unsupported grant.';
	const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
	const read = (part: string): { [member: string]: unknown } => JSON.parse(Buffer.from(part, 'base64url').toString());
	const { alg, kid } = read(head);
	const { iss, aud, iat, exp, scope } = read(claims);
	const account = accounts.find(({ email }) => email === iss);
	if (account === undefined) return 'Invalid grant: account not found';
	const verified = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(account.publicKey, signature, 'base64url');
	if (alg !== 'RS256' || kid !== 'key-1' || !verified) return 'Invalid JWT Signature.';
	if (aud !== url || scope !== 'https://www.googleapis.com/auth/cloud-platform') return 'Invalid JWT: audience or scope.';
	const seconds = now / 1000;
	const fresh = typeof iat === 'number' && typeof exp === 'number' && iat <= seconds + 60 && exp > seconds && exp - iat <= 3600;
	return fresh ? undefined : 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.';
}
