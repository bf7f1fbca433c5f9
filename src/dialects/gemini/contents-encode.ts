import { isObject } from '../../lib/json.ts';
import type { ChatRequest, ContentPart, JsonObject, Message, ToolResultPart } from '../../spec/index.ts';
import { encodePart } from './content-encode.ts';
import { DIALECT, mark, refill } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';
import { NO_SIGNATURE } from './seal.ts';

/** One element of the wire's `contents` while it is put together. */
interface Turn {
	role: string;
	parts: JsonObject[];
	/** What follows all results of the turn. */
	after: JsonObject[];
	/** Whether it holds results of the application's tools, and may take more. */
	results: boolean;
	/** Which call of the conversation a result answers. */
	places: Map<JsonObject, number>;
	/** The message that opened it, for what that keeps. */
	opener: Message | undefined;
}

/** The wire's `systemInstruction` (undefined: none) and `contents`. */
export interface Conversation {
	system: JsonObject | undefined;
	contents: JsonObject[];
}

const OPENING = '(The conversation begins with the assistant.)';
const CONTINUE = 'Continue exactly where your last message stops, without repeating any of it.';

/** Sorts messages into the instruction and turns, in the order the API demands. */
export function encodeConversation(request: ChatRequest, state: EncodeState): Conversation {
	const system = new Instruction();
	const turns: Turn[] = [];
	const order = callOrder(request.messages);
	request.messages.forEach((message, index) => {
		const path = `messages[${index}]`;
		state.losses.extensions(message, path);
		if (message.name !== undefined) state.losses.dropped(`${path}.name`, 'A participant cannot be named.');
		if (message.role === 'system') {
			if (turns.length > 0) state.losses.add('changed', path, 'An instruction amid the conversation was moved to its beginning.');
			system.add(message, textParts(message, path, state));
		} else if (message.role === 'assistant') turns.push(...modelTurns(message, path, state));
		else addUserTurn(turns, message, path, state, order);
	});
	return arranged(system.value(), turns, state);
}

/** Instructions take only text. */
function textParts(message: Message, path: string, state: EncodeState): JsonObject[] {
	return message.content.flatMap((part, index) => {
		const { parts } = encodePart(part, `${path}.content[${index}]`, state);
		if (!state.own && parts.some((each) => each.text === undefined))
			throw unsupported(path, `Instructions take only text, not '${part.type}'.`);
		return parts;
	});
}

class Instruction {
	readonly #parts: JsonObject[] = [];
	#first: Message | undefined;

	add(message: Message, parts: JsonObject[]): void {
		this.#first ??= message;
		this.#parts.push(...parts);
	}

