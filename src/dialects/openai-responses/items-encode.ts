import type {
	ContentPart,
	ImagePart,
	JsonObject,
	OpaquePart,
	ReasoningPart,
	RefusalPart,
	Signature,
	TextPart,
	ToolCallPart,
} from '../../spec/index.ts';
import { type Losses, own, restored, same } from '../shared/index.ts';
import { mark, nested } from './forms.ts';
import { callId, madeId } from './ids.ts';
import { DIALECT } from './name.ts';
import { encodeOutputPart } from './part-encode.ts';
import { sealPrevious, sealReasoning } from './seal.ts';
import { belongsToPrevious, stillSays, wholeItem } from './whole-items.ts';

/** For whom items are written: a client (`answer`: the answer's id, from which those of its items are made) or a vendor. */
export interface ItemContext {
	losses: Losses;
	answer: string | undefined;
}

/** What a message of the model is made of. */
export type MessagePart = TextPart | RefusalPart | OpaquePart;

export function isMessagePart(part: ContentPart): part is MessagePart {
	if (part.type === 'opaque') return part.dialect === DIALECT && mark(part, '$in') === 'content';
	return part.type === 'text' || part.type === 'refusal';
}

/** Whether a part goes on with the message of the part before it; those of other dialects do so wherever they can. */
export function joins(part: MessagePart, before: MessagePart): boolean {
	if (belongsToPrevious(part)) return true;
	return isFresh(part) && isFresh(before) && foreignSignature(before) === undefined;
}

/** Whether a part was in no message of this dialect before. */
function isFresh(part: MessagePart): boolean {
	return mark(part, '$first') === undefined && !belongsToPrevious(part);
}

/** A proof of another vendor's, which has no field of its own here. */
export function foreignSignature(part: ContentPart): Signature | undefined {
	const signature = part.type === 'text' || part.type === 'tool-call' ? part.signature : undefined;
	return signature === undefined || signature.vendor === DIALECT ? undefined : signature;
}

export function writeMessagePart(part: MessagePart, path: string, { losses, answer }: ItemContext): JsonObject {
	return part.type === 'opaque' ? part.value : encodeOutputPart(part, answer === undefined, path, losses);
}

/** A message of the model around its content. `index`: place among the items, for its id. */
export function writeMessage(first: MessagePart, content: JsonObject[], index: number, context: ItemContext): JsonObject {
	const left = nested(own(first, DIALECT), 'item');
	const [only] = content;
	const bare = content.length === 1 && only?.type === 'output_text' && Object.keys(only).length === 2;
	const asString = bare && (left === undefined ? context.answer === undefined : left.$content === 'string');
	const said = asString && typeof only?.text === 'string' ? only.text : content;
	if (left !== undefined) return { ...restored(left), role: 'assistant', content: said };
	if (context.answer === undefined) return { role: 'assistant', content: said };
	return {
		id: madeId('msg', context.answer, index),
		type: 'message',
		status: 'completed',
		role: 'assistant',
		content: said,
	};
}

function textList(type: string, texts: readonly string[], asItCame: unknown): JsonObject[] {
	const came = Array.isArray(asItCame) ? asItCame : [];
	const said = came.map((item: JsonObject) => item.text);
	return same(said, texts) ? came : texts.map((text) => ({ type, text }));
}

/** What is shown of reasoning. The text may have come as several pieces, which are told apart only while it is unchanged. */
function shownReasoning(part: ReasoningPart): JsonObject {
	const left = own(part, DIALECT);
	const pieces = Array.isArray(left?.$content) ? left.$content : [];
	const joined = pieces
		.map((piece) => (typeof piece === 'object' && piece !== null && 'text' in piece ? piece.text : ''))
		.join('\n\n');
	const wire: JsonObject = {};
	if (part.summary !== undefined) wire.summary = textList('summary_text', part.summary, left?.$summary);
	if (part.text !== undefined) {
		wire.content = joined === part.text && pieces.length > 0 ? pieces : [{ type: 'reasoning_text', text: part.text }];
	}
	return wire;
}

