import type { JsonObject, JsonValue, StopKind, StopReason } from '../../spec/index.ts';
import { extend, type Losses, table } from '../shared/index.ts';
import { DIALECT, mark } from './dialect.ts';

const KINDS = table<StopKind>({
	COMPLETE: 'stop',
	MAX_TOKENS: 'length',
	STOP_SEQUENCE: 'stop_sequence',
	TOOL_CALL: 'tool_calls',
	ERROR: 'error',
	TIMEOUT: 'error',
	ERROR_TOXIC: 'content_filter',
	ERROR_LIMIT: 'context_overflow',
});

/** The nearest of the closed list of reasons clients of this dialect know. */
const REASONS: { readonly [kind in StopKind]: string } = {
	stop: 'COMPLETE',
	stop_sequence: 'STOP_SEQUENCE',
	length: 'MAX_TOKENS',
	context_overflow: 'MAX_TOKENS',
	tool_calls: 'TOOL_CALL',
	content_filter: 'ERROR',
	error: 'ERROR',
	refusal: 'COMPLETE',
	pause: 'COMPLETE',
	compaction: 'COMPLETE',
	malformed_tool_call: 'ERROR',
	other: 'COMPLETE',
};

/** Reasons the nearest word does tell. */
const TOLD: ReadonlySet<StopKind> = new Set<StopKind>(['stop', 'stop_sequence', 'length', 'tool_calls', 'error', 'other']);

/** Reads `finish_reason`; undefined while none is stated. */
export function decodeStop(value: JsonValue | undefined): StopReason | undefined {
	if (typeof value !== 'string') return undefined;
	const kind = KINDS[value];
	const exact = kind !== undefined && REASONS[kind] === value;
	return { kind: kind ?? 'other', raw: value, ...extend(DIALECT, exact ? undefined : { $reason: value }) };
}

/** Writes `finish_reason`. `calls`: the answer asks the application for a tool, whatever the vendor called its end. */
export function encodeStop(stop: StopReason | undefined, calls: boolean, losses: Losses): JsonObject {
	if (stop === undefined) return { finish_reason: calls ? 'TOOL_CALL' : 'COMPLETE' };
	losses.extensions(stop, 'finish_reason');
	const kept = mark(stop, '$reason');
	if (typeof kept === 'string') return { finish_reason: kept };
	if (!TOLD.has(stop.kind))
		losses.add(
			'approximated',
			'finish_reason',
			`An answer that ended by ${stop.kind.replaceAll('_', ' ')} is shown as ${REASONS[stop.kind]}.`,
		);
	if (stop.sequence !== undefined) losses.dropped('finish_reason', 'The stop sequence that was met is not shown.');
	const plain = stop.kind === 'stop' || stop.kind === 'other';
	return {
		finish_reason:
			plain && calls && stop.extensions?.[DIALECT] === undefined && stop.raw !== 'COMPLETE' ? 'TOOL_CALL' : REASONS[stop.kind],
	};
}
