import type { TerminalIo } from './io.ts';
import { oneLine } from './text.ts';

/** Tells how far a long piece of work has come: on a terminal one line that changes, elsewhere a plain line a step. */
export interface Progress {
	/** A step is done. */
	step(text: string): void;
	/** What is being waited for; shown on a terminal only. */
	waiting(text: string): void;
	/** The work is over: the changing line goes away. */
	end(): void;
}

const COLUMNS = 79;
const ERASE_LINE = '\r\u001b[K';

/** @param silent say nothing at all: the result is for a program */
export function progress(io: Pick<TerminalIo, 'live' | 'err'>, total: number, silent: boolean): Progress {
	let done = 0;
	const count = (): string => `[${done}/${total}]`;
	const overwrite = (text: string): void => io.err(`${ERASE_LINE}${text.slice(0, COLUMNS)}`);
	return {
		step(text) {
			done++;
			if (silent) return;
			const line = `${count()} ${oneLine(text)}`;
			if (io.live) overwrite(line);
			else io.err(`${line}\n`);
		},
		waiting(text) {
			if (!silent && io.live) overwrite(`${count()} ${oneLine(text)}`);
		},
		end() {
			if (!silent && io.live) io.err(ERASE_LINE);
		},
	};
}
