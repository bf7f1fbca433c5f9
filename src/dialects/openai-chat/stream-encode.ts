import { isObject, omit } from '../../lib/json.ts';
import { sseEvent } from '../../lib/sse.ts';
import type { EncodeResponseContext, StreamEncoder, StreamPart, Warning } from '../../spec/index.ts';
import { own } from '../shared/index.ts';
import { encodeStreamError } from './errors.ts';
import { DIALECT } from './name.ts';
import { encodeStop } from './stop-reason.ts';
import { blockEnd, blockStart } from './stream-encode-blocks.ts';
import { citation, mediaDelta, textDelta, toolInputDelta } from './stream-encode-deltas.ts';
import { reasoningDelta } from './stream-encode-reasoning.ts';
import { type EncodeState, type Handler, newState, trackOf } from './stream-encode-state.ts';
import { DONE } from './stream-envelope.ts';
import { encodeUsage } from './usage.ts';

/** The first chunk of an answer of another dialect gives the role; one of this dialect says what its own first chunk said. */
const start: Handler<'start'> = (state, part) => {
	const { writer } = state;
	writer.begin(part);
	state.usage = part.usage;
	const left = own(part, DIALECT);
	if (left === undefined) return writer.choice(0, { delta: { role: 'assistant', content: '', refusal: null } });
	const early = Array.isArray(left.$preamble) ? left.$preamble.filter(isObject) : [];
	const before = early.map((chunk) => sseEvent(JSON.stringify(chunk))).join('');
	const said = new Set(early.flatMap((chunk) => Object.keys(chunk)));
	return before + writer.news({ extensions: { [DIALECT]: omit(left, said) } }, 0);
};

const finish: Handler<'finish'> = (state, part) => {
	const { stop, candidate } = part;
	const track = trackOf(state, candidate);
	const path = `choices[${candidate}].finish_reason`;
	state.losses.extensions(stop, path);
	const said = stop.kind === 'refusal' && !track.refused ? stop.message : undefined;
	const before = said === undefined ? '' : state.writer.choice(candidate, { delta: { refusal: said } });
	const { word, poorer } = encodeStop(stop, track.refused || said !== undefined);
	if (poorer) {
		state.losses.add('approximated', path, `The answer ended with '${stop.raw ?? stop.kind}'; this dialect says '${word}'.`);
	}
	return before + state.writer.choice(candidate, { delta: {}, finish: word }, part);
};

const usage: Handler<'usage'> = (state, part) => {
	state.usage = part.usage;
	return state.writer.news(part, 0);
};

const end: Handler<'end'> = (state) => {
	const done = sseEvent(DONE);
	if (!state.wantsUsage || state.usage === undefined) return done;
	state.losses.extensions(state.usage, 'usage');
	return state.writer.usage(encodeUsage(state.usage)) + done;
};

const vendorEvent: Handler<'vendor-event'> = (state, part) => {
	if (part.dialect === DIALECT) return state.writer.raw(part.data);
	if (part.meaningful === true) {
		state.losses.dropped(part.event ?? 'event', `Only ${part.dialect} has this event; ${DIALECT} cannot carry it.`);
	}
	return '';
};

const HANDLERS: { readonly [T in StreamPart['type']]: Handler<T> } = {
	start,
	'block-start': blockStart,
	'text-delta': textDelta,
	'reasoning-delta': reasoningDelta,
	'tool-input-delta': toolInputDelta,
	'media-delta': mediaDelta,
	citation,
	'block-end': blockEnd,
	finish,
	usage,
	end,
	error: (_state, part) => encodeStreamError(part.error),
	ping: () => ': ping\n\n',
	'vendor-event': vendorEvent,
};

class ChatStreamEncoder implements StreamEncoder {
	readonly #state: EncodeState;

	constructor(context: EncodeResponseContext) {
		this.#state = newState(context);
	}

	push(part: StreamPart): string {
		if ('extensions' in part) this.#state.losses.extensions(part, part.type);
		return (HANDLERS[part.type] as (state: EncodeState, part: StreamPart) => string)(this.#state, part);
	}

	warnings(): Warning[] {
		return this.#state.losses.warnings;
	}
}

/** An encoder for one streamed answer. */
export function streamEncoder(context: EncodeResponseContext): StreamEncoder {
	return new ChatStreamEncoder(context);
}
