import { isObject } from '../../../src/lib/json.ts';
import type { JsonObject, JsonValue } from '../../../src/spec/index.ts';

/** What an answer says, whatever its dialect: of the first candidate only. */
export interface Reading {
	text: string;
	reasoning: string;
	calls: Call[];
	/** In the words of the dialect it was read in. */
	finish: string | null;
	usage: Counted | undefined;
}

export interface Call {
	id: string;
	name: string;
	/** JSON of the input, or its text where it is no JSON. */
	input: string;
}

/** Tokens: the totals as users are charged for them. */
export interface Counted {
	input: number;
	output: number;
	cacheRead: number;
}

export function list(value: JsonValue | undefined): JsonObject[] {
	return Array.isArray(value) ? value.filter(isObject) : [];
}

function text(value: JsonValue | undefined): string {
	return typeof value === 'string' ? value : '';
}

function count(value: JsonValue | undefined): number {
	return typeof value === 'number' ? value : 0;
}

/** JSON in one form, so that spaces and escapes make no difference; other text as it is. No input at all is an empty object. */
export function normalInput(input: string): string {
	if (input.trim() === '') return '{}';
	try {
		return JSON.stringify(JSON.parse(input));
	} catch {
		return input;
	}
}

/** The text, and the thoughts, of a `content` of either form. */
function readContent(content: JsonValue | undefined): { text: string; thinking: string } {
	if (typeof content === 'string') return { text: content, thinking: '' };
	// One vendor gives the object that the text would hold.
	if (isObject(content)) return { text: JSON.stringify(content), thinking: '' };
	const items = list(content);
	const of = (type: string, read: (item: JsonObject) => string): string =>
		items
			.filter((item) => item.type === type)
			.map(read)
			.join('');
	return {
		text: of('text', (item) => text(item.text)) + of('refusal', (item) => text(item.refusal)),
		thinking: of('thinking', (item) => readContent(item.thinking).text),
	};
}

/** Reasoning as the many vendors of this dialect put it: plain, or in details that some vendors give beside it. */
function flatReasoning(message: JsonObject): string {
	return text(message.reasoning_content) || text(message.reasoning);
}

function detailedReasoning(message: JsonObject): string {
	return list(message.reasoning_details)
		.map((detail) => text(detail.text) || text(detail.summary))
		.join('');
}

function chatUsage(body: JsonObject): JsonObject | undefined {
	const groq = isObject(body.x_groq) ? body.x_groq.usage : undefined;
	const inside = list(body.choices)
		.map((choice) => choice.usage)
		.find(isObject);
	return [body.usage, groq, inside].find((usage) => isObject(usage) && typeof usage.prompt_tokens === 'number') as
		| JsonObject
		| undefined;
}

function chatCounted(usage: JsonObject | undefined): Counted | undefined {
	if (usage === undefined) return undefined;
	const details = isObject(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
	return {
		input: count(usage.prompt_tokens),
		output: count(usage.completion_tokens),
		cacheRead: count(details.cached_tokens ?? usage.prompt_cache_hit_tokens ?? usage.cached_tokens),
	};
}

function chatCall(wire: JsonObject): Call {
	const body = [wire.function, wire.custom].find(isObject) ?? {};
	const input = body.arguments ?? body.input;
	return {
		id: text(wire.id),
		name: text(body.name),
		input: normalInput(typeof input === 'string' ? input : input === null || input === undefined ? '' : JSON.stringify(input)),
	};
}

/** Some vendors fill the field of a call there is not with empty strings. */
function isCall(call: Call): boolean {
	return call.id !== '' || call.name !== '';
}

/** Reads a chat completion. */
export function readCompletion(body: JsonObject): Reading {
	const choice = list(body.choices).find((each) => count(each.index) === 0) ?? {};
	const message = isObject(choice.message) ? choice.message : {};
	const content = readContent(message.content);
	const legacy = isObject(message.function_call) ? [{ id: '', function: message.function_call }] : [];
	return {
		text: content.text + text(message.refusal) + (isObject(message.audio) ? text(message.audio.transcript) : ''),
		reasoning: flatReasoning(message) || detailedReasoning(message) || content.thinking,
		calls: [...list(message.tool_calls), ...legacy].map(chatCall).filter(isCall),
		finish: typeof choice.finish_reason === 'string' ? choice.finish_reason : null,
		usage: chatCounted(chatUsage(body)),
	};
}

/** Joins the deltas of a stream's first candidate into one message. */
class Joined {
	text = '';
	flat = '';
	detailed = '';
	thinking = '';
	readonly #calls: { index: JsonValue | undefined; id: string; name: string; input: string }[] = [];

	add(delta: JsonObject): void {
		const content = readContent(delta.content);
		this.text += content.text + text(delta.refusal);
		this.flat += flatReasoning(delta);
		this.detailed += detailedReasoning(delta);
		this.thinking += content.thinking;
		for (const piece of list(delta.tool_calls)) this.#call(piece);
		if (isObject(delta.function_call)) this.#call({ index: 0, function: delta.function_call });
	}

	#call(piece: JsonObject): void {
		const body = [piece.function, piece.custom].find(isObject) ?? {};
		const last = this.#calls.at(-1);
		const known = piece.index === undefined ? last : this.#calls.findLast((call) => call.index === piece.index);
		const id = text(piece.id);
		const begins =
			known === undefined || (id !== '' && known.id !== '' && id !== known.id) || (piece.index === undefined && id !== '');
		const call = begins ? { index: piece.index, id, name: '', input: '' } : known;
		if (begins) this.#calls.push(call);
		call.id ||= id;
		call.name ||= text(body.name);
		const input = body.arguments ?? body.input;
		call.input += typeof input === 'string' ? input : input === undefined || input === null ? '' : JSON.stringify(input);
	}

	get calls(): JsonObject[] {
		return this.#calls.map(({ id, name, input }) => ({ id, function: { name, arguments: input } }));
	}
}

/** Reads the chunks of a streamed chat completion. */
export function readChunks(chunks: readonly JsonObject[]): Reading {
	const joined = new Joined();
	let finish: string | null = null;
	let usage: JsonObject | undefined;
	for (const chunk of chunks) {
		usage = chatUsage(chunk) ?? usage;
		for (const choice of list(chunk.choices)) {
			if (count(choice.index) !== 0) continue;
			if (isObject(choice.delta)) joined.add(choice.delta);
			if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '') finish ??= choice.finish_reason;
		}
	}
	return {
		text: joined.text,
		reasoning: joined.flat || joined.detailed || joined.thinking,
		calls: joined.calls.map(chatCall).filter(isCall),
		finish,
		usage: chatCounted(usage),
	};
}

/** Reads a message of the Messages API. */
export function readMessage(message: JsonObject): Reading {
	const content = list(message.content);
	const of = (type: string, field: string): string =>
		content
			.filter((block) => block.type === type)
			.map((block) => text(block[field]))
			.join('');
	const usage = isObject(message.usage) ? message.usage : {};
	const cacheRead = count(usage.cache_read_input_tokens);
	return {
		text: of('text', 'text'),
		reasoning: of('thinking', 'thinking'),
		calls: content
			.filter((block) => block.type === 'tool_use')
			.map((block) => ({ id: text(block.id), name: text(block.name), input: JSON.stringify(block.input ?? {}) })),
		finish: typeof message.stop_reason === 'string' ? message.stop_reason : null,
		usage: {
			input: count(usage.input_tokens) + cacheRead + count(usage.cache_creation_input_tokens),
			output: count(usage.output_tokens),
			cacheRead,
		},
	};
}
