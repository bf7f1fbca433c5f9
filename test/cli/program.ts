import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ensureBuild } from '../../scripts/prepare/build.js';
import { repository } from '../tooling/project.ts';

/** How long the program may take for a thing a test waits for, in ms. Generous: machines that run tests are busy. */
const PATIENCE_MS = 15_000;

/** Builds the program where a source is newer; for `beforeAll`. */
export function buildProgram(): Promise<void> {
	return ensureBuild(repository);
}

/** A folder of its own for one test, gone after it. */
export function temporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'relais-cli-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** Where and how the program runs. */
export interface Setting {
	/** Folder it runs in; absent: a fresh one. */
	folder?: string;
	/** Files written there first, by name. */
	files?: { [name: string]: string };
	/** Variables besides the few every program needs: nothing of the test's own environment comes through. */
	env?: { [name: string]: string };
	/** Where its standard output and error go; absent: to the test. */
	stdio?: ['ignore', 'pipe' | 'ignore' | number, 'pipe' | 'ignore' | number];
}

/** The built program as a process of its own, ended with the test. */
export class Program {
	readonly folder: string;
	readonly child: ChildProcess;
	/** Exit code; null when a signal ended it. */
	readonly exit: Promise<number | null>;
	out = '';
	err = '';
	#ended = false;

	constructor(args: readonly string[], { folder = temporaryFolder(), files = {}, env = {}, stdio }: Setting = {}) {
		this.folder = folder;
		for (const [name, text] of Object.entries(files)) this.write(name, text);
		this.child = spawn(process.execPath, [join(repository, 'bin/relais.js'), ...args], {
			cwd: folder,
			env: { PATH: process.env.PATH ?? '', HOME: folder, RELAIS_DISCOVER: 'off', RELAIS_PORT: '0', ...env },
			stdio: stdio ?? ['ignore', 'pipe', 'pipe'],
		});
		this.child.stdout?.on('data', (chunk: Buffer) => {
			this.out += chunk.toString();
		});
		this.child.stderr?.on('data', (chunk: Buffer) => {
			this.err += chunk.toString();
		});
		this.exit = new Promise((resolve, reject) => {
			this.child.on('error', reject);
			this.child.on('close', (code) => {
				this.#ended = true;
				resolve(code);
			});
		});
		onTestFinished(async () => {
			this.child.kill('SIGKILL');
			await this.exit;
		});
	}

	/** Writes a file of its folder. */
	write(name: string, text: string): void {
		const path = join(this.folder, name);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, text);
	}

	/** Waits for something to be printed; fails when the program ends without it. */
	async prints(where: 'out' | 'err', pattern: RegExp): Promise<RegExpExecArray> {
		return await until(() => {
			const match = pattern.exec(this[where]);
			if (match === null && this.#ended) throw new Error(`ended without printing ${pattern}\n${this.out}\n${this.err}`);
			return match ?? undefined;
		}, `${pattern} in the program's output`);
	}

	/** Its log so far, entry by entry. */
	log(): { msg: string; [field: string]: unknown }[] {
		return this.err.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
	}
}

/** A port nobody listens on at the moment. */
export async function freePort(): Promise<number> {
	const holder = createServer();
	await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
	const { port } = holder.address() as AddressInfo;
	await new Promise((resolve) => holder.close(resolve));
	return port;
}

/** Waits until a thing is there. */
export async function until<T>(look: () => T | undefined, what: string): Promise<T> {
	const deadline = Date.now() + PATIENCE_MS;
	for (;;) {
		const found = look();
		if (found !== undefined) return found;
		if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

/** Runs the program to its end. */
export async function run(
	args: readonly string[],
	setting?: Setting,
): Promise<{ code: number | null; out: string; err: string }> {
	const program = new Program(args, setting);
	const code = await program.exit;
	return { code, out: program.out, err: program.err };
}

/** A gateway that has printed its banner. */
export interface Gateway extends Program {
	url: string;
	/** The key the banner shows; empty where it shows none. */
	key: string;
	post(path: string, body: object, headers?: { [name: string]: string }): Promise<Response>;
	/** Asks a model for a whole answer; gives back its text, or the status and message of the failure. */
	ask(model: string): Promise<string>;
}

/** Starts `relais serve` and waits for its banner. */
export async function serve(setting?: Setting, args: readonly string[] = []): Promise<Gateway> {
	const program = new Program(['serve', ...args], setting);
	const [, url = ''] = await program.prints('out', /running at (http:\S+)/);
	await program.prints('out', /Ctrl-C/);
	const key = /key +(rk-\S+)/.exec(program.out)?.[1] ?? '';
	const post = (path: string, body: object, headers: { [name: string]: string } = {}): Promise<Response> =>
		fetch(`${url}${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...(key !== '' && { authorization: `Bearer ${key}` }), ...headers },
			body: JSON.stringify(body),
		});
	const ask = async (model: string): Promise<string> => {
		const reply = await post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'hi' }] });
		const body = (await reply.json()) as Answer;
		return body.choices?.[0]?.message.content ?? `${reply.status} ${body.error?.message}`;
	};
	return Object.assign(program, { url, key, post, ask });
}

interface Answer {
	choices?: { message: { content: string } }[];
	error?: { message: string };
}
