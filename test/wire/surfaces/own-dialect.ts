import { isDeepStrictEqual } from 'node:util';
import { frameScanner } from '../../../src/lib/frame-scanner.ts';
import type { ChatResponse, EncodeResponseContext, StreamPart } from '../../../src/spec/index.ts';
import { accumulate } from '../../../src/testing/index.ts';
import type { Told } from './corpus.ts';

const CONTEXT: EncodeResponseContext = { model: 'shown-model', now: 1_700_000_000, id: 'fallback-id', streamUsage: true };

/** The parts of a stream after its own dialect has written them and read them again. */
function again({ dialect }: Told, parts: readonly StreamPart[]): StreamPart[] {
	const encoder = dialect.streamEncoder(CONTEXT);
	const texts = parts.map((part) => (part.type === 'error' ? dialect.encodeStreamError(part.error, 'id') : encoder.push(part)));
	const scanner = frameScanner(dialect.framing);
	const frames = scanner.push(Buffer.from(texts.join(''), dialect.streamCharset ?? 'utf8'));
	const last = scanner.end();
	const decoder = dialect.streamDecoder();
	const whole = last === undefined ? frames : [...frames, last];
	return [...whole.filter(({ data }) => data !== '').flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

function saidBy(parts: readonly StreamPart[]): ChatResponse | string {
	try {
		return accumulate(parts);
	} catch (error) {
		return String(error);
	}
}

/** Without signs of zeros, which no JSON keeps. */
function plain(value: unknown): unknown {
	return JSON.parse(JSON.stringify(value)) as unknown;
}

/**
 * Whether an answer comes back from its own dialect with nothing lost: one in one piece with every field of its body, a stream with
 * everything it says. Errors are judged by the clients that read them.
 */
export function comesBack(answer: Told): boolean {
	if (!answer.streamed)
		return isDeepStrictEqual(plain(answer.dialect.encodeResponse(answer.response(), CONTEXT).value), answer.body);
	const parts = answer.parts();
	return isDeepStrictEqual(plain(saidBy(again(answer, parts))), plain(saidBy(parts)));
}
