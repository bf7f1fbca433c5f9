import { connect, type Socket } from 'node:net';
import { endWithParent, tellParent } from '../harness/script.ts';
import { httpRequest, MARK } from '../payloads.ts';
import type { StreamReport, StreamTask } from './stream-types.ts';

/**
 * Streams at once: `streams` connections, each of which starts its next stream when the last has ended, until the time is up.
 * Counts the pieces of text that arrive, in whatever dialect, and the time to the first of each stream. Told its task by the
 * parent, once for each run.
 */

const END = Buffer.from('\r\n0\r\n\r\n');
const MARK_BYTES = Buffer.from(MARK);
const HEAD_OK = 'HTTP/1.1 200';
/** Silence after which a stream counts as lost, in ms. */
const GIVE_UP_MS = 10_000;

class Client {
	readonly #task: StreamTask;
	readonly #request: Buffer;
	readonly #report: StreamReport;
	readonly #finished: () => void;
	readonly #socket: Socket;
	#startedAt = 0;
	#seenHead = false;
	#seenPiece = false;
	/** Last bytes of the chunk before: a mark or the end may be cut in two. */
	#tail: Buffer = Buffer.alloc(0);

	constructor(task: StreamTask, request: Buffer, report: StreamReport, finished: () => void) {
		this.#task = task;
		this.#request = request;
		this.#report = report;
		this.#finished = finished;
		this.#socket = connect(task.port, '127.0.0.1');
		this.#socket.setNoDelay(true).setTimeout(GIVE_UP_MS, () => this.#fail());
		this.#socket.on('data', (bytes) => this.#take(bytes));
		this.#socket.on('error', () => this.#fail());
		this.#socket.on('end', () => this.#fail());
	}

	start(): void {
		this.#seenHead = false;
		this.#seenPiece = false;
		this.#tail = Buffer.alloc(0);
		this.#startedAt = performance.now();
		this.#socket.write(this.#request);
	}

	#take(bytes: Buffer): void {
		if (!this.#seenHead) {
			this.#seenHead = true;
			if (!bytes.toString('latin1', 0, HEAD_OK.length).startsWith(HEAD_OK)) {
				this.#report.complaint ??= bytes.toString('utf8', 0, 600);
				this.#fail();
				return;
			}
		}
		const data = Buffer.concat([this.#tail, bytes]);
		let from = 0;
		for (let at = data.indexOf(MARK_BYTES); at >= 0; at = data.indexOf(MARK_BYTES, from)) {
			from = at + MARK_BYTES.length;
			this.#report.pieces++;
			if (this.#seenPiece) continue;
			this.#seenPiece = true;
			this.#report.firstMs.push(performance.now() - this.#startedAt);
		}
		if (data.subarray(-END.length).equals(END)) this.#ended();
		else this.#tail = Buffer.from(data.subarray(Math.max(from, data.length - END.length)));
	}

	#ended(): void {
		this.#report.streams++;
		if (performance.now() < this.#task.until) {
			// Not at once: streams that end together would stay together.
			setTimeout(() => this.start(), Math.random() * this.#task.pauseMs);
		} else this.#close();
	}

	#fail(): void {
		this.#report.errors++;
		this.#close();
	}

	#close(): void {
		this.#socket.removeAllListeners().on('error', () => {});
		this.#socket.destroy();
		this.#finished();
	}
}

function run(task: StreamTask): void {
	const report: StreamReport = { streams: 0, pieces: 0, errors: 0, firstMs: [] };
	const request = httpRequest(task.path, task.headers, task.body);
	const until = performance.now() + task.ms;
	let left = task.streams;
	for (let i = 0; i < task.streams; i++) {
		const client = new Client({ ...task, until }, request, report, () => {
			if (--left === 0) tellParent({ ...report });
		});
		setTimeout(() => client.start(), Math.random() * task.pauseMs);
	}
}

endWithParent();
process.on('message', (message) => run(message as StreamTask));
tellParent('ready');
