// @ts-check
/**
 * Fails on what must not be in the repository: traces of one machine, leftovers of a merge, ways around the type checker and the
 * linter, tests that are switched off without a word.
 *
 *     node scripts/check-texts.js [folder of the project]
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));

const PRODUCT = /^(src|bin|console|docs)\/|^README\.md$/;
const CODE = /^(src|bin|console|bench|scripts|examples|test)\/.*\.([cm]?[jt]s|svelte)$/;
const TEST = /(\.test\.[jt]s$|^test\/)/;

/**
 * `unless`: whether a line that matches is harmless after all; `text`: what of the line is looked at, the whole where absent.
 * @typedef {{ files: RegExp, except?: RegExp, pattern: RegExp, what: string, cure: string,
 *   unless?: (match: RegExpExecArray, path: string) => boolean, text?: (line: string) => string }} Rule
 * @type {Rule[]}
 */
const RULES = [
	{
		files: /^package-lock\.json$/,
		pattern: /"resolved":|https?:\/\/[^"]*(registry|npmjs|\.tgz)/,
		what: 'the lock file names a registry',
		cure: 'run npm with the .npmrc of this repository, which leaves addresses out',
	},
	{
		files: PRODUCT,
		except: TEST,
		pattern: /((?:\.\.\/)+shared)(?=[/\s'"`]|$)/,
		unless: (match, path) => existsSync(join(root, dirname(path), match[1] ?? '')),
		what: 'the product refers to a folder outside the repository',
		cure: 'only tests and the import script may read it',
	},
	{
		files: PRODUCT,
		pattern: /(^|[\s'"`(=])\/(home|root|Users|work|mnt)\/[\w.-]+|\b[A-Z]:\\\\?Users\\/,
		what: "a path of one person's machine",
		cure: 'write it relative to the project, or as an example under /path/to',
	},
	{ files: /./, pattern: /^(<{7}|>{7}) /, what: 'a conflict marker', cure: 'finish the merge' },
	{
		files: /^src\/.*\.ts$/,
		text: bare,
		pattern: /(:|<|\bas|\|)\s*any\b/,
		what: 'the type any',
		cure: 'use unknown and narrow it, or the type that is meant',
	},
	{
		files: CODE,
		pattern: /(@ts-ignore|@ts-expect-error|@ts-nocheck|biome-ignore|eslint-disable)/,
		what: 'a way around the checks',
		cure: 'change the code so that it needs none',
	},
	{
		files: TEST,
		pattern: /\b(it|test|describe|suite)\.only\b/,
		what: 'a test that switches the others off',
		cure: 'remove .only',
	},
	{
		files: TEST,
		pattern: /\b(?:it|test|describe|suite)\.(?:skip|todo)\(\s*(['"`])(?:(?!\1)[^:(])*\1|\bskip\(\s*\)/,
		what: 'a test switched off without a reason',
		cure: 'say why in its name ("...: no PostgreSQL here"), or remove it',
	},
];

/** This file and its test quote what they look for. */
const EXEMPT = /^(scripts\/check-texts\.js|test\/tooling\/texts\.test\.ts)$/;
const BINARY = /\.(png|ico|woff2?|jpg|gif|webp|wasm|gz|pdf)$/;

/** @returns {string[]} what git knows, and what it would take in */
function repositoryFiles() {
	const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
		cwd: root,
		encoding: 'utf8',
	});
	return [...new Set(list.split('\0'))].filter((path) => path && existsSync(join(root, path)) && !BINARY.test(path)).sort();
}

/**
 * A line without its strings and comments, in which `any` is a word and not the type.
 * @param {string} line
 */
function bare(line) {
	return line.replace(/(['"`])(?:\\.|(?!\1).)*\1/g, '""').replace(/^\s*(\/?\*|\/\/).*$|\/\/.*$/, '');
}

/**
 * @param {Rule} rule
 * @param {string} line
 * @param {string} path
 */
function breaks(rule, line, path) {
	const match = rule.pattern.exec(rule.text ? rule.text(line) : line);
	return match !== null && !rule.unless?.(match, path);
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function findings(path) {
	const rules = RULES.filter((rule) => rule.files.test(path) && !rule.except?.test(path));
	if (rules.length === 0 || EXEMPT.test(path)) return [];
	const lines = readFileSync(join(root, path), 'utf8').split('\n');
	return lines.flatMap((line, index) =>
		rules
			.filter((rule) => breaks(rule, line, path))
			.map((rule) => `${path}:${index + 1}: ${rule.what}: ${line.trim().slice(0, 80)}\n    cure: ${rule.cure}`),
	);
}

const found = repositoryFiles().flatMap(findings);
for (const line of found) console.error(line);
if (found.length > 0) process.exitCode = 1;
