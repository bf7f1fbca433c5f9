import type {
	AudioPart,
	CitationDelta,
	ContentPart,
	JsonObject,
	MediaDelta,
	ReasoningDelta,
	ReasoningPart,
	Signature,
	TextDelta,
	ToolCallPart,
	ToolInputDelta,
} from '../../spec/index.ts';
import { type AnswerState, encodeAnswerPart } from './answer-encode.ts';
import { DIALECT, refill } from './dialect.ts';
import { needsSeal, sealReasoning, wireSignature } from './seal.ts';

/** More of a block. */
export type Delta = TextDelta | ReasoningDelta | ToolInputDelta | MediaDelta | CitationDelta;

/** Writes one block as the parts it becomes on the wire, as soon as they can be told. */
export interface BlockWriter {
	begin(): JsonObject[];
	delta(part: Delta): JsonObject[];
	end(): JsonObject[];
}

/** The writer for a block's kind of content. */
export function writerFor(content: ContentPart, path: string, state: AnswerState): BlockWriter {
	switch (content.type) {
		case 'text':
			return new TextWriter(content.text, content.signature);
		case 'refusal':
			return new TextWriter(content.text, undefined);
		case 'reasoning':
			return new ThoughtWriter(content);
		case 'tool-call':
			return new CallWriter(content, path, state);
		case 'audio':
			return new AudioWriter(content, path, state);
		default:
			return new WholeWriter(content, path, state);
	}
}

/** Joins the pieces of an opaque proof. */
function joined(earlier: Signature | undefined, later: Signature): Signature {
	return { vendor: later.vendor, value: (earlier?.value ?? '') + later.value };
}

/** Text. A signature of this vendor's goes out as it comes; another's is sealed when it is whole. */
class TextWriter implements BlockWriter {
	readonly #text: string;
	#signature: Signature | undefined;

	constructor(text: string, signature: Signature | undefined) {
		this.#text = text;
		this.#signature = signature;
	}

	begin(): JsonObject[] {
		return this.#text === '' ? [] : [{ text: this.#text }];
	}

	delta(part: Delta): JsonObject[] {
		if (part.type !== 'text-delta') return [];
		const wire: JsonObject = { text: part.text };
		if (part.signature?.vendor === DIALECT) wire.thoughtSignature = part.signature.value;
		else if (part.signature !== undefined) this.#signature = joined(this.#signature, part.signature);
		if (part.extensions !== undefined) refill(wire, part);
		return part.text === '' && Object.keys(wire).length === 1 ? [] : [wire];
	}

	end(): JsonObject[] {
		return this.#signature === undefined ? [] : [{ text: '', thoughtSignature: wireSignature(this.#signature) }];
	}
}

/** Reasoning. What is shown of another vendor's goes out as it comes, and what it needs back is sealed into an empty thought. */
class ThoughtWriter implements BlockWriter {
	/** The part as far as it has come, without its text. */
	#part: ReasoningPart;
	#shown = false;
	#summaries: string[];

	constructor(content: ReasoningPart) {
		this.#part = content;
		this.#summaries = content.summary ?? [];
	}

	begin(): JsonObject[] {
		return this.#show(this.#part.text ?? this.#summaries.join('\n\n'));
	}

	delta(part: Delta): JsonObject[] {
		if (part.type !== 'reasoning-delta') return [];
		const { signature, encrypted } = part;
		const own = signature?.vendor === DIALECT ? signature : undefined;
		if (signature !== undefined && own === undefined)
			this.#part = { ...this.#part, signature: joined(this.#part.signature, signature) };
		if (encrypted !== undefined) this.#part = { ...this.#part, encrypted: joined(this.#part.encrypted, encrypted) };
		if (part.text !== undefined && part.text !== '') this.#part = { ...this.#part, text: '' };
		const shown =
			part.summary === undefined || part.summary === '' ? (part.text ?? '') : this.#summarize(part.summary, part.summaryIndex);
		const [wire = { text: '', thought: true }] = this.#show(shown);
		if (own !== undefined) wire.thoughtSignature = own.value;
		if (part.extensions !== undefined) refill(wire, part);
		return shown === '' && Object.keys(wire).length === 2 ? [] : [wire];
	}