	value(): JsonObject | undefined {
		if (this.#first === undefined || (this.#parts.length === 0 && this.#first.extensions === undefined)) return undefined;
		return refill({ parts: this.#parts }, this.#first);
	}
}

/** The place of each call among those of its turn: results are sent in this order. */
function callOrder(messages: readonly Message[]): ReadonlyMap<string, number> {
	const order = new Map<string, number>();
	for (const message of messages)
		for (const part of message.content) if (part.type === 'tool-call') order.set(part.id, order.size);
	return order;
}

/** Whether a part shows that this vendor's model made the message. */
function isProof(part: ContentPart): boolean {
	return 'signature' in part && part.signature?.vendor === DIALECT;
}

/** A message of the model's: one content, or as many as it was joined from. */
function modelTurns(message: Message, path: string, state: EncodeState): Turn[] {
	const own = { ...state, proven: message.content.some(isProof) };
	const written = message.content.map((part, index) => encodePart(part, `${path}.content[${index}]`, own).parts);
	if (state.signing) sign(written.flat(), state);
	const sizes = turnSizes(message);
	let from = 0;
	return sizes.map((size, index) => {
		const parts = written.slice(from, from + size).flat();
		from += size;
		return { role: 'model', parts, after: [], results: false, places: new Map(), opener: index === 0 ? message : undefined };
	});
}

function turnSizes(message: Message): number[] {
	const turns = mark(message, '$turns');
	const sizes = Array.isArray(turns) ? turns.filter((size) => typeof size === 'number') : [];
	const total = sizes.reduce((sum, size) => sum + size, 0);
	return total === message.content.length && sizes.length > 0 ? sizes : [message.content.length];
}

/** Newer models demand a signature on the first call of a turn; calls other models made get the one that stands for none. */
function sign(parts: JsonObject[], { losses }: EncodeState): void {
	const first = parts.find((part) => isObject(part.functionCall));
	if (first === undefined || first.thoughtSignature !== undefined) return;
	first.thoughtSignature = NO_SIGNATURE;
	losses.add('notice', 'messages', 'Calls without a thought signature were marked as not made by the model.');
}

function addUserTurn(
	turns: Turn[],
	message: Message,
	path: string,
	state: EncodeState,
	order: ReadonlyMap<string, number>,
): void {
	const role = mark(message, '$turn');
	const last = turns.at(-1);
	const written = message.content.map((part, index) => encodePart(part, `${path}.content[${index}]`, state));
	const parts = written.flatMap((each) => each.parts);
	const after = written.flatMap((each) => each.after ?? []);
	const results = message.content.some((part) => part.type === 'tool-result');
	const joins = role === undefined && last !== undefined && last.role !== 'model' && (state.own || (results && last.results));
	if (joins) {
		last.parts.push(...parts);
		last.after.push(...after);
	} else {
		turns.push({ role: typeof role === 'string' ? role : 'user', parts, after, results, places: new Map(), opener: message });
	}
	if (!state.own && results) inOrder(turns.at(-1), message, order);
}

/** Keeps results in the order of the calls, which tells them apart where calls have no ids. */
function inOrder(turn: Turn | undefined, message: Message, order: ReadonlyMap<string, number>): void {
	if (turn === undefined) return;
	const results = message.content.filter((part): part is ToolResultPart => part.type === 'tool-result');
	const written = turn.parts.filter((part) => part.functionResponse !== undefined).slice(-results.length);
	written.forEach((part, index) => {
		turn.places.set(part, order.get(results[index]?.callId ?? '') ?? Number.MAX_SAFE_INTEGER);
	});
	const place = (part: JsonObject): number => turn.places.get(part) ?? Number.MAX_SAFE_INTEGER;
	turn.parts.sort((a, b) => place(a) - place(b));
}

function arranged(system: JsonObject | undefined, turns: Turn[], state: EncodeState): Conversation {
	const contents = turns
		.filter((turn) => state.own || turn.parts.length + turn.after.length > 0)
		.map((turn) => {
			const wire: JsonObject = { role: turn.role, parts: [...turn.parts, ...turn.after] };
			if (turn.role === '') delete wire.role;
			return turn.opener === undefined ? wire : refill(wire, turn.opener);
		});
	const conversation: Conversation = { system, contents };
	if (!state.own) startWithUser(conversation, state);
	if (state.traits.prefill === false) replacePrefill(conversation, state);
	if (state.traits.systemRole === 'user') instructByUser(conversation, state);
	return conversation;
}

/** The first turn is the user's; a conversation of instructions alone becomes one. */
function startWithUser(conversation: Conversation, state: EncodeState): void {
	const [first] = conversation.contents;
	if (first === undefined && conversation.system !== undefined) {
		conversation.contents.push({ role: 'user', parts: conversation.system.parts });
		conversation.system = undefined;
		state.losses.add('changed', 'messages', 'A conversation of instructions alone was sent as a user message.');
	} else if (first?.role === 'model') {
		conversation.contents.unshift({ role: 'user', parts: [{ text: OPENING }] });
		state.losses.add('changed', 'messages[0]', 'A user message was put first: a conversation cannot begin with the assistant.');
	}
}

function replacePrefill(conversation: Conversation, state: EncodeState): void {
	if (conversation.contents.at(-1)?.role !== 'model') return;
	conversation.contents.push({ role: 'user', parts: [{ text: CONTINUE }] });
	state.losses.add('approximated', 'messages', 'The model cannot complete an assistant message; it was asked to go on from it.');
}

function instructByUser(conversation: Conversation, state: EncodeState): void {
	if (conversation.system === undefined) return;
	conversation.contents.unshift({ role: 'user', parts: conversation.system.parts });
	conversation.system = undefined;
	state.losses.add('changed', 'system', 'The model takes no instructions apart; they were sent as a user message.');
}
