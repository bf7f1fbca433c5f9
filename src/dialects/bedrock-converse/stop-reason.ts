import type { JsonValue, StopKind, StopReason } from '../../spec/index.ts';
import { table } from '../shared/index.ts';
import { DIALECT, mark } from './dialect.ts';

const KINDS = table<StopKind>({
	end_turn: 'stop',
	tool_use: 'tool_calls',
	max_tokens: 'length',
	stop_sequence: 'stop_sequence',
	guardrail_intervened: 'content_filter',
	content_filtered: 'content_filter',
	malformed_model_output: 'error',
	malformed_tool_use: 'malformed_tool_call',
	model_context_window_exceeded: 'context_overflow',
	refusal: 'refusal',
	pause_turn: 'pause',
});

/** The nearest of the list of reasons clients of this dialect know. */
const REASONS: { [kind in StopKind]: string } = {
	stop: 'end_turn',
	length: 'max_tokens',
	stop_sequence: 'stop_sequence',
	tool_calls: 'tool_use',
	pause: 'end_turn',
	refusal: 'content_filtered',
	content_filter: 'content_filtered',
	context_overflow: 'model_context_window_exceeded',
	compaction: 'end_turn',
	malformed_tool_call: 'malformed_tool_use',
	error: 'malformed_model_output',
	other: 'end_turn',
};

/** Reads `stopReason`; undefined while none is stated. */
export function decodeStop(raw: JsonValue | undefined): StopReason | undefined {
	if (typeof raw !== 'string') return undefined;
	return { kind: KINDS[raw] ?? 'other', raw, extensions: { [DIALECT]: { $raw: raw } } };
}

/** The stop reason to write: the vendor's own word where it came from here. `calls`: the answer asks the application for a tool. */
export function encodeStop(stop: StopReason | undefined, calls: boolean): string {
	const own = stop === undefined ? undefined : mark(stop, '$raw');
	if (typeof own === 'string') return own;
	const kind = stop?.kind ?? 'stop';
	return REASONS[calls && (kind === 'stop' || kind === 'other') ? 'tool_calls' : kind];
}
