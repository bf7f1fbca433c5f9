import { connect, type Socket } from 'node:net';
import { endWithParent, tellParent } from '../harness/script.ts';
import { httpRequest } from '../payloads.ts';
import type { PacedReport, PacedTask } from './paced-types.ts';

/**
 * Requests at a fixed rate, whatever the answers do: latency counts from the moment a request wanted to go out, also when it had to
 * wait for a free connection. Told its task by the parent, once for each run.
 */

/** Requests of the first moments are sent but not counted: fresh connections are slower. */
const SETTLE_MS = 50;
const LAST_ANSWER_MS = 5000;
const HEAD_END = Buffer.from('\r\n\r\n');

class Runner {
	readonly #task: PacedTask;
	readonly #request: Buffer;
	readonly #idle: Socket[] = [];
	readonly #due = new Map<Socket, number>();
	/** Times at which requests were due that have no connection yet. */
	readonly #waiting: number[] = [];
	readonly #report: PacedReport = { latenciesMs: [], errors: 0 };
	#sent = 0;
	#countFrom = Number.POSITIVE_INFINITY;
	#over = false;

	constructor(task: PacedTask) {
		this.#task = task;
		this.#request = httpRequest(task.path, task.headers, task.body);
		for (let i = 0; i < task.connections; i++) this.#open();
	}

	start(): void {
		const begin = performance.now();
		this.#countFrom = begin + SETTLE_MS;
		const every = 1000 / this.#task.perSecond;
		const timer = setInterval(() => {
			const now = performance.now();
			if (now > this.#countFrom + this.#task.ms) {
				clearInterval(timer);
				this.#finish(now + LAST_ANSWER_MS);
				return;
			}
			// From now, not from the moment it was due: the timer's own coarseness is not the service's.
			for (; begin + this.#sent * every <= now; this.#sent++) this.#send(now);
		}, 1);
	}

	#open(): void {
		const socket = connect(this.#task.port, '127.0.0.1').setNoDelay(true);
		let held: Buffer = Buffer.alloc(0);
		socket.on('connect', () => this.#free(socket));
		socket.on('data', (bytes) => {
			held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
			const headEnd = held.indexOf(HEAD_END);
			if (headEnd < 0) return;
			const head = held.toString('latin1', 0, headEnd);
			const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
			if (held.length < headEnd + 4 + length) return;
			held = Buffer.alloc(0);
			this.#answered(socket, head.startsWith('HTTP/1.1 200') && !Number.isNaN(length));
		});
		socket.on('error', () => socket.destroy());
		socket.on('close', () => {
			if (this.#over) return;
			this.#report.errors++;
			this.#due.delete(socket);
		});
	}

	#send(due: number): void {
		const socket = this.#idle.pop();
		if (socket === undefined) {
			this.#waiting.push(due);
			return;
		}
		this.#due.set(socket, due);
		socket.write(this.#request);
	}

	#answered(socket: Socket, ok: boolean): void {
		const due = this.#due.get(socket);
		if (due !== undefined && due >= this.#countFrom) this.#report.latenciesMs.push(performance.now() - due);
		if (!ok) this.#report.errors++;
		this.#due.delete(socket);
		this.#free(socket);
	}

	#free(socket: Socket): void {
		this.#idle.push(socket);
		const waiting = this.#waiting.shift();
		if (waiting !== undefined) this.#send(waiting);
	}

	/** @param giveUpAt when the answers still missing count as lost */
	#finish(giveUpAt: number): void {
		if (this.#due.size > 0 && performance.now() < giveUpAt) {
			setTimeout(() => this.#finish(giveUpAt), 10);
			return;
		}
		this.#over = true;
		this.#report.errors += this.#due.size;
		for (const socket of [...this.#idle, ...this.#due.keys()]) socket.destroy();
		tellParent({ ...this.#report });
	}
}

endWithParent();
process.on('message', (message) => {
	const runner = new Runner(message as PacedTask);
	// Connections first.
	setTimeout(() => runner.start(), 50);
});
tellParent('ready');
