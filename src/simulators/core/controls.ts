import type { IncomingMessage } from 'node:http';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { isFault } from './faults.ts';

/** How one answer is delivered. Absent: at once, whole and correct. */
export interface Controls {
	/** Wait before the first byte of the answer, in ms. */
	latencyMs?: number;
	/** Send a stream's headers before that wait, not after it. */
	headersFirst?: boolean;
	/** Pace of a stream. */
	tokensPerSecond?: number;
	/** Pause before each delta of a stream, in ms; goes before `tokensPerSecond`. */
	chunkMs?: number;
	/** Number of deltas the text is streamed in; a short text is lengthened. */
	chunks?: number;
	/** Size of the answer's text in bytes of UTF-8. */
	answerBytes?: number;
	/** Write to the socket in pieces of so many bytes. */
	split?: number;
	/** End a stream's lines with CR LF. */
	crlf?: boolean;
	/** Put comment lines between a stream's events. */
	comments?: boolean;
	/** What goes wrong; see `FAULTS`. */
	fault?: string;
	/** Where in the answer it goes wrong, from 0 to 1. */
	fraction?: number;
	/** Length of a `slow-first-token`, in ms. */
	ms?: number;
	/** `Retry-After` of an error, in seconds. */
	retryAfter?: number;
	/** `retry-after-ms` of an error; `Retry-After` is sent beside it, rounded up. */
	retryAfterMs?: number;
	/** What a wrong `content-length` is off by; negative: too small. */
	by?: number;
	/** Size of a `huge-line`. */
	bytes?: number;
	/** Which error an `error-event` is, by the vendor's own name; default an overload. */
	error?: string;
	/** How often the fault strikes; after that the same request succeeds. */
	times?: number;
}

/** A control that cannot be understood. */
export class ControlError extends Error {
	override readonly name = 'ControlError';
}

type NumberControl = {
	[K in keyof Controls]-?: Exclude<Controls[K], undefined> extends number ? K : never;
}[keyof Controls];

/** Controls that are numbers, with the least that makes sense. */
const NUMBERS: { [key: string]: { field: NumberControl; least: number; bare?: number } } = {
	'latency-ms': { field: 'latencyMs', least: 0 },
	'tokens-per-second': { field: 'tokensPerSecond', least: 0 },
	'chunk-ms': { field: 'chunkMs', least: 0 },
	chunks: { field: 'chunks', least: 1 },
	'answer-bytes': { field: 'answerBytes', least: 0 },
	split: { field: 'split', least: 1, bare: 1 },
	fraction: { field: 'fraction', least: 0 },
	ms: { field: 'ms', least: 0 },
	'retry-after': { field: 'retryAfter', least: 0 },
	'retry-after-ms': { field: 'retryAfterMs', least: 0 },
	by: { field: 'by', least: Number.NEGATIVE_INFINITY },
	bytes: { field: 'bytes', least: 1 },
	times: { field: 'times', least: 0 },
};

function amount(key: string, value: string, least: number): number {
	const parsed = Number(value);
	if (value === '' || !Number.isFinite(parsed) || parsed < least) {
		throw new ControlError(`simulator control "${key}" needs a number of at least ${least}, not "${value}"`);
	}
	return parsed;
}

function flag(value: string): boolean {
	return value !== 'false' && value !== '0';
}

/** The other controls. */
const OTHERS: { [key: string]: (controls: Controls, value: string) => void } = {
	headers: (controls, value) => {
		controls.headersFirst = value === 'early';
	},
	crlf: (controls, value) => {
		controls.crlf = flag(value);
	},
	comments: (controls, value) => {
		controls.comments = flag(value);
	},
	error: (controls, value) => {
		controls.error = value;
	},
	fault: (controls, value) => {
		if (!isFault(value)) throw new ControlError(`the simulators know no fault "${value}"`);
		controls.fault = value;
	},
};

/** Delivery styles that may be written where a fault is expected. */
const STYLES = new Set(['split', 'crlf', 'comments']);

function set(controls: Controls, key: string, given: string): void {
	const name = key.trim().toLowerCase().replaceAll('_', '-');
	const value = given.trim();
	const numeric = Object.hasOwn(NUMBERS, name) ? NUMBERS[name] : undefined;
	if (numeric !== undefined) {
		controls[numeric.field] = value === '' && numeric.bare !== undefined ? numeric.bare : amount(name, value, numeric.least);
		return;
	}
	const other = Object.hasOwn(OTHERS, name) ? OTHERS[name] : undefined;
	if (other === undefined) throw new ControlError(`the simulators know no control "${name}"`);
	other(controls, value);
}

/**
 * Reads controls written as text: `fault=429&retry_after=2`, `cut;fraction=0.3`. Pairs are parted by `&`, `;` or `,`; a bare word is
 * a fault or a delivery style; `_` and `-` are one. Throws `ControlError`.
 */
export function parseControls(text: string, into: Controls = {}): Controls {
	for (const part of text.split(/[&;,]/)) {
		if (part.trim() === '') continue;
		const equals = part.indexOf('=');
		if (equals >= 0) set(into, part.slice(0, equals), part.slice(equals + 1));
		else if (STYLES.has(part.trim())) set(into, part, '');
		else set(into, 'fault', part);
	}
	return into;
}

/** Reads controls from an admin call's JSON; other keys are left to the caller (`others`). Throws `ControlError`. */
export function controlsFromJson(body: JsonObject, others: ReadonlySet<string>): Controls {
	const controls: Controls = {};
	for (const key in body) {
		const value: JsonValue | undefined = body[key];
		if (others.has(key) || value === undefined || value === null) continue;
		set(controls, key, String(value));
	}
	return controls;
}

/** Parts a model name from the controls written behind its `#`. */
export function splitModel(model: string): { model: string; suffix: string } {
	const at = model.indexOf('#');
	return at < 0 ? { model, suffix: '' } : { model: model.slice(0, at), suffix: model.slice(at + 1) };
}

const PREFIX = 'x-sim-';

/** Reads the `x-sim-*` headers: `x-sim-fault` takes the text form, the others one control each. Returns their text too. */
export function controlsFromHeaders(request: IncomingMessage, into: Controls): string {
	let seen = '';
	for (const name in request.headers) {
		if (!name.startsWith(PREFIX)) continue;
		const value = String(request.headers[name]);
		seen += `${name}=${value};`;
		if (name === 'x-sim-fault') parseControls(value, into);
		else set(into, name.slice(PREFIX.length), value);
	}
	return seen;
}
