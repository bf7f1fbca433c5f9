import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Exchange, pause, streamType, untilClosed } from './exchange.ts';
import { disturbed } from './streamfaults.ts';
import type { Frame, Framed, Problem } from './types.ts';

interface Headers {
	[name: string]: string | number;
}

/** Begins an answer: its status and all headers. */
export function writeHead(exchange: Exchange, status: number, headers: Headers): void {
	if (exchange.closed) return;
	exchange.row.status = status;
	exchange.response.writeHead(status, {
		...exchange.wire.headers(exchange),
		...headers,
		'x-relais-simulated': exchange.vendor,
	});
}

/** Writes and waits until the receiver has room. */
function write(exchange: Exchange, bytes: string | Buffer): Promise<void> | undefined {
	if (exchange.closed || exchange.response.write(bytes)) return undefined;
	return new Promise((resolve) => {
		const done = (): void => {
			exchange.response.off('drain', done);
			exchange.response.off('close', done);
			resolve();
		};
		exchange.response.once('drain', done);
		exchange.response.once('close', done);
	});
}

function bytesOf(text: Framed): Buffer {
	return typeof text === 'string' ? Buffer.from(text) : text;
}

/** All frames in one piece. */
function together(frames: Frame[]): Framed {
	const texts = frames.map((frame) => frame.text);
	return texts.every((text) => typeof text === 'string') ? texts.join('') : Buffer.concat(texts.map(bytesOf));
}

async function writeSplit(exchange: Exchange, text: Framed): Promise<void> {
	const size = exchange.controls.split;
	if (size === undefined) return write(exchange, text);
	const bytes = bytesOf(text);
	for (let at = 0; at < bytes.length && !exchange.closed; at += size) {
		await write(exchange, bytes.subarray(at, at + size));
		await nextTurn();
	}
}

/** Closes the connection in the middle, once what was written is on its way. `reset`: with an RST. */
export async function breakOff(exchange: Exchange, reset: boolean): Promise<void> {
	exchange.breaking = true;
	// Two turns of the event loop: one for the write to reach the socket, one for the kernel to take it.
	await nextTurn();
	await nextTurn();
	const { socket } = exchange.response;
	if (socket === null) return;
	if (reset) socket.resetAndDestroy();
	else socket.destroy();
}

/** Sends a body in one piece, of this type unless the headers name another. `by`: what its announced length is off by. */
export function sendText(exchange: Exchange, status: number, type: string, text: string, headers: Headers = {}, by = 0): void {
	writeHead(exchange, status, { 'content-type': type, ...headers, 'content-length': Buffer.byteLength(text) + by });
	if (!exchange.closed) exchange.response.end(text);
}

/** Sends an error of the vendor. */
export function sendProblem(exchange: Exchange, problem: Problem): void {
	const text = exchange.wire.print?.(problem.body) ?? JSON.stringify(problem.body);
	sendText(exchange, problem.status, 'application/json', text, problem.headers);
}

/** Sends a part of a body whose whole length is announced, then closes, or keeps still. */
async function sendPart(exchange: Exchange, text: string, headers: Headers, fraction: number, close: boolean): Promise<void> {
	const bytes = Buffer.from(text);
	writeHead(exchange, 200, { 'content-type': 'application/json', ...headers, 'content-length': bytes.length });
	await write(exchange, bytes.subarray(0, Math.max(1, Math.floor(bytes.length * fraction))));
	await (close ? breakOff(exchange, false) : untilClosed(exchange));
}

/** Sends a successful unstreamed answer, with what the controls do to it. */
export async function sendBody(exchange: Exchange, text: string, headers: Headers): Promise<void> {
	const { fault, fraction, by, bytes, split } = exchange.controls;
	const type = 'application/json';
	switch (fault) {
		case 'cut':
			return sendPart(exchange, text, headers, fraction ?? 2 / 3, true);
		case 'early-close':
			return sendPart(exchange, text, headers, fraction ?? 0.5, true);
		case 'stall':
			return sendPart(exchange, text, headers, fraction ?? 0.5, false);
		case 'malformed':
			return sendText(exchange, 200, type, text.slice(0, Math.floor(text.length * (fraction ?? 0.6))), headers);
		case 'content-length':
			return sendText(exchange, 200, type, text, headers, by ?? -20);
		case 'huge-line':
			return sendText(exchange, 200, type, text.replace('{', `{"padding":"${'x'.repeat(bytes ?? 10_000_000)}",`), headers);
		default:
			if (split === undefined) return sendText(exchange, 200, type, text, headers);
	}
	writeHead(exchange, 200, { 'content-type': type, ...headers, 'content-length': Buffer.byteLength(text) });
	await writeSplit(exchange, text);
	exchange.response.end();
}

/** Pause before a frame, in ms. */
function paceOf(exchange: Exchange, frame: Frame): number {
	if (frame.part !== 'delta') return 0;
	const { chunkMs, tokensPerSecond } = exchange.controls;
	if (chunkMs !== undefined) return chunkMs;
	return tokensPerSecond === undefined || tokensPerSecond === 0 ? 0 : (frame.tokens / tokensPerSecond) * 1000;
}

/** Counts output as sent, so that a stream broken off is billed for what was sent. */
function count(exchange: Exchange, frame: Frame, sent: number): number {
	exchange.row.frames++;
	const total = sent + frame.tokens;
	if (exchange.row.usage !== null) exchange.row.usage.outputTokens = Math.ceil(total);
	return total;
}

/** Writes the frames at the pace asked for. */
async function play(exchange: Exchange, frames: Frame[]): Promise<void> {
	let due = performance.now();
	let sent = 0;
	for (const frame of frames) {
		const wait = paceOf(exchange, frame);
		if (wait > 0) {
			due += wait;
			await pause(exchange, due - performance.now());
		}
		if (exchange.closed) return;
		sent = count(exchange, frame, sent);
		await writeSplit(exchange, frame.text);
	}
}

/** Sends a stream, with what the controls do to it: of the vendor's usual type unless the headers name another. */
export async function sendStream(exchange: Exchange, frames: Frame[], headers: Headers): Promise<void> {
	const { controls, row, response } = exchange;
	writeHead(exchange, 200, { 'content-type': streamType(exchange), 'cache-control': 'no-cache', ...headers });
	if (controls.headersFirst === true) {
		response.flushHeaders();
		await pause(exchange, controls.latencyMs ?? 0);
	}
	const { shown, ending } = disturbed(frames, exchange);
	const usage = row.usage === null ? 0 : row.usage.outputTokens;
	const plain = shown === frames && controls.split === undefined;
	if (plain && controls.chunkMs === undefined && controls.tokensPerSecond === undefined) {
		row.frames = frames.length;
		if (!exchange.closed) response.end(together(frames));
		return;
	}
	await play(exchange, shown);
	if (exchange.closed) return;
	if (ending === 'break') return breakOff(exchange, false);
	if (ending === 'hang') return untilClosed(exchange);
	if (row.usage !== null) row.usage.outputTokens = usage;
	response.end();
}
