import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { lookup } from './dialect.ts';
import { unsealPrevious } from './seal.ts';

const MESSAGE = /^messages\[(\d+)\](?:\.content\[(\d+)\])?(.*)$/;

/** Where fields of the canonical request stand here, first choice first. */
const FIELDS: { [canonical: string]: readonly string[] } = {
	reasoning: ['thinking', 'output_config.effort'],
	'reasoning.effort': ['output_config.effort'],
	'reasoning.budget_tokens': ['thinking.budget_tokens'],
	'reasoning.summary': ['thinking.display'],
	response_format: ['output_config.format', 'output_format'],
	stop: ['stop_sequences'],
	parallel_tool_calls: ['tool_choice.disable_parallel_tool_use'],
	user: ['metadata.user_id'],
};

/** What a canonical message was read from: a field or turn, and the blocks of it; undefined where it held plain text. */
interface Source {
	path: string;
	blocks: number[] | undefined;
}

/** The place in a client's body that a path of the canonical request stands for. */
export function locate(body: JsonValue, path: string): string {
	if (!isObject(body)) return path;
	const inMessage = MESSAGE.exec(path);
	if (inMessage === null) return lookup(FIELDS, path)?.find((field) => isThere(body, field)) ?? path;
	const source = sourcesOf(body)[Number(inMessage[1])];
	if (source === undefined) return path;
	const [, , part, rest = ''] = inMessage;
	if (part === undefined) return source.path + rest;
	const inside = source.path === 'system' ? source.path : `${source.path}.content`;
	if (source.blocks === undefined) return inside + rest;
	return `${inside}[${source.blocks[Number(part)] ?? part}]${rest}`;
}

function isThere(body: JsonObject, field: string): boolean {
	const [outer = '', inner] = field.split('.');
	const value = body[outer];
	if (inner === undefined) return value !== undefined && value !== null;
	return isObject(value) && value[inner] !== undefined && value[inner] !== null;
}

function sourcesOf(body: JsonObject): Source[] {
	const turns = Array.isArray(body.messages) ? body.messages : [];
	const { system } = body;
	const first = system === undefined || system === null ? [] : [sourceOf(system, 'system')];
	return [...first, ...turns.flatMap((turn, index) => turnSources(turn, `messages[${index}]`))];
}

function sourceOf(content: JsonValue | undefined, path: string): Source {
	return { path, blocks: Array.isArray(content) ? partBlocks(content) : undefined };
}

/** The blocks that become parts: a signature sealed behind a part is none of its own. */
function partBlocks(content: JsonValue[]): number[] {
	return content.flatMap((block, index) => {
		const sealed = isObject(block) && block.type === 'redacted_thinking' && unsealPrevious(block.data) !== undefined;
		return sealed ? [] : [index];
	});
}

/** Each result of a user turn is a message of its own, and so is each run of other blocks. */
function turnSources(turn: JsonValue, path: string): Source[] {
	if (!isObject(turn)) return [];
	const { content } = turn;
	if (turn.role !== 'user' || !Array.isArray(content) || content.length === 0) return [sourceOf(content, path)];
	const sources: Source[] = [];
	let run: number[] | undefined;
	for (const index of partBlocks(content)) {
		const block = content[index];
		if (isObject(block) && block.type === 'tool_result') {
			sources.push({ path, blocks: [index] });
			run = undefined;
		} else if (run === undefined) {
			run = [index];
			sources.push({ path, blocks: run });
		} else run.push(index);
	}
	return sources;
}
