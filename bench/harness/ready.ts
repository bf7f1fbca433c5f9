import { request } from 'node:http';
import type { Child } from './children.ts';

interface Question {
	port: number;
	path: string;
	headers: { [name: string]: string };
	body: string;
}

/** Status and text of one answer; status 0 where there was none. */
export function ask({ port, path, headers, body }: Question): Promise<{ status: number; text: string }> {
	return new Promise((resolve) => {
		const failed = (): void => resolve({ status: 0, text: '' });
		const sent = request({ host: '127.0.0.1', port, path, method: 'POST', agent: false, timeout: 5000 });
		sent.setHeader('content-type', 'application/json');
		for (const [name, value] of Object.entries(headers)) sent.setHeader(name, value);
		sent.on('error', failed).on('timeout', () => sent.destroy());
		sent.on('response', (response) => {
			let text = '';
			response.on('data', (chunk) => {
				text += String(chunk);
			});
			response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
			response.on('error', failed);
		});
		sent.end(body);
	});
}

/** Waits for the first answer with status 200. Rejects with what the process had to say when it ends, or after `ms`. */
export async function answering(child: Child, question: Question, ms = 20_000): Promise<void> {
	const end = performance.now() + ms;
	let last = { status: 0, text: '' };
	while (performance.now() < end && !child.ended) {
		last = await ask(question);
		if (last.status === 200) return;
		await new Promise((resolve) => {
			setTimeout(resolve, 3);
		});
	}
	const state = child.ended ? 'ended' : `does not answer (last: ${last.status} ${last.text.slice(0, 300)})`;
	throw new Error(`the process on port ${question.port} ${state}. ${child.complaints}`);
}
