import type { Candidate, ChatResponse, ContentPart, StreamPart, TokenLogprob } from '../spec/index.ts';

interface Logprobs {
	logprobs?: TokenLogprob[] | undefined;
	refusalLogprobs?: TokenLogprob[] | undefined;
}

/** A part of an answer as a block: how it opens, and what follows. */
function blockOf(part: ContentPart, block: number, { logprobs, refusalLogprobs }: Logprobs): [ContentPart, StreamPart[]] {
	switch (part.type) {
		case 'text': {
			const { signature, citations = [], ...content } = part;
			const delta: StreamPart = { type: 'text-delta', block, text: part.text };
			if (signature !== undefined) delta.signature = signature;
			if (logprobs !== undefined) delta.logprobs = logprobs;
			return [
				{ ...content, text: '' },
				[delta, ...citations.map((citation) => ({ type: 'citation' as const, block, citation }))],
			];
		}
		case 'refusal': {
			const delta: StreamPart = { type: 'text-delta', block, text: part.text };
			if (refusalLogprobs !== undefined) delta.logprobs = refusalLogprobs;
			return [{ ...part, text: '' }, [delta]];
		}
		case 'reasoning': {
			const { text, signature, ...content } = part;
			const deltas: StreamPart[] = [];
			if (text !== undefined) deltas.push({ type: 'reasoning-delta', block, text });
			if (signature !== undefined) deltas.push({ type: 'reasoning-delta', block, signature });
			return [content, deltas];
		}
		case 'tool-call':
			return [{ ...part, input: '' }, [{ type: 'tool-input-delta', block, input: part.input }]];
		default:
			return [part, []];
	}
}

/** Log-probabilities are told with the first text they are about. */
function* candidateParts(candidate: Candidate, first: number): Generator<StreamPart> {
	const { index, content, stop, extensions, logprobs, refusalLogprobs } = candidate;
	const told = new Set<ContentPart['type']>();
	for (const [offset, part] of content.entries()) {
		const block = first + offset;
		const fresh = !told.has(part.type);
		told.add(part.type);
		const [opening, deltas] = blockOf(part, block, fresh ? { logprobs, refusalLogprobs } : {});
		yield { type: 'block-start', block, candidate: index, content: opening };
		yield* deltas;
		yield { type: 'block-end', block };
	}
	if (stop !== undefined) yield { type: 'finish', candidate: index, stop, ...(extensions === undefined ? {} : { extensions }) };
}

/** The parts in which a stream would tell a whole answer, one delta a block. `accumulate` undoes it. */
export function* partsOf(response: ChatResponse): Generator<StreamPart> {
	const { candidates, usage, ...known } = response;
	yield { type: 'start', ...known };
	let block = 0;
	for (const candidate of candidates) {
		yield* candidateParts(candidate, block);
		block += candidate.content.length;
	}
	if (usage !== undefined) yield { type: 'usage', usage };
	yield { type: 'end' };
}
