import type { JsonObject, JsonValue, StopKind, StopReason } from '../../spec/index.ts';
import { extend, leftovers } from '../shared/index.ts';
import { DIALECT, lookup, mark, refill } from './dialect.ts';

const KINDS: { [reason: string]: StopKind } = {
	end_turn: 'stop',
	max_tokens: 'length',
	stop_sequence: 'stop_sequence',
	tool_use: 'tool_calls',
	pause_turn: 'pause',
	refusal: 'refusal',
	model_context_window_exceeded: 'context_overflow',
	compaction: 'compaction',
};

/** The nearest of the closed list of reasons clients of this dialect know. */
const REASONS: { [kind in StopKind]: string } = {
	stop: 'end_turn',
	length: 'max_tokens',
	stop_sequence: 'stop_sequence',
	tool_calls: 'tool_use',
	pause: 'pause_turn',
	refusal: 'refusal',
	content_filter: 'refusal',
	context_overflow: 'model_context_window_exceeded',
	compaction: 'compaction',
	malformed_tool_call: 'end_turn',
	error: 'end_turn',
	other: 'end_turn',
};

const NONE: ReadonlySet<string> = new Set();

/** Reads `stop_reason`, `stop_sequence` and `stop_details` of a message or a `message_delta`; undefined while none is stated. */
export function decodeStop(wire: JsonObject): StopReason | undefined {
	const { stop_reason: raw, stop_sequence: sequence, stop_details: details } = wire;
	if (typeof raw !== 'string') return undefined;
	const kind = lookup(KINDS, raw);
	const stop: StopReason = { kind: kind ?? 'other', raw };
	if (typeof sequence === 'string') stop.sequence = sequence;
	const explanation = explanationOf(details);
	if (explanation !== undefined) stop.message = explanation;
	const rest: JsonObject = { ...leftovers({ stop_details: details }, NONE) };
	if (kind === undefined) rest.$reason = raw;
	return { ...stop, ...extend(DIALECT, Object.keys(rest).length === 0 ? undefined : rest) };
}

function explanationOf(details: JsonValue | undefined): string | undefined {
	if (typeof details !== 'object' || details === null || Array.isArray(details)) return undefined;
	return typeof details.explanation === 'string' ? details.explanation : undefined;
}

/** What the encoder of a stop reason knows of the answer. */
export interface StopContext {
	/** The answer came from this dialect: its words are kept. */
	own: boolean;
	/** It asks the application for a tool, whatever the vendor called its end. */
	calls: boolean;
	/** It holds a refusal. */
	refused: boolean;
}

/** The fields `stop_reason`, `stop_sequence` and, for refusals and this dialect's own answers, `stop_details`. */
export function encodeStop(stop: StopReason | undefined, context: StopContext): JsonObject {
	const wire: JsonObject = { stop_reason: reasonOf(stop, context), stop_sequence: stop?.sequence ?? null };
	if (stop !== undefined) refill(wire, stop);
	if (context.own) return wire;
	const refused = wire.stop_reason === 'refusal';
	wire.stop_details ??= refused ? { type: 'refusal', category: null, explanation: stop?.message ?? null } : null;
	return wire;
}

function reasonOf(stop: StopReason | undefined, context: StopContext): JsonValue {
	if (stop === undefined) return context.own ? null : REASONS[finalKind('stop', context)];
	const unknown = mark(stop, '$reason');
	if (typeof unknown === 'string') return unknown;
	return REASONS[context.own ? stop.kind : finalKind(stop.kind, context)];
}

function finalKind(kind: StopKind, context: StopContext): StopKind {
	if (kind !== 'stop' && kind !== 'other') return kind;
	if (context.calls) return 'tool_calls';
	return context.refused ? 'refusal' : kind;
}
