import type { Exchange } from '../core/exchange.ts';
import type { Problem } from '../core/types.ts';
import { invalidKey, problem } from './problems.ts';

/** The error of a call without the right key, which stands in a header or in the address. */
export function keyProblem({ request: { headers } }: Exchange, query: URLSearchParams, key: string): Problem | undefined {
	const given = headers['x-goog-api-key'] ?? query.get('key');
	if (given === key) return undefined;
	if (given !== null && given !== '') return invalidKey();
	if (headers.authorization !== undefined) {
		const message =
			'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.';
		return problem(message, 401);
	}
	const message =
		"Method doesn't allow unregistered callers (callers without established identity). " +
		'Please use API Key or other form of API consumer identity to call this API.';
	return problem(message, 403);
}

/** Parts `gemini-2.5-pro:generateContent` into the model and the method; the model may carry controls. */
export function parted(rest: string): [string, string] {
	const colon = rest.lastIndexOf(':');
	return colon < 0 ? [rest, ''] : [rest.slice(0, colon), rest.slice(colon + 1)];
}

/** The error for a model that is not there, or has no such method. */
export function notFound(name: string, method: string): Problem {
	if (method === 'GetModel') return problem(`Model is not found: models/${name} for api version v1beta`, 404);
	return problem(
		`models/${name} is not found for API version v1beta, or is not supported for ${method}. ` +
			'Call ListModels to see the list of available models and their supported methods.',
		404,
	);
}
