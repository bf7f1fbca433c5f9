import type { AddressInfo, Socket } from 'node:net';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Relais } from '../engine/index.ts';
import { uuidv7 } from '../lib/ids.ts';
import type { Principal } from '../policy/auth/index.ts';
import { RelaisError } from '../spec/index.ts';
import { type HotRouteHost, sendError, serveHot } from './hot-route.ts';
import { listedModel, listedModels } from './models.ts';
import { presentedKey, type Query, SURFACES, type Surface, surfaceOf } from './surfaces/index.ts';

export interface ServerOptions {
	relais: Relais;
	/** How long a client may leave data unread before it is cut off, in ms; default one minute. */
	stallLimitMs?: number;
}

/** The HTTP side of Relais. */
export interface RelaisServer {
	/** Starts to listen; gives back the URL. Throws `config_invalid` when the address cannot be had, naming the cure. */
	listen(host: string, port: number): Promise<string>;
	/** Stops taking requests, lets those under way finish for up to `drainMs`, then closes. */
	close(drainMs: number): Promise<void>;
}

/** Builds the server around an engine. Listens to nothing yet. */
export function createServer(options: ServerOptions): RelaisServer {
	const { relais } = options;
	const state = { draining: false };
	const host: HotRouteHost = {
		relais,
		stallLimitMs: options.stallLimitMs ?? 60_000,
		get draining() {
			return state.draining;
		},
	};
	const app = buildApp(host);
	return {
		async listen(address, port) {
			try {
				await app.listen({ host: address, port });
			} catch (error) {
				throw listenError(error, address, port);
			}
			const bound = app.server.address() as AddressInfo;
			return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
		},
		async close(drainMs) {
			state.draining = true;
			const deadline = Date.now() + drainMs;
			const closed = app.close();
			while (relais.running > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
			app.server.closeAllConnections();
			await closed;
		},
	};
}

function buildApp(host: HotRouteHost): FastifyInstance {
	const { server: limits } = host.relais.state.config;
	const app = fastify({
		bodyLimit: limits.bodyLimit,
		requestTimeout: limits.requestTimeoutMs,
		// The head's limit must not exceed the whole request's: Node would swap the two.
		http: {
			headersTimeout: Math.min(60_000, limits.requestTimeoutMs),
			connectionsCheckingInterval: Math.max(100, Math.min(5000, limits.requestTimeoutMs / 4)),
		},
		keepAliveTimeout: 72_000,
		forceCloseConnections: 'idle',
		logger: false,
		exposeHeadRoutes: false,
		// A request that comes while the server drains is answered by the surfaces themselves, in their own format.
		return503OnClosing: false,
		clientErrorHandler: refuseMalformedHttp,
	});
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
	app.setErrorHandler((error: FastifyError, request, reply) => onError(error, request, reply));
	app.setNotFoundHandler((request, reply) => answerUnserved(request, reply));
	for (const surface of SURFACES) mountSurface(app, surface, host);
	mountModels(app, host);
	app.get('/healthz', async () => ({ status: 'ok' }));
	app.get('/readyz', async (_request, reply) => {
		const ready = !host.draining && host.relais.state.providers.length > 0;
		reply.code(ready ? 200 : 503);
		return { status: ready ? 'ready' : host.draining ? 'shutting down' : 'no provider is configured' };
	});
	return app;
}

function mountSurface(app: FastifyInstance, surface: Surface, host: HotRouteHost): void {
	for (const { path, operation } of surface.endpoints) {
		app.post(path, (request, reply) => {
			reply.hijack();
			const encoding = request.headers['content-encoding'];
			const body = Buffer.isBuffer(request.body) ? request.body : EMPTY;
			if (encoding !== undefined && encoding !== 'identity') {
				const error = new RelaisError(
					'unsupported_media_type',
					`Request bodies must not be compressed (content-encoding: ${encoding}).`,
				);
				return sendError(surface, error, uuidv7(), reply.raw);
			}
			serveHot(host, surface, operation, request.raw, reply.raw, body);
		});
	}
}

const EMPTY = Buffer.alloc(0);

function mountModels(app: FastifyInstance, host: HotRouteHost): void {
	app.get('/v1/models', (request, reply) => {
		answerModels(host, request, reply, (surface, principal) => {
			return surface.modelList(listedModels(host.relais.state.table, principal), request.query as Query);
		});
	});
	// Model names may hold slashes.
	app.get('/v1/models/*', (request, reply) => {
		answerModels(host, request, reply, (surface, principal) => {
			const name = (request.params as { '*': string })['*'];
			return surface.modelRow(listedModel(host.relais.state.table, principal, name));
		});
	});
}

type ModelsAnswer = (surface: Surface, principal: Principal) => object;

function answerModels(host: HotRouteHost, request: FastifyRequest, reply: FastifyReply, answer: ModelsAnswer): void {
	const surface = spokenBy(request);
	try {
		const principal = host.relais.state.keys.authenticate(presentedKey(request.headers));
		const id = uuidv7();
		reply.header('x-relais-request-id', id).header(surface.requestIdHeader, id).send(answer(surface, principal));
	} catch (error) {
		fail(surface, error, reply);
	}
}

function pathOf(request: FastifyRequest): string {
	return request.url.split('?', 1)[0] ?? '';
}

function spokenBy(request: FastifyRequest): Surface {
	return surfaceOf(pathOf(request), request.headers);
}

/** A path that is not served, or not by this method. */
function answerUnserved(request: FastifyRequest, reply: FastifyReply): void {
	const endpoints = SURFACES.flatMap((surface) => surface.endpoints);
	const path = pathOf(request).slice(0, 200);
	if (endpoints.some((endpoint) => endpoint.path === path)) {
		reply.header('allow', 'POST');
		const error = new RelaisError('method_not_allowed', `${path} takes POST, not ${request.method}.`);
		fail(spokenBy(request), error, reply);
		return;
	}
	const served = endpoints.map((endpoint) => `POST ${endpoint.path}`).join(', ');
	const message = `There is no ${request.method} ${path} here. Relais serves ${served}, GET /v1/models.`;
	fail(spokenBy(request), new RelaisError('not_found', message), reply);
}

/** Answers errors raised before a handler ran: a body over the limit, a client that gave up halfway. */
function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
	if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') reply.header('connection', 'close');
	fail(spokenBy(request), asRelaisError(error, request), reply);
}

