import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, tryParse } from '../../../src/lib/json.ts';
import {
	type Dialect,
	type EncodeResponseContext,
	RelaisError as Fault,
	isRelaisError,
	type RelaisError,
} from '../../../src/spec/index.ts';
import type { Told } from './corpus.ts';

/** A server that gives recorded answers out in a surface's dialect. */
export interface Teller {
	url: string;
	close(): Promise<void>;
}

const CONTEXT: EncodeResponseContext = { model: 'shown-model', now: 1_700_000_000, id: 'fallback-id', streamUsage: true };

function refuse(response: ServerResponse, dialect: Dialect, error: RelaisError): void {
	const { status, headers, body } = dialect.encodeError(error, 'req_1');
	response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function stream(response: ServerResponse, dialect: Dialect, answer: Told): void {
	const encoder = dialect.streamEncoder(CONTEXT);
	response.writeHead(200, { 'content-type': dialect.streamContentType });
	for (const part of answer.parts()) {
		const text = part.type === 'error' ? dialect.encodeStreamError(part.error, 'req_1') : encoder.push(part);
		if (text !== '') response.write(text, dialect.streamCharset ?? 'utf8');
	}
	response.end();
}

function tell(response: ServerResponse, dialect: Dialect, answer: Told): void {
	try {
		if (answer.status > 299) refuse(response, dialect, answer.error());
		else if (answer.streamed) stream(response, dialect, answer);
		else {
			const { value } = dialect.encodeResponse(answer.response(), CONTEXT);
			response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
		}
	} catch (error) {
		refuse(response, dialect, isRelaisError(error) ? error : new Fault('internal', String(error)));
	}
}

/** Clients name the answer where they name a model: in the body, or in the path. */
function nameIn(request: IncomingMessage, body: string): string {
	const parsed = tryParse(body);
	if (isObject(parsed) && typeof parsed.model === 'string') return parsed.model;
	return /\/models?\/([^/:]+)/.exec(decodeURIComponent(request.url ?? ''))?.[1] ?? '';
}

/** Starts it on a free port. */
export async function startTeller(dialect: Dialect, answers: readonly Told[]): Promise<Teller> {
	const byName = new Map(answers.map((answer) => [answer.id, answer]));
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const answer = byName.get(nameIn(request, Buffer.concat(chunks).toString('utf8')));
			if (answer === undefined) response.writeHead(410).end();
			else tell(response, dialect, answer);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
