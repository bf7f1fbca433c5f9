import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { digest, idFrom } from '../core/ids.ts';
import { isObject, list, number, text } from '../core/json.ts';
import type { ServiceAccount } from '../core/types.ts';

/** What a token endpoint answers. */
export interface TokenAnswer {
	status: number;
	body: { [key: string]: string | number };
}

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const LIFE_S = 3600;
/** How far clocks may be apart. */
const SKEW_S = 300;

function refused(error: string, error_description: string, status = 400): TokenAnswer {
	return { status, body: { error, error_description } };
}

function decoded(part: string): unknown {
	try {
		return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
	} catch {
		return undefined;
	}
}

/** The tokens of a simulated Google account: handed out against assertions signed with the account's own key. */
export class Tokens {
	readonly #name: string;
	readonly #now: () => number;
	readonly #privateKey: string;
	readonly #publicKey: KeyObject;
	readonly #issued = new Map<string, number>();

	/** @param now Unix ms */
	constructor(name: string, now: () => number) {
		this.#name = name;
		this.#now = now;
		const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
		this.#privateKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
		this.#publicKey = createPublicKey(this.#privateKey);
	}

	/** The file that the cloud would hand out for the account. */
	account(tokenUri: string): ServiceAccount {
		return {
			type: 'service_account',
			project_id: 'simulated-project',
			private_key_id: digest(this.#name),
			private_key: this.#privateKey,
			client_email: `${this.#name}@simulated-project.iam.gserviceaccount.com`,
			client_id: '100000000000000000000',
			token_uri: tokenUri,
		};
	}

	/** Whether a token was handed out and still holds. */
	holds(token: string): boolean {
		return (this.#issued.get(token) ?? 0) > this.#now();
	}

	/** Forgets the tokens. */
	clear(): void {
		this.#issued.clear();
	}

	/** Hands out a token without asking, as the machine's own metadata server does. */
	issue(): TokenAnswer {
		const access_token = `ya29.${idFrom(`${this.#name}/${this.#issued.size}/${this.#now()}`, 40)}`;
		this.#issued.set(access_token, this.#now() + LIFE_S * 1000);
		return { status: 200, body: { access_token, expires_in: LIFE_S - 1, token_type: 'Bearer' } };
	}

	/** Answers a request for a token. `form`: its body. */
	answer(form: URLSearchParams, tokenUri: string): TokenAnswer {
		if (form.get('grant_type') === 'refresh_token') {
			const token = form.get('refresh_token');
			return token === `refresh-${this.#name}` ? this.issue() : refused('invalid_grant', 'Token has been expired or revoked.');
		}
		if (form.get('grant_type') !== GRANT)
			return refused('unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`);
		const wrong = this.#fault(form.get('assertion') ?? '', tokenUri);
		return wrong ?? this.issue();
	}

	#fault(assertion: string, tokenUri: string): TokenAnswer | undefined {
		const [head = '', claims = '', signature = ''] = assertion.split('.');
		const header = decoded(head);
		const claim = decoded(claims);
		if (!isObject(header) || !isObject(claim)) return refused('invalid_request', 'Bad Request');
		const signed = Buffer.from(`${head}.${claims}`);
		const right = header.alg === 'RS256' && verify('RSA-SHA256', signed, this.#publicKey, Buffer.from(signature, 'base64url'));
		if (text(claim.iss) !== this.account('').client_email) return refused('invalid_grant', 'Invalid grant: account not found');
		if (!right) return refused('invalid_grant', 'Invalid JWT Signature.');
		const audiences = typeof claim.aud === 'string' ? [claim.aud] : list(claim.aud).map(text);
		if (!audiences.includes(tokenUri))
			return refused('invalid_grant', `Invalid JWT: Failed audience check. The right audience is ${tokenUri}`);
		const now = this.#now() / 1000;
		const from = number(claim.iat) ?? 0;
		const until = number(claim.exp) ?? 0;
		if (from > now + SKEW_S || until < now - SKEW_S || until - from > LIFE_S) {
			const words =
				'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';
			return refused('invalid_grant', words);
		}
		return text(claim.scope).split(' ').includes(SCOPE)
			? undefined
			: refused('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
	}
}
