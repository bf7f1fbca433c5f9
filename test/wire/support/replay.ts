import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { JsonObject } from '../../../src/spec/index.ts';
import { startUpstream, type Upstream } from '../../support/upstream.ts';
import { pieces } from './cuts.ts';
import type { Answer } from './recordings.ts';

/** Headers that are about the connection, not about the answer. */
const OF_THE_CONNECTION = new Set(['content-length', 'transfer-encoding', 'content-encoding', 'connection']);

async function send(response: ServerResponse, answer: Answer): Promise<void> {
	const headers = Object.entries(answer.headers).filter(([name]) => !OF_THE_CONNECTION.has(name));
	response.writeHead(answer.status, Object.fromEntries(headers));
	response.socket?.setNoDelay(true);
	for (const piece of pieces(answer.bytes, answer.chunkSizes)) {
		if (response.destroyed) return;
		response.write(piece);
		await setImmediate();
	}
	response.end();
}

/** A vendor that answers with recordings: the model asked for names the one to give. */
export interface Replay extends Upstream {
	/** The last body received for an answer. */
	received(id: string): JsonObject | undefined;
}

/** Starts it on a free port. */
export async function startReplay(answers: readonly Answer[]): Promise<Replay> {
	const byModel = new Map(answers.map((answer) => [answer.model, answer]));
	const received = new Map<string, JsonObject>();
	const upstream = await startUpstream((_request, response, text) => {
		const body = JSON.parse(text) as JsonObject;
		const answer = byModel.get(String(body.model));
		if (answer === undefined) {
			response.writeHead(410).end(`no recording ${String(body.model)}`);
			return;
		}
		received.set(answer.id, body);
		send(response, answer).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
	});
	return { ...upstream, received: (id) => received.get(id) };
}
