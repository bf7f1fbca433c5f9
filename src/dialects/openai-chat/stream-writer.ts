import { put } from '../../lib/json.ts';
import { sseEvent } from '../../lib/sse.ts';
import type { EncodeResponseContext, Extensible, JsonObject, JsonValue, StartPart } from '../../spec/index.ts';
import { own } from '../shared/index.ts';
import { DIALECT } from './name.ts';
import { CHUNK } from './stream-envelope.ts';
import { onWire } from './stream-news.ts';
import { TIERS } from './tiers.ts';

/** What a chunk says of one choice. */
export interface ChoiceChunk {
	delta: JsonObject;
	finish?: string;
	logprobs?: JsonValue;
}

/** Writes chunks: the members every chunk repeats are turned into text once. */
export class ChunkWriter {
	#envelope: JsonObject = {};
	#prefix = '';
	/** Candidates whose first chunk, the one with the role, has been written. */
	readonly #begun = new Set<number>();
	readonly #context: EncodeResponseContext;

	constructor(context: EncodeResponseContext) {
		this.#context = context;
		this.#set({ id: context.id, object: CHUNK, created: context.now, model: context.model });
	}

	/** Takes the answer's identity from its start; what the start does not say comes from the context. */
	begin(start: StartPart): void {
		const left = own(start, DIALECT);
		const tier = start.serviceTier;
		this.#set({
			id: start.id ?? this.#context.id,
			object: CHUNK,
			created: start.createdAt ?? this.#context.now,
			model: start.model ?? this.#context.model,
			...(tier === undefined ? {} : { service_tier: left === undefined ? (TIERS[tier] ?? tier) : tier }),
			...(start.systemFingerprint === undefined ? {} : { system_fingerprint: start.systemFingerprint }),
		});
	}

	/** A chunk about one choice, with what the dialect left on the part it comes from. */
	choice(index: number, { delta, finish, logprobs }: ChoiceChunk, part?: Extensible): string {
		const news = part === undefined ? undefined : own(part, DIALECT);
		if (news === undefined && this.#begun.has(index) && logprobs === undefined) {
			const end = finish === undefined ? 'null' : JSON.stringify(finish);
			return `data: ${this.#prefix},"choices":[{"index":${index},"delta":${JSON.stringify(delta)},"finish_reason":${end}}]}\n\n`;
		}
		const more = onWire(news ?? {});
		this.#change(more.envelope);
		const role = this.#begun.has(index) ? {} : { role: 'assistant' };
		this.#begun.add(index);
		const choice: JsonObject = {
			...more.choice,
			index,
			delta: { ...role, ...more.delta, ...delta },
			...(logprobs === undefined ? {} : { logprobs }),
			finish_reason: finish ?? null,
		};
		return this.#write({ choices: [choice], ...more.chunk });
	}

	/** A chunk for what is left on a part that has no content of its own; empty when there is nothing to say. */
	news(part: Extensible, index: number): string {
		const left = own(part, DIALECT);
		if (left === undefined) return '';
		const more = onWire(left);
		const about = Object.keys(more.choice).length > 0 || Object.keys(more.delta).length > 0;
		if (about) return this.choice(index, { delta: {} }, part);
		this.#change(more.envelope);
		return Object.keys(more.chunk).length === 0 ? '' : this.#write({ choices: [], ...more.chunk });
	}

	/** A chunk given in wire form, the envelope added. */
	raw(chunk: JsonObject): string {
		const rest: JsonObject = {};
		const envelope: JsonObject = {};
		for (const key in chunk) put(Object.hasOwn(this.#envelope, key) ? envelope : rest, key, chunk[key]);
		this.#change(envelope);
		return this.#write(rest);
	}

	usage(usage: JsonObject): string {
		return this.#write({ choices: [], usage });
	}

	#write(members: JsonObject): string {
		return sseEvent(`${this.#prefix},${JSON.stringify(members).slice(1)}`);
	}

	#change(changes: JsonObject): void {
		if (Object.keys(changes).length > 0) this.#set({ ...this.#envelope, ...changes });
	}

	#set(envelope: JsonObject): void {
		this.#envelope = envelope;
		this.#prefix = JSON.stringify(envelope).slice(0, -1);
	}
}
