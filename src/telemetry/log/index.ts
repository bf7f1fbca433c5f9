import pino from 'pino';
import { errorOutput, type LineOutput } from './error-output.ts';

/** What the program logs through; pino's own shape, so that any of its loggers fits. */
export interface Logger {
	debug(fields: object, message: string): void;
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
	isLevelEnabled(level: string): boolean;
}

/** Fields that may hold credentials wherever an object is logged by mistake. */
const REDACTED = ['*.authorization', '*["x-api-key"]', '*.apiKey', '*.api_key', '*.key', 'authorization', 'apiKey', 'api_key'];

/**
 * A structured logger on standard error: JSON lines, or one readable line an entry on a terminal.
 * @param level trace, debug, info, warn, error, fatal or silent
 */
export function createLogger(level: string): Logger {
	const destination: LineOutput = process.stderr.isTTY ? { write: writeReadable } : errorOutput();
	const options = {
		level,
		base: null,
		timestamp: pino.stdTimeFunctions.isoTime,
		redact: { paths: REDACTED, censor: '[redacted]' },
	};
	return pino(options, destination);
}

const LEVELS: { readonly [value: number]: string } = {
	10: 'trace',
	20: 'debug',
	30: 'info',
	40: 'warn',
	50: 'error',
	60: 'fatal',
};

/** Texts come from vendors and clients: none may move the cursor or begin a line that looks like another entry. */
export function printable(text: string): string {
	return text.replace(/[\p{Cc}\u2028\u2029]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function writeReadable(line: string): void {
	const { level, time, msg, ...fields } = JSON.parse(line) as { level: number; time: string; msg: string };
	const rest = Object.entries(fields).map(
		([name, value]) => `${name}=${printable(typeof value === 'string' ? value : JSON.stringify(value))}`,
	);
	process.stderr.write(`${time.slice(11, 19)} ${LEVELS[level] ?? level} ${msg}${rest.length > 0 ? `  ${rest.join(' ')}` : ''}\n`);
}