/** Whether this dialect's own vendor made the reasoning and would take it back. */
export function isOwnReasoning(part: ReasoningPart): boolean {
	if (mark(part, '$sealed') !== undefined) return false;
	return part.encrypted?.vendor === DIALECT || (part.signature === undefined && own(part, DIALECT) !== undefined);
}

function ownId(part: ReasoningPart): string | undefined {
	const kept = own(part, DIALECT) !== undefined && mark(part, '$sealed') === undefined;
	return part.id !== undefined && (kept || part.id.startsWith('rs_')) ? part.id : undefined;
}

/** The id a reasoning item is shown under. */
export function reasoningId(part: ReasoningPart, index: number, answer: string): string {
	return ownId(part) ?? madeId('rs', answer, index);
}

/** An item of reasoning for a client: what its vendor needs back and has no field here is sealed. */
export function writeReasoning(part: ReasoningPart, index: number, answer: string): JsonObject {
	const left = own(part, DIALECT);
	const isOwn = isOwnReasoning(part);
	const encrypted = isOwn ? part.encrypted?.value : sealReasoning(part);
	const id = reasoningId(part, index, answer);
	return {
		...(left === undefined || !isOwn ? { type: 'reasoning', summary: [] } : restored(left)),
		...(left === undefined || !isOwn || part.id !== undefined ? { id } : {}),
		...shownReasoning(part),
		...(encrypted === undefined ? {} : { encrypted_content: encrypted }),
	};
}

/** The item that carries the proof of the part before it. */
export function writeSignature(signature: Signature, index: number, answer: string): JsonObject {
	return { id: madeId('rs', answer, index), type: 'reasoning', summary: [], encrypted_content: sealPrevious(signature) };
}

/** The input of a call as it is written; a function's is JSON, so none at all is an empty object. */
export function writtenInput(part: ToolCallPart): JsonObject[string] {
	const left = own(part, DIALECT);
	const odd = left?.$input;
	if (odd !== undefined && (odd === null ? '' : JSON.stringify(odd)) === part.input) return odd;
	return part.kind === 'function' && left?.$call !== true && part.input === '' ? '{}' : part.input;
}

/** A call of the client's function or custom tool. */
export function writeCall(part: ToolCallPart, index: number, { answer }: ItemContext): JsonObject {
	const left = own(part, DIALECT);
	const type = part.kind === 'function' ? 'function_call' : 'custom_tool_call';
	const field = part.kind === 'function' ? 'arguments' : 'input';
	const fresh: JsonObject =
		answer === undefined
			? { type }
			: { id: madeId(part.kind === 'function' ? 'fc' : 'ctc', answer, index), type, status: 'completed' };
	const came = left?.$call === true;
	return {
		...(came ? restored(left) : fresh),
		call_id: came || answer !== undefined ? part.id : callId(part.id),
		name: part.name,
		[field]: writtenInput(part),
	};
}

