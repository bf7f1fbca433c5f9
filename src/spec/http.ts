/** How a streamed body is cut into messages. */
export type Framing = 'sse' | 'ndjson' | 'json-array' | 'aws-event-stream';

/**
 * One message of a streamed body, whatever its framing: `data` is its text; `event` the SSE event name or the event-stream's
 * event type.
 */
export interface Frame {
	event: string;
	data: string;
}

/** Response headers: lower-case names. */
export interface HeaderMap {
	[name: string]: string | string[] | undefined;
}

/** One call to a vendor, ready to send. `headers` alternates names and values and includes the credentials. */
export interface WireCall {
	origin: string;
	method: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH';
	path: string;
	headers: string[];
	/** A list: the pieces of one body, so that a large one need not be copied together. */
	body?: Uint8Array | string | Uint8Array[];
}

/** Time limits of one call, in milliseconds. 0 turns one off. */
export interface Timeouts {
	connect: number;
	/** From the request being sent to the response's status line, when the answer is streamed. */
	headers: number;
	/** The same for an answer that is not streamed: vendors send the status line only when the whole answer is ready. */
	answer: number;
	/** From the status line to the first piece of content of a streamed answer. */
	firstToken: number;
	/** Longest silence between two pieces of a body. */
	idle: number;
	total: number;
}
