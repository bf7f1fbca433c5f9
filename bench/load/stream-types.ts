/** What the stream generator is told to do. */
export interface StreamTask {
	port: number;
	path: string;
	headers: { [name: string]: string };
	body: string;
	/** Streams at once. */
	streams: number;
	/** Time in which streams are started, in ms; those under way are read to their end. */
	ms: number;
	/** Longest random pause before a stream, in ms: keeps them from marching in step. */
	pauseMs: number;
	/** Set by the generator: when to stop, on its own clock. */
	until: number;
}

export interface StreamReport {
	streams: number;
	/** Pieces of text that arrived. */
	pieces: number;
	errors: number;
	/** Time from each request to its first piece of text, in ms. */
	firstMs: number[];
	/** The beginning of the first answer that was not 200. */
	complaint?: string;
}
