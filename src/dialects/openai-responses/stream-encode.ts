import { isObject, omit } from '../../lib/json.ts';
import type {
	BlockStartPart,
	ContentPart,
	EncodeResponseContext,
	FinishPart,
	JsonObject,
	JsonValue,
	RelaisError,
	StartPart,
	StreamEncoder,
	StreamPart,
	ToolCallPart,
	Usage,
	VendorEventPart,
} from '../../spec/index.ts';
import { own, same } from '../shared/index.ts';
import { errorEvent } from './errors.ts';
import { mark } from './forms.ts';
import { unsayable, writeImage } from './items-encode.ts';
import { DIALECT } from './name.ts';
import { ending, envelope, type Identity, refusalOf, shownId } from './response-encode.ts';
import { CallWriter } from './stream-call.ts';
import { ReasoningWriter } from './stream-reasoning.ts';
import { OpenMessage, TextWriter } from './stream-text.ts';
import { announcement, EventWriter } from './stream-wire.ts';
import { encodeUsage } from './usage.ts';
import { belongsToPrevious, wholeItem } from './whole-items.ts';

const ENCRYPTED: ReadonlySet<string> = new Set(['encrypted_content']);

type Writer = TextWriter | ReasoningWriter | CallWriter;
type Handler<T extends StreamPart['type']> = (part: Extract<StreamPart, { type: T }>) => void;

class ResponsesStreamEncoder implements StreamEncoder {
	readonly #context: EncodeResponseContext;
	readonly #wire: EventWriter;
	readonly #writers = new Map<number, Writer>();
	/** Blocks that are not shown or were told at once. */
	readonly #silent = new Set<number>();
	/** Where items of the vendor's stand here. */
	readonly #indexes = new Map<number, number>();
	readonly #content: ContentPart[] = [];
	#message: OpenMessage | undefined;
	#identity: Identity | undefined;
	#usage: Usage | undefined;
	#finish: FinishPart | undefined;
	answer: JsonObject | undefined;

