import type { ContentPart, JsonObject, JsonValue, Message } from '../../spec/index.ts';
import { extend, leftovers, read } from '../shared/index.ts';
import { decodeBlocks } from './block-decode.ts';
import { DIALECT } from './dialect.ts';

const TAKEN: ReadonlySet<string> = new Set(['role', 'content']);
const ROLES = ['user', 'assistant'] as const;

/** The top-level `system` field as a message; an empty one is mere form. */
export function decodeSystem(body: JsonObject): Message[] {
	const blocks = read.optional(body, 'system', '', read.array);
	if (blocks === undefined || blocks.length === 0) return [];
	const content = decodeBlocks(blocks, 'system', 'request');
	return [{ role: 'system', content, ...extend(DIALECT, { $system: true }) }];
}

/**
 * Reads the turns of a conversation. A user turn that holds tool results becomes one `tool` message a result and a `user` message
 * for each run of other blocks; only the first piece of a turn is marked, so that the encoder can put the turn together again.
 */
export function decodeMessages(turns: JsonValue[], path: string): Message[] {
	return turns.flatMap((turn, index) => decodeTurn(read.object(turn, read.at(path, index)), read.at(path, index)));
}

function decodeTurn(turn: JsonObject, path: string): Message[] {
	const role = read.required(turn, 'role', path, read.oneOf(ROLES));
	const parts = decodeBlocks(read.required(turn, 'content', path, read.array), read.at(path, 'content'), 'request');
	const messages: Message[] = role === 'user' ? splitResults(parts) : [{ role, content: parts }];
	const [first, ...more] = messages;
	if (first === undefined) return [];
	return [{ ...first, ...extend(DIALECT, { ...leftovers(turn, TAKEN), $turn: true }) }, ...more];
}

/** Whether a part of a user's turn is a message of its own. */
export function isResult(part: ContentPart): boolean {
	return part.type === 'tool-result' && part.providerExecuted === undefined;
}

function splitResults(parts: ContentPart[]): Message[] {
	const messages: Message[] = [];
	let run: ContentPart[] | undefined;
	for (const part of parts) {
		if (isResult(part)) {
			messages.push({ role: 'tool', content: [part] });
			run = undefined;
		} else if (run === undefined) {
			run = [part];
			messages.push({ role: 'user', content: run });
		} else run.push(part);
	}
	return messages.length === 0 ? [{ role: 'user', content: [] }] : messages;
}
