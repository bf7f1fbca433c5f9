import type { IncomingHttpHeaders } from 'node:http';

/** The key a client presents, wherever its SDK puts it. */
export function presentedKey(headers: IncomingHttpHeaders): string | undefined {
	const { authorization } = headers;
	if (authorization !== undefined) {
		if (authorization.slice(0, 7).toLowerCase() === 'bearer ') return authorization.slice(7).trim();
		const signer = SIGNED.exec(authorization)?.[1];
		if (signer !== undefined) return signer;
	}
	const key = headers['x-api-key'] ?? headers['api-key'] ?? headers['x-goog-api-key'];
	return Array.isArray(key) ? key[0] : key;
}

/**
 * Requests signed for AWS name their signer's access key id, before date, region, service and end mark. The signature itself is not
 * checked: Relais keeps no copy of its keys to check it with.
 */
const SIGNED = /^AWS4-HMAC-SHA256 .*?\bCredential=([^\s,]+)\/\d{8}\/[^\s,/]+\/[^\s,/]+\/aws4_request\b/;

/** The key in a query; undefined where there is none. Addresses are never logged, as they may hold one. */
export function keyInQuery(url: string, parameter: string): string | undefined {
	const query = url.indexOf('?');
	if (query < 0) return undefined;
	return new URLSearchParams(url.slice(query + 1)).get(parameter) ?? undefined;
}
