import { isObject } from '../../lib/json.ts';
import type { ContentPart, JsonObject, JsonValue, StopKind, StopReason } from '../../spec/index.ts';
import { table } from '../shared/index.ts';

/** What a reason for an incomplete answer means. */
const REASONS = table<StopKind>({
	max_output_tokens: 'length',
	max_tokens: 'length',
	content_filter: 'content_filter',
	context_window_exceeded: 'context_overflow',
	max_tool_calls: 'pause',
});

/** The reason to state for each kind that leaves an answer incomplete; the other kinds complete it. */
const INCOMPLETE: { readonly [kind in StopKind]?: string } = {
	length: 'max_output_tokens',
	context_overflow: 'max_output_tokens',
	content_filter: 'content_filter',
	error: 'max_output_tokens',
};

/** Kinds whose status says less than they do. */
const POORER: ReadonlySet<StopKind> = new Set([
	'pause',
	'context_overflow',
	'malformed_tool_call',
	'compaction',
	'error',
	'other',
]);

/** Whether the model asked the client to run something. */
function callsTools(content: readonly ContentPart[]): boolean {
	return content.some((part) => part.type === 'tool-call' && part.providerExecuted === undefined);
}

/** Reads why an answer ended off the response object. */
export function decodeStop(response: JsonObject, content: readonly ContentPart[]): StopReason {
	const { status, incomplete_details: details } = response;
	if (status === 'incomplete') {
		const reason = isObject(details) && typeof details.reason === 'string' ? details.reason : undefined;
		return { kind: REASONS[reason ?? 'max_output_tokens'] ?? 'other', raw: reason ?? status };
	}
	if (status === 'completed' || status === undefined) {
		return { kind: callsTools(content) ? 'tool_calls' : 'stop', raw: 'completed' };
	}
	return { kind: 'other', raw: typeof status === 'string' ? status : 'unknown' };
}

/** The members that say how an answer ended. */
export interface WrittenStop {
	status: JsonValue;
	incomplete_details: JsonValue;
	/** Whether they say less than the reason did. */
	poorer: boolean;
}

/** Writes why an answer ended. `came`: the members of an answer of this dialect, kept while they mean the same. */
export function encodeStop(
	stop: StopReason | undefined,
	content: readonly ContentPart[],
	came: JsonObject | undefined,
): WrittenStop {
	if (came !== undefined && stop !== undefined && decodeStop(came, content).kind === stop.kind) {
		return { status: came.status ?? 'completed', incomplete_details: came.incomplete_details ?? null, poorer: false };
	}
	const reason = stop === undefined ? undefined : INCOMPLETE[stop.kind];
	const poorer = stop !== undefined && POORER.has(stop.kind);
	if (reason === undefined) return { status: 'completed', incomplete_details: null, poorer };
	return { status: 'incomplete', incomplete_details: { reason }, poorer };
}
