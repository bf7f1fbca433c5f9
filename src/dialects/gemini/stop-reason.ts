import type { JsonObject, JsonValue, StopKind, StopReason } from '../../spec/index.ts';
import { extend } from '../shared/index.ts';
import { DIALECT, lookup, mark } from './dialect.ts';

const KINDS: { [reason: string]: StopKind } = {
	STOP: 'stop',
	MAX_TOKENS: 'length',
	SAFETY: 'content_filter',
	RECITATION: 'content_filter',
	LANGUAGE: 'content_filter',
	BLOCKLIST: 'content_filter',
	PROHIBITED_CONTENT: 'content_filter',
	SPII: 'content_filter',
	MODEL_ARMOR: 'content_filter',
	IMAGE_SAFETY: 'content_filter',
	IMAGE_PROHIBITED_CONTENT: 'content_filter',
	IMAGE_RECITATION: 'content_filter',
	MALFORMED_FUNCTION_CALL: 'malformed_tool_call',
	UNEXPECTED_TOOL_CALL: 'malformed_tool_call',
	TOO_MANY_TOOL_CALLS: 'malformed_tool_call',
	MALFORMED_RESPONSE: 'error',
	MISSING_THOUGHT_SIGNATURE: 'error',
};

/** Reasons by their number, as the API tells clients that ask for enums as numbers. */
export const NUMBERED = [
	...['FINISH_REASON_UNSPECIFIED', 'STOP', 'MAX_TOKENS', 'SAFETY', 'RECITATION', 'OTHER', 'LANGUAGE', 'BLOCKLIST'],
	...['PROHIBITED_CONTENT', 'SPII', 'MALFORMED_FUNCTION_CALL', 'IMAGE_SAFETY', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS'],
	...['IMAGE_PROHIBITED_CONTENT', 'IMAGE_OTHER', 'NO_IMAGE', 'IMAGE_RECITATION'],
];
/** Reasons a prompt is refused for, by their number. */
export const BLOCKED = ['BLOCK_REASON_UNSPECIFIED', 'SAFETY', 'OTHER', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'IMAGE_SAFETY'];

/** The nearest of the closed list of reasons clients of this dialect know. Calls end with the ordinary one. */
const REASONS: { [kind in StopKind]: string } = {
	stop: 'STOP',
	stop_sequence: 'STOP',
	tool_calls: 'STOP',
	length: 'MAX_TOKENS',
	context_overflow: 'MAX_TOKENS',
	content_filter: 'SAFETY',
	refusal: 'SAFETY',
	malformed_tool_call: 'MALFORMED_FUNCTION_CALL',
	pause: 'OTHER',
	compaction: 'OTHER',
	error: 'OTHER',
	other: 'OTHER',
};

/** The name of a reason that may have come as a number. */
export function reasonName(value: JsonValue | undefined, names: readonly string[] = NUMBERED): string | undefined {
	if (typeof value === 'number') return names[value] ?? String(value);
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Reads why a candidate ended; undefined while nothing says so. `calls`: it asks the application for a tool. */
export function decodeStop(candidate: JsonObject, calls: boolean): StopReason | undefined {
	const { finishReason, finishMessage } = candidate;
	const raw = reasonName(finishReason);
	if (raw === undefined) return undefined;
	const kind = lookup(KINDS, raw) ?? 'other';
	const stop: StopReason = { kind: kind === 'stop' && calls ? 'tool_calls' : kind, raw };
	if (typeof finishMessage === 'string') stop.message = finishMessage;
	return { ...stop, ...extend(DIALECT, { $reason: finishReason }) };
}

/** Reads why a prompt was refused before any answer; undefined where it was not. */
export function decodeBlock(feedback: JsonObject): StopReason | undefined {
	const raw = reasonName(feedback.blockReason, BLOCKED);
	if (raw === undefined) return undefined;
	const message = feedback.blockReasonMessage;
	return {
		kind: 'content_filter',
		raw,
		...(typeof message === 'string' ? { message } : {}),
		...extend(DIALECT, { $blocked: true }),
	};
}

/** Whether the prompt was refused and there is no candidate to tell of it. */
export function isBlock(stop: StopReason | undefined): boolean {
	return stop !== undefined && mark(stop, '$blocked') === true;
}

/** The fields `finishReason` and `finishMessage`. */
export function encodeStop(stop: StopReason): JsonObject {
	const kept = mark(stop, '$reason');
	const wire: JsonObject = { finishReason: kept ?? REASONS[stop.kind] };
	if (stop.message !== undefined) wire.finishMessage = stop.message;
	return wire;
}
