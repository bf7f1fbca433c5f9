import type { IncomingHttpHeaders } from 'node:http';

/** The key a client presents, wherever its SDK puts it. */
export function presentedKey(headers: IncomingHttpHeaders): string | undefined {
	const { authorization } = headers;
	if (authorization !== undefined) {
		if (authorization.slice(0, 7).toLowerCase() === 'bearer ') return authorization.slice(7).trim();
		const signer = signerOf(authorization);
		if (signer !== undefined) return signer;
	}
	const key = headers['x-api-key'] ?? headers['api-key'] ?? headers['x-goog-api-key'];
	if (key !== undefined) return Array.isArray(key) ? key[0] : key;
	// Some clients leave the scheme out.
	return /^\S+$/.test(authorization ?? '') ? authorization : undefined;
}

const SIGNED = 'AWS4-HMAC-SHA256 ';
const CREDENTIAL = 'Credential=';
/** What stands behind the key's id: date, region, service and end mark. */
const SCOPE = /^\d{8}\/[^/]+\/[^/]+\/aws4_request$/;

/**
 * Requests signed for AWS name their signer's access key id. The signature itself is not checked: Relais keeps no copy of its keys to
 * check it with. Ids may hold slashes.
 */
function signerOf(authorization: string): string | undefined {
	if (!authorization.startsWith(SIGNED)) return undefined;
	const field = authorization.split(/[\s,]+/).find((part) => part.startsWith(CREDENTIAL));
	const parts = field?.slice(CREDENTIAL.length).split('/') ?? [];
	const id = parts.slice(0, -4).join('/');
	return id !== '' && SCOPE.test(parts.slice(-4).join('/')) ? id : undefined;
}

/** The key in a query; undefined where there is none. Addresses are never logged, as they may hold one. */
export function keyInQuery(url: string, parameter: string): string | undefined {
	const query = url.indexOf('?');
	if (query < 0) return undefined;
	return new URLSearchParams(url.slice(query + 1)).get(parameter) ?? undefined;
}
