import { isObject } from '../../lib/json.ts';
import { sseEvent } from '../../lib/sse.ts';
import type {
	BlockEndPart,
	BlockStartPart,
	Citation,
	CitationDelta,
	ContentPart,
	EncodeResponseContext,
	FinishPart,
	JsonObject,
	JsonValue,
	MediaDelta,
	ReasoningDelta,
	ReasoningPart,
	StartPart,
	StreamEncoder,
	StreamPart,
	TextDelta,
	ToolInputDelta,
	Usage,
	UsagePart,
	VendorEventPart,
	Warning,
} from '../../spec/index.ts';
import { Losses, own, restored, same } from '../shared/index.ts';
import { decodeAnnotations, encodeAnnotation, isListed } from './citations.ts';
import { thinkingText } from './content-decode.ts';
import { encodeStreamError } from './errors-encode.ts';
import { encodeImage } from './media-encode.ts';
import { DIALECT } from './name.ts';
import { FLAT_FIELDS } from './reasoning.ts';
import { encodeDetails, needsDetails, readDetail } from './reasoning-details.ts';
import { writeLogprobs } from './response-encode.ts';
import { encodeExtraContent } from './signature.ts';
import { encodeStop } from './stop-reason.ts';
import { DONE } from './stream-decode.ts';
import { ChunkWriter } from './stream-writer.ts';
import { encodeToolCall } from './tool-calls.ts';
import { encodeUsage } from './usage.ts';

/** A block that is open or was. */
interface Block {
	candidate: number;
	part: ContentPart;
	/** Place among the candidate's tool calls; undefined for other blocks and for calls that are not shown. */
	tool: number | undefined;
	/** Position of the block's text in that of the answer. */
	start: number;
	citations: Citation[];
	/** The whole of a reasoning block, for the details that follow it; undefined once they came as they were. */
	reasoning: ReasoningPart | undefined;
	/** Place among the candidate's reasoning blocks. */
	index: number;
}

interface Track {
	tools: number;
	reasonings: number;
	text: number;
	refused: boolean;
}

class ChatStreamEncoder implements StreamEncoder {
	readonly #writer: ChunkWriter;
	readonly #losses = new Losses(DIALECT);
	readonly #wantsUsage: boolean;
	readonly #blocks = new Map<number, Block>();
	readonly #tracks = new Map<number, Track>();
	#usage: Usage | undefined;

	constructor(context: EncodeResponseContext) {
		this.#writer = new ChunkWriter(context);
		this.#wantsUsage = context.streamUsage;
	}

	warnings(): Warning[] {
		return this.#losses.warnings;
	}

	push(part: StreamPart): string {
		if ('extensions' in part) this.#losses.extensions(part, part.type);
		switch (part.type) {
			case 'text-delta':
				return this.#text(part);
			case 'reasoning-delta':
				return this.#reasoning(part);
			case 'tool-input-delta':
				return this.#toolInput(part);
			case 'block-start':
				return this.#open(part);
			case 'block-end':
				return this.#close(part);
			case 'media-delta':
				return this.#media(part);
			case 'citation':
				return this.#citation(part);
			case 'start':
				return this.#begin(part);
			case 'finish':
				return this.#finish(part);
			case 'usage':
				return this.#takeUsage(part);
			case 'end':
				return this.#end();
			case 'error':
				return encodeStreamError(part.error);
			case 'ping':
				return ': ping\n\n';
			case 'vendor-event':
				return this.#vendorEvent(part);
		}
	}

