import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Relais } from '../engine/index.ts';
import { uuidv7 } from '../lib/ids.ts';
import { RelaisError } from '../spec/index.ts';
import { mountApi } from './api/index.ts';
import type { HotRouteHost } from './hot-route.ts';
import { mountSurface, strangersGuard } from './mount.ts';
import { mountNative } from './native.ts';
import { fail, mountModels, spokenBy } from './plain-route.ts';
import { SURFACES } from './surfaces/index.ts';
import { answerUnserved } from './unserved.ts';

export interface ServerOptions {
	relais: Relais;
	/** How long a client may take nothing of what waits for it before it is cut off, in ms; default one minute. */
	stallLimitMs?: number;
}

/** The HTTP side of Relais. */
export interface RelaisServer {
	/** Starts to listen; gives back the URL. Throws `config_invalid` when the address cannot be had, naming the cure. */
	listen(host: string, port: number): Promise<string>;
	/**
	 * Stops taking requests and lets those under way finish for up to `drainMs`, until the last byte is with its client. Those left
	 * then are told `shutting_down`, and everything is closed, the engine included.
	 */
	close(drainMs: number): Promise<void>;
}

/** Time for the last words to clients that are cut off, in ms. */
const FAREWELL_MS = 250;

/** What the root says, to anybody: nothing that is not in the documentation. */
const GREETING = `Relais is running.

Base URL for your SDK: this address, with /v1 where the SDK's own ends in /v1.
With a key: GET /v1/models, GET /api/v1/capabilities. Without: GET /healthz, GET /readyz.
`;

/** Builds the server around an engine. Listens to nothing yet. */
export function createServer(options: ServerOptions): RelaisServer {
	const { relais } = options;
	const host: HotRouteHost = { relais, stallLimitMs: options.stallLimitMs ?? 60_000, draining: false, open: 0 };
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
			host.draining = true;
			// Closing the HTTP server would cut answers that are whole but not yet read.
			NetServer.prototype.close.call(app.server);
			await emptied(host, drainMs);
			await relais.close();
			await emptied(host, FAREWELL_MS);
			const closed = app.close();
			app.server.closeAllConnections();
			await closed;
		},
	};
}

/** Resolves when every answer is with its client, after `ms` at the latest. */
async function emptied(host: HotRouteHost, ms: number): Promise<void> {
	for (const deadline = Date.now() + ms; host.open > 0 && Date.now() < deadline; ) await setTimeout(20);
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
		// Ids of answers are as long as their vendors like.
		routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1000 },
		forceCloseConnections: 'idle',
		logger: false,
		// A request that comes while the server drains is answered by the surfaces themselves, in their own format.
		return503OnClosing: false,
		clientErrorHandler: refuseMalformedHttp,
		frameworkErrors: (error, request, reply) => fail(host, spokenBy(request), asRelaisError(error, request), reply),
	});
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
	app.setErrorHandler((error: FastifyError, request, reply) => onError(host, error, request, reply));
	const guard = strangersGuard(host, spokenBy, { keyParameter: 'key' });
	app.addHook('onRequest', (request, reply, done) => (request.is404 ? guard(request, reply, done) : done()));
	app.setNotFoundHandler((request, reply) => answerUnserved(host, request, reply));
	for (const surface of SURFACES) mountSurface(app, surface, host);
	mountModels(app, host);
	mountNative(app, host);
	mountApi(app, host.relais);
	// Browsers are pointed here by the banner, and some command lines ask it before anything else.
	app.get('/', (_request, reply) => reply.type('text/plain; charset=utf-8').send(GREETING));
	app.get('/healthz', async () => ({ status: 'ok' }));
	app.get('/readyz', async (_request, reply) => {
		const ready = !host.draining && host.relais.state.providers.length > 0;
		reply.code(ready ? 200 : 503);
		return { status: ready ? 'ready' : host.draining ? 'shutting down' : 'no provider is configured' };
	});
	return app;
}

/** Answers errors raised before a handler ran: a body over the limit, a client that gave up halfway. */
function onError(host: HotRouteHost, error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
	if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') reply.header('connection', 'close');
	fail(host, spokenBy(request), asRelaisError(error, request), reply);
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
	if (status === 415)
		return new RelaisError(
			'unsupported_media_type',
			'The content-type is not a media type. Send content-type: application/json.',
		);
	if (status < 500) return new RelaisError('invalid_request', error.message, { status });
	return new RelaisError('internal', 'Relais failed to handle the request.', { cause: error });
}

/** Answers to what is no request, by the code Node gives it. */
const MALFORMED: { readonly [code: string]: readonly [status: string, message: string] } = {
	ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.'],
	HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', "The request's headers are too large."],
};

/** What is not HTTP, or comes too slowly, gets one plain answer, and the connection is closed even if the client leaves it open. */
function refuseMalformedHttp(error: Error & { code?: string }, socket: Socket): void {
	if (socket.destroyed || !socket.writable) return;
	const [status, message] = MALFORMED[error.code ?? ''] ?? ['400 Bad Request', 'This is not a well-formed HTTP request.'];
	const body = JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: null } });
	const head = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nx-relais-request-id: ${uuidv7()}`;
	socket.end(`HTTP/1.1 ${status}\r\n${head}\r\nconnection: close\r\n\r\n${body}`);
	socket.setTimeout(FAREWELL_MS, () => socket.destroy());
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
