import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Relais } from '../engine/index.ts';
import { uuidv7 } from '../lib/ids.ts';
import type { Principal } from '../policy/auth/index.ts';
import { type Plan, plan, wireOf } from '../router/index.ts';
import { isRelaisError, type JsonObject, type Operation, RelaisError, type RequestSketch } from '../spec/index.ts';
import { admit } from './admission.ts';
import { parseBody } from './body.ts';
import { RawReply } from './reply.ts';
import { passedHeaders, type Surface } from './surfaces/index.ts';

/** What hot routes share. */
export interface HotRouteHost {
	readonly relais: Relais;
	/** How long a client may take nothing of what waits for it, in ms. */
	readonly stallLimitMs: number;
	/** True once the server no longer takes requests. */
	draining: boolean;
	/** Answers of which a part may not be with the client yet. */
	open: number;
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
	try {
		const { relais } = host;
		const { keys, config, table } = relais.state;
		if (host.draining)
			throw new RelaisError('shutting_down', 'Relais is shutting down. Try again in a moment.', { retryAfterMs: 1000 });
		const principal = admit(keys, request.headers);
		const body = parseBody(raw, config.server.maxDepth);
		const sketch = surface.dialect.sketch(body);
		const planned = plan(sketch, table, principal);
		const clientHeaders = passedHeaders(surface, request.headers);
		const accepted = { id, operation, body, raw, sketch, clientHeaders, plan: planned };
		if (operation === 'count_tokens') count(host, surface, accepted, principal, response);
		else start(host, surface, accepted, principal, response);
	} catch (error) {
		sendError(host, surface, error, id, response);
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
	const sink = new RawReply(response, host.stallLimitMs, surface.requestIdHeader, accepted.id);
	const execution = host.relais.start({ ...accepted, surface: surface.dialect, sink }, principal);
	host.open++;
	response.once('close', () => {
		host.open--;
		if (!response.writableFinished) execution.cancel();
	});
}

/** Asks the targets that can count tokens; where none can, Relais estimates. */
function count(host: HotRouteHost, surface: Surface, accepted: Accepted, principal: Principal, response: ServerResponse): void {
	const { plan: planned, sketch } = accepted;
	const targets = planned.targets.filter(({ provider, model }) => {
		const wire = wireOf(provider, model, surface.dialect);
		return wire?.dialect.counting !== undefined && wire.supports('count_tokens');
	});
	if (targets.length === 0) estimate(surface, accepted, response);
	else
		start(
			host,
			surface,
			{ ...accepted, sketch: { ...sketch, stream: false }, plan: { ...planned, targets } },
			principal,
			response,
		);
}

/** No target counts tokens: Relais estimates, and says so. */
function estimate(surface: Surface, { id, body, sketch }: Accepted, response: ServerResponse): void {
	const { dialect } = surface;
	// The estimate is worth no more than the request: an invalid one is refused as the vendor would.
	dialect.counting?.decodeRequest(body);
	const warning = { kind: 'approximated', path: 'input_tokens', message: 'estimated: no target of this model counts tokens' };
	const headers = { ...idHeaders(surface, id), 'x-relais-warnings': JSON.stringify([warning]) };
	send(response, 200, headers, dialect.counting?.encodeAnswer(sketch.inputTokens) ?? {});
}

function idHeaders(surface: Surface, id: string): { [name: string]: string } {
	return { 'x-relais-request-id': id, [surface.requestIdHeader]: id };
}

/** Answers with an error in the surface's own format. */
export function sendError(host: HotRouteHost, surface: Surface, error: unknown, id: string, response: ServerResponse): void {
	const known = isRelaisError(error)
		? error
		: new RelaisError('internal', 'Relais failed to handle the request.', { cause: error });
	if (known.code === 'internal') host.relais.reportFault(known.cause, id);
	const encoded = surface.dialect.encodeError(known, id);
	send(response, encoded.status, { ...encoded.headers, ...idHeaders(surface, id) }, encoded.body);
}

function send(response: ServerResponse, status: number, headers: { [name: string]: string }, body: JsonObject): void {
	if (response.headersSent || response.destroyed) return;
	const payload = Buffer.from(JSON.stringify(body));
	response.writeHead(status, { ...headers, 'content-type': 'application/json', 'content-length': String(payload.length) });
	response.end(payload);
}
