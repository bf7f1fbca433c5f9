import { anthropicMessages, openaiChat } from '../../../src/dialects/index.ts';
import { tryParse } from '../../../src/lib/json.ts';
import { SseScanner } from '../../../src/lib/sse.ts';
import {
	type Candidate,
	type ChatResponse,
	type ContentPart,
	type Dialect,
	type Frame,
	isRelaisError,
	type JsonValue,
	type RelaisError,
	type StreamPart,
} from '../../../src/spec/index.ts';
import type { Answer, SurfaceName } from './recordings.ts';

export const DIALECT_OF: { readonly [surface in SurfaceName]: Dialect } = { chat: openaiChat, messages: anthropicMessages };

export function otherOf(surface: SurfaceName): SurfaceName {
	return surface === 'chat' ? 'messages' : 'chat';
}

/** An answer in canonical form, streamed or not. */
export interface Canonical {
	response: ChatResponse;
	/** The error the vendor reported, in place of an answer or in its middle. */
	error: RelaisError | undefined;
	/** Whether the stream says that the answer is whole. */
	complete: boolean;
}

/** The frames of a body. */
export function framesOf(bytes: Buffer): Frame[] {
	const scanner = new SseScanner();
	const frames: Frame[] = scanner.push(bytes);
	const last = scanner.end();
	return (last === undefined ? frames : [...frames, last]).filter((frame) => frame.data !== '');
}

/** The parts of a streamed answer; a frame that cannot be read is an error part, as in the program. */
export function partsOf(dialect: Dialect, bytes: Buffer): StreamPart[] {
	const decoder = dialect.streamDecoder();
	const parts: StreamPart[] = [];
	try {
		for (const frame of framesOf(bytes)) parts.push(...decoder.push(frame));
		parts.push(...decoder.end());
	} catch (error) {
		if (!isRelaisError(error)) throw error;
		parts.push({ type: 'error', error });
	}
	return parts;
}

type Grow = (content: ContentPart, part: StreamPart) => void;

const GROW: { [type: string]: Grow } = {
	'text-delta': (content, part) => {
		if (part.type !== 'text-delta' || !('text' in content)) return;
		content.text = (content.text ?? '') + part.text;
		if (part.signature !== undefined && content.type === 'text') content.signature = part.signature;
	},
	'reasoning-delta': (content, part) => {
		if (part.type !== 'reasoning-delta' || content.type !== 'reasoning') return;
		if (part.text !== undefined) content.text = (content.text ?? '') + part.text;
		if (part.signature !== undefined) content.signature = part.signature;
		if (part.encrypted !== undefined) content.encrypted = part.encrypted;
		if (part.summary !== undefined) {
			const summary = [...(content.summary ?? [])];
			const index = part.summaryIndex ?? Math.max(0, summary.length - 1);
			summary[index] = (summary[index] ?? '') + part.summary;
			content.summary = summary;
		}
	},
	'tool-input-delta': (content, part) => {
		if (part.type !== 'tool-input-delta' || content.type !== 'tool-call') return;
		content.input += part.input;
		if (part.signature !== undefined) content.signature = part.signature;
	},
	'media-delta': (content, part) => {
		if (part.type !== 'media-delta' || content.type !== 'audio') return;
		if (part.transcript !== undefined) content.transcript = (content.transcript ?? '') + part.transcript;
		if (part.data !== undefined && content.source.type === 'base64')
			content.source = { ...content.source, data: content.source.data + part.data };
	},
	citation: (content, part) => {
		if (part.type === 'citation' && content.type === 'text') content.citations = [...(content.citations ?? []), part.citation];
	},
};

function candidateOf(response: ChatResponse, index: number): Candidate {
	const known = response.candidates.find((candidate) => candidate.index === index);
	if (known !== undefined) return known;
	const candidate: Candidate = { index, content: [] };
	response.candidates.push(candidate);
	return candidate;
}

/** Puts the parts of a stream together. */
export function gather(parts: readonly StreamPart[]): Canonical {
	const response: ChatResponse = { candidates: [] };
	const blocks = new Map<number, ContentPart>();
	let error: RelaisError | undefined;
	let complete = false;
	for (const part of parts) {
		if (part.type === 'start') {
			const { type: _type, extensions: _extensions, ...facts } = part;
			Object.assign(response, facts);
		} else if (part.type === 'block-start') {
			const content = structuredClone(part.content);
			blocks.set(part.block, content);
			candidateOf(response, part.candidate).content.push(content);
		} else if (part.type === 'finish') candidateOf(response, part.candidate).stop = part.stop;
		else if (part.type === 'usage') response.usage = part.usage;
		else if (part.type === 'error') error = part.error;
		else if (part.type === 'end') complete = true;
		else if ('block' in part) {
			const content = blocks.get(part.block);
			if (content !== undefined) GROW[part.type]?.(content, part);
		}
	}
	return { response, error, complete };
}

/** What a vendor's answer says, by its own dialect. */
export function decodeAnswer(dialect: Dialect, answer: Pick<Answer, 'bytes' | 'headers' | 'status' | 'streamed'>): Canonical {
	if (answer.streamed) return gather(partsOf(dialect, answer.bytes));
	const text = answer.bytes.toString('utf8');
	const body: JsonValue = tryParse(text) ?? text;
	const failed = (error: RelaisError): Canonical => ({ response: { candidates: [] }, error, complete: false });
	if (answer.status > 299) return failed(dialect.decodeError(answer.status, answer.headers, body));
	try {
		return { response: dialect.decodeResponse(body).value, error: undefined, complete: true };
	} catch (error) {
		if (isRelaisError(error)) return failed(error);
		throw error;
	}
}
