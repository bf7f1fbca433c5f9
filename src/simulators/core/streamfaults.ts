import type { Exchange, Framing } from './exchange.ts';
import type { Frame } from './types.ts';

/** A stream with a fault in it: the frames to show, and what follows them. */
export interface Disturbed {
	shown: Frame[];
	ending: 'end' | 'break' | 'hang';
}

const HUGE = 10_000_000;

function at(frames: Frame[], fraction: number): number {
	return Math.max(1, Math.min(frames.length - 1, Math.floor(frames.length * fraction)));
}

/** Text loses its last quarter; of a binary message one byte before the checksum is another. */
function spoiled(frame: Frame, framing: Framing): Frame {
	if (typeof frame.text !== 'string') {
		const bytes = Buffer.from(frame.text);
		const last = bytes.length - 5;
		bytes[last] = (bytes[last] ?? 0) ^ 1;
		return { ...frame, text: bytes };
	}
	const body = frame.text.trimEnd();
	return { ...frame, text: `${body.slice(0, body.length - Math.ceil(body.length / 4))}${framing === 'sse' ? '\n\n' : '\n'}` };
}

type Disturbance = (frames: Frame[], exchange: Exchange) => Disturbed;

const DISTURBANCES: { [fault: string]: Disturbance } = {
	cut: (frames, { controls }) => ({ shown: frames.slice(0, at(frames, controls.fraction ?? 2 / 3)), ending: 'break' }),
	stall: (frames, { controls }) => ({ shown: frames.slice(0, at(frames, controls.fraction ?? 0.5)), ending: 'hang' }),
	'missing-end': (frames) => ({ shown: frames.filter((frame) => frame.part !== 'end'), ending: 'end' }),
	malformed: (frames, { controls, wire }) => {
		const index = at(frames, controls.fraction ?? 0.5);
		return { shown: frames.map((frame, i) => (i === index ? spoiled(frame, wire.framing ?? 'sse') : frame)), ending: 'end' };
	},
	'error-event': (frames, { controls, wire }) => {
		const fraction = controls.fraction ?? 0.5;
		const before = fraction === 0 ? [] : frames.slice(0, at(frames, fraction));
		const error: Frame = { text: wire.errorEvent(before.length, controls.error), part: 'end', tokens: 0 };
		return { shown: [...before, error], ending: 'end' };
	},
	'huge-line': (frames, { controls, wire }) => {
		const index = at(frames, controls.fraction ?? 0.5);
		const huge: Frame = { text: wire.hugeEvent(controls.bytes ?? HUGE, index), part: 'delta', tokens: 0 };
		return { shown: [...frames.slice(0, index), huge, ...frames.slice(index)], ending: 'end' };
	},
};

function framed(frame: Frame, crlf: boolean, comments: boolean): Frame {
	if (typeof frame.text !== 'string') return frame;
	const commented = comments ? `: simulated comment\n\n: and one in the event\n${frame.text}` : frame.text;
	return { ...frame, text: crlf ? commented.replaceAll(/\r?\n/g, '\r\n') : commented };
}

/** Applies the fault and the framing that the controls ask for. Without any, `shown` is the given array itself. */
export function disturbed(frames: Frame[], exchange: Exchange): Disturbed {
	const { fault, crlf = false, comments = false } = exchange.controls;
	const disturbance = fault === undefined ? undefined : DISTURBANCES[fault];
	const result: Disturbed = disturbance === undefined ? { shown: frames, ending: 'end' } : disturbance(frames, exchange);
	if (!crlf && !comments) return result;
	// Only server-sent events know comments.
	const remarks = comments && (exchange.wire.framing ?? 'sse') === 'sse';
	return { ...result, shown: result.shown.map((frame) => framed(frame, crlf, remarks)) };
}
