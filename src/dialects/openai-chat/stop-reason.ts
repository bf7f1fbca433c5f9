import type { StopKind, StopReason } from '../../spec/index.ts';
import { extend, own, table } from '../shared/index.ts';
import { DIALECT } from './name.ts';

/** Words vendors of this dialect use for the end of an answer. */
const KINDS = table<StopKind>({
	stop: 'stop',
	'': 'stop',
	eos: 'stop',
	eos_token: 'stop',
	end_turn: 'stop',
	complete: 'stop',
	completed: 'stop',
	stop_sequence: 'stop_sequence',
	length: 'length',
	max_tokens: 'length',
	max_length: 'length',
	model_length: 'length',
	tool_calls: 'tool_calls',
	tool_call: 'tool_calls',
	tool_use: 'tool_calls',
	function_call: 'tool_calls',
	content_filter: 'content_filter',
	safety: 'content_filter',
	recitation: 'content_filter',
	sensitive: 'content_filter',
	guardrail_intervened: 'content_filter',
	refusal: 'refusal',
	model_context_window_exceeded: 'context_overflow',
	malformed_function_call: 'malformed_tool_call',
	error: 'error',
	network_error: 'error',
	insufficient_system_resource: 'error',
});

/** The closed list official clients know, for each kind. */
const WORDS: { readonly [kind in StopKind]: string } = {
	stop: 'stop',
	stop_sequence: 'stop',
	length: 'length',
	tool_calls: 'tool_calls',
	content_filter: 'content_filter',
	refusal: 'content_filter',
	pause: 'stop',
	context_overflow: 'length',
	malformed_tool_call: 'stop',
	compaction: 'stop',
	error: 'length',
	other: 'stop',
};

/** Kinds whose word says less than they do. */
const POORER: ReadonlySet<StopKind> = new Set([
	'pause',
	'context_overflow',
	'malformed_tool_call',
	'compaction',
	'error',
	'other',
]);

/**
 * Reads a finish reason. Several vendors say `stop` or nothing although the model called tools: `calls` (the answer holds calls
 * for the client to run) turns that into `tool_calls`. `met` is the stop sequence some servers name beside it.
 */
export function decodeStop(word: string, calls: boolean, met: string | undefined): StopReason {
	let kind = KINDS[word] ?? KINDS[word.toLowerCase()] ?? 'other';
	if (kind === 'stop' && calls) kind = 'tool_calls';
	if (kind === 'stop' && met !== undefined) kind = 'stop_sequence';
	const stop: StopReason = { kind, raw: word, ...extend(DIALECT, { $word: word }) };
	if (met !== undefined) stop.sequence = met;
	return stop;
}

/** The word to write, and whether it says less than the reason did. `refused`: the answer carries the refusal's text itself. */
export function encodeStop(stop: StopReason, refused: boolean): { word: string; poorer: boolean } {
	const word = own(stop, DIALECT)?.$word;
	if (typeof word === 'string') return { word, poorer: false };
	if (stop.kind === 'refusal' && refused) return { word: 'stop', poorer: false };
	return { word: WORDS[stop.kind], poorer: POORER.has(stop.kind) };
}
