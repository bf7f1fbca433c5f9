import type { JsonObject, Message } from '../../spec/index.ts';
import type { EncodeState } from './encode-state.ts';
import type { Conversation, Turn } from './request-messages.ts';

const OPENING = '(The conversation begins with the assistant.)';
const CONTINUE = 'Continue exactly where your last message stops, without repeating any of it.';

/** A turn nobody wrote, made to satisfy the API's order. */
function madeTurn(text: string): Turn {
	const opener: Message = { role: 'user', content: [] };
	return { role: 'user', blocks: [{ type: 'text', text }], form: undefined, opener };
}

/**
 * Brings turns into the order the API demands: no empty turn, results of tools before anything else in their turn, the first turn
 * the user's, no blank space at the end of a prefill, no prefill where the model refuses one. What came from this dialect is left as
 * its client wrote it, but for the last rule.
 */
export function arrangeTurns(conversation: Conversation, state: EncodeState): void {
	if (!state.own) {
		conversation.turns = mergeNeighbours(conversation.turns.filter((turn) => turn.blocks.length > 0));
		keepOneTurn(conversation, state);
		for (const turn of conversation.turns) if (turn.role === 'user') resultsFirst(turn, state);
		startWithUser(conversation, state);
		trimPrefill(conversation.turns.at(-1), state);
	}
	if (state.traits.prefill === false) replacePrefill(conversation, state);
	if (state.traits.systemRole === 'user') instructByUser(conversation, state);
}

function mergeNeighbours(turns: Turn[]): Turn[] {
	const merged: Turn[] = [];
	for (const turn of turns) {
		const last = merged.at(-1);
		if (last?.role === turn.role && turn.role !== 'system') last.blocks.push(...turn.blocks);
		else merged.push(turn);
	}
	return merged;
}

/** A conversation of instructions alone: they become the user's turn, since there must be one. */
function keepOneTurn(conversation: Conversation, state: EncodeState): void {
	if (conversation.turns.length > 0 || conversation.system === undefined) return;
	conversation.turns.push(systemTurn(conversation));
	conversation.system = undefined;
	state.losses.add('changed', 'messages', 'A conversation of instructions alone was sent as a user message.');
}

function systemTurn(conversation: Conversation): Turn {
	const { system } = conversation;
	const turn = madeTurn(typeof system === 'string' ? system : '');
	if (Array.isArray(system))
		turn.blocks = system.filter((block): block is JsonObject => typeof block === 'object' && block !== null);
	return turn;
}

function resultsFirst(turn: Turn, state: EncodeState): void {
	const results = turn.blocks.filter((block) => block.type === 'tool_result');
	if (results.length === 0 || turn.blocks.slice(0, results.length).every((block) => block.type === 'tool_result')) return;
	turn.blocks = [...results, ...turn.blocks.filter((block) => block.type !== 'tool_result')];
	state.losses.add('changed', 'messages', 'Results of tools were put before the other content of their turn.');
}

function startWithUser(conversation: Conversation, state: EncodeState): void {
	if (conversation.turns[0]?.role !== 'assistant') return;
	conversation.turns.unshift(madeTurn(OPENING));
	state.losses.add('changed', 'messages[0]', 'A user message was put first: a conversation cannot begin with the assistant.');
}

function trimPrefill(last: Turn | undefined, state: EncodeState): void {
	const block = last?.role === 'assistant' ? last.blocks.at(-1) : undefined;
	if (block?.type !== 'text' || typeof block.text !== 'string') return;
	const trimmed = block.text.trimEnd();
	if (trimmed === block.text) return;
	block.text = trimmed;
	state.losses.add('changed', 'messages', 'Blank space at the end of the last assistant message was removed.');
}

/** A turn that ends in a tool the provider runs is a paused one, to be sent back as it is; only text is a prefill. */
function replacePrefill(conversation: Conversation, state: EncodeState): void {
	const last = conversation.turns.at(-1);
	if (last?.role !== 'assistant' || last.blocks.at(-1)?.type !== 'text') return;
	conversation.turns.push(madeTurn(CONTINUE));
	state.losses.add('approximated', 'messages', 'The model cannot complete an assistant message; it was asked to go on from it.');
}

function instructByUser(conversation: Conversation, state: EncodeState): void {
	if (conversation.system === undefined) return;
	const turn = systemTurn(conversation);
	const first = conversation.turns[0];
	if (first?.role === 'user' && first.blocks[0]?.type !== 'tool_result') {
		first.blocks.unshift(...turn.blocks);
		first.form = 'blocks';
	} else conversation.turns.unshift(turn);
	conversation.system = undefined;
	state.losses.add('changed', 'system', 'The model takes no instructions apart; they were sent as a user message.');
}
