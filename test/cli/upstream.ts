import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { completion, completionEvents, startUpstream, type Upstream } from '../support/upstream.ts';

/** A vendor for one test. */
export interface TestUpstream extends Upstream {
	/** Its address without a path. */
	origin: string;
	/** Ends the streams that wait. */
	release(): void;
}

const list = (model: string): string => JSON.stringify({ object: 'list', data: [{ id: model, object: 'model' }] });

/**
 * A vendor that answers with one text: at once, but a stream stops after its first piece until `release()`. It lists one model,
 * `listed`. A model named `fail` gets a 500 that quotes the key.
 */
export async function upstreamFor(text = 'fine'): Promise<TestUpstream> {
	const waiting: (() => void)[] = [];
	let released = false;
	const upstream = await startUpstream((request, response, body) => {
		if (request.method === 'GET') {
			response.end(request.url === '/api/tags' ? '{"models":[{"name":"listed"}]}' : list('listed'));
			return;
		}
		if (body.includes('"fail"')) {
			response.writeHead(500, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ error: { message: `bad key ${request.headers.authorization}`, type: 'server_error' } }));
			return;
		}
		if (!body.includes('"stream":true')) {
			response.writeHead(200, { 'content-type': 'application/json' }).end(completion(text));
			return;
		}
		const [head = '', first = '', ...rest] = completionEvents([text, ' and', ' done']);
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		response.write(head + first);
		const finish = (): void => void response.end(rest.join(''));
		if (released) finish();
		else waiting.push(finish);
	});
	onTestFinished(() => upstream.close());
	return Object.assign(upstream, {
		origin: new URL(upstream.baseUrl).origin,
		release() {
			released = true;
			for (const finish of waiting.splice(0)) finish();
		},
	});
}

/** Ports on which local model servers usually listen. */
const LOCAL_PORTS = [1234, 11434, 8080, 8000];

/** A local model server with one model on the first usual port that is free; gives back the port, undefined where none is. */
export async function localServer(model: string, text: string): Promise<number | undefined> {
	for (const port of LOCAL_PORTS) {
		const server = createServer((request, response) => {
			request.resume();
			response.end(request.method === 'GET' ? list(model) : completion(text));
		});
		const listens = await new Promise<boolean>((resolve) => {
			server.once('error', () => resolve(false));
			server.listen(port, '127.0.0.1', () => resolve(true));
		});
		if (!listens) continue;
		onTestFinished(() => {
			server.close();
			server.closeAllConnections();
		});
		return port;
	}
	return undefined;
}
