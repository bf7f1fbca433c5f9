#!/usr/bin/env node
// @ts-check
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { requiredNode, satisfies } from './node-version.js';

const program = new URL('../dist/cli.js', import.meta.url);

/** @returns {string | undefined} why the program cannot run, and the cure. */
function obstacle() {
	const range = requiredNode();
	if (!satisfies(process.versions.node, range)) {
		return `Relais needs Node ${range}; this is ${process.versions.node}. Install Node 24, or run "npm start" in a clone.`;
	}
	if (!existsSync(program)) return 'Relais is not built yet. Run "npm start", or "npm run build" first.';
	return undefined;
}

const problem = obstacle();
if (problem) {
	console.error(problem);
	process.exitCode = 1;
} else {
	module.enableCompileCache?.();
	await import(program.href);
}
