/** What the paced generator is told to do. */
export interface PacedTask {
	port: number;
	path: string;
	headers: { [name: string]: string };
	body: string;
	connections: number;
	perSecond: number;
	ms: number;
}

export interface PacedReport {
	latenciesMs: number[];
	/** Lost connections, answers other than 200, and requests without an answer at the end. */
	errors: number;
}
