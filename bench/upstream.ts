import { createServer, type Socket } from 'node:net';
import { endWithParent, numberArgument, tellParent } from './harness/script.ts';
import {
	ANTHROPIC_ANSWER,
	ANTHROPIC_PATH,
	ANTHROPIC_STREAM,
	BRIEF_MODEL,
	GEMINI_ANSWER,
	GEMINI_PATH,
	GEMINI_STREAM,
	GEMINI_STREAM_VERB,
	OPENAI_ANSWER,
	OPENAI_STREAM,
	type StreamScript,
} from './payloads.ts';

/**
 * The vendor of the bench, in three dialects: answers at once, or streams `pieces` pieces, one every `everyMs` (a tenth
 * of them where the model's name says so). Written on sockets,
 * because it must never be the slow part: it shares a core with the load generator.
 *
 *     node bench/upstream.ts <port> <pieces> <everyMs>
 */

const port = numberArgument(0);
const pieces = numberArgument(1);
const everyMs = numberArgument(2);

function whole(body: string): Buffer {
	return Buffer.from(
		`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
	);
}

function chunk(text: string): Buffer {
	return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

interface Script {
	opening: Buffer;
	piece: Buffer;
	closing: Buffer;
}

/** nginx passes a stream on piece by piece only when told so. */
const STREAM_HEAD = Buffer.from(
	'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\nx-accel-buffering: no\r\ntransfer-encoding: chunked\r\n\r\n',
);

function scriptOf({ opening, piece, closing }: StreamScript): Script {
	return {
		opening: Buffer.concat([STREAM_HEAD, ...(opening === '' ? [] : [chunk(opening)]), chunk(piece)]),
		piece: chunk(piece),
		closing: Buffer.concat([chunk(closing), Buffer.from('0\r\n\r\n')]),
	};
}

const answers = { openai: whole(OPENAI_ANSWER), anthropic: whole(ANTHROPIC_ANSWER), gemini: whole(GEMINI_ANSWER) };
const scripts = { openai: scriptOf(OPENAI_STREAM), anthropic: scriptOf(ANTHROPIC_STREAM), gemini: scriptOf(GEMINI_STREAM) };

type Spoken = keyof typeof answers;

/** The dialect of a request, by its path. */
function dialectOf(head: string): Spoken {
	if (head.startsWith(ANTHROPIC_PATH, 5)) return 'anthropic';
	return head.startsWith(GEMINI_PATH, 5) ? 'gemini' : 'openai';
}

/** Streams under way, by the millisecond of the interval in which they are due: each keeps its own rhythm. */
interface Stream {
	socket: Socket;
	script: Script;
	left: number;
}
const wheel: Set<Stream>[] = Array.from({ length: everyMs }, () => new Set());
let turned = Math.floor(performance.now());

function turn(): void {
	const now = Math.floor(performance.now());
	// Late by more than one round: the missed pieces are sent late, not together.
	for (turned = Math.max(turned, now - everyMs); turned < now; turned++) {
		const due = wheel[turned % everyMs];
		if (due !== undefined) for (const stream of due) advance(stream, due);
	}
}

function advance(stream: Stream, due: Set<Stream>): void {
	if (!stream.socket.writable) due.delete(stream);
	else if (stream.left-- > 0) stream.socket.write(stream.script.piece);
	else {
		due.delete(stream);
		stream.socket.write(stream.script.closing);
	}
}

function startStream(socket: Socket, script: Script, left: number): void {
	socket.write(script.opening);
	wheel[Math.floor(performance.now()) % everyMs]?.add({ socket, script, left: left - 1 });
}

const HEAD_END = Buffer.from('\r\n\r\n');
const STREAMED = Buffer.from('"stream":true');
const BRIEF = Buffer.from(BRIEF_MODEL);

/** One connection: cuts the bytes into requests without reading more of them than must be. */
class Connection {
	readonly #socket: Socket;
	#held: Buffer | undefined;
	#bodyLeft = 0;
	#dialect: Spoken = 'openai';
	#streamed = false;
	#brief = false;

	constructor(socket: Socket) {
		this.#socket = socket;
		socket.setNoDelay(true);
		socket.on('data', (bytes) => this.#take(bytes));
		socket.on('error', () => socket.destroy());
	}

	#take(bytes: Buffer): void {
		let rest = bytes;
		while (rest.length > 0) {
			if (this.#bodyLeft === 0) rest = this.#readHead(rest);
			const part = rest.subarray(0, this.#bodyLeft);
			if (part.length === 0) continue;
			this.#streamed ||= part.includes(STREAMED);
			this.#brief ||= this.#streamed && part.includes(BRIEF);
			this.#bodyLeft -= part.length;
			rest = rest.subarray(part.length);
			if (this.#bodyLeft === 0) this.#answer();
		}
	}

	/** Returns the bytes after the head; none where it is not complete. */
	#readHead(bytes: Buffer): Buffer {
		const data = this.#held === undefined ? bytes : Buffer.concat([this.#held, bytes]);
		const end = data.indexOf(HEAD_END);
		if (end < 0) {
			this.#held = data;
			return Buffer.alloc(0);
		}
		this.#held = undefined;
		const head = data.toString('latin1', 0, end);
		this.#dialect = dialectOf(head);
		this.#streamed = this.#dialect === 'gemini' && head.includes(GEMINI_STREAM_VERB);
		this.#bodyLeft = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
		if (this.#bodyLeft === 0) this.#answer();
		return data.subarray(end + 4);
	}

	#answer(): void {
		if (this.#streamed) startStream(this.#socket, scripts[this.#dialect], this.#brief ? pieces / 10 : pieces);
		else this.#socket.write(answers[this.#dialect]);
		this.#streamed = false;
		this.#brief = false;
	}
}

endWithParent();
setInterval(turn, 1);
createServer((socket) => new Connection(socket)).listen(port, '127.0.0.1', () => tellParent('ready'));
