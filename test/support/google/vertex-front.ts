import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { RunningSimulator } from '../../../src/simulators/index.ts';
import { startUpstream, type Upstream } from '../upstream.ts';

const PLACE = '/v1/projects/the-project/locations/global/publishers';

/** Where a call goes behind the front, in that vendor's own form. */
interface Passed {
	url: string;
	headers: { [name: string]: string };
	body: string;
}

/**
 * A location of Vertex AI before simulated vendors: it checks the addresses, the token and the forms that are its own, and has the
 * rest answered by the vendor whose model is asked.
 * @param token the one token it takes
 */
export function startVertexFront(token: string, gemini: RunningSimulator, anthropic: RunningSimulator): Promise<Upstream> {
	return startUpstream((request, response, body) => {
		const passed = translated(request, body, gemini, anthropic);
		if (typeof passed === 'string' || request.headers.authorization !== `Bearer ${token}`) {
			const [code, status] = typeof passed === 'string' ? [400, 'INVALID_ARGUMENT'] : [401, 'UNAUTHENTICATED'];
			const message = typeof passed === 'string' ? passed : 'Request had invalid authentication credentials.';
			response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { code, message, status } }));
			return;
		}
		const left = new AbortController();
		response.once('close', () => left.abort());
		fetch(passed.url, { method: 'POST', headers: passed.headers, body: passed.body, signal: left.signal })
			.then((answer) => {
				response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
				if (answer.body === null) response.end();
				else
					Readable.fromWeb(answer.body)
						.on('error', () => response.destroy())
						.pipe(response);
			})
			.catch(() => response.destroy());
	});
}

/** The call as the vendor behind wants it, or what is wrong with it. */
function translated(
	request: IncomingMessage,
	text: string,
	gemini: RunningSimulator,
	anthropic: RunningSimulator,
): Passed | string {
	const path = request.url ?? '';
	const type = { 'content-type': 'application/json' };
	const google = `${PLACE}/google/models/`;
	if (path.startsWith(google)) {
		const url = `${gemini.baseUrl}/models/${path.slice(google.length)}`;
		return { url, headers: { ...type, 'x-goog-api-key': gemini.apiKey }, body: text };
	}
	const claude = /^\/([^:]+):(rawPredict|streamRawPredict)$/.exec(path.replace(`${PLACE}/anthropic/models`, ''));
	if (claude === null) return `no such address: ${path}`;
	const [, name = '', method = ''] = claude;
	const counts = name === 'count-tokens';
	const { anthropic_version: version, model, ...body } = JSON.parse(text) as { [member: string]: unknown };
	if (version !== 'vertex-2023-10-16') return 'anthropic_version: unexpected value';
	if (!counts && model !== undefined) return 'model: Extra inputs are not permitted';
	if (!counts && (body.stream === true) !== (method === 'streamRawPredict')) return 'stream: not of this method';
	return {
		url: `${anthropic.baseUrl}/messages${counts ? '/count_tokens' : ''}`,
		headers: { ...type, 'x-api-key': anthropic.apiKey, 'anthropic-version': '2023-06-01' },
		body: JSON.stringify({ ...body, model: counts ? model : decodeURIComponent(name).replace(/@\d+/, '') }),
	};
}
