import { isObject } from '../../lib/json.ts';
import { sseEvent } from '../../lib/sse.ts';
import type {
	BlockStartPart,
	ContentPart,
	EncodeResponseContext,
	Extensible,
	FinishPart,
	JsonObject,
	ReasoningPart,
	StartPart,
	StreamEncoder,
	StreamPart,
	Usage,
} from '../../spec/index.ts';
import { Losses, sealReasoning } from '../shared/index.ts';
import { encodeCall } from './calls.ts';
import { encodeCitation } from './citations.ts';
import { encodeBlock, needsSeal, thinkingOf } from './content-encode.ts';
import { DIALECT, mark } from './dialect.ts';
import { encodeStreamError } from './errors.ts';
import { isPlan } from './messages-encode.ts';
import { callId, encodeHead, isCall } from './response-encode.ts';
import { encodeStop } from './stop-reason.ts';
import { callDelta, contentDelta, event, planDelta } from './stream-events.ts';
import { encodeUsage } from './usage.ts';

/** Writes one streamed answer for a client as named events. */
export function streamEncoder(context: EncodeResponseContext): StreamEncoder {
	return new EventWriter(context);
}

type Delta = Extract<StreamPart, { type: 'text-delta' | 'reasoning-delta' | 'tool-input-delta' | 'media-delta' | 'citation' }>;

/** An open block: what it is, and where it stands on the wire (`undefined`: nothing of it is shown until it ends). */
interface Open {
	part: ContentPart;
	kind: 'content' | 'call' | 'plan' | 'whole';
	index: number;
	node: Extensible;
}

const DONE = 'data: [DONE]\n\n';

class EventWriter implements StreamEncoder {
	readonly #context: EncodeResponseContext;
	readonly #losses = new Losses(DIALECT);
	readonly #open = new Map<number, Open>();
	#started = false;
	#contents = 0;
	#calls = 0;
	#citations = 0;
	#finish: FinishPart | undefined;
	#usage: Usage | undefined;

	constructor(context: EncodeResponseContext) {
		this.#context = context;
	}

	warnings() {
		return this.#losses.warnings;
	}

	push(part: StreamPart): string {
		switch (part.type) {
			case 'start':
				return this.#start(part);
			case 'error':
				return encodeStreamError(part.error, this.#context.id);
			case 'ping':
				return '';
			case 'vendor-event':
				return this.#vendorEvent(part);
			case 'usage':
				this.#usage = part.usage;
				this.#losses.extensions(part, '');
				return '';
			case 'finish':
				if (part.candidate === 0) this.#finish ??= part;
				this.#losses.extensions(part, '');
				return '';
			default:
				return this.#begun() + this.#content(part);
		}
	}

	#content(part: Exclude<StreamPart, { type: 'start' | 'error' | 'ping' | 'vendor-event' | 'usage' | 'finish' }>): string {
		if (part.type === 'end') return this.#end();
		this.#losses.extensions(part, 'content');
		if (part.type === 'block-start') return this.#begin(part);
		const open = this.#open.get(part.block);
		if (open === undefined) return '';
		if (part.type !== 'block-end') return this.#delta(part, open);
		this.#open.delete(part.block);
		return this.#close(open);
	}

