import type { ServerResponse } from 'node:http';
import type { Relais } from '../engine/index.ts';
import { isRelaisError, type JsonObject, RelaisError } from '../spec/index.ts';
import type { Surface } from './surfaces/index.ts';

/** Who is told of faults of Relais itself. */
interface FaultHost {
	readonly relais: Relais;
}

/** Headers by which a request is known: Relais's own, and the one clients of the surface look for. */
export function idHeaders(surface: Surface, id: string): { [name: string]: string } {
	return { 'x-relais-request-id': id, [surface.requestIdHeader]: id };
}

/** Answers with an error in the surface's own format. */
export function sendError(host: FaultHost, surface: Surface, error: unknown, id: string, response: ServerResponse): void {
	const known = isRelaisError(error)
		? error
		: new RelaisError('internal', 'Relais failed to handle the request.', { cause: error });
	if (known.code === 'internal') host.relais.reportFault(known.cause, id);
	const encoded = surface.dialect.encodeError(known, id);
	send(response, encoded.status, { ...encoded.headers, ...idHeaders(surface, id) }, encoded.body);
}

/** Answers in one piece. Does nothing where an answer has begun or the client has left. */
export function send(response: ServerResponse, status: number, headers: { [name: string]: string }, body: JsonObject): void {
	if (response.headersSent || response.destroyed) return;
	const payload = Buffer.from(JSON.stringify(body));
	response.writeHead(status, { ...headers, 'content-type': 'application/json', 'content-length': String(payload.length) });
	response.end(payload);
}
