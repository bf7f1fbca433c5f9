import type { Frame, JsonObject } from '../../../src/spec/index.ts';

/** What a streamed answer of the Converse API says, whatever pieces it came in. Padding (`p`) says nothing. */
export interface ConverseAnswer {
	/** The start of the message. */
	message: JsonObject;
	/** Blocks in order: their start, texts joined, lists put together. */
	blocks: JsonObject[];
	stop: JsonObject;
	metadata: JsonObject;
	/** Names of events and of deltas' members unknown here. */
	unknown: string[];
}

interface Delta {
	text?: string;
	toolUse?: { input: string };
	reasoningContent?: { text?: string; signature?: string; redactedContent?: string };
	citation?: JsonObject;
	toolResult?: JsonObject[];
	image?: JsonObject;
}

interface Event {
	p?: string;
	contentBlockIndex?: number;
	start?: JsonObject;
	delta?: Delta;
}

/** Puts the frames of a stream together. */
export function accumulateConverse(frames: readonly Frame[]): ConverseAnswer {
	const answer: ConverseAnswer = { message: {}, blocks: [], stop: {}, metadata: {}, unknown: [] };
	for (const { event: name, data } of frames) {
		const { p: _, ...event } = JSON.parse(data) as Event & JsonObject;
		const index = event.contentBlockIndex ?? 0;
		if (name === 'messageStart') answer.message = event;
		else if (name === 'messageStop') answer.stop = event;
		else if (name === 'metadata') answer.metadata = event;
		else if (name === 'contentBlockStart') answer.blocks[index] = { start: event.start };
		else if (name === 'contentBlockDelta')
			answer.blocks[index] = joined(answer.blocks[index] ?? {}, event.delta ?? {}, answer.unknown);
		else if (name !== 'contentBlockStop') answer.unknown.push(name);
	}
	return answer;
}

const text = (value: JsonObject[string]): string => (typeof value === 'string' ? value : '');
const list = (value: JsonObject[string]): JsonObject[] => (Array.isArray(value) ? (value as JsonObject[]) : []);

function joined(block: JsonObject, delta: Delta, unknown: string[]): JsonObject {
	const next: JsonObject = { ...block };
	for (const member of Object.keys(delta)) {
		if (member === 'text') next.text = text(next.text) + (delta.text ?? '');
		else if (member === 'toolUse') next.input = text(next.input) + (delta.toolUse?.input ?? '');
		else if (member === 'citation') next.citations = [...list(next.citations), delta.citation ?? {}];
		else if (member === 'toolResult') next.result = [...list(next.result), ...(delta.toolResult ?? [])];
		else if (member === 'image') next.image = { ...delta.image };
		else if (member === 'reasoningContent') {
			for (const [key, value] of Object.entries(delta.reasoningContent ?? {}))
				next[`reasoning.${key}`] = text(next[`reasoning.${key}`]) + value;
		} else unknown.push(member);
	}
	return next;
}
