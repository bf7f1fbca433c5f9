import {
	type Candidate,
	type ChatResponse,
	type ContentPart,
	type Extensible,
	type MediaSource,
	RelaisError,
	type StreamPart,
	type TokenLogprob,
} from '../spec/index.ts';

type Of<T extends StreamPart['type']> = Extract<StreamPart, { type: T }>;

interface Block {
	candidate: Candidate;
	part: ContentPart;
}

/** An answer while its parts come. */
class Growing {
	readonly response: ChatResponse = { candidates: [] };
	ended = false;
	readonly #candidates = new Map<number, Candidate>();
	readonly #blocks = new Map<number, Block>();

	candidate(index: number): Candidate {
		const known = this.#candidates.get(index);
		if (known !== undefined) return known;
		const candidate: Candidate = { index, content: [] };
		this.#candidates.set(index, candidate);
		this.response.candidates = [...this.#candidates.values()].sort((a, b) => a.index - b.index);
		return candidate;
	}

	open({ block, candidate: index, content }: Of<'block-start'>): void {
		const candidate = this.candidate(index);
		const part = structuredClone(content);
		candidate.content.push(part);
		this.#blocks.set(block, { candidate, part });
	}

	block(block: number): Block {
		const found = this.#blocks.get(block);
		if (found === undefined) throw new RelaisError('provider_protocol', `a piece of block ${block}, which was not opened`);
		return found;
	}
}

type Handlers = { readonly [type in StreamPart['type']]: (growing: Growing, part: Of<type>) => void };

const HANDLERS: Handlers = {
	start: ({ response }, { type: _, ...known }) => {
		Object.assign(response, structuredClone(known));
	},
	'block-start': (growing, part) => growing.open(part),
	'text-delta': (growing, delta) => {
		const { candidate, part } = growing.block(delta.block);
		if (part.type !== 'text' && part.type !== 'refusal') throw misplaced(delta.type, part);
		part.text += delta.text;
		if (part.type === 'text' && delta.signature !== undefined) part.signature = delta.signature;
		extend(part, delta);
		if (delta.logprobs !== undefined) addLogprobs(candidate, part, delta.logprobs);
	},
	'reasoning-delta': (growing, delta) => {
		const { part } = growing.block(delta.block);
		if (part.type !== 'reasoning') throw misplaced(delta.type, part);
		if (delta.text !== undefined) part.text = (part.text ?? '') + delta.text;
		if (delta.summary !== undefined) {
			const index = delta.summaryIndex ?? Math.max(0, (part.summary?.length ?? 0) - 1);
			const summary = part.summary ?? [];
			while (summary.length <= index) summary.push('');
			summary[index] += delta.summary;
			part.summary = summary;
		}
		if (delta.signature !== undefined) part.signature = delta.signature;
		if (delta.encrypted !== undefined) part.encrypted = delta.encrypted;
		extend(part, delta);
	},
	'tool-input-delta': (growing, delta) => {
		const { part } = growing.block(delta.block);
		if (part.type !== 'tool-call') throw misplaced(delta.type, part);
		part.input += delta.input;
		if (delta.signature !== undefined) part.signature = delta.signature;
		extend(part, delta);
	},
	'media-delta': (growing, delta) => {
		const { part } = growing.block(delta.block);
		if (!('source' in part) || typeof part.source === 'string') throw misplaced(delta.type, part);
		if (delta.data !== undefined) addData(part.source, delta.data);
		if (delta.transcript !== undefined && part.type === 'audio') part.transcript = (part.transcript ?? '') + delta.transcript;
		extend(part, delta);
	},
	citation: (growing, delta) => {
		const { part } = growing.block(delta.block);
		if (part.type !== 'text') throw misplaced(delta.type, part);
		part.citations = [...(part.citations ?? []), delta.citation];
	},
	'block-end': (growing, part) => extend(growing.block(part.block).part, part),
	finish: (growing, part) => {
		const candidate = growing.candidate(part.candidate);
		candidate.stop = part.stop;
		extend(candidate, part);
	},
	usage: ({ response }, part) => {
		response.usage = part.usage;
	},
	end: (growing, part) => {
		growing.ended = true;
		extend(growing.response, part);
	},
	error: (_, part) => {
		throw part.error;
	},
	ping: () => undefined,
	'vendor-event': () => undefined,
};

/**
 * The whole answer a stream tells. Pure. The last `usage` counts; texts, inputs and media data are joined; extensions of deltas are
 * laid over those of their part. Throws the error of an `error` part, `stream_interrupted` where the `end` is missing, and
 * `provider_protocol` for a delta that does not fit its block.
 */
export function accumulate(parts: Iterable<StreamPart>): ChatResponse {
	const growing = new Growing();
	for (const part of parts) handle(growing, part);
	if (!growing.ended) throw new RelaisError('stream_interrupted', 'the stream ended before the answer was complete');
	return growing.response;
}

function handle<T extends StreamPart['type']>(growing: Growing, part: Of<T> & { type: T }): void {
	const handler: (growing: Growing, part: Of<T>) => void = HANDLERS[part.type];
	handler(growing, part);
}

function misplaced(type: string, part: ContentPart): RelaisError {
	return new RelaisError('provider_protocol', `a ${type} for a block of type ${part.type}`);
}

function extend(node: Extensible, from: Extensible): void {
	for (const [dialect, fields] of Object.entries(from.extensions ?? {}))
		node.extensions = { ...node.extensions, [dialect]: { ...node.extensions?.[dialect], ...fields } };
}

function addLogprobs(candidate: Candidate, part: ContentPart, logprobs: TokenLogprob[]): void {
	const field = part.type === 'refusal' ? 'refusalLogprobs' : 'logprobs';
	candidate[field] = [...(candidate[field] ?? []), ...logprobs];
}

function addData(source: MediaSource | { type: 'parts' }, data: string): void {
	if (source.type === 'base64') source.data += data;
	else if (source.type === 'text') source.text += data;
	else throw new RelaisError('provider_protocol', `media data for a source of type ${source.type}`);
}
