import type { JsonObject } from '../../../spec/index.ts';
import { isObject, objects, text } from '../../core/json.ts';
import type { Script } from '../../core/script.ts';
import { subjects } from '../../core/toolcalls.ts';
import { WEB_SEARCH } from './shapes.ts';

/** A search the simulated model made: what for, what was found, and where the text cites it. */
export interface Search {
	query: string;
	title: string;
	url: string;
	/** The citation at the end of the text. */
	cited: string;
}

const WANTED = /\b(?:search|look up|latest|news|cite)\b/i;

/** The search for an answer; undefined where none is offered, wanted or possible. */
export function searchFor(request: JsonObject, said: string, written: Script): Search | undefined {
	const offered = objects(request.tools).some((tool) => WEB_SEARCH.includes(text(tool.type)));
	const choice = request.tool_choice;
	if (!offered || choice === 'none' || written.kind !== 'text') return undefined;
	const forced = choice === 'required' || (isObject(choice) && WEB_SEARCH.includes(text(choice.type)));
	if (!forced && !WANTED.test(said)) return undefined;
	const query = (subjects(said)[0] ?? 'sample').slice(0, 60);
	const slug =
		query
			.toLowerCase()
			.replace(/[^a-z0-9]+/g, '-')
			.replace(/^-|-$/g, '') || 'sample';
	const url = `https://example.com/${slug}?utm_source=openai`;
	return { query, title: `${query} | Example`, url, cited: ` ([example.com](${url}))` };
}

/** The annotations of a text that may end with a search's citation: none where it was cut off. */
export function annotationsOf(written: string, search: Search | undefined): JsonObject[] {
	if (search === undefined || !written.endsWith(search.cited)) return [];
	const [end, start] = [written.length, written.length - search.cited.length + 1];
	return [{ type: 'url_citation', end_index: end, start_index: start, title: search.title, url: search.url }];
}
