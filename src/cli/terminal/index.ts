/** What commands share to talk to a person or a pipe. */
export { reporting, UsageError } from './failure.ts';
export { processIo, type TerminalIo } from './io.ts';
export { type Progress, progress } from './progress.ts';
export { type Column, csvLine, table } from './table.ts';
export { oneLine, printable, type Style, styler } from './text.ts';
