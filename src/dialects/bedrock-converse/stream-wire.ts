import { awsEventMessage } from '../../lib/aws-event-stream.ts';
import type { JsonObject } from '../../spec/index.ts';

/** One event of a stream. The framing is binary: each character of the text is one byte. */
export function event(name: string, data: JsonObject): string {
	return awsEventMessage({ event: name, data: JSON.stringify(data) }).toString('latin1');
}

export function blockStart(index: number, start: JsonObject): string {
	return event('contentBlockStart', { contentBlockIndex: index, start });
}

export function blockDelta(index: number, delta: JsonObject): string {
	return event('contentBlockDelta', { contentBlockIndex: index, delta });
}

export function blockStop(index: number): string {
	return event('contentBlockStop', { contentBlockIndex: index });
}
