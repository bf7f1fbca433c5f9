import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Relais } from '../engine/index.ts';
import { uuidv7 } from '../lib/ids.ts';
import type { Principal } from '../policy/auth/index.ts';
import { type Plan, plan } from '../router/index.ts';
import { isRelaisError, type JsonObject, type Operation, RelaisError, type RequestSketch } from '../spec/index.ts';
import { parseBody } from './body.ts';
import { RawReply } from './reply.ts';
import { passedHeaders, presentedKey, type Surface } from './surfaces/index.ts';

/** What hot routes share. */
export interface HotRouteHost {
	readonly relais: Relais;
	/** True once the server no longer takes requests. */
	readonly draining: boolean;
	/** How long a client may leave data unread, in ms. */
	readonly stallLimitMs: number;
}

/** Serves one request of a surface on the raw request and response. Never throws. */
export function serveHot(
	host: HotRouteHost,
	surface: Surface,
	operation: Operation,
	request: IncomingMessage,
	response: ServerResponse,
	raw: Buffer,
): void {
	const id = uuidv7();
	response.setHeader(surface.requestIdHeader, id);
	try {
		const { relais } = host;
		const { keys, config, table } = relais.state;
		if (host.draining)
			throw new RelaisError('shutting_down', 'Relais is shutting down. Try again in a moment.', { retryAfterMs: 1000 });
		const principal = keys.authenticate(presentedKey(request.headers));
		const body = parseBody(raw, config.server.maxDepth);
		const sketch = surface.dialect.sketch(body);
		const planned = plan(sketch, table, principal);
		const clientHeaders = passedHeaders(surface, request.headers);
		if (operation === 'count_tokens') {
			const counting = countingPlan(planned, surface);
			if (counting.targets.length === 0) estimate(surface, sketch, body, id, response);
			else
				start(
					host,
					surface,
					{ id, operation, body, raw, sketch: { ...sketch, stream: false }, clientHeaders, plan: counting },
					principal,
					response,
				);
			return;
		}
		start(host, surface, { id, operation, body, raw, sketch, clientHeaders, plan: planned }, principal, response);
	} catch (error) {
		sendError(surface, error, id, response);
	}
}

interface Accepted {
	id: string;
	operation: Operation;
	body: JsonObject;
	raw: Buffer;
	sketch: RequestSketch;
	clientHeaders: ReturnType<typeof passedHeaders>;
	plan: Plan;
}

function start(host: HotRouteHost, surface: Surface, accepted: Accepted, principal: Principal, response: ServerResponse): void {
	const sink = new RawReply(response, host.stallLimitMs);
	const execution = host.relais.start({ ...accepted, surface: surface.dialect, sink }, principal);
	response.once('close', () => {
		if (!response.writableFinished) execution.cancel();
	});
}

/** Targets that can count tokens themselves: those of the client's own dialect that have the endpoint. */
function countingPlan(planned: Plan, surface: Surface): Plan {
	const targets = planned.targets.filter(
		({ provider }) => provider.wire?.dialect === surface.dialect && provider.wire.supports('count_tokens'),
	);
	return { ...planned, targets };
}

/** No target counts tokens: Relais estimates, and says so. */
function estimate(surface: Surface, sketch: RequestSketch, body: JsonObject, id: string, response: ServerResponse): void {
	// The estimate is worth no more than the request: an invalid one is refused as the vendor would.
	surface.dialect.decodeRequest({ max_tokens: 1, ...body });
	const warning = { kind: 'approximated', path: 'input_tokens', message: 'estimated: no target of this model counts tokens' };
	send(
		response,
		200,
		{ 'x-relais-request-id': id, 'x-relais-warnings': JSON.stringify([warning]) },
		{ input_tokens: sketch.inputTokens },
	);
}

/** Answers with an error in the surface's own format. */
export function sendError(surface: Surface, error: unknown, id: string, response: ServerResponse): void {
	const known = isRelaisError(error)
		? error
		: new RelaisError('internal', 'Relais failed to handle the request.', { cause: error });
	const encoded = surface.dialect.encodeError(known, id);
	send(response, encoded.status, { 'x-relais-request-id': id, ...encoded.headers }, encoded.body);
}

function send(response: ServerResponse, status: number, headers: { [name: string]: string }, body: JsonObject): void {
	if (response.headersSent || response.destroyed) return;
	const payload = Buffer.from(JSON.stringify(body));
	response.writeHead(status, { ...headers, 'content-type': 'application/json', 'content-length': String(payload.length) });
	response.end(payload);
}