	#begun(): string {
		return this.#started ? '' : this.#start({ type: 'start' });
	}

	#start(part: StartPart): string {
		if (this.#started) return '';
		this.#started = true;
		this.#usage ??= part.usage;
		this.#losses.extensions(part, '');
		const message = mark(part, '$delta') ?? { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] };
		return event('message-start', { ...encodeHead(part, this.#context), delta: { message } }, part);
	}

	#vendorEvent({ dialect, data, event: name, meaningful }: Extract<StreamPart, { type: 'vendor-event' }>): string {
		if (dialect === DIALECT) return sseEvent(JSON.stringify(data), name);
		if (meaningful === true) this.#losses.dropped(name ?? 'event', `Only ${dialect} knows this kind of event.`);
		return '';
	}

	#begin(part: BlockStartPart): string {
		const { content, candidate, block } = part;
		if (candidate !== 0) {
			this.#losses.dropped('candidates', 'Only the first answer is shown.');
			return '';
		}
		const copy = structuredClone(content);
		const open: Open = { part: copy, kind: kindOf(copy), index: 0, node: part };
		this.#open.set(block, open);
		if (open.kind === 'call' && copy.type === 'tool-call') return this.#beginCall(copy, open);
		if (open.kind !== 'content') return this.#firstPlan(open);
		open.index = this.#contents++;
		const shown = copy.type === 'reasoning' ? { type: 'reasoning' as const, text: thinkingOf(copy), ...kept(copy) } : copy;
		const wire = encodeBlock(shown, 'content', this.#losses, 'answer') ?? {};
		return event('content-start', { index: open.index, delta: { message: { content: wire } } }, part);
	}

	#firstPlan({ kind, part }: Open): string {
		return kind === 'plan' && part.type === 'reasoning' && thinkingOf(part) !== '' ? planDelta(thinkingOf(part), {}) : '';
	}

	#beginCall(part: Extract<ContentPart, { type: 'tool-call' }>, open: Open): string {
		open.index = this.#calls++;
		// Free text becomes one argument of an object, which is known when all of it has come.
		const { input, ...rest } = part;
		const wire = encodeCall(
			{ ...rest, kind: 'function', input: '' },
			callId(part.id, open.index, this.#context),
			'content',
			this.#losses,
		);
		if (isObject(wire.function) && wire.function.arguments !== undefined) wire.function = { ...wire.function, arguments: '' };
		const begun = event('tool-call-start', { index: open.index, delta: { message: { tool_calls: wire } } }, open.node);
		return part.kind === 'custom' || input === '' ? begun : begun + callDelta(open.index, input, {});
	}

	#delta(delta: Delta, open: Open): string {
		switch (delta.type) {
			case 'text-delta':
				if (delta.signature !== undefined)
					this.#losses.dropped('content.signature', 'The proof of a text has no place in this dialect.');
				if (delta.logprobs !== undefined)
					this.#losses.dropped('logprobs', 'Log-probabilities are told with token ids, which are not known.');
				if ('text' in open.part) open.part.text = (open.part.text ?? '') + delta.text;
				return contentDelta(open.index, { text: delta.text }, delta);
			case 'reasoning-delta':
				return open.part.type === 'reasoning' ? this.#reasoning(open.part, delta, open) : '';
			case 'tool-input-delta':
				if (open.part.type !== 'tool-call') return '';
				open.part.input += delta.input;
				if (delta.signature !== undefined)
					this.#losses.dropped('content.signature', 'The proof of a call came when the call had begun.');
				return open.kind === 'call' && open.part.kind !== 'custom' ? callDelta(open.index, delta.input, delta) : '';
			case 'media-delta':
				if (open.part.type === 'audio') open.part.transcript = (open.part.transcript ?? '') + (delta.transcript ?? '');
				return '';
			default:
				return this.#citation(delta, open);
		}
	}

	#reasoning(part: ReasoningPart, delta: Extract<Delta, { type: 'reasoning-delta' }>, open: Open): string {
		const before = thinkingOf(part).length;
		if (delta.text !== undefined) part.text = (part.text ?? '') + delta.text;
		if (delta.summary !== undefined) {
			const summary = part.summary ?? [];
			const at = delta.summaryIndex ?? Math.max(0, summary.length - 1);
			while (summary.length <= at) summary.push('');
			summary[at] += delta.summary;
			part.summary = summary;
		}
		if (delta.signature !== undefined) part.signature = delta.signature;
		if (delta.encrypted !== undefined) part.encrypted = delta.encrypted;
		const fresh = thinkingOf(part).slice(before);
		if (open.kind === 'plan') return planDelta(fresh, delta);
		const proof = delta.signature !== undefined || delta.encrypted !== undefined;
		return fresh === '' && proof ? '' : contentDelta(open.index, { thinking: fresh }, delta);
	}

	#citation(delta: Extract<Delta, { type: 'citation' }>, { part, index }: Open): string {
		if (part.type !== 'text') return '';
		this.#losses.extensions(delta.citation, 'content.citations');
		const citation = encodeCitation(delta.citation, part.text, index);
		if (citation === undefined) return '';
		const at = this.#citations++;
		return `${event('citation-start', { index: at, delta: { message: { citations: citation } } }, {})}${event('citation-end', { index: at }, {})}`;
	}

	#close({ part, kind, index }: Open): string {
		if (kind === 'plan') return '';
		if (kind === 'whole') return this.#whole(part);
		if (kind === 'call') {
			const free =
				part.type === 'tool-call' && part.kind === 'custom' ? callDelta(index, JSON.stringify({ input: part.input }), {}) : '';
			if (part.type === 'tool-call' && part.kind === 'custom')
				this.#losses.add('changed', 'content', "A call's free text was wrapped in an object.");
			return free + event('tool-call-end', { index }, {});
		}
		const seal =
			part.type === 'reasoning' && needsSeal(part)
				? contentDelta(index, { thinking: '', signature: sealReasoning(part) }, {})
				: '';
		return seal + event('content-end', { index }, {});
	}

	/** What is shown only when all of it is known. */
	#whole(part: ContentPart): string {
		const content = encodeBlock(part, 'content', this.#losses, 'answer');
		if (content === undefined) return '';
		const index = this.#contents++;
		return event('content-start', { index, delta: { message: { content } } }, {}) + event('content-end', { index }, {});
	}

	#end(): string {
		const late = [...this.#open.values()].map((open) => this.#close(open)).join('');
		this.#open.clear();
		const delta: JsonObject = {
			...encodeStop(this.#finish?.stop, this.#calls > 0, this.#losses),
			usage: encodeUsage(this.#usage, this.#losses),
		};
		return late + event('message-end', { delta }, this.#finish ?? {}) + DONE;
	}
}

/** Fields the dialect itself left on reasoning. */
function kept(part: ReasoningPart): Extensible {
	return part.extensions === undefined ? {} : { extensions: part.extensions };
}

function kindOf(part: ContentPart): Open['kind'] {
	if (isCall(part)) return 'call';
	if (isPlan(part)) return 'plan';
	return part.type === 'text' || part.type === 'refusal' || part.type === 'reasoning' ? 'content' : 'whole';
}
