import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import type { z } from 'zod';
import type { Catalog } from '../catalog/index.ts';
import { isObject, omit } from '../lib/json.ts';
import { MAX_SECRET_BYTES } from './defaults.ts';
import type { ConfigDocument } from './document.ts';
import { schemaFaults } from './issues.ts';
import { type ConfigPath, type ConfigProblem, formatPath, redactor } from './problems.ts';
import type { SecretEntry } from './schema.ts';

/** What one run of loading knows from outside. */
export interface LoadInput {
	cwd: string;
	/** The environment with `.env` below it. */
	env: { readonly [name: string]: string | undefined };
	catalog: Catalog;
	/** Catalog dialects this version speaks. */
	dialects: ReadonlySet<string>;
	/** Folder that relative paths of the file start from. */
	dir: string;
	/** The config file, absolute; absent when the environment alone configures. */
	file?: string;
	document?: ConfigDocument;
}

/** One run of loading: gathers problems and notices, and knows where in the file everything stands. */
export class Loading {
	readonly input: LoadInput;
	readonly problems: ConfigProblem[] = [];
	readonly notices: string[] = [];
	/** Files whose change must reload the config. */
	readonly secretFiles = new Set<string>();
	/** Secrets met so far, to keep out of every message. */
	readonly #secrets = new Set<string>();
	/** Parts with reported faults, of which nothing more is said. */
	readonly #faulty = new Set<string>();
	/** Where converted entries stood in the file, by their path as converted. */
	readonly #origins = new Map<string, ConfigPath>();

	constructor(input: LoadInput) {
		this.input = input;
	}

	/** Reports a problem, unless its value is missing for a reason already reported. */
	problem(path: ConfigPath, message: string, cure?: string, atKey = false): void {
		const source = this.#source(path);
		const text = formatPath(source);
		if (this.isBroken(path)) return;
		const position = this.input.document?.locate(source, atKey ? 'key' : 'value');
		this.problems.push({
			path: text,
			...(this.label !== undefined && { file: this.label }),
			...position,
			message,
			...(cure !== undefined && { cure }),
		});
	}

	/** Reports a problem of something outside the file: a variable or an option of the command line. */
	outside(where: string, message: string, cure?: string): void {
		this.problems.push({ path: where, message, ...(cure !== undefined && { cure }) });
	}

	/** Tells something that is not wrong but should be known. */
	notice(message: string, path?: ConfigPath): void {
		if (path === undefined) {
			this.notices.push(message);
			return;
		}
		const source = this.#source(path);
		this.notices.push(`${this.place(path)} ${formatPath(source)}: ${message}`);
	}

	/** Name of the config file as users know it. */
	get label(): string | undefined {
		return this.input.file === undefined ? undefined : displayPath(this.input.file, this.input.cwd);
	}

