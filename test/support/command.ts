import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Command } from 'commander';
import { onTestFinished } from 'vitest';
import type { TerminalIo } from '../../src/cli/terminal/index.ts';

/** What a command printed and how it ended. */
export interface Run {
	out: string;
	err: string;
	code: number;
	folder: string;
}

/** How to run one. */
export interface RunOptions {
	/** Files of its folder, by name; objects are written as JSON. */
	files?: { [name: string]: string | object };
	env?: { [name: string]: string };
	/** Lines on its standard input, or the stream itself. */
	input?: readonly string[] | Readable;
	folder?: string;
	live?: boolean;
	color?: boolean;
	gone?: AbortSignal;
	/** Called with each text printed and a way to press Ctrl-C. */
	watch?(text: string, interrupt: () => void): void;
}

/** A folder of its own for one test, gone after it. */
export function temporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'relais-command-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** Runs a command as users type it, against a terminal made of texts. */
export async function runCommand(
	register: (program: Command, io: TerminalIo) => void,
	words: readonly string[],
	options: RunOptions = {},
): Promise<Run> {
	const folder = options.folder ?? temporaryFolder();
	for (const [name, content] of Object.entries(options.files ?? {}))
		writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
	const run: Run = { out: '', err: '', code: 0, folder };
	const handlers = new Set<() => void>();
	const interrupt = (): void => {
		for (const handler of [...handlers]) handler();
	};
	const { input = [] } = options;
	const io: TerminalIo = {
		cwd: folder,
		env: { RELAIS_DISCOVER: 'off', ...options.env },
		out(text) {
			run.out += text;
			options.watch?.(text, interrupt);
		},
		err(text) {
			run.err += text;
			options.watch?.(text, interrupt);
		},
		exit: (code) => {
			run.code = code;
		},
		live: options.live ?? false,
		color: options.color ?? false,
		input: input instanceof Readable ? input : Readable.from(input.map((line) => `${line}\n`)),
		interactive: false,
		gone: options.gone ?? new AbortController().signal,
		onInterrupt(handler) {
			handlers.add(handler);
			return () => handlers.delete(handler);
		},
	};
	const program = new Command('relais').exitOverride().configureOutput({ writeOut: io.out, writeErr: io.err });
	register(program, io);
	try {
		await program.parseAsync(['node', 'relais', ...words]);
	} catch (error) {
		if (!(error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number')) throw error;
		run.code = error.exitCode;
	}
	return run;
}
