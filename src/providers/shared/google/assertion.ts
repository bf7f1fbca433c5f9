import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import type { ServiceAccount } from './files.ts';

/** How long an assertion is good for, in seconds: the longest the token endpoint takes. */
const LIFE_S = 3600;

/**
 * The assertion (a JWT, RS256) with which a service account asks for a token.
 * @param now Unix time in ms
 * Throws an `Error` when the key cannot be used; it holds nothing of the key.
 */
export function assertion(account: ServiceAccount, scope: string, now: number): string {
	const issued = Math.floor(now / 1000);
	const head = { alg: 'RS256', typ: 'JWT', ...(account.keyId === undefined ? {} : { kid: account.keyId }) };
	const claims = { iss: account.email, scope, aud: account.tokenUrl, iat: issued, exp: issued + LIFE_S };
	const signed = `${encoded(head)}.${encoded(claims)}`;
	return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), keyOf(account)).toString('base64url')}`;
}

function keyOf({ privateKey }: ServiceAccount): KeyObject {
	let key: KeyObject;
	try {
		// In variables the ends of lines are often written out.
		key = createPrivateKey(privateKey.replaceAll('\\n', '\n'));
	} catch {
		throw new Error('has a private_key that cannot be read: it must be the PEM text, with its lines');
	}
	if (key.asymmetricKeyType !== 'rsa') throw new Error('has a private_key that is not an RSA key');
	return key;
}

function encoded(part: object): string {
	return Buffer.from(JSON.stringify(part)).toString('base64url');
}
