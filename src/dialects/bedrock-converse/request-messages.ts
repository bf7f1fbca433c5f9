import type { ChatRequest, JsonObject, Message } from '../../spec/index.ts';
import { mark, refill } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';
import { encodeParts, type Place } from './request-content.ts';

/** One element of the wire's `messages` while it is put together. */
export interface Turn {
	role: 'user' | 'assistant';
	blocks: JsonObject[];
	/** The turn begins here although the one before has the same role: so it came from this dialect. */
	opens: boolean;
	/** The message that opened the turn. */
	opener: Message;
}

/** The wire's `system` (undefined: none) and turns. */
export interface Conversation {
	system: JsonObject[] | undefined;
	turns: Turn[];
}

/**
 * Sorts messages into system blocks and turns. Messages that follow one another in the same role share a turn, unless they came
 * from this dialect as turns of their own. Instructions in the middle of a conversation join `system`, with a warning.
 */
export function gatherTurns(request: ChatRequest, state: EncodeState): Conversation {
	let system: JsonObject[] | undefined;
	const turns: Turn[] = [];
	request.messages.forEach((message, i) => {
		const path = `messages[${i}]`;
		state.losses.extensions(message, path);
		if (message.name !== undefined) state.losses.dropped(`${path}.name`, 'A participant cannot be named.');
		const role = message.role === 'tool' ? 'user' : message.role;
		const blocks = encodeParts(message.content, `${path}.content`, state, role satisfies Place);
		if (role !== 'system') {
			addTurn(turns, { role, blocks, opens: mark(message, '$turn') === true, opener: message });
			return;
		}
		checkInstruction(blocks, path, state);
		if (turns.length > 0) state.losses.add('changed', path, 'An instruction amid the conversation was moved to its beginning.');
		if (blocks.length > 0) system = [...(system ?? []), ...blocks];
	});
	return { system, turns };
}

function checkInstruction(blocks: JsonObject[], path: string, state: EncodeState): void {
	if (state.own) return;
	for (const block of blocks) {
		if (block.text === undefined && block.cachePoint === undefined) throw unsupported(path, 'Instructions take only text.');
	}
}

function addTurn(turns: Turn[], turn: Turn): void {
	const last = turns.at(-1);
	if (!turn.opens && last?.role === turn.role) last.blocks.push(...turn.blocks);
	else turns.push(turn);
}

/** The wire form of turns. */
export function writeTurns(turns: readonly Turn[]): JsonObject[] {
	return turns.map(({ role, blocks, opener }) => refill({ role, content: blocks }, opener));
}
