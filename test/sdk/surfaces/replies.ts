/** A `fetch` that goes over real sockets and remembers the heads of the replies. */
export interface FetchLog {
	fetch: typeof fetch;
	/** Headers of the latest reply. */
	last(): Headers;
	/** Number of requests sent. */
	count(): number;
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
		last: () => headers,
		count: () => sent,
	};
}
