import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** This repository. */
export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** What a script left behind: exit code, both outputs. */
export interface Outcome {
	code: number | null;
	stdout: string;
	stderr: string;
}

/** A small project in a folder of its own, removed after the test. */
export class Project {
	readonly root = mkdtempSync(join(tmpdir(), 'relais-tooling-'));

	constructor(files: { [path: string]: string }) {
		onTestFinished(() => rmSync(this.root, { recursive: true, force: true }));
		for (const [path, text] of Object.entries(files)) this.write(path, text);
	}

	path(...parts: string[]): string {
		return join(this.root, ...parts);
	}

	write(path: string, text: string): void {
		mkdirSync(dirname(this.path(path)), { recursive: true });
		writeFileSync(this.path(path), text);
	}

	/** Copies files or folders of this repository to the same place. */
	copy(...paths: string[]): void {
		for (const path of paths) cpSync(join(repository, path), this.path(path), { recursive: true });
	}

	/** Lends it this repository's installed packages. */
	lendDependencies(): void {
		symlinkSync(join(repository, 'node_modules'), this.path('node_modules'));
	}

	/** Starts a Node program in it. */
	start(args: string[], env: NodeJS.ProcessEnv = {}): ReturnType<typeof spawn> {
		return spawn(process.execPath, args, { cwd: this.root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
	}

	/** Runs a Node program in it to its end. */
	run(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
		return outcome(this.start(args, env));
	}
}

/** Waits for a started program's end. */
export function outcome(child: ReturnType<typeof spawn>): Promise<Outcome> {
	let stdout = '';
	let stderr = '';
	child.stdout?.on('data', (chunk: Buffer) => {
		stdout += chunk.toString();
	});
	child.stderr?.on('data', (chunk: Buffer) => {
		stderr += chunk.toString();
	});
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code) => resolve({ code, stdout, stderr }));
	});
}
