import { ConfigError, formatProblem } from '../../config/index.ts';
import { isRelaisError } from '../../spec/index.ts';
import type { TerminalIo } from './io.ts';

/** A wish of the user's that cannot be met: shown as one line, exit code 1. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
}

/** Runs a command; what the user can mend becomes a line on standard error and exit code 1, anything else is thrown. */
export async function reporting(io: TerminalIo, work: () => Promise<void> | void): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!isRelaisError(error) && !(error instanceof UsageError)) throw error;
		const lines = error instanceof ConfigError ? error.problems.map(formatProblem) : [error.message];
		for (const line of lines) io.err(`relais: ${line}\n`);
		io.exit(1);
	}
}
