import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Relais } from '../../engine/index.ts';
import { uuidv7 } from '../../lib/ids.ts';
import { isRelaisError, type JsonObject, RelaisError } from '../../spec/index.ts';
import { admit } from '../admission.ts';
import { capabilities } from './capabilities.ts';
import { Parameters } from './parameters.ts';
import type { ApiRequest } from './request.ts';

/** Where Relais's own API lies. */
const API_PREFIX = '/api/v1';

/** Paths after the prefix with what answers a GET. Throws `RelaisError` for what cannot be answered. */
const ROUTES: { readonly [path: string]: (request: ApiRequest) => object } = {
	'/capabilities': capabilities,
};

/** Whole paths of the API with their method, for those who look for something that is not there. */
const API_PATHS: { readonly [path: string]: string } = Object.fromEntries(
	Object.keys(ROUTES).map((path) => [`${API_PREFIX}${path}`, 'GET']),
);

/**
 * Mounts Relais's own API. Every answer is JSON; an error is `{"error": {"code", "message", "param", "requestId"}}`, with the codes and
 * the statuses of docs/en/errors.md.
 */
export function mountApi(app: FastifyInstance, relais: Relais): void {
	const mount = async (api: FastifyInstance): Promise<void> => {
		api.setErrorHandler((error: FastifyError, _request, reply) => fail(relais, asRelaisError(error), reply));
		api.setNotFoundHandler((request, reply) => fail(relais, unserved(request, reply), reply));
		for (const [path, answer] of Object.entries(ROUTES)) {
			api.get(path, (request, reply) => {
				const principal = admit(relais.state.keys, request.headers);
				send(reply, 200, answer({ relais, principal, query: new Parameters(request.query) }) as JsonObject, uuidv7());
			});
		}
	};
	void app.register(mount, { prefix: API_PREFIX });
}

/** A path that is not there, or takes another method. */
function unserved(request: FastifyRequest, reply: FastifyReply): RelaisError {
	const path = (request.url.split('?', 1)[0] ?? '').slice(0, 200);
	const method = Object.hasOwn(API_PATHS, path) ? API_PATHS[path] : undefined;
	if (method !== undefined) {
		reply.header('allow', method);
		return new RelaisError('method_not_allowed', `${path} takes ${method}, not ${request.method}.`);
	}
	const served = Object.entries(API_PATHS).map((entry) => entry.reverse().join(' '));
	return new RelaisError('not_found', `There is no ${request.method} ${path} here. The API has ${served.join(', ')}.`);
}

function asRelaisError(error: unknown): RelaisError {
	if (isRelaisError(error)) return error;
	const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
	if (status >= 500) return new RelaisError('internal', 'Relais failed to handle the request.', { cause: error });
	if (status === 413) return new RelaisError('request_too_large', 'The request body is larger than server.body_limit.');
	return new RelaisError('invalid_request', error instanceof Error ? error.message : 'The request is invalid.', { status });
}

function fail(relais: Relais, error: RelaisError, reply: FastifyReply): void {
	const requestId = uuidv7();
	if (error.code === 'internal') relais.reportFault(error.cause, requestId);
	const { code, message, param } = error;
	send(reply, error.status, { error: { code, message, param: param ?? null, requestId } }, requestId);
}

function send(reply: FastifyReply, status: number, body: JsonObject, requestId: string): void {
	reply.code(status).header('x-relais-request-id', requestId).header('cache-control', 'no-store').type('application/json');
	void reply.send(JSON.stringify(body));
}
