import { tryParse } from './json.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** Length from which a native search beats a loop, in bytes. */
const SHORT = 48;

/** New values of top-level keys as JSON text; `undefined` removes one. */
export interface JsonChanges {
	[key: string]: string | undefined;
}

/** A member whose key is to change. Positions are byte offsets, ends exclusive. */
interface Hit {
	start: number;
	valueStart: number;
	end: number;
	/** End of the member before it; -1 for the first. */
	previousEnd: number;
	/** Start of the member after it; -1 for the last. */
	nextStart: number;
	value: string | undefined;
}

interface Scan {
	hits: Hit[];
	members: number;
	/** Position of the closing brace. */
	close: number;
	found: Set<string>;
}

/**
 * Sets and removes top-level keys of a JSON object in its bytes, leaving all others as they are: numbers keep their spelling, keys
 * their order, and a megabyte of text is not taken apart. A key that occurs twice is changed in both places; a new key is put
 * last. Returns the same buffer when nothing changes, and undefined where the bytes are not a JSON object.
 */
export function spliceTopLevel(body: Buffer, changes: JsonChanges): Buffer | undefined {
	const pieces = spliceTopLevelPieces(body, changes);
	return pieces?.length === 1 ? pieces[0] : pieces && Buffer.concat(pieces);
}

/** The same without the copy, which for large bodies costs more than all the rest: the pieces of the new body, in order. */
export function spliceTopLevelPieces(body: Buffer, changes: JsonChanges): Buffer[] | undefined {
	const scan = scanMembers(body, changes);
	if (scan === undefined) return undefined;
	const pieces: Buffer[] = [];
	let copied = 0;
	const replace = (start: number, end: number, text: string): void => {
		if (start > copied) pieces.push(body.subarray(copied, start));
		if (text !== '') pieces.push(Buffer.from(text));
		copied = end;
	};
	const removed = scan.hits.filter((hit) => hit.value === undefined);
	const tail = trailingRemovals(scan.hits);
	for (const hit of scan.hits) {
		if (hit.value !== undefined) replace(hit.valueStart, hit.end, hit.value);
		else if (hit === tail[0]) replace(hit.previousEnd < 0 ? hit.start : hit.previousEnd, tail.at(-1)?.end ?? hit.end, '');
		else if (!tail.includes(hit)) replace(hit.start, hit.nextStart, '');
	}
	const added = Object.keys(changes)
		.filter((key) => changes[key] !== undefined && !scan.found.has(key))
		.map((key) => `${JSON.stringify(key)}:${changes[key]}`);
	if (added.length > 0) replace(scan.close, scan.close, (scan.members > removed.length ? ',' : '') + added.join(','));
	if (pieces.length === 0) return [body];
	pieces.push(body.subarray(copied));
	return pieces;
}

/** The removed members after which none is kept: with them goes the comma before. */
function trailingRemovals(hits: readonly Hit[]): Hit[] {
	const tail: Hit[] = [];
	let next = -1;
	for (const hit of hits.toReversed()) {
		if (hit.value !== undefined || hit.nextStart !== next) break;
		tail.unshift(hit);
		next = hit.start;
	}
	return tail;
}

function scanMembers(body: Buffer, changes: JsonChanges): Scan | undefined {
	const scan: Scan = { hits: [], members: 0, close: -1, found: new Set() };
	let previousEnd = -1;
	let pending: Hit | undefined;
	let i = skipSpace(body, 0);
	if (body[i] !== OPEN_BRACE) return undefined;
	i = skipSpace(body, i + 1);
	if (body[i] === CLOSE_BRACE) return finish(body, scan, i);
	for (;;) {
		const start = i;
		if (body[i] !== QUOTE) return undefined;
		const keyEnd = skipString(body, i);
		i = skipSpace(body, keyEnd);
		if (body[i] !== COLON) return undefined;
		const valueStart = skipSpace(body, i + 1);
		const end = skipValue(body, valueStart);
		if (end <= valueStart) return undefined;
		scan.members++;
		if (pending !== undefined) pending.nextStart = start;
		pending = undefined;
		const key = keyOf(body, start, keyEnd);
		if (Object.hasOwn(changes, key)) {
			pending = { start, valueStart, end, previousEnd, nextStart: -1, value: changes[key] };
			scan.hits.push(pending);
			scan.found.add(key);
		}
		previousEnd = end;
		i = skipSpace(body, end);
		if (body[i] === CLOSE_BRACE) return finish(body, scan, i);
		if (body[i] !== COMMA) return undefined;
		i = skipSpace(body, i + 1);
	}
}

function finish(body: Buffer, scan: Scan, close: number): Scan | undefined {
	scan.close = close;
	return skipSpace(body, close + 1) === body.length ? scan : undefined;
}

/** The key between its quotes, escapes undone. */
function keyOf(body: Buffer, start: number, end: number): string {
	const text = body.toString('utf8', start, end);
	return text.includes('\\') ? String(tryParse(text) ?? text) : text.slice(1, -1);
}

function skipSpace(body: Buffer, from: number): number {
	let i = from;
	for (let byte = body[i]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = body[i]) i++;
	return i;
}

/** Position after the string that begins at `from`; the body's end where it does not close. */
function skipString(body: Buffer, from: number): number {
	let i = from + 1;
	for (;;) {
		const shortEnd = Math.min(i + SHORT, body.length);
		while (i < shortEnd) {
			const byte = body[i];
			if (byte === QUOTE) return i + 1;
			i += byte === BACKSLASH ? 2 : 1;
		}
		if (i >= body.length) return body.length;
		const quote = body.indexOf(QUOTE, i);
		if (quote < 0) return body.length;
		let slashes = quote;
		while (slashes > i && body[slashes - 1] === BACKSLASH) slashes--;
		i = quote + 1;
		if ((quote - slashes) % 2 === 0) return i;
	}
}

/** Position after the value that begins at `from`; `from` itself where none does. */
function skipValue(body: Buffer, from: number): number {
	const first = body[from];
	if (first === QUOTE) return skipString(body, from);
	if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipNested(body, from);
	let i = from;
	for (let byte = body[i]; byte !== undefined && isBare(byte); byte = body[i]) i++;
	return i;
}

/** Bytes of numbers and of true, false and null. */
function isBare(byte: number): boolean {
	return byte > 0x20 && byte !== COMMA && byte !== CLOSE_BRACE && byte !== CLOSE_BRACKET && byte !== COLON && byte !== QUOTE;
}

const OPENS = 1;
const CLOSES = 2;
const QUOTES = 3;
/** What a byte means to the nesting: a look-up is twice as fast as comparing with each. */
const MEANING = new Uint8Array(256);
MEANING[OPEN_BRACE] = OPENS;
MEANING[OPEN_BRACKET] = OPENS;
MEANING[CLOSE_BRACE] = CLOSES;
MEANING[CLOSE_BRACKET] = CLOSES;
MEANING[QUOTE] = QUOTES;

function skipNested(body: Buffer, from: number): number {
	let depth = 0;
	const length = body.length;
	for (let i = from; i < length; i++) {
		const meaning = MEANING[body[i] ?? 0];
		if (meaning === 0) continue;
		if (meaning === QUOTES) i = skipString(body, i) - 1;
		else if (meaning === OPENS) depth++;
		else if (--depth === 0) return i + 1;
	}
	return length;
}