/** A drawn image, where a client gets it. */
export function writeImage(
	part: ImagePart,
	index: number,
	path: string,
	{ losses, answer }: ItemContext,
): JsonObject | undefined {
	if (answer === undefined || part.source.type !== 'base64') {
		losses.dropped(path, 'A message of the model holds no such image in this dialect.');
		return undefined;
	}
	return {
		id: madeId('ig', answer, index),
		type: 'image_generation_call',
		status: 'completed',
		output_format: part.source.mediaType.replace(/^image\//, ''),
		result: part.source.data,
	};
}

/** Writes the parts of the model's turn as items, one after another. */
class ItemWriter {
	readonly items: JsonObject[] = [];
	readonly #content: readonly ContentPart[];
	readonly #path: string;
	readonly #context: ItemContext;
	#at = 0;

	constructor(content: readonly ContentPart[], path: string, context: ItemContext) {
		this.#content = content;
		this.#path = path;
		this.#context = context;
	}

	write(): JsonObject[] {
		for (let part = this.#content[this.#at]; part !== undefined; part = this.#content[this.#at]) this.#next(part);
		return this.items;
	}

	#place(at = this.#at): string {
		return `${this.#path}.content[${at}]`;
	}

	#next(part: ContentPart): void {
		const { losses } = this.#context;
		const path = this.#place();
		if (!isMessagePart(part)) losses.extensions(part, path);
		const whole = wholeItem(part);
		if (whole !== undefined) this.#whole(whole);
		else if (isMessagePart(part)) this.#message(part);
		else this.#alone(part, path);
	}

	/** A part that makes an item of its own. */
	#alone(part: ContentPart, path: string): void {
		const { losses } = this.#context;
		this.#at++;
		if (part.type === 'reasoning') this.#reasoning(part, path);
		else if (part.type === 'tool-call' && part.providerExecuted === undefined) {
			this.items.push(writeCall(part, this.items.length, this.#context));
			this.#signature(part, path);
		} else if (part.type === 'image') {
			const item = writeImage(part, this.items.length, path, this.#context);
			if (item !== undefined) this.items.push(item);
		} else if (part.type === 'opaque' && part.dialect === DIALECT) this.items.push(part.value);
		else losses.dropped(path, unsayable(part));
	}

	#whole(wire: JsonObject): void {
		const from = this.#at++;
		while (this.#at < this.#content.length && this.#belongs(this.#content[this.#at])) this.#at++;
		const parts = this.#content.slice(from, this.#at);
		if (stillSays(wire, parts)) this.items.push(wire);
		else this.#context.losses.dropped(this.#place(from), 'The item was changed on the way and cannot be written any more.');
	}

	#belongs(part: ContentPart | undefined): boolean {
		return part !== undefined && belongsToPrevious(part);
	}

	#message(first: MessagePart): void {
		const content: JsonObject[] = [];
		let part: ContentPart | undefined = first;
		let before = first;
		const paths: { part: MessagePart; path: string }[] = [];
		while (part !== undefined && isMessagePart(part) && (part === first || joins(part, before))) {
			content.push(writeMessagePart(part, this.#place(), this.#context));
			paths.push({ part, path: this.#place() });
			before = part;
			this.#at++;
			part = this.#content[this.#at];
		}
		this.items.push(writeMessage(first, content, this.items.length, this.#context));
		for (const each of paths) this.#signature(each.part, each.path);
	}

	#signature(part: ContentPart, path: string): void {
		const signature = foreignSignature(part);
		if (signature === undefined) return;
		const { answer, losses } = this.#context;
		if (answer !== undefined) this.items.push(writeSignature(signature, this.items.length, answer));
		else losses.dropped(`${path}.signature`, `A proof only ${signature.vendor} can read was left out.`);
	}

	#reasoning(part: ReasoningPart, path: string): void {
		const { answer, losses } = this.#context;
		if (answer !== undefined) {
			this.items.push(writeReasoning(part, this.items.length, answer));
			return;
		}
		if (!isOwnReasoning(part)) {
			losses.dropped(path, "Reasoning of another vendor's model cannot be sent back to this one.");
			return;
		}
		const item = writeReasoning(part, this.items.length, '');
		if (ownId(part) === undefined && own(part, DIALECT) === undefined) delete item.id;
		this.items.push(item);
	}
}

/** Why a part has no form here. */
export function unsayable(part: ContentPart): string {
	if (part.type === 'opaque') return `Only ${part.dialect} knows this part.`;
	if (part.type === 'tool-call' || part.type === 'tool-result') {
		return `A tool that another vendor ran (${part.providerExecuted?.kind ?? part.type}) has no form in this dialect.`;
	}
	return `A ${part.type} in a message of the model has no form in this dialect.`;
}

/** Writes what a turn of the model holds as items. */
export function encodeItems(content: readonly ContentPart[], path: string, context: ItemContext): JsonObject[] {
	return new ItemWriter(content, path, context).write();
}