	#track(candidate: number): Track {
		let track = this.#tracks.get(candidate);
		if (track === undefined) {
			track = { tools: 0, reasonings: 0, text: 0, refused: false };
			this.#tracks.set(candidate, track);
		}
		return track;
	}

	#begin(part: StartPart): string {
		this.#writer.begin(part);
		if (part.usage !== undefined) this.#usage = part.usage;
		const left = own(part, DIALECT);
		if (left === undefined) return this.#writer.choice(0, { delta: { role: 'assistant', content: '', refusal: null } });
		const early = Array.isArray(left.$preamble) ? left.$preamble.filter(isObject) : [];
		const before = early.map((chunk) => sseEvent(JSON.stringify(chunk))).join('');
		const repeated = new Set(early.flatMap((chunk) => Object.keys(chunk)));
		const fresh: JsonObject = {};
		for (const key in left) if (!repeated.has(key)) fresh[key] = left[key];
		return before + this.#writer.news({ extensions: { [DIALECT]: fresh } }, 0);
	}

	#open(part: BlockStartPart): string {
		const { content, candidate } = part;
		const track = this.#track(candidate);
		const path = `choices[${candidate}].message.content`;
		this.#losses.extensions(content, path);
		const block: Block = {
			candidate,
			part: content,
			tool: undefined,
			start: track.text,
			citations: [],
			reasoning: undefined,
			index: 0,
		};
		this.#blocks.set(part.block, block);
		switch (content.type) {
			case 'text':
			case 'refusal':
				block.citations.push(...(content.type === 'text' ? (content.citations ?? []) : []));
				return content.text === '' ? this.#writer.news(part, candidate) : this.#shown(block, content.text, part);
			case 'reasoning':
				return this.#openReasoning(block, content, track, part);
			case 'tool-call':
				return this.#openCall(block, content, track, part);
			case 'audio':
				return this.#writer.choice(candidate, { delta: { audio: audioStart(content) } }, part);
			case 'image':
				return this.#image(block, content, part, path);
			case 'opaque':
				if (content.dialect === DIALECT) return this.#writer.choice(candidate, { delta: { content: [content.value] } }, part);
		}
		this.#losses.dropped(path, `A ${content.type} has no form in an answer of this dialect.`);
		return this.#writer.news(part, candidate);
	}

	#openReasoning(block: Block, content: ReasoningPart, track: Track, part: BlockStartPart): string {
		block.index = track.reasonings++;
		block.reasoning = { ...content };
		const text = content.text ?? content.summary?.join('\n\n') ?? '';
		if (text === '') return this.#writer.news(part, block.candidate);
		return this.#writer.choice(block.candidate, { delta: { [FLAT_FIELDS[0]]: text } }, part);
	}

	#openCall(block: Block, content: ContentPart & { type: 'tool-call' }, track: Track, part: BlockStartPart): string {
		if (content.providerExecuted !== undefined) {
			const message = `The call of '${content.name}', which the provider ran itself, has no form in this dialect.`;
			this.#losses.dropped(`choices[${block.candidate}].message.tool_calls`, message);
			return this.#writer.news(part, block.candidate);
		}
		if (own(content, DIALECT)?.$in === 'function_call') {
			const call = { name: content.name, arguments: content.input };
			return this.#writer.choice(block.candidate, { delta: { function_call: call } }, part);
		}
		block.tool = track.tools++;
		const { extensions, ...bare } = content;
		const left = extensions?.[DIALECT];
		const call = encodeToolCall(left === undefined ? bare : { ...bare, extensions: { [DIALECT]: left } }, '', this.#losses);
		return this.#writer.choice(
			block.candidate,
			{ delta: { tool_calls: [{ index: block.tool, type: content.kind, ...call }] } },
			part,
		);
	}

	#image(block: Block, content: ContentPart & { type: 'image' }, part: BlockStartPart, path: string): string {
		const image = encodeImage(content, path, this.#losses);
		if (image === undefined) return this.#writer.news(part, block.candidate);
		const left = own(content, DIALECT);
		if (left?.$in === 'content') return this.#writer.choice(block.candidate, { delta: { content: [image] } }, part);
		return this.#writer.choice(
			block.candidate,
			{ delta: { images: [{ ...image, ...restored(left), image_url: image.image_url }] } },
			part,
		);
	}

	/** Text of a text or refusal block. */
	#shown(block: Block, text: string, part: TextDelta | BlockStartPart, logprobs?: JsonValue): string {
		const track = this.#track(block.candidate);
		const more = logprobs === undefined ? {} : { logprobs };
		if (block.part.type === 'refusal') {
			track.refused = true;
			return this.#writer.choice(block.candidate, { delta: { refusal: text }, ...more }, part);
		}
		track.text += text.length;
		const item = own(part, DIALECT)?.$item;
		const content = isObject(item) ? [{ ...item, text }] : text;
		return this.#writer.choice(block.candidate, { delta: { content }, ...more }, part);
	}

	#text(part: TextDelta): string {
		const block = this.#blocks.get(part.block);
		if (block === undefined) return '';
		const left = own(part, DIALECT);
		if (part.signature !== undefined) {
			const extra = encodeExtraContent(part.signature, left?.$extra);
			const content = part.text === '' ? {} : { content: part.text };
			return this.#writer.choice(block.candidate, { delta: { ...content, extra_content: extra } }, part);
		}
		if (part.logprobs === undefined) return this.#shown(block, part.text, part);
		const refused = block.part.type === 'refusal';
		const ofContent = refused ? undefined : part.logprobs;
		const ofRefusal = refused ? part.logprobs : undefined;
		return this.#shown(block, part.text, part, writeLogprobs(ofContent, ofRefusal, left?.$logprobs));
	}

	#reasoning(part: ReasoningDelta): string {
		const block = this.#blocks.get(part.block);
		if (block === undefined) return '';
		const left = own(part, DIALECT);
		const native = left === undefined ? undefined : nativeReasoning(part, left);
		if (native !== undefined) {
			block.reasoning = undefined;
			return this.#writer.choice(block.candidate, { delta: native }, part);
		}
		const whole = block.reasoning;
		const separator = whole !== undefined && addReasoning(whole, part) ? '\n\n' : '';
		const text = part.text ?? part.summary ?? '';
		if (text === '') return this.#writer.news(part, block.candidate);
		const delta: JsonObject = {};
		for (const field of flatFields(left)) delta[field] = separator + text;
		return this.#writer.choice(block.candidate, { delta }, part);
	}

	#toolInput(part: ToolInputDelta): string {
		const block = this.#blocks.get(part.block);
		if (block?.part.type !== 'tool-call' || block.part.providerExecuted !== undefined) return '';
		if (block.tool === undefined) {
			return this.#writer.choice(block.candidate, { delta: { function_call: { arguments: part.input } } }, part);
		}
		const body = block.part.kind === 'custom' ? { custom: { input: part.input } } : { function: { arguments: part.input } };
		const extra = part.signature === undefined ? {} : { extra_content: encodeExtraContent(part.signature) };
		return this.#writer.choice(block.candidate, { delta: { tool_calls: [{ index: block.tool, ...body, ...extra }] } }, part);
	}

	#media(part: MediaDelta): string {
		const block = this.#blocks.get(part.block);
		if (block === undefined) return '';
		const left = own(part, DIALECT)?.$audio;
		const audio: JsonObject = { ...(isObject(left) ? left : {}) };
		if (part.data !== undefined) audio.data = part.data;
		if (part.transcript !== undefined) audio.transcript = part.transcript;
		return this.#writer.choice(block.candidate, { delta: { audio } }, part);
	}

	/** An annotation states the stretch of text it is about, which is known when the block ends. */
	#citation(part: CitationDelta): string {
		const block = this.#blocks.get(part.block);
		if (block === undefined) return '';
		const wire = own(part, DIALECT)?.$annotation;
		if (wire !== undefined && same(decodeAnnotations([wire]).citations[0], part.citation)) {
			return this.#writer.choice(block.candidate, { delta: { annotations: [wire] } }, part);
		}
		if (!isListed(part.citation)) block.citations.push(part.citation);
		return this.#writer.news(part, block.candidate);
	}

	#close(part: BlockEndPart): string {
		const block = this.#blocks.get(part.block);
		if (block === undefined) return '';
		this.#blocks.delete(part.block);
		const delta: JsonObject = {};
		const annotations = this.#annotations(block);
		if (annotations.length > 0) delta.annotations = annotations;
		if (block.reasoning !== undefined && needsDetails(block.reasoning)) {
			delta.reasoning_details = encodeDetails(block.reasoning, block.index);
		}
		if (Object.keys(delta).length === 0) return this.#writer.news(part, block.candidate);
		return this.#writer.choice(block.candidate, { delta }, part);
	}

	#annotations(block: Block): JsonObject[] {
		const stretch = { start: block.start, end: this.#track(block.candidate).text };
		const path = `choices[${block.candidate}].message.annotations`;
		const written = block.citations.map((citation, index) =>
			encodeAnnotation(citation, stretch, `${path}[${index}]`, this.#losses),
		);
		return written.filter((annotation) => annotation !== undefined);
	}

	#finish(part: FinishPart): string {
		const track = this.#track(part.candidate);
		const { stop, candidate } = part;
		const path = `choices[${candidate}].finish_reason`;
		this.#losses.extensions(stop, path);
		const said = stop.kind === 'refusal' && !track.refused ? stop.message : undefined;
		const before = said === undefined ? '' : this.#writer.choice(candidate, { delta: { refusal: said } });
		const { word, poorer } = encodeStop(stop, track.refused || said !== undefined);
		if (poorer)
			this.#losses.add('approximated', path, `The answer ended with '${stop.raw ?? stop.kind}'; this dialect says '${word}'.`);
		return before + this.#writer.choice(candidate, { delta: {}, finish: word }, part);
	}

	#takeUsage(part: UsagePart): string {
		this.#usage = part.usage;
		return this.#writer.news(part, 0);
	}

	#end(): string {
		let usage = '';
		if (this.#wantsUsage && this.#usage !== undefined) {
			this.#losses.extensions(this.#usage, 'usage');
			usage = this.#writer.usage(encodeUsage(this.#usage));
		}
		return usage + sseEvent(DONE);
	}

	#vendorEvent(part: VendorEventPart): string {
		if (part.dialect === DIALECT) return this.#writer.raw(part.data);
		if (part.meaningful === true) {
			this.#losses.dropped(part.event ?? 'event', `Only ${part.dialect} has this event; ${DIALECT} cannot carry it.`);
		}
		return '';
	}
}

