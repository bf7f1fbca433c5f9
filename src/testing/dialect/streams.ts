import { frameScanner } from '../../lib/frame-scanner.ts';
import {
	type ChatResponse,
	type ContentPart,
	type Dialect,
	type Frame,
	isRelaisError,
	type StreamPart,
	type StreamTap,
} from '../../spec/index.ts';
import { accumulate } from '../accumulate.ts';
import { ensure, ensureNone, show } from '../check.ts';
import { streamFault } from '../stream-grammar.ts';
import { RESPONSE_CONTEXT } from './bodies.ts';
import { ensureKept, frozen } from './compare.ts';
import { responseEssence } from './essence.ts';
import type { Sample } from './samples.ts';

/** Characters in one delta: odd, so that pairs and escapes are cut. */
const PIECE = 5;

function pieces(text: string): string[] {
	const characters = Array.from(text);
	const found: string[] = [];
	for (let i = 0; i < characters.length; i += PIECE) found.push(characters.slice(i, i + PIECE).join(''));
	return found;
}

/** A part as a block: how it opens, and what follows. */
function blockOf(part: ContentPart, block: number): { content: ContentPart; deltas: StreamPart[] } {
	switch (part.type) {
		case 'text':
		case 'refusal':
			return {
				content: { ...part, text: '' },
				deltas: pieces(part.text).map((text) => ({ type: 'text-delta', block, text })),
			};
		case 'reasoning': {
			const { text = '', signature, ...rest } = part;
			const deltas: StreamPart[] = pieces(text).map((piece) => ({ type: 'reasoning-delta', block, text: piece }));
			if (signature !== undefined) deltas.push({ type: 'reasoning-delta', block, signature });
			return { content: rest, deltas };
		}
		case 'tool-call':
			return {
				content: { ...part, input: '' },
				deltas: pieces(part.input).map((input) => ({ type: 'tool-input-delta', block, input })),
			};
		default:
			return { content: part, deltas: [] };
	}
}

/** A whole answer, told piece by piece. */
export function tell(response: ChatResponse): StreamPart[] {
	const { candidates, usage, ...known } = response;
	const parts: StreamPart[] = [{ type: 'start', ...known }];
	let block = 0;
	for (const { index: candidate, content, stop } of candidates) {
		for (const part of content) {
			const { content: opening, deltas } = blockOf(part, block);
			parts.push({ type: 'block-start', block, candidate, content: opening }, ...deltas, { type: 'block-end', block });
			block++;
		}
		if (stop !== undefined) parts.push({ type: 'finish', candidate, stop });
	}
	if (usage !== undefined) parts.push({ type: 'usage', usage });
	return [...parts, { type: 'end' }];
}

/** A stream's text as frames. Fails where it is not whole frames of data. */
export function framesOf(dialect: Dialect, text: string): Frame[] {
	const scanner = frameScanner(dialect.framing);
	const frames = scanner.push(Buffer.from(text, dialect.streamCharset ?? 'utf8'));
	ensure(scanner.pending === 0, `the encoder writes a broken frame: ${show(text)}`);
	return frames.filter(({ data }) => data !== '').map(({ event, data }) => ({ event, data }));
}

/** Parts as the dialect's frames, and what it could not carry. */
export function encode(dialect: Dialect, parts: readonly StreamPart[]) {
	const encoder = dialect.streamEncoder(RESPONSE_CONTEXT);
	const frames = parts.flatMap((part) => framesOf(dialect, encoder.push(frozenPart(part))));
	return { frames, warnings: encoder.warnings() };
}

function frozenPart(part: StreamPart): StreamPart {
	return part.type === 'error' ? part : frozen(part);
}

/** Frames as parts. An error thrown counts as the stream's last part. */
export function decode(dialect: Dialect, frames: readonly Frame[]): StreamPart[] {
	const decoder = dialect.streamDecoder();
	const parts: StreamPart[] = [];
	try {
		for (const frame of frames) parts.push(...decoder.push(frame));
		parts.push(...decoder.end());
	} catch (error) {
		if (!isRelaisError(error)) throw error;
		parts.push({ type: 'error', error });
	}
	return parts;
}

/** A streamed answer written and read says what it said. */
export function streamsResponse(dialect: Dialect, sample: Sample<ChatResponse>): void {
	const { frames, warnings } = encode(dialect, tell(sample.value));
	ensureJson(frames);
	const parts = decode(dialect, frames);
	ensureNone(streamFault(parts));
	ensureKept(sample, responseEssence(sample.value), responseEssence(accumulate(parts)), warnings);
}

/** All frames hold JSON; the last may be an end mark of another form. */
function ensureJson(frames: readonly Frame[]): void {
	for (const [index, { data }] of frames.entries()) {
		if (index === frames.length - 1 && /^\[[A-Z]+\]$/.test(data)) continue;
		try {
			JSON.parse(data);
		} catch {
			ensure(false, `frame ${index} holds no JSON: ${show(data)}`);
		}
	}
}

function tap(dialect: Dialect, frames: readonly Frame[]): StreamTap {
	const found = dialect.streamTap({ dropUsage: false });
	for (const [index, frame] of frames.entries())
		ensure(found.frame(frame) === 'forward', `the tap drops frame ${index}, which nobody asked it to`);
	return found;
}

/** The pass-through lane reads from a stream what the canonical one does. */
export function tapsStream(dialect: Dialect, sample: Sample<ChatResponse>): void {
	const { frames } = encode(dialect, tell(sample.value));
	const seen = tap(dialect, frames);
	const { inputTokens, outputTokens } = sample.value.usage ?? {};
	ensure(seen.error === undefined, `the tap sees an error: ${seen.error?.message}`);
	ensure(seen.complete, 'the tap does not see that the stream is complete');
	ensure(
		seen.usage?.inputTokens === inputTokens && seen.usage?.outputTokens === outputTokens,
		`the tap reads ${show(seen.usage)} where the answer used ${inputTokens} and ${outputTokens} tokens`,
	);
	ensure(seen.finish !== undefined, 'the tap reads no finish reason');
	ensure(seen.model === sample.value.model, `the tap reads the model ${show(seen.model)}`);
	const content = sample.value.candidates.flatMap((candidate) => candidate.content);
	if (content.length > 0) ensure(seen.started && seen.outputChars > 0, 'the tap sees no content');
	ensure(seen.closing() === '', `the tap would add ${show(seen.closing())} to a whole stream`);
}

/** A stream cut between two frames is whole only where nothing of the answer is missing. */
export function noticesCuts(dialect: Dialect, sample: Sample<ChatResponse>): void {
	const { frames } = encode(dialect, tell(sample.value));
	const whole = responseEssence(accumulate(decode(dialect, frames)));
	for (let length = 0; length < frames.length; length++) {
		const cut = frames.slice(0, length);
		const parts = decode(dialect, cut);
		const last = parts.at(-1)?.type;
		const where = `a stream cut after ${length} of ${frames.length} frames`;
		const complete = last === 'end';
		if (complete) {
			const { content, stop } = responseEssence(accumulate(parts));
			ensure(show([content, stop]) === show([whole.content, whole.stop]), `${where} passes for whole`);
		}
		ensure(
			tap(dialect, cut).complete === complete,
			`${where} is ${complete ? '' : 'not '}complete for the decoder, otherwise for the tap`,
		);
	}
}
