import { createInterface, type Interface } from 'node:readline';
import type { TerminalIo } from '../terminal/index.ts';

/** The questions, line by line. */
export interface Lines extends AsyncIterable<string> {
	/** Shows that a question is expected. */
	prompt(): void;
	/** Ends the lines, also while one is waited for. */
	close(): void;
}

/**
 * Lines from a terminal, with editing and history, or from a pipe.
 * @param onInterrupt called on Ctrl-C
 */
export function openLines(io: TerminalIo, onInterrupt: () => void): Lines {
	const reader: Interface = createInterface({
		input: io.input,
		...(io.interactive && { output: process.stdout, prompt: '> ', terminal: true }),
		crlfDelay: Number.POSITIVE_INFINITY,
	});
	// A terminal in raw mode tells readline of Ctrl-C; everywhere else it is a signal.
	if (io.interactive) reader.on('SIGINT', onInterrupt);
	const release = io.onInterrupt(onInterrupt);
	io.gone.addEventListener('abort', () => reader.close(), { once: true });
	const iterator = reader[Symbol.asyncIterator]();
	return {
		prompt: () => {
			if (io.interactive) reader.prompt();
		},
		close() {
			release();
			reader.close();
		},
		[Symbol.asyncIterator]: () => iterator,
	};
}
