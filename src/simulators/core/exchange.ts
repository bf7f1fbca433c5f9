import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '../../spec/index.ts';
import type { Controls } from './controls.ts';
import type { BilledRequest, Framed, Problem } from './types.ts';

/** How a stream's events are told apart: server-sent events, one JSON text a line, or binary messages. */
export type Framing = 'sse' | 'lines' | 'binary';

/** The type a stream is announced with. */
const STREAM_TYPES: { [framing in Framing]: string } = {
	sse: 'text/event-stream; charset=utf-8',
	lines: 'application/x-ndjson',
	binary: 'application/vnd.amazon.eventstream',
};

/** The type of this vendor's streams. */
export function streamType({ wire }: Exchange): string {
	return STREAM_TYPES[wire.framing ?? 'sse'];
}

/** What a protocol gives the common machinery, so that faults look like that vendor's. */
export interface Wire {
	/** Headers every answer carries. */
	headers(exchange: Exchange): { [name: string]: string };
	/** The documented error of a status; `controls` may ask for a retry time. */
	problem(status: number, exchange: Exchange): Problem;
	/** The error of an account without credit. */
	quota(exchange: Exchange): Problem;
	/** An error inside a stream, as an event. `before`: events that went before it; `error`: the vendor's name of the error, where asked for. */
	errorEvent(before: number, error?: string): Framed;
	/** How errors are written, where not on one line. */
	print?(body: JsonObject): string;
	/** A delta event of about so many bytes. `before`: events that went before it. */
	hugeEvent(bytes: number, before: number): Framed;
	/** How streams are framed; default server-sent events. */
	readonly framing?: Framing;
}

/** A request being served. */
export interface Exchange {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly vendor: string;
	/** The vendor's, or the endpoint's where that has one of its own. */
	wire: Wire;
	/** Its row on the bill, filled in on the way. */
	readonly row: BilledRequest;
	controls: Controls;
	/** The connection is gone, by whoever's doing. */
	closed: boolean;
	/** The simulator itself breaks the connection: not the client's leaving. */
	breaking: boolean;
}

/** Follows the connection: notes on the bill how the exchange ended. */
export function follow(exchange: Exchange): void {
	const { response, row } = exchange;
	const began = performance.now();
	const elapsed = (): number => Math.round((performance.now() - began) * 100) / 100;
	response.once('finish', () => {
		row.completed = !exchange.breaking;
	});
	response.once('close', () => {
		exchange.closed = true;
		row.durationMs = elapsed();
		if (row.completed || exchange.breaking) return;
		row.disconnected = true;
		row.disconnectedAfterMs = row.durationMs;
	});
}

/** Resolves after `ms`, or at once when the connection is gone. */
export function pause(exchange: Exchange, ms: number): Promise<void> {
	if (exchange.closed || ms <= 0) return Promise.resolve();
	return new Promise((resolve) => {
		const done = (): void => {
			clearTimeout(timer);
			exchange.response.off('close', done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		exchange.response.once('close', done);
	});
}

/** Resolves when the connection is gone. */
export function untilClosed(exchange: Exchange): Promise<void> {
	if (exchange.closed) return Promise.resolve();
	return new Promise((resolve) => exchange.response.once('close', () => resolve()));
}