	/** `relais.yaml:12` */
	place(path: ConfigPath): string {
		const line = this.input.document?.locate(this.#source(path)).line;
		return line === undefined ? (this.label ?? 'config') : `${this.label}:${line}`;
	}

	/** Notes that what is now at `path` was written at `source`. */
	converted(path: ConfigPath, source: ConfigPath): void {
		this.#origins.set(formatPath(path), source);
	}

	/** Whether what is at `path` was written in another product's format. */
	isConverted(path: ConfigPath): boolean {
		return this.#origins.has(formatPath(path));
	}

	/** A name for a message: as written, unless it came from a variable, which may hold a secret. */
	show(path: ConfigPath, value: string): string {
		const hidden = this.input.document?.substituted.has(formatPath(this.#source(path)));
		return hidden ? 'the value of this variable' : JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}...` : value);
	}

	/** Whether a value could not be had, which is reported already. */
	isBroken(path: ConfigPath): boolean {
		const text = formatPath(this.#source(path));
		return this.#faulty.has(text) || (this.input.document?.broken.has(text) ?? false);
	}

	/**
	 * Checks a part of the file and reports its faults. What is sound apart from them is given back, so that the other checks find
	 * the rest of the problems; undefined when too little is left.
	 */
	parse<T>(schema: z.ZodType<T>, value: unknown, path: ConfigPath): T | undefined {
		const result = schema.safeParse(value);
		if (result.success) return result.data;
		const faulty = new Set<string>();
		for (const fault of schemaFaults(schema, value, result.error.issues)) {
			this.problem([...path, ...fault.path], fault.message, fault.cure, fault.atKey);
			const field = fault.path[0];
			if (typeof field !== 'string') continue;
			faulty.add(field);
			this.#faulty.add(formatPath(this.#source([...path, field])));
		}
		for (const issue of result.error.issues)
			if (issue.code === 'unrecognized_keys') for (const key of issue.keys) faulty.add(key);
		return isObject(value) ? schema.safeParse(omit(value, faulty)).data : undefined;
	}

	/** A secret as given or from its file; undefined when there is none, or it cannot be had, which is then reported. */
	secret(entry: SecretEntry | undefined, file: string | undefined, path: ConfigPath, filePath: ConfigPath): string | undefined {
		if (entry !== undefined && file !== undefined) {
			this.problem(filePath, 'the secret is given twice', 'Keep one of the two.', true);
			return undefined;
		}
		let secret: string | undefined;
		if (file !== undefined) secret = this.#readSecret(file, filePath);
		else secret = typeof entry === 'object' ? this.#readSecret(entry.file, [...path, 'file']) : entry?.trim();
		if (secret !== undefined) this.#secrets.add(secret);
		return secret;
	}

	/** Problems in the order of the file, those of no file last, without secrets. */
	finishedProblems(): ConfigProblem[] {
		const clean = this.#redactor();
		const line = (problem: ConfigProblem): number => problem.line ?? Number.MAX_SAFE_INTEGER;
		const ordered = this.problems.toSorted((a, b) => line(a) - line(b) || (a.column ?? 0) - (b.column ?? 0));
		return ordered.map(({ message, cure, ...place }) => ({
			...place,
			// A key written where a name belongs stands in the path.
			path: clean(place.path),
			message: clean(message),
			...(cure !== undefined && { cure: clean(cure) }),
		}));
	}

	/** Notices, each once, without secrets. */
	finishedNotices(): string[] {
		return [...new Set(this.notices.map(this.#redactor()))];
	}

	/** What the file took from variables may be a secret, except where it is the name of a type. */
	#redactor(): (text: string) => string {
		const { env, document, catalog } = this.input;
		const values = Array.from(document?.variables ?? [], (name) => env[name]?.trim());
		return redactor([
			...this.#secrets,
			...values.filter((value) => value !== undefined && catalog.provider(value) === undefined),
		]);
	}

	#readSecret(file: string, path: ConfigPath): string | undefined {
		const absolute = resolve(this.input.dir, file);
		this.secretFiles.add(absolute);
		const shown = this.show(path, file);
		try {
			const stats = statSync(absolute);
			if (!stats.isFile() || stats.size > MAX_SECRET_BYTES) {
				this.problem(
					path,
					`${shown} is ${stats.isFile() ? 'too large for a secret' : 'not a file'}`,
					'Name a file that holds the secret alone.',
				);
				return undefined;
			}
			if (process.platform !== 'win32' && (stats.mode & 0o004) !== 0) {
				this.notice(`the secret file ${shown} can be read by every user of this machine: chmod 600 makes it private`, path);
			}
			const text = readFileSync(absolute, 'utf8').trim();
			if (text === '') this.problem(path, `the secret file ${shown} is empty`, 'Put the secret into it.');
			return text === '' ? undefined : text;
		} catch (error) {
			this.problem(path, `the secret file ${shown} ${fileFault(error)}`, 'Paths are relative to the config file.');
			return undefined;
		}
	}

	#source(path: ConfigPath): ConfigPath {
		for (let length = path.length; length > 0; length--) {
			const source = this.#origins.get(formatPath(path.slice(0, length)));
			if (source !== undefined) return [...source, ...path.slice(length)];
		}
		return path;
	}
}

/** A path as users know it: relative where it lies inside the working directory. */
export function displayPath(file: string, cwd: string): string {
	const near = relative(cwd, file);
	return near === '' || near.startsWith('..') || isAbsolute(near) ? file : near;
}

const FAULTS: { readonly [code: string]: string } = {
	ENOENT: 'does not exist',
	ENOTDIR: 'does not exist',
	EACCES: 'cannot be read: permission denied',
	EPERM: 'cannot be read: permission denied',
	EISDIR: 'is a directory, not a file',
	ELOOP: 'cannot be read: its links go in a circle',
	ENAMETOOLONG: 'cannot be read: the name is too long',
};

/** Why a file cannot be read, to follow its name. */
export function fileFault(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return FAULTS[code] ?? `cannot be read${code === '' ? '' : ` (${code})`}`;
}
