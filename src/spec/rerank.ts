import type { Extensible, JsonObject } from './json.ts';
import type { Usage } from './usage.ts';

/** A request to order documents by how well they answer a query. */
export interface RerankRequest extends Extensible {
	model: string;
	query: string;
	/** Texts, or objects of which vendors rank the fields they know. */
	documents: (string | JsonObject)[];
	/** How many results to return; absent: all. */
	topN?: number;
	/** Whether results should repeat their document. */
	returnDocuments?: boolean;
	/** Tokens of each document that are looked at. */
	maxTokensPerDocument?: number;
}

export interface RerankResult extends Extensible {
	/** Position of the document in the request, from 0. */
	index: number;
	/** Higher is better; the scale is the vendor's. */
	score: number;
	document?: string | JsonObject;
}

export interface RerankResponse extends Extensible {
	id?: string;
	model?: string;
	/** Best first. */
	results: RerankResult[];
	usage?: Usage;
	/** Billable units of vendors that charge by the search. */
	searchUnits?: number;
}
