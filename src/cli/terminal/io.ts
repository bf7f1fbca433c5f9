import type { Readable } from 'node:stream';
import type { Probe } from '../../config/index.ts';

/** What the commands take from and give to the outside; tests hand in their own. */
export interface TerminalIo {
	cwd: string;
	env: { readonly [name: string]: string | undefined };
	out(text: string): void;
	err(text: string): void;
	/** Sets the exit code; the command still ends by itself. */
	exit(code: number): void;
	/** Whether a person sees the output as it comes: lines may be overwritten. */
	live: boolean;
	/** Whether colours may be used. */
	color: boolean;
	/** Questions, line by line. */
	input: Readable;
	/** Whether a person types them. */
	interactive: boolean;
	/** Aborted when nobody reads the output any more: what costs money must stop. */
	gone: AbortSignal;
	/** Calls back on Ctrl-C, in place of ending the program, until the returned function is called. */
	onInterrupt(handler: () => void): () => void;
	/** Stand-in for `fetch` when looking for local servers. */
	probe?: Probe;
}

let own: TerminalIo | undefined;

/** The process's own terminal, or the files and pipes in its place: one for all commands. */
export function processIo(): TerminalIo {
	own ??= makeProcessIo();
	return own;
}

function makeProcessIo(): TerminalIo {
	const { stdout } = process;
	const gone = new AbortController();
	for (const event of ['error', 'close']) stdout.once(event, () => gone.abort());
	const { NO_COLOR, TERM } = process.env;
	const live = stdout.isTTY === true && TERM !== 'dumb';
	return {
		cwd: process.cwd(),
		env: process.env,
		out: (text) => void stdout.write(text),
		err: (text) => void process.stderr.write(text),
		exit: (code) => {
			process.exitCode = code;
		},
		live,
		color: live && (NO_COLOR ?? '') === '',
		// Looked at only by commands that read: opening standard input has effects of its own.
		get input() {
			return process.stdin;
		},
		get interactive() {
			return process.stdin.isTTY === true && live;
		},
		gone: gone.signal,
		onInterrupt(handler) {
			process.on('SIGINT', handler);
			return () => process.off('SIGINT', handler);
		},
	};
}
