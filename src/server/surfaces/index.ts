/** The APIs clients can speak. */

import type { IncomingHttpHeaders } from 'node:http';
import { chatCompletions } from './chat-completions.ts';
import { messages } from './messages.ts';
import type { Surface } from './surface.ts';

export { type ListedModel, passedHeaders, presentedKey, type Query, type Surface } from './surface.ts';

export const SURFACES: readonly Surface[] = [chatCompletions, messages];

/** The surface a request speaks, as far as its path and headers tell. */
export function surfaceOf(path: string, headers: IncomingHttpHeaders): Surface {
	const served = SURFACES.find(({ endpoints }) => endpoints.some((endpoint) => endpoint.path === path));
	return served ?? SURFACES.find(({ marker }) => marker !== undefined && headers[marker] !== undefined) ?? chatCompletions;
}
