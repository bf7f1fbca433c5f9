import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A vendor made for one test: it answers as the test says and remembers what it got. */
export interface Upstream {
	/** Ends in `/v1`. */
	baseUrl: string;
	/** Bodies received, as text, oldest first. */
	bodies: string[];
	/** Request heads received, oldest first. */
	requests: IncomingMessage[];
	close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse, body: string, nth: number) => void;

/** Starts a vendor on a free port. `answer` is called once the request's body is in; `nth` counts from 0. */
export async function startUpstream(answer: Answer): Promise<Upstream> {
	const bodies: string[] = [];
	const requests: IncomingMessage[] = [];
	const server: Server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const body = Buffer.concat(chunks).toString('utf8');
			requests.push(request);
			bodies.push(body);
			answer(request, response, body, bodies.length - 1);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		baseUrl: `http://127.0.0.1:${port}/v1`,
		bodies,
		requests,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** A whole chat completion. */
export function completion(text: string, extra: object = {}): string {
	return JSON.stringify({
		id: 'chatcmpl-1',
		object: 'chat.completion',
		created: 1_700_000_000,
		model: 'm',
		choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
		usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
		...extra,
	});
}

/** The events of a streamed chat completion, one a piece of text, usage chunk and end mark included. */
export function completionEvents(pieces: readonly string[]): string[] {
	const chunk = (choices: object[], extra: object = {}): string =>
		`data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'm', choices, ...extra })}\n\n`;
	return [
		chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
		...pieces.map((content) => chunk([{ index: 0, delta: { content }, finish_reason: null }])),
		chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
		chunk([], { usage: { prompt_tokens: 3, completion_tokens: pieces.length, total_tokens: 3 + pieces.length } }),
		'data: [DONE]\n\n',
	];
}
