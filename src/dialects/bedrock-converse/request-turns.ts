import { isObject } from '../../lib/json.ts';
import type { JsonObject, Message } from '../../spec/index.ts';
import type { EncodeState } from './encode-state.ts';
import { SERVER_CALL, SERVER_RESULT } from './formats.ts';
import type { Conversation, Turn } from './request-messages.ts';

const OPENING = '(The conversation begins with the assistant.)';
const CONTINUE = 'Continue exactly where your last message stops, without repeating any of it.';
const NO_RESULT = '(No result was given.)';
const ATTACHED = '(See the attached document.)';

/** A turn nobody wrote, made to satisfy the API's order. */
function madeTurn(role: Turn['role'], blocks: JsonObject[]): Turn {
	const opener: Message = { role, content: [] };
	return { role, blocks, opens: false, opener };
}

/**
 * Brings turns into the order the API demands: no empty turn, roles that alternate, the first turn the user's, a result for every
 * call and no other, results before anything else in their turn, text beside every document. What came from this dialect is left as
 * its client wrote it, but for a prefill the model refuses.
 */
export function arrangeTurns(conversation: Conversation, state: EncodeState): void {
	if (!state.own) {
		conversation.turns = mergeNeighbours(
			conversation.turns.filter(({ blocks }) => blocks.some((block) => block.cachePoint === undefined)),
		);
		keepOneTurn(conversation, state);
		pairResults(conversation, state);
		for (const turn of conversation.turns) {
			if (turn.role !== 'user') continue;
			resultsFirst(turn, state);
			textBesideDocuments(turn, state);
		}
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
		if (last?.role === turn.role) last.blocks.push(...turn.blocks);
		else merged.push(turn);
	}
	return merged;
}

/** A conversation of instructions alone: they become the user's turn, since there must be one. */
function keepOneTurn(conversation: Conversation, state: EncodeState): void {
	if (conversation.turns.length > 0 || conversation.system === undefined) return;
	conversation.turns.push(madeTurn('user', conversation.system));
	conversation.system = undefined;
	state.losses.add('changed', 'messages', 'A conversation of instructions alone was sent as a user message.');
}

/** Whether a call or a result is of a tool that the service runs; the application's have no type, or one that says just that. */
function ranAtService({ type }: JsonObject): boolean {
	return typeof type === 'string' && (type === SERVER_CALL || SERVER_RESULT.test(type));
}

/** The ids of the application's calls, or of results, in a turn. */
function idsOf(turn: Turn | undefined, member: 'toolUse' | 'toolResult'): string[] {
	return (turn?.blocks ?? []).flatMap((block) => {
		const content = block[member];
		return isObject(content) && !ranAtService(content) && typeof content.toolUseId === 'string' ? [content.toolUseId] : [];
	});
}

/** Gives every call a result, and turns results that answer no call of the turn before into text. */
function pairResults(conversation: Conversation, state: EncodeState): void {
	const paired: Turn[] = [];
	for (const turn of conversation.turns) {
		const before = paired.at(-1);
		const calls = idsOf(before, 'toolUse');
		if (turn.role === 'user') unlinkResults(turn, calls, state);
		const answered = new Set(turn.role === 'user' ? idsOf(turn, 'toolResult') : []);
		addMissing(
			calls.filter((id) => !answered.has(id)),
			turn,
			state,
		);
		paired.push(turn);
	}
	const last = paired.at(-1);
	const open = last?.role === 'assistant' ? idsOf(last, 'toolUse') : [];
	if (open.length > 0) {
		const turn = madeTurn('user', []);
		addMissing(open, turn, state);
		paired.push(turn);
	}
	conversation.turns = paired;
}

function addMissing(ids: readonly string[], turn: Turn, state: EncodeState): void {
	if (ids.length === 0) return;
	const missing = ids.map((toolUseId) => ({ toolResult: { toolUseId, content: [{ text: NO_RESULT }], status: 'error' } }));
	turn.blocks.unshift(...missing);
	state.losses.add('changed', 'messages', 'Calls without a result were given an empty one: every call needs a result.');
}

function unlinkResults(turn: Turn, calls: readonly string[], state: EncodeState): void {
	const open = new Set(calls);
	turn.blocks = turn.blocks.flatMap((block) => {
		const { toolResult } = block;
		if (!isObject(toolResult) || ranAtService(toolResult) || open.delete(String(toolResult.toolUseId))) return [block];
		state.losses.add('changed', 'messages', 'A result that answers no call of the message before was sent as plain content.');
		const content = Array.isArray(toolResult.content) ? toolResult.content.filter(isObject) : [];
		return content.map((item) => (item.json === undefined ? item : { text: JSON.stringify(item.json) }));
	});
}

function resultsFirst(turn: Turn, state: EncodeState): void {
	const results = turn.blocks.filter((block) => block.toolResult !== undefined);
	if (results.length === 0) return;
	const first = turn.blocks.findIndex((block) => block.toolResult === undefined && block.cachePoint === undefined);
	if (first < 0 || turn.blocks.slice(first).every((block) => block.toolResult === undefined)) return;
	turn.blocks = [...results, ...turn.blocks.filter((block) => block.toolResult === undefined)];
	state.losses.add('changed', 'messages', 'Results of tools were put before the other content of their turn.');
}

function textBesideDocuments(turn: Turn, state: EncodeState): void {
	const { blocks } = turn;
	if (!blocks.some((block) => block.document !== undefined) || blocks.some((block) => block.text !== undefined)) return;
	blocks.push({ text: ATTACHED });
	state.losses.add('changed', 'messages', 'A line of text was added: a document cannot be sent without text.');
}

function startWithUser(conversation: Conversation, state: EncodeState): void {
	if (conversation.turns[0]?.role !== 'assistant') return;
	conversation.turns.unshift(madeTurn('user', [{ text: OPENING }]));
	state.losses.add('changed', 'messages[0]', 'A user message was put first: a conversation cannot begin with the assistant.');
}

function trimPrefill(last: Turn | undefined, state: EncodeState): void {
	const block = last?.role === 'assistant' ? last.blocks.at(-1) : undefined;
	if (typeof block?.text !== 'string') return;
	const trimmed = block.text.trimEnd();
	if (trimmed === block.text) return;
	block.text = trimmed;
	state.losses.add('changed', 'messages', 'Blank space at the end of the last assistant message was removed.');
}

function replacePrefill(conversation: Conversation, state: EncodeState): void {
	const last = conversation.turns.at(-1);
	if (last?.role !== 'assistant' || last.blocks.at(-1)?.text === undefined) return;
	conversation.turns.push(madeTurn('user', [{ text: CONTINUE }]));
	state.losses.add('approximated', 'messages', 'The model cannot complete an assistant message; it was asked to go on from it.');
}

function instructByUser(conversation: Conversation, state: EncodeState): void {
	if (conversation.system === undefined) return;
	const first = conversation.turns[0];
	if (first?.role === 'user' && first.blocks[0]?.toolResult === undefined) first.blocks.unshift(...conversation.system);
	else conversation.turns.unshift(madeTurn('user', conversation.system));
	conversation.system = undefined;
	state.losses.add('changed', 'system', 'The model takes no instructions apart; they were sent as a user message.');
}
