/** A closed-loop load: as many requests as `connections` connections get through. */
export interface LoadTask {
	port: number;
	path: string;
	headers: { [name: string]: string };
	body: string;
	connections: number;
	/** Whole seconds. */
	seconds: number;
}

export interface LoadReport {
	requests: number;
	seconds: number;
	/** Failed connections, timeouts and answers outside 200-299. */
	errors: number;
}