	readonly #handlers: { readonly [T in StreamPart['type']]: Handler<T> } = {
		start: (part) => this.#start(part),
		'block-start': (part) => this.#open(part),
		'text-delta': (part) => this.#writer(part.block, TextWriter)?.text(part),
		'reasoning-delta': (part) => this.#writer(part.block, ReasoningWriter)?.delta(part),
		'tool-input-delta': (part) => this.#writer(part.block, CallWriter)?.delta(part),
		'media-delta': () =>
			this.#wire.losses.dropped('output', 'Sounds and images that come in pieces have no form in this dialect.'),
		citation: (part) => this.#writer(part.block, TextWriter)?.citation(part),
		'block-end': (part) => {
			this.#writers.get(part.block)?.end(part);
			this.#writers.delete(part.block);
		},
		finish: (part) => {
			if (part.candidate === 0) this.#finish ??= part;
			this.#wire.losses.extensions(part.stop, 'status');
		},
		usage: (part) => {
			this.#usage = part.usage;
		},
		end: () => this.#end(),
		error: (part) => this.#error(part.error),
		ping: (part) => {
			const event = mark(part, '$event');
			if (isObject(event) && typeof event.type === 'string') this.#wire.vendor(event.type, event, undefined);
			else this.#wire.comment('ping');
		},
		'vendor-event': (part) => this.#vendor(part),
	};

	constructor(context: EncodeResponseContext) {
		this.#context = context;
		this.#wire = new EventWriter(context);
	}

	push(part: StreamPart): string {
		if ('extensions' in part) this.#wire.losses.extensions(part, part.type);
		(this.#handlers[part.type] as (part: StreamPart) => void)(part);
		return this.#wire.take();
	}

	warnings() {
		return this.#wire.losses.warnings;
	}

	/** The first event of an answer of this dialect is told as it came; that of another is followed by the one vendors send next. */
	#start(part: StartPart): void {
		if (this.#identity !== undefined) return;
		this.#identity = part;
		this.#wire.answer = shownId(part, this.#context);
		this.#usage = part.usage;
		const left = own(part, DIALECT);
		// Of an answer that came whole, only its end is known.
		const came = typeof left?.$first === 'string' ? left.$ended : undefined;
		const status = isObject(came) && typeof came.status === 'string' ? came.status : 'in_progress';
		const response: JsonObject = { usage: null, ...envelope(part, this.#context), status, incomplete_details: null, output: [] };
		this.#wire.emit(typeof left?.$first === 'string' ? left.$first : 'response.created', { response });
		if (typeof left?.$first !== 'string') this.#wire.emit('response.in_progress', { response });
	}

	#started(): Identity {
		if (this.#identity === undefined) this.#start({ type: 'start' });
		return this.#identity ?? {};
	}

	#writer<T extends Writer>(block: number, kind: abstract new (...parts: never[]) => T): T | undefined {
		const writer = this.#writers.get(block);
		if (writer instanceof kind) return writer;
		if (!this.#silent.has(block)) this.#wire.losses.dropped('output', `A piece of block ${block} came without its start.`);
		return undefined;
	}

	#open(part: BlockStartPart): void {
		this.#started();
		const { block, content, candidate } = part;
		if (candidate !== 0) {
			this.#silent.add(block);
			this.#wire.losses.dropped('candidates', 'Only the first answer is shown in this dialect.');
			return;
		}
		this.#content.push(content);
		if (content.type !== 'text' && content.type !== 'refusal') this.#wire.losses.extensions(content, 'output');
		const writer = this.#writerFor(content);
		if (writer === undefined) this.#silent.add(block);
		else this.#writers.set(block, writer);
	}

	#writerFor(content: ContentPart): Writer | undefined {
		const isWhole = wholeItem(content) !== undefined || belongsToPrevious(content);
		if (content.type === 'text' || content.type === 'refusal') {
			if (this.#message?.takes(content) !== true) {
				this.#closeMessage();
				this.#message = new OpenMessage(this.#wire, content);
			}
			return this.#message === undefined ? undefined : new TextWriter(this.#wire, this.#message, content);
		}
		this.#closeMessage();
		if (content.type === 'reasoning') return new ReasoningWriter(this.#wire, content);
		if (!isWhole && content.type === 'tool-call' && content.providerExecuted === undefined) return this.#call(content);
		this.#whole(content);
		return undefined;
	}

	#call(content: ToolCallPart): CallWriter {
		return new CallWriter(this.#wire, content);
	}

	#whole(content: ContentPart): void {
		if (belongsToPrevious(content) && content.type !== 'opaque') return;
		const item = this.#itemOf(content);
		if (item === undefined) return;
		const announced = mark(content, '$announced');
		const index = typeof announced === 'number' ? this.#indexes.get(announced) : undefined;
		if (index === undefined) this.#wire.whole(item, announcement(content));
		else this.#wire.done(index, item);
	}

	#itemOf(content: ContentPart): JsonObject | undefined {
		const whole = wholeItem(content);
		if (whole !== undefined) return whole;
		if (content.type === 'opaque' && content.dialect === DIALECT && mark(content, '$in') !== 'content') return content.value;
		const context = { losses: this.#wire.losses, answer: this.#wire.answer };
		if (content.type === 'image') return writeImage(content, this.#wire.items.length, 'output', context);
		this.#wire.losses.dropped('output', unsayable(content));
		return undefined;
	}

	#vendor(part: VendorEventPart): void {
		if (part.dialect !== DIALECT) {
			if (part.meaningful === true) {
				this.#wire.losses.dropped(part.event ?? 'event', `Only ${part.dialect} has this event; ${DIALECT} cannot carry it.`);
			}
			return;
		}
		const { data } = part;
		const type = part.event ?? (typeof data.type === 'string' ? data.type : 'message');
		if (type === 'response.output_item.added') this.#closeMessage();
		this.#wire.vendor(type, data, this.#indexOf(data.output_index, type));
	}

	/** The index here of an item of the vendor's; one that is announced gets the next. */
	#indexOf(theirs: JsonValue | undefined, type: string): number | undefined {
		if (typeof theirs !== 'number') return undefined;
		if (type === 'response.output_item.added') this.#indexes.set(theirs, this.#wire.place());
		return this.#indexes.get(theirs);
	}

	#closeMessage(status?: string): void {
		this.#message?.close(status);
		this.#message = undefined;
	}

	#end(): void {
		const identity = this.#final();
		const stop = this.#finish?.stop;
		for (const [block, writer] of this.#writers) writer.end({ type: 'block-end', block });
		this.#writers.clear();
		for (const [at, content] of refusalOf(stop, this.#content).entries()) {
			const block = -1 - at;
			this.#open({ type: 'block-start', block, candidate: 0, content });
			this.#writers.get(block)?.end({ type: 'block-end', block });
			this.#writers.delete(block);
		}
		const members = ending(stop, this.#content, identity, this.#wire.losses);
		this.#closeMessage(members.status === 'incomplete' ? 'incomplete' : undefined);
		if (this.#usage !== undefined) this.#wire.losses.extensions(this.#usage, 'usage');
		const response: JsonObject = {
			usage: null,
			...envelope(identity, this.#context),
			...members,
			output: this.#output(),
			...(this.#usage === undefined ? {} : { usage: encodeUsage(this.#usage) }),
		};
		this.answer = response;
		this.#wire.emit(members.status === 'incomplete' ? 'response.incomplete' : 'response.completed', { response });
	}

	/** The items; one that its vendor encrypted anew for the end is repeated as it was there. */
	#output(): JsonObject[] {
		const came = this.#finish === undefined ? undefined : mark(this.#finish, '$output');
		const items = this.#wire.items.filter((item) => item !== undefined);
		if (!Array.isArray(came)) return items;
		return items.map((item, index) => {
			const there = came[index];
			return isObject(there) && same(omit(there, ENCRYPTED), omit(item, ENCRYPTED)) ? there : item;
		});
	}

	/** Who answered, as the end of the stream has it. */
	#final(): Identity {
		const start = this.#started();
		const finish = this.#finish;
		const final = finish === undefined ? undefined : mark(finish, '$final');
		if (finish?.extensions === undefined || !isObject(final)) return start;
		const { id, model, created_at: createdAt, service_tier: serviceTier } = final;
		return {
			extensions: finish.extensions,
			...(typeof id === 'string' ? { id } : {}),
			...(typeof model === 'string' ? { model } : {}),
			...(typeof createdAt === 'number' ? { createdAt } : {}),
			...(typeof serviceTier === 'string' ? { serviceTier } : {}),
		};
	}

	/** An answer of this dialect that failed is told as it came; any other failure is an error event, which clients raise. */
	#error(error: RelaisError): void {
		const body = error.providerBody;
		const told = isObject(body) && body.object === 'response' && body.status === 'failed' && this.#identity !== undefined;
		if (told && own(this.#started(), DIALECT) !== undefined) this.#wire.emit('response.failed', { response: body });
		else this.#wire.emit('error', errorEvent(error));
	}
}

/** An encoder for one streamed answer. */
export function streamEncoder(context: EncodeResponseContext): StreamEncoder {
	return new ResponsesStreamEncoder(context);
}
