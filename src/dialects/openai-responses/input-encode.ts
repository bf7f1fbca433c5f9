import type { ContentPart, JsonObject, Message, ToolResultPart } from '../../spec/index.ts';
import { type Losses, own, plainText, restored } from '../shared/index.ts';
import { mark } from './forms.ts';
import { callId } from './ids.ts';
import { encodeItems } from './items-encode.ts';
import { DIALECT } from './name.ts';
import { encodePart } from './part-encode.ts';
import { stillSays, wholeItem } from './whole-items.ts';

/** What the parts of the encoder of a conversation share. */
export interface InputContext {
	losses: Losses;
	/** Calls of custom tools: their results are items of another type. */
	custom: ReadonlySet<string>;
}

function encodeParts(content: readonly ContentPart[], path: string, losses: Losses): JsonObject[] {
	return content.flatMap((part, index) => encodePart(part, `${path}.content[${index}]`, losses));
}

/** One plain text is written as a string where it came so or comes from another dialect, anything else as a list. */
function contentForm(items: JsonObject[], left: JsonObject | undefined): string | JsonObject[] {
	const [only] = items;
	const wanted = left === undefined || left.$content === 'string';
	if (items.length === 0) return wanted ? '' : [];
	const plain = items.length === 1 && only?.type === 'input_text' && Object.keys(only).length === 2;
	return wanted && plain && typeof only?.text === 'string' ? only.text : items;
}

function encodeMessage(message: Message, path: string, losses: Losses): JsonObject[] {
	const left = own(message, DIALECT);
	if (message.name !== undefined) losses.dropped(`${path}.name`, 'Participants have no names in this dialect.');
	const items = encodeParts(message.content, path, losses);
	if (items.length === 0 && left === undefined) return [];
	const role = message.level === 'developer' ? 'developer' : message.role;
	return [{ ...restored(left), role, content: contentForm(items, left) }];
}

function markError(content: ContentPart[], path: string, losses: Losses): ContentPart[] {
	losses.add('changed', `${path}.is_error`, "A failed tool's result has no flag in this dialect; its text begins with 'Error:'.");
	const [first, ...others] = content;
	if (first?.type !== 'text') return [{ type: 'text', text: 'Error:' }, ...content];
	return /^error\b/i.test(first.text) ? content : [{ ...first, text: `Error: ${first.text}` }, ...others];
}

/** What a result says: texts, images and files. */
function resultContent(part: ToolResultPart, path: string, losses: Losses): JsonObject[] {
	const said: ContentPart[] =
		part.content.length === 0 && part.json !== undefined ? [{ type: 'text', text: JSON.stringify(part.json) }] : part.content;
	const content = part.isError === true ? markError(said, path, losses) : said;
	return encodeParts(content, path, losses);
}

function encodeResult(part: ToolResultPart, path: string, { losses, custom }: InputContext): JsonObject[] {
	losses.extensions(part, path);
	const wire = wholeItem(part);
	if (wire !== undefined && stillSays(wire, [part])) return [wire];
	if (part.providerExecuted !== undefined) {
		losses.dropped(path, `A tool that another vendor ran (${part.providerExecuted.kind}) has no form in this dialect.`);
		return [];
	}
	const left = mark(part, '$output') === true ? own(part, DIALECT) : undefined;
	const items = resultContent(part, path, losses);
	const type = custom.has(part.callId) ? 'custom_tool_call_output' : 'function_call_output';
	const output = contentForm(items, left);
	if (part.cache !== undefined) losses.dropped(`${path}.cache_control`, 'The vendor decides by itself what it keeps cached.');
	return [{ type, ...restored(left), call_id: left === undefined ? callId(part.callId) : part.callId, output }];
}

/** Results are items of their own; whatever else a tool's message holds is said by the user. */
function encodeResults(message: Message, path: string, context: InputContext): JsonObject[] {
	const held: ContentPart[] = message.content.filter((part) => part.type !== 'tool-result');
	const written = message.content.flatMap((part, index) =>
		part.type === 'tool-result' ? encodeResult(part, `${path}.content[${index}]`, context) : [],
	);
	const opaque = held.every((part) => part.type === 'opaque' && part.dialect === DIALECT);
	const others = encodeParts(held, path, context.losses);
	if (others.length === 0) return written;
	return opaque ? [...written, ...others] : [...written, { role: 'user', content: others }];
}

/** Ids of calls of custom tools, whose results have a type of their own. */
export function customCalls(messages: readonly Message[]): Set<string> {
	const calls = new Set<string>();
	for (const { content } of messages) {
		for (const part of content) if (part.type === 'tool-call' && part.kind === 'custom') calls.add(part.id);
	}
	return calls;
}

/** Writes one message of the conversation as items. */
export function encodeInputMessage(message: Message, path: string, context: InputContext): JsonObject[] {
	const { losses } = context;
	losses.extensions(message, path);
	if (message.role === 'tool') return encodeResults(message, path, context);
	if (message.role === 'assistant') return encodeItems(message.content, path, { losses, answer: undefined });
	return encodeMessage(message, path, losses);
}

/** Whether an item is of the model's making. */
function fromModel(item: JsonObject | undefined): boolean {
	return (
		item !== undefined && (item.role === 'assistant' || (typeof item.type === 'string' && /(^reasoning|_call)$/.test(item.type)))
	);
}

/** The API refuses reasoning that nothing of the model's follows, as where a turn was cut short: it is left out. */
export function withoutLooseThoughts(input: JsonObject[], losses: Losses): JsonObject[] {
	const kept: JsonObject[] = [];
	for (const item of [...input].reverse()) {
		if (item.type !== 'reasoning' || fromModel(kept.at(-1))) kept.push(item);
		else losses.dropped('messages', 'Reasoning that nothing of the same turn follows was left out; the API would refuse it.');
	}
	return kept.reverse();
}

/** The text of an instructing message, where it is nothing but text. */
export function instructionText(message: Message): string | undefined {
	return message.content.every((part) => part.type === 'text') ? plainText(message.content) : undefined;
}
