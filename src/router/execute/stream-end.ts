import type { RawFrame } from '../../lib/frames.ts';
import type { Framing, Warning } from '../../spec/index.ts';

/** What ends a frame of each framing. Binary frames cannot be completed: what is left of one holds no data. */
const FRAME_ENDS: { [framing in Framing]: string } = { sse: '\n\n', ndjson: '\n', 'json-array': '', 'aws-event-stream': '' };

/** All there may be of a frame when a line end of two characters was cut in the middle. */
const BLANK = /^[\r\n]*$/;

/** What is left when a body ended inside an event: completed, unless it is the end of its last line. */
export function completedFrame(last: RawFrame, framing: Framing): RawFrame {
	const end = BLANK.test(last.raw.toString('latin1')) ? '' : FRAME_ENDS[framing];
	return { ...last, raw: Buffer.concat([last.raw, Buffer.from(end)]) };
}

/**
 * Warnings that came up after the headers were gone travel as a comment, which every SSE client skips. Other framings have no place
 * for them: there they are in the record alone.
 */
export function lateWarnings(framing: Framing, warnings: readonly Warning[]): string | undefined {
	return warnings.length === 0 || framing !== 'sse' ? undefined : `: x-relais-warnings ${JSON.stringify(warnings)}\n\n`;
}