function asRelaisError(error: FastifyError, request: FastifyRequest): RelaisError {
	if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
		const limit = request.routeOptions.bodyLimit;
		return new RelaisError(
			'request_too_large',
			`The request body is larger than ${limit} bytes. Send less, or raise server.body_limit in the config.`,
		);
	}
	const status = error.statusCode ?? 500;
	if (status < 500) return new RelaisError('invalid_request', error.message, { status });
	return new RelaisError('internal', 'Relais failed to handle the request.', { cause: error });
}

/** Hands the reply over to the same writer the hot routes use. */
function fail(surface: Surface, error: unknown, reply: FastifyReply): void {
	const id = uuidv7();
	for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
	reply.hijack();
	sendError(surface, error, id, reply.raw);
}

/** What is not HTTP, or comes too slowly, gets one plain answer. */
function refuseMalformedHttp(error: Error & { code?: string }, socket: Socket): void {
	if (socket.destroyed || !socket.writable) return;
	const slow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
	const status = slow
		? '408 Request Timeout'
		: error.code === 'HPE_HEADER_OVERFLOW'
			? '431 Request Header Fields Too Large'
			: '400 Bad Request';
	const message = slow ? 'The request did not arrive in time.' : 'This is not a well-formed HTTP request.';
	const body = JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: null } });
	socket.end(
		`HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
	);
}

function listenError(error: unknown, host: string, port: number): RelaisError {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	const reasons: { [code: string]: string } = {
		EADDRINUSE: `port ${port} on ${host} is in use. Stop what uses it, or choose another with --port`,
		EACCES: `port ${port} may not be opened by this user. Choose one above 1023 with --port`,
		EADDRNOTAVAIL: `${host} is not an address of this machine. Use --host 127.0.0.1`,
		ENOTFOUND: `the host ${host} cannot be resolved. Use --host 127.0.0.1`,
	};
	const reason = typeof code === 'string' ? reasons[code] : undefined;
	return new RelaisError(
		'config_invalid',
		reason ?? `cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : error}`,
		{ cause: error },
	);
}
