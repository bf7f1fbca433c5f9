import { isObject } from '../../lib/json.ts';
import type { Extensible, JsonObject, StreamPart } from '../../spec/index.ts';
import { extend, FORM } from '../shared/index.ts';
import { decodeCitation } from './citations.ts';
import { DIALECT } from './dialect.ts';

const set = (...keys: string[]): ReadonlySet<string> => new Set(keys);
const DELTA_EVENT = set('type', 'index', 'delta');

/** Adds a part for a delta to `out`; false when the delta is not of the form its type promises. */
type DeltaHandler = (
	delta: JsonObject,
	block: number,
	out: StreamPart[],
	rest: (taken: ReadonlySet<string>) => Extensible | undefined,
) => boolean;

const TEXT = set('type', 'text');
const THINKING = set('type', 'thinking');
const SIGNATURE = set('type', 'signature');
const INPUT = set('type', 'partial_json');
const CITATION = set('type', 'citation');

/** The deltas this version knows, by type. */
export const DELTAS: { [type: string]: DeltaHandler } = {
	text_delta: (delta, block, out, rest) => {
		const { text } = delta;
		if (typeof text !== 'string') return false;
		const kept = rest(TEXT);
		if (text !== '' || kept !== undefined) out.push({ type: 'text-delta', block, text, ...kept });
		return true;
	},
	thinking_delta: (delta, block, out, rest) => {
		const { thinking: text } = delta;
		if (typeof text !== 'string') return false;
		const kept = rest(THINKING);
		if (text !== '' || kept !== undefined) out.push({ type: 'reasoning-delta', block, text, ...kept });
		return true;
	},
	signature_delta: (delta, block, out, rest) => {
		const { signature: value } = delta;
		if (typeof value !== 'string') return false;
		if (value !== '') out.push({ type: 'reasoning-delta', block, signature: { vendor: DIALECT, value }, ...rest(SIGNATURE) });
		return true;
	},
	input_json_delta: (delta, block, out, rest) => {
		const { partial_json: input } = delta;
		if (typeof input !== 'string') return false;
		const kept = rest(INPUT);
		if (input !== '' || kept !== undefined) out.push({ type: 'tool-input-delta', block, input, ...kept });
		return true;
	},
	citations_delta: (delta, block, out, rest) => {
		if (!isObject(delta.citation)) return false;
		out.push({ type: 'citation', block, citation: decodeCitation(delta.citation, 'citation'), ...rest(CITATION) });
		return true;
	},
};

/** Counters and the like on a delta say nothing of the answer: they are kept as mere form. */
export function deltaRest(event: JsonObject, delta: JsonObject, taken: ReadonlySet<string>): Extensible | undefined {
	let form: JsonObject | undefined;
	for (const key in event) if (!DELTA_EVENT.has(key)) form = { ...form, [key]: event[key] };
	let inner: JsonObject | undefined;
	for (const key in delta) if (!taken.has(key)) inner = { ...inner, [key]: delta[key] };
	if (inner !== undefined) form = { ...form, delta: inner };
	return form === undefined ? undefined : extend(DIALECT, { [FORM]: form });
}
