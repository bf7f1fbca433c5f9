import type { ChatRequest, JsonObject, Message } from '../../spec/index.ts';
import { mark, refill } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';
import { plainText } from './part-encode.ts';
import { encodeParts, type Place } from './request-content.ts';

/** One element of the wire's `messages` while it is put together. */
export interface Turn {
	role: 'user' | 'assistant' | 'system';
	blocks: JsonObject[];
	/** The form of the content where it came from this dialect. */
	form: unknown;
	/** The message that opened the turn. */
	opener: Message;
}

/** The wire's `system` (undefined: none) and turns. */
export interface Conversation {
	system: JsonObject['system'];
	turns: Turn[];
}

/**
 * Sorts messages into system blocks and turns. Messages that follow one another in the same role share a turn, unless they came
 * from this dialect as turns of their own. Instructions in the middle of a conversation join `system`, with a warning, because only
 * some models take them in place: those whose traits say `systemRole: 'system'`, and there between a user and an assistant turn.
 */
export function gatherTurns(request: ChatRequest, state: EncodeState): Conversation {
	const system = new SystemBlocks();
	const turns: Turn[] = [];
	const { messages } = request;
	for (let i = 0; i < messages.length; i++) {
		const message = messages[i];
		if (message === undefined) continue;
		const path = `messages[${i}]`;
		state.losses.extensions(message, path);
		if (message.name !== undefined) state.losses.dropped(`${path}.name`, 'A participant cannot be named.');
		const role = message.role === 'tool' ? 'user' : message.role;
		const blocks = encodeParts(message.content, `${path}.content`, state, role satisfies Place);
		if (role !== 'system') addTurn(turns, { role, blocks, form: mark(message, '$turn'), opener: message });
		else if (mark(message, '$turn') !== undefined || staysInPlace(messages, i, turns, state)) {
			turns.push({ role, blocks, form: mark(message, '$turn'), opener: message });
		} else {
			checkText(blocks, path);
			if (turns.length > 0) state.losses.add('changed', path, 'An instruction amid the conversation was moved to its beginning.');
			system.add(blocks, mark(message, '$system'));
		}
	}
	return { system: system.value(), turns };
}

function checkText(blocks: JsonObject[], path: string): void {
	for (const block of blocks) {
		if (block.type !== 'text') throw unsupported(path, `Instructions take only text, not '${String(block.type)}'.`);
	}
}

function staysInPlace(messages: readonly Message[], index: number, turns: Turn[], state: EncodeState): boolean {
	if (state.traits.systemRole !== 'system' || turns.at(-1)?.role !== 'user') return false;
	const next = messages.slice(index + 1).find((message) => message.role !== 'system');
	const alone = messages[index + 1]?.role !== 'system';
	return alone && (next === undefined || next.role === 'assistant');
}

function addTurn(turns: Turn[], turn: Turn): void {
	const last = turns.at(-1);
	if (turn.form === undefined && last?.role === turn.role) last.blocks.push(...turn.blocks);
	else turns.push(turn);
}

class SystemBlocks {
	readonly #blocks: JsonObject[] = [];
	#listed = false;
	#seen = false;

	add(blocks: JsonObject[], form: unknown): void {
		this.#blocks.push(...blocks);
		this.#seen ||= blocks.length > 0 || form !== undefined;
		this.#listed ||= form === 'blocks';
	}

	value(): JsonObject['system'] {
		if (!this.#seen) return undefined;
		return (this.#listed ? undefined : plainText(this.#blocks)) ?? this.#blocks;
	}
}

/** The wire form of turns: text alone as a string, as it came or where no form was given. */
export function writeTurns(turns: readonly Turn[]): JsonObject[] {
	return turns.map(({ role, blocks, form, opener }) => {
		const wire: JsonObject = { role };
		if (form !== 'none' || blocks.length > 0) wire.content = (form === 'blocks' ? undefined : plainText(blocks)) ?? blocks;
		return refill(wire, opener);
	});
}
