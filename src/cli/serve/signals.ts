import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import type { Logger } from '../../telemetry/log/index.ts';

/** What signals do. */
export interface SignalHandlers {
	reload(): void;
	/** Lets requests under way finish, then frees everything. */
	stop(): Promise<void>;
}

/**
 * SIGHUP reloads; SIGINT and SIGTERM stop in order, a second one at once. A SIGHUP because the terminal Relais was started in has
 * been closed stops it too: nobody would know that it still runs.
 */
export function obeySignals({ reload, stop }: SignalHandlers, logger: Logger): void {
	const onTerminal = process.stdin.isTTY === true || process.stdout.isTTY === true;
	let stopping = false;
	const onSignal = (signal: NodeJS.Signals): void => {
		if (stopping) process.exit(128 + constants.signals[signal]);
		stopping = true;
		logger.info({ signal }, 'stopping: requests under way may finish');
		stop().then(
			() => process.exit(0),
			(error: unknown) => {
				logger.error({ error }, 'the stop did not go well');
				process.exit(1);
			},
		);
	};
	process.on('SIGINT', onSignal);
	process.on('SIGTERM', onSignal);
	process.on('SIGHUP', (signal) => {
		if (onTerminal && terminalIsGone()) onSignal(signal);
		else if (!stopping) reload();
	});
}

function terminalIsGone(): boolean {
	try {
		closeSync(openSync('/dev/tty', 'r'));
		return false;
	} catch {
		return true;
	}
}