function audioStart(part: ContentPart & { type: 'audio' }): JsonObject {
	const audio: JsonObject = {};
	if (part.id !== undefined) audio.id = part.id;
	if (part.source.type === 'base64' && part.source.data !== '') audio.data = part.source.data;
	if (part.transcript !== undefined) audio.transcript = part.transcript;
	if (part.expiresAt !== undefined) audio.expires_at = part.expiresAt;
	return audio;
}

function flatFields(left: JsonObject | undefined): string[] {
	const fields = left?.$flat;
	return Array.isArray(fields) ? fields.filter((field) => typeof field === 'string') : [FLAT_FIELDS[0]];
}

/** A reasoning delta in the form it came in, if that still says the same; undefined for one to be written afresh. */
function nativeReasoning(part: ReasoningDelta, left: JsonObject): JsonObject | undefined {
	const item = left.$item;
	if (item !== undefined) return isObject(item) && thinkingText(item.thinking) === part.text ? { content: [item] } : undefined;
	const details = left.$details;
	if (!Array.isArray(details)) return undefined;
	const read = details.filter(isObject).map(readDetail);
	const text = part.text ?? part.summary ?? '';
	if (read.map((detail) => detail.text).join('') !== text) return undefined;
	const delta: JsonObject = { reasoning_details: details };
	for (const field of flatFields(left)) delta[field] = text;
	return delta;
}

/** Adds a delta to the whole of its block; true when it begins a further paragraph of the summary. */
function addReasoning(whole: ReasoningPart, part: ReasoningDelta): boolean {
	if (part.text !== undefined) whole.text = (whole.text ?? '') + part.text;
	if (part.signature !== undefined) whole.signature = part.signature;
	if (part.encrypted !== undefined) whole.encrypted = part.encrypted;
	if (part.summary === undefined) return false;
	const paragraphs = [...(whole.summary ?? [])];
	const at = part.summaryIndex ?? Math.max(0, paragraphs.length - 1);
	const further = at > 0 && paragraphs[at] === undefined;
	paragraphs[at] = (paragraphs[at] ?? '') + part.summary;
	whole.summary = paragraphs;
	return further;
}

/** An encoder for one streamed answer. */
export function streamEncoder(context: EncodeResponseContext): StreamEncoder {
	return new ChatStreamEncoder(context);
}
