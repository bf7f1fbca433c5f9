/** A `fetch` that goes over real sockets and remembers the heads of the replies. */
export interface FetchLog {
	fetch: typeof fetch;
	/** Headers of the latest reply. */
	last(): Headers;
	/** Number of requests sent. */
	count(): number;
	/** For clients that bring their own HTTP: a request goes out, a reply has come. */
	sent(): void;
	replied(headers: Headers): void;
	/** Lets an error be asked for the headers of the reply it came with, where its SDK keeps none. */
	noting<T>(action: Promise<T>): Promise<T>;
}

const HEADERS = new WeakMap<object, Headers>();

/** Headers of the reply an error came with, where a log has noted them. */
export function headersOf(error: object): Headers | undefined {
	return HEADERS.get(error);
}

/** Starts a log: for what SDKs do not show of a reply, such as its headers after a helper has read the stream. */
export function fetchLog(): FetchLog {
	let headers = new Headers();
	let sent = 0;
	return {
		fetch: async (input, init) => {
			sent++;
			const response = await fetch(input, init);
			headers = response.headers;
			return response;
		},
		sent: () => {
			sent++;
		},
		replied: (received) => {
			headers = received;
		},
		last: () => headers,
		count: () => sent,
		noting: (action) =>
			action.catch((error: unknown) => {
				if (typeof error === 'object' && error !== null) HEADERS.set(error, headers);
				throw error;
			}),
	};
}
