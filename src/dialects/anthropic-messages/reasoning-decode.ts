import type { JsonObject, ReasoningRequest } from '../../spec/index.ts';
import { read } from '../shared/index.ts';
import { lookup, untaken } from './dialect.ts';

const MODES: { [type: string]: ReasoningRequest['mode'] } = { enabled: 'on', adaptive: 'adaptive', disabled: 'off' };
/** What `display` asks for, in the canonical words for summaries. */
const SUMMARIES: { [display: string]: string } = { summarized: 'auto', omitted: 'omitted' };

/** Reads `thinking`; undefined for a type this version does not know. `rest`: fields that have no canonical place. */
export function decodeThinking(
	wire: JsonObject,
	path: string,
): { reasoning: ReasoningRequest; rest: JsonObject | undefined } | undefined {
	const type = read.required(wire, 'type', path, read.string);
	const mode = lookup(MODES, type);
	if (mode === undefined) return undefined;
	const reasoning: ReasoningRequest = { mode };
	const taken = new Set(['type']);
	if (mode === 'on') {
		reasoning.budgetTokens = read.required(wire, 'budget_tokens', path, read.integer(0));
		taken.add('budget_tokens');
	}
	const display = read.optional(wire, 'display', path, read.string);
	const summary = lookup(SUMMARIES, display);
	if (summary !== undefined) {
		reasoning.summary = summary;
		taken.add('display');
	}
	return { reasoning, rest: untaken(wire, taken) };
}
