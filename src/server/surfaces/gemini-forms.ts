import { numberedEnums } from '../../dialects/index.ts';
import { isObject, tryParse } from '../../lib/json.ts';
import { ReframedReply } from './reframed-reply.ts';
import type { Query, Reframe } from './surface.ts';

/**
 * The form in which a client wants its answer, where that is not the dialect's own: a stream is a JSON array unless `alt=sse` asks for
 * events, and `enum-encoding=int`, which clients made from the API's definition send, asks for enums as numbers.
 */
export function geminiReframe(query: Query, stream: boolean): Reframe | undefined {
	const alt = String(query.$alt ?? query.alt ?? '');
	const array = stream && !/^sse\b/.test(alt);
	const rewrite = /\benum-encoding=int\b/.test(alt) ? numbered : undefined;
	if (!array && rewrite === undefined) return undefined;
	return (sink) => new ReframedReply(sink, { array, rewrite });
}

function numbered(json: string): string {
	const value = tryParse(json);
	return isObject(value) ? JSON.stringify(numberedEnums(value)) : json;
}
