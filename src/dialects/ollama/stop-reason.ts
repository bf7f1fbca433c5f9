import type { JsonObject, JsonValue, StopKind, StopReason } from '../../spec/index.ts';
import { extend, type Losses, table } from '../shared/index.ts';
import { DIALECT, mark } from './dialect.ts';

const KINDS = table<StopKind>({ stop: 'stop', length: 'length', load: 'other', unload: 'other' });

/** The nearest of the words clients of this dialect know. */
const REASONS: { readonly [kind in StopKind]: string } = {
	stop: 'stop',
	stop_sequence: 'stop',
	tool_calls: 'stop',
	length: 'length',
	context_overflow: 'length',
	refusal: 'stop',
	content_filter: 'stop',
	pause: 'stop',
	compaction: 'stop',
	malformed_tool_call: 'stop',
	error: 'stop',
	other: 'stop',
};

/** Reasons of others whose meaning the nearest word does not tell. */
const UNTOLD: ReadonlySet<StopKind> = new Set<StopKind>(['refusal', 'content_filter', 'pause', 'malformed_tool_call', 'error']);

/** Reads `done_reason`; older servers leave it out. `calls`: whether the answer asks for tools, which the word does not tell. */
export function decodeStop(value: JsonValue | undefined, calls: boolean): StopReason {
	const raw = typeof value === 'string' ? value : undefined;
	const known = raw === undefined ? 'stop' : KINDS[raw];
	const kind = calls && known === 'stop' ? 'tool_calls' : (known ?? 'other');
	const marks: JsonObject | undefined =
		raw === undefined || known === undefined || known === 'other' ? { $reason: raw ?? 'none' } : undefined;
	return { kind, ...(raw === undefined ? {} : { raw }), ...extend(DIALECT, marks) };
}

/** Writes `done_reason`. */
export function encodeStop(stop: StopReason | undefined, losses: Losses): JsonObject {
	if (stop === undefined) return { done_reason: 'stop' };
	losses.extensions(stop, 'done_reason');
	const kept = mark(stop, '$reason');
	if (kept === 'none') return {};
	if (typeof kept === 'string') return { done_reason: kept };
	if (UNTOLD.has(stop.kind))
		losses.add('approximated', 'done_reason', `An answer that ended by ${stop.kind.replace('_', ' ')} is shown as ended.`);
	if (stop.sequence !== undefined) losses.dropped('done_reason', 'The stop sequence that was met is not shown.');
	return { done_reason: REASONS[stop.kind] };
}
