import { sseEvent } from '../../lib/sse.ts';
import type { Extensible, JsonObject } from '../../spec/index.ts';
import { refill } from './dialect.ts';

/** An event with its fields, and what the dialect itself left on the part it tells. */
export function event(type: string, fields: JsonObject, node: Extensible): string {
	const { id, ...rest } = fields;
	return sseEvent(JSON.stringify(refill({ ...(id === undefined ? {} : { id }), type, ...rest }, node)), type);
}

/** More of a block of content. */
export function contentDelta(index: number, content: JsonObject, node: Extensible): string {
	return event('content-delta', { index, delta: { message: { content } } }, node);
}

/** More of the plan before calls. */
export function planDelta(text: string, node: Extensible): string {
	return event('tool-plan-delta', { delta: { message: { tool_plan: text } } }, node);
}

/** More of a call's arguments. */
export function callDelta(index: number, input: string, node: Extensible): string {
	return event('tool-call-delta', { index, delta: { message: { tool_calls: { function: { arguments: input } } } } }, node);
}
