/** The APIs clients can speak. */

import type { IncomingHttpHeaders } from 'node:http';
import { chatCompletions } from './chat-completions.ts';
import { cohere } from './cohere.ts';
import { converse } from './converse.ts';
import { gemini } from './gemini.ts';
import { messages } from './messages.ts';
import { ollama } from './ollama.ts';
import { responses } from './responses.ts';
import type { Surface } from './surface.ts';

export { keyInQuery, presentedKey } from './keys.ts';
export * from './surface.ts';

/** The first is also the one whose form is used where nothing tells which one a client speaks. */
export const SURFACES: readonly [Surface, ...Surface[]] = [
	chatCompletions,
	messages,
	responses,
	gemini,
	ollama,
	converse,
	cohere,
];

const BY_PATH: ReadonlyMap<string, Surface> = new Map(
	SURFACES.flatMap((surface) => surface.endpoints.map(({ path }) => [path, surface] as const)),
);

/** The surface a request speaks, as far as its path and headers tell. */
export function surfaceOf(path: string, headers: IncomingHttpHeaders): Surface {
	return (
		BY_PATH.get(path) ??
		SURFACES.find(({ territory }) => territory?.test(path) === true) ??
		SURFACES.find(({ markers }) => markers?.some((marker) => headers[marker] !== undefined)) ??
		SURFACES[0]
	);
}
