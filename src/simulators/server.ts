import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../lib/clock.ts';
import { answerAdmin } from './core/admin.ts';
import { begin } from './core/begin.ts';
import type { Bill } from './core/bill.ts';
import { ControlError, type Controls } from './core/controls.ts';
import { sendProblem, sendText } from './core/deliver.ts';
import { type Exchange, follow } from './core/exchange.ts';
import type { FaultRegistry } from './core/faultrules.ts';
import { idFrom } from './core/ids.ts';
import type { Vendor } from './core/vendor.ts';

/** What the server needs to answer. */
export interface ServerParts {
	vendors: ReadonlyMap<string, Vendor>;
	bill: Bill;
	faults: FaultRegistry;
	/** Controls of requests that ask for none. */
	defaults: Controls;
	clock: Clock;
	/** What request ids are derived from, with the request's number. */
	seed: string;
}

/** Reads a body; undefined where it is larger than the limit (the rest is thrown away) or the client left. */
function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
	return new Promise((resolve) => {
		const chunks: Buffer[] = [];
		let size = 0;
		request.on('data', (chunk: Buffer) => {
			size += chunk.length;
			if (size <= limit) chunks.push(chunk);
			else chunks.length = 0;
		});
		request.once('end', () => {
			if (size > limit) resolve(undefined);
			else resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
		});
		request.once('error', () => resolve(undefined));
	});
}

/** A mistake of the simulator's own: said on the terminal, and to the client as the vendor would say it. */
function broken(exchange: Exchange, error: unknown): void {
	console.error('a simulator failed:', error);
	if (exchange.response.headersSent) exchange.response.destroy();
	else sendProblem(exchange, exchange.wire.problem(500, exchange));
}

/** Routes requests to vendors and to the admin calls. */
export class SimulatorServer {
	readonly #parts: ServerParts;
	#served = 0;

	constructor(parts: ServerParts) {
		this.#parts = parts;
	}

	/** The HTTP server; not listening yet. */
	create(): Server {
		const server = createServer({ requestTimeout: 0, headersTimeout: 0 }, (request, response) => {
			this.#serve(request, response).catch((error: unknown) => {
				console.error('a simulator failed:', error);
				response.destroy();
			});
		});
		// Longer than the client's pools keep connections, so that the client is the one to close them.
		server.keepAliveTimeout = 120_000;
		return server;
	}

	async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const [path = '/', search = ''] = (request.url ?? '/').split('?', 2);
		const slash = path.indexOf('/', 1);
		const first = slash < 0 ? path.slice(1) : path.slice(1, slash);
		const rest = slash < 0 ? '/' : path.slice(slash);
		const vendor = this.#parts.vendors.get(first);
		if (vendor !== undefined) return this.#call(vendor, request, response, rest, search);
		const body = await readBody(request, 1_000_000);
		if (first === '_sim') return answerAdmin(this.#parts, request.method ?? 'GET', rest, body, response);
		response.writeHead(404, { 'content-type': 'application/json' });
		response.end(JSON.stringify({ error: `no simulator here; there are ${[...this.#parts.vendors.keys()].join(', ')}` }));
	}

	#open(vendor: Vendor, request: IncomingMessage, response: ServerResponse, path: string): Exchange {
		const method = request.method ?? 'GET';
		const requestId = `req_${idFrom(`${this.#parts.seed}/${vendor.name}/${this.#served++}`, 24)}`;
		const row = this.#parts.bill.add({
			vendor: vendor.name,
			kind: vendor.kind,
			requestId,
			method,
			path,
			model: null,
			stream: false,
			status: 0,
			fault: null,
			usage: null,
			startedAt: this.#parts.clock.now(),
			durationMs: null,
			completed: false,
			disconnected: false,
			disconnectedAfterMs: null,
			frames: 0,
		});
		const controls = { ...this.#parts.defaults };
		const exchange = { request, response, vendor: vendor.name, wire: vendor.wire, row, controls, closed: false, breaking: false };
		follow(exchange);
		return exchange;
	}

	async #call(vendor: Vendor, request: IncomingMessage, response: ServerResponse, path: string, search: string): Promise<void> {
		const exchange = this.#open(vendor, request, response, path);
		const bytes = await readBody(request, vendor.bodyLimit);
		if (exchange.closed) return;
		const found = vendor.endpoint(path);
		if (found === undefined) return vendor.refuse(exchange, 'no_path');
		const method = found.endpoint.methods.find((taken) => taken === request.method);
		if (method === undefined) return vendor.refuse(exchange, 'wrong_method');
		if (found.endpoint.wire !== undefined) exchange.wire = found.endpoint.wire;
		if (bytes === undefined) return vendor.refuse(exchange, 'too_large');
		try {
			await found.endpoint.answer({
				exchange,
				bytes,
				rest: found.rest,
				query: new URLSearchParams(search),
				begin: (model, suffix) => begin(exchange, this.#parts.faults, found.endpoint.name, model, suffix),
			});
		} catch (error) {
			if (!(error instanceof ControlError)) return broken(exchange, error);
			sendText(
				exchange,
				400,
				'application/json',
				JSON.stringify({ error: { message: error.message, type: 'simulator_control' } }),
			);
		}
	}
}
