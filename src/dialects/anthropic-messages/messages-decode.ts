import type { ContentPart, JsonObject, JsonValue, Message } from '../../spec/index.ts';
import { extend, leftovers, read } from '../shared/index.ts';
import { decodeBlocks } from './block-decode.ts';
import { DIALECT, type Form } from './dialect.ts';

const TAKEN: ReadonlySet<string> = new Set(['role', 'content']);
const ROLES = ['user', 'assistant', 'system'] as const;

/** The top-level `system` field as a message, if there is one. */
export function decodeSystem(body: JsonObject): Message[] {
	const value = body.system;
	if (value === undefined || value === null) return [];
	const { parts, form } = readContent(value, 'system');
	return [{ role: 'system', content: parts, ...extend(DIALECT, { $system: form }) }];
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
	const inside = read.at(path, 'content');
	if (turn.content === undefined && role !== 'system') throw read.invalid(inside, `'${inside}' is required.`);
	const { parts, form } = readContent(turn.content, inside);
	const messages: Message[] = role === 'user' ? splitResults(parts) : [{ role, content: parts }];
	const [first, ...more] = messages;
	if (first === undefined) return [];
	return [{ ...first, ...extend(DIALECT, { ...leftovers(turn, TAKEN), $turn: form }) }, ...more];
}

function readContent(content: JsonValue | undefined, path: string): { parts: ContentPart[]; form: Form } {
	if (typeof content === 'string') return { parts: [{ type: 'text', text: content }], form: 'text' };
	if (content === undefined || content === null) {
		if (content === null) read.array(content, path);
		return { parts: [], form: 'none' };
	}
	return { parts: decodeBlocks(read.array(content, path), path, 'request'), form: 'blocks' };
}

function splitResults(parts: ContentPart[]): Message[] {
	const messages: Message[] = [];
	let run: ContentPart[] | undefined;
	for (const part of parts) {
		if (part.type === 'tool-result' && part.providerExecuted === undefined) {
			messages.push({ role: 'tool', content: [part] });
			run = undefined;
		} else if (run === undefined) {
			run = [part];
			messages.push({ role: 'user', content: run });
		} else run.push(part);
	}
	return messages.length === 0 ? [{ role: 'user', content: [] }] : messages;
}
