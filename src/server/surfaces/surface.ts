import type { IncomingHttpHeaders } from 'node:http';
import type { ClientHeaders, Dialect, JsonObject, Operation } from '../../spec/index.ts';

/** A name a client may ask for, as model lists show it. */
export interface ListedModel {
	id: string;
	title: string;
	/** Whether it is a route of the config's. */
	route: boolean;
	/** Names of the providers that serve it, best first. */
	providers: readonly string[];
	/** Unix time in seconds of its release; 0 when not known. */
	created: number;
}

/** Query parameters of a request. */
export interface Query {
	readonly [name: string]: unknown;
}

/** A dialect facing clients: where it is served and what it expects around the body. */
export interface Surface {
	readonly dialect: Dialect;
	/** Header in which clients of this dialect look for the request's id. */
	readonly requestIdHeader: string;
	/** Request headers that belong to the dialect and may concern the provider. */
	readonly passedHeaders: readonly string[];
	readonly endpoints: readonly { path: string; operation: Operation }[];
	/** Header only clients of this dialect send; tells whose form to answer in where surfaces share a path. */
	readonly marker?: string;
	/** `GET /v1/models`, a page of it where the dialect pages. Throws `invalid_request` for a page that cannot be. */
	modelList(models: readonly ListedModel[], query: Query): JsonObject;
	/** `GET /v1/models/{id}` */
	modelRow(model: ListedModel): JsonObject;
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
	if (authorization !== undefined && authorization.slice(0, 7).toLowerCase() === 'bearer ') return authorization.slice(7).trim();
	const key = headers['x-api-key'] ?? headers['api-key'];
	return Array.isArray(key) ? key[0] : key;
}
