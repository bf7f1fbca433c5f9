import type { IncomingHttpHeaders } from 'node:http';
import type { ClientHeaders, Dialect, Operation } from '../../spec/index.ts';

/** A dialect facing clients: where it is served and what it expects around the body. */
export interface Surface {
	readonly dialect: Dialect;
	/** Header in which clients of this dialect look for the request's id. */
	readonly requestIdHeader: string;
	/** Request headers that belong to the dialect and may concern the provider. */
	readonly passedHeaders: readonly string[];
	readonly endpoints: readonly { path: string; operation: Operation }[];
}

/** The client's headers that concern the dialect. */
export function passedHeaders(surface: Surface, headers: IncomingHttpHeaders): ClientHeaders {
	let passed: { [name: string]: string } | undefined;
	for (const name of surface.passedHeaders) {
		const value = headers[name];
		if (typeof value !== 'string') continue;
		passed ??= {};
		passed[name] = value;
	}
	return passed ?? NONE;
}

const NONE: ClientHeaders = {};

/** The key a client presents, wherever its SDK puts it. */
export function presentedKey(headers: IncomingHttpHeaders): string | undefined {
	const authorization = headers.authorization;
	if (authorization !== undefined) {
		return authorization.length > 7 && authorization.slice(0, 7).toLowerCase() === 'bearer '
			? authorization.slice(7).trim()
			: undefined;
	}
	const key = headers['x-api-key'] ?? headers['api-key'];
	return Array.isArray(key) ? key[0] : key;
}
