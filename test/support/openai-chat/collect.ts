import type { ContentPart, StopKind, StreamPart, Usage } from '../../../src/spec/index.ts';

/** What a streamed answer amounts to, candidate by candidate. */
export interface Collected {
	candidates: { [index: number]: { content: ContentPart[]; stop: StopKind | undefined } };
	usage: Usage | undefined;
	ended: boolean;
	failed: boolean;
}

/** Everything `value` says apart from what single dialects keep for themselves. */
export function withoutExtensions<T>(value: T): T {
	if (Array.isArray(value)) return value.map((item) => withoutExtensions(item)) as T;
	if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
	const copy: { [key: string]: unknown } = {};
	for (const [key, item] of Object.entries(value)) if (key !== 'extensions') copy[key] = withoutExtensions(item);
	return copy as T;
}

function addTo(part: ContentPart, delta: StreamPart): ContentPart {
	if (delta.type === 'text-delta' && (part.type === 'text' || part.type === 'refusal')) {
		return { ...part, text: part.text + delta.text };
	}
	if (delta.type === 'tool-input-delta' && part.type === 'tool-call') return { ...part, input: part.input + delta.input };
	if (delta.type === 'reasoning-delta' && part.type === 'reasoning') {
		const { text, summary, signature, encrypted } = delta;
		return {
			...part,
			...(text === undefined ? {} : { text: (part.text ?? '') + text }),
			...(summary === undefined ? {} : { summary: [(part.summary ?? []).join('') + summary] }),
			...(signature === undefined ? {} : { signature }),
			...(encrypted === undefined ? {} : { encrypted }),
		};
	}
	if (delta.type === 'citation' && part.type === 'text')
		return { ...part, citations: [...(part.citations ?? []), delta.citation] };
	return part;
}

/** Puts the parts of a stream together. */
export function collect(parts: StreamPart[]): Collected {
	const collected: Collected = { candidates: {}, usage: undefined, ended: false, failed: false };
	const blocks = new Map<number, { candidate: number; at: number }>();
	const candidate = (index: number) => {
		collected.candidates[index] ??= { content: [], stop: undefined };
		return collected.candidates[index];
	};
	for (const part of parts) {
		if (part.type === 'block-start') {
			const { content } = candidate(part.candidate);
			blocks.set(part.block, { candidate: part.candidate, at: content.length });
			content.push(part.content);
		} else if ('block' in part) {
			const place = blocks.get(part.block);
			const content = place === undefined ? undefined : candidate(place.candidate).content;
			const there = content?.[place?.at ?? 0];
			if (content !== undefined && place !== undefined && there !== undefined) content[place.at] = addTo(there, part);
		} else if (part.type === 'finish') candidate(part.candidate).stop = part.stop.kind;
		else if (part.type === 'usage') collected.usage = part.usage;
		else if (part.type === 'end') collected.ended = true;
		else if (part.type === 'error') collected.failed = true;
	}
	return collected;
}

/** The canonical promise: blocks open once, deltas fall into open blocks, one block at a time for each candidate. */
export function orderFaults(parts: StreamPart[]): string[] {
	const faults: string[] = [];
	const open = new Map<number, number>();
	let next = 0;
	for (const part of parts) {
		if (part.type === 'block-start') {
			if (part.block !== next) faults.push(`block ${part.block} in place of ${next}`);
			next = part.block + 1;
			if ([...open.values()].includes(part.candidate)) faults.push(`block ${part.block} opened beside another`);
			open.set(part.block, part.candidate);
		} else if (part.type === 'block-end') {
			if (!open.delete(part.block)) faults.push(`block ${part.block} closed, not open`);
		} else if ('block' in part && !open.has(part.block)) faults.push(`${part.type} for block ${part.block}, not open`);
		else if (part.type === 'finish' && [...open.values()].includes(part.candidate)) faults.push('finish with an open block');
	}
	if (parts.at(-1)?.type === 'end' && open.size > 0) faults.push('end with an open block');
	return faults;
}