	end(): JsonObject[] {
		const part = this.#summaries.length === 0 ? this.#part : { ...this.#part, summary: this.#summaries };
		if (!needsSeal(part)) {
			return part.signature === undefined ? [] : [{ text: '', thought: true, thoughtSignature: wireSignature(part.signature) }];
		}
		const blank = part.text === '' && !this.#shown;
		const { text: _, ...rest } = part;
		return [{ text: '', thought: true, thoughtSignature: sealReasoning(blank ? rest : part) }];
	}

	#show(text: string): JsonObject[] {
		if (text === '') return [];
		this.#shown = true;
		return [{ text, thought: true }];
	}

	/** The text to show for a piece of a summary; its paragraphs are told with a blank line between them. */
	#summarize(text: string, index: number | undefined): string {
		const paragraph = index ?? Math.max(0, this.#summaries.length - 1);
		const summaries = [...this.#summaries];
		while (summaries.length <= paragraph) summaries.push('');
		const gap = summaries[paragraph] === '' && this.#shown ? '\n\n' : '';
		summaries[paragraph] = `${summaries[paragraph] ?? ''}${text}`;
		this.#summaries = summaries;
		return gap + text;
	}
}

/** A call, which is told whole at its end. */
class CallWriter implements BlockWriter {
	readonly #path: string;
	readonly #state: AnswerState;
	#part: ToolCallPart;

	constructor(content: ToolCallPart, path: string, state: AnswerState) {
		this.#part = content;
		this.#path = path;
		this.#state = state;
	}

	begin(): JsonObject[] {
		return [];
	}

	delta(part: Delta): JsonObject[] {
		if (part.type !== 'tool-input-delta') return [];
		const signature = part.signature === undefined ? {} : { signature: joined(this.#part.signature, part.signature) };
		this.#part = { ...this.#part, input: this.#part.input + part.input, ...signature };
		return [];
	}

	end(): JsonObject[] {
		const wire = encodeAnswerPart(this.#part, this.#path, this.#state);
		return wire === undefined ? [] : [wire];
	}
}

/** Media types of speech by the names vendors give its formats. */
const SOUNDS: { [format: string]: string } = { pcm16: 'audio/l16; rate=24000; channels=1', wav: 'audio/wav', mp3: 'audio/mp3' };

/** Speech: each piece of sound is a part of its own; its words are told only where there is no sound. */
class AudioWriter implements BlockWriter {
	readonly #content: AudioPart;
	readonly #path: string;
	readonly #state: AnswerState;
	#sound = false;
	#words = '';

	constructor(content: AudioPart, path: string, state: AnswerState) {
		this.#content = content;
		this.#path = path;
		this.#state = state;
		this.#words = content.transcript ?? '';
	}

	begin(): JsonObject[] {
		const { source } = this.#content;
		const whole = (source.type === 'base64' && source.data !== '') || source.type === 'url';
		if (!whole) return [];
		this.#sound = true;
		const wire = encodeAnswerPart(this.#content, this.#path, this.#state);
		return wire === undefined ? [] : [wire];
	}

	delta(part: Delta): JsonObject[] {
		if (part.type !== 'media-delta') return [];
		this.#words += part.transcript ?? '';
		if (part.data === undefined || part.data === '') return [];
		this.#sound = true;
		const { source, format } = this.#content;
		const mimeType =
			source.type === 'base64' && source.mediaType !== '' ? source.mediaType : (SOUNDS[format ?? ''] ?? 'audio/wav');
		return [{ inlineData: { mimeType, data: part.data } }];
	}

	end(): JsonObject[] {
		if (this.#sound || this.#words === '') return [];
		this.#state.losses.add('approximated', this.#path, 'Spoken words are shown as their transcript.');
		return [{ text: this.#words }];
	}
}

/** A part that arrives whole. */
class WholeWriter implements BlockWriter {
	readonly #content: ContentPart;
	readonly #path: string;
	readonly #state: AnswerState;

	constructor(content: ContentPart, path: string, state: AnswerState) {
		this.#content = content;
		this.#path = path;
		this.#state = state;
	}

	begin(): JsonObject[] {
		const wire = encodeAnswerPart(this.#content, this.#path, this.#state);
		return wire === undefined ? [] : [wire];
	}

	delta(): JsonObject[] {
		return [];
	}

	end(): JsonObject[] {
		return [];
	}
}
