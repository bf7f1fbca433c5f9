import { type ChildProcess, type Serializable, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Place, pinned } from './pin.ts';

/** Processes the bench has started. All are killed when it ends, however it ends. */
const running = new Set<ChildProcess>();

process.on('exit', () => {
	for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

export class Child {
	readonly process: ChildProcess;
	readonly pid: number;
	#stderr = '';

	private constructor(process: ChildProcess) {
		this.process = process;
		this.pid = process.pid ?? -1;
		process.stderr?.on('data', (chunk: Buffer) => {
			this.#stderr = (this.#stderr + chunk.toString()).slice(-4000);
		});
		running.add(process);
		process.once('exit', () => running.delete(process));
	}

	static start(
		command: string,
		args: string[],
		place: Place,
		options: { env?: NodeJS.ProcessEnv; cwd?: string; ipc?: boolean } = {},
	): Child {
		const [file, ...rest] = pinned(place, [command, ...args]);
		const stdio: ('ignore' | 'pipe' | 'ipc')[] = ['ignore', 'pipe', 'pipe'];
		if (options.ipc) stdio.push('ipc');
		return new Child(spawn(file ?? command, rest, { stdio, env: { ...process.env, ...options.env }, cwd: options.cwd }));
	}

	/** Starts one of the bench's own scripts; it ends by itself when the bench is gone (see `script.ts`). */
	static script(url: URL, args: string[], place: Place): Child {
		return Child.start(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(url), ...args], place, {
			ipc: true,
		});
	}

	/** The last lines it wrote to stderr. */
	get complaints(): string {
		return this.#stderr.trim();
	}

	get ended(): boolean {
		return this.process.exitCode !== null || this.process.signalCode !== null;
	}

	/** The next message of a script. Rejects when it ends first or nothing comes within `ms`. */
	message(ms: number): Promise<unknown> {
		return new Promise((resolve, reject) => {
			const settle = (act: () => void): void => {
				clearTimeout(timer);
				this.process.off('message', onMessage).off('exit', onExit);
				act();
			};
			const onMessage = (message: unknown): void => settle(() => resolve(message));
			const onExit = (): void => settle(() => reject(new Error(`a process of the bench ended early: ${this.complaints}`)));
			const onTimeout = (): void =>
				settle(() => reject(new Error(`a process of the bench said nothing for ${ms} ms: ${this.complaints}`)));
			const timer = setTimeout(onTimeout, ms);
			this.process.on('message', onMessage).on('exit', onExit);
		});
	}

	send(message: Serializable): void {
		this.process.send(message);
	}

	/** All it wrote to stdout, once it has ended. Killed after `ms`. */
	async output(ms: number): Promise<string> {
		let text = '';
		this.process.stdout?.on('data', (chunk: Buffer) => {
			text += chunk.toString();
		});
		const timer = setTimeout(() => this.process.kill('SIGKILL'), ms);
		const [code] = await once(this.process, 'close');
		clearTimeout(timer);
		if (code !== 0) throw new Error(`a process of the bench failed (${String(code)}): ${this.complaints || text.slice(-1000)}`);
		return text;
	}

	async stop(): Promise<void> {
		if (this.ended) return;
		this.process.kill('SIGKILL');
		await once(this.process, 'exit');
	}
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	if (typeof address !== 'object' || address === null) throw new Error('no port');
	return address.port;
}
