import type { ContentPart, JsonObject, JsonValue, Message, ToolResultPart } from '../../spec/index.ts';
import { failureInWords, type Losses } from '../shared/index.ts';
import { encodeCall } from './calls.ts';
import { contentOf, encodeBlock, thinkingOf } from './content-encode.ts';
import { mark, refill } from './dialect.ts';
import { encodeDocument } from './documents.ts';

/** Messages, and the documents that stand beside them. */
export interface Conversation {
	messages: JsonObject[];
	documents: JsonValue[];
}

/** Writes a conversation; each result of a tool is a message of its own. Throws `unsupported` for media the API cannot take. */
export function encodeConversation(messages: readonly Message[], losses: Losses): Conversation {
	const documents: JsonValue[] = [];
	const wire = messages.flatMap((message, index) => {
		const path = `messages[${index}]`;
		losses.extensions(message, path);
		if (message.name !== undefined) losses.dropped(`${path}.name`, 'Participants have no names.');
		if (message.role === 'tool') return encodeResults(message, path, losses);
		return [encodeMessage(message, path, documents, losses)];
	});
	return { messages: wire, documents };
}

function encodeMessage(message: Message, path: string, documents: JsonValue[], losses: Losses): JsonObject {
	const blocks: JsonObject[] = [];
	const plans: string[] = [];
	const calls: JsonObject[] = [];
	const place = message.role === 'assistant' ? 'assistant' : 'user';
	message.content.forEach((part, index) => {
		const at = `${path}.content[${index}]`;
		if (isPlan(part)) plans.push(part.type === 'reasoning' ? thinkingOf(part) : '');
		else if (part.type === 'document' && place === 'user') {
			losses.extensions(part, at);
			documents.push(encodeDocument(part, at));
		} else if (part.type === 'tool-call' && part.providerExecuted === undefined) {
			const { signature, ...call } = part;
			if (signature !== undefined) losses.dropped(`${at}.signature`, 'Proofs of origin have no place in this dialect.');
			calls.push(encodeCall(call, part.id, at, losses));
		} else {
			const block = encodeBlock(part, at, losses, place);
			if (block !== undefined) blocks.push(block);
			if (part.type === 'text' && part.citations !== undefined && mark(message, '$citations') === undefined)
				losses.dropped(`${at}.citations`, 'The sources of an earlier answer were left out.');
		}
	});
	return assemble(message, { blocks, plans, calls });
}

/** Whether a part is the plan a model makes before it calls tools. */
export function isPlan(part: ContentPart): boolean {
	return part.type === 'reasoning' && mark(part, '$plan') === true;
}

interface Pieces {
	blocks: JsonObject[];
	plans: string[];
	calls: JsonObject[];
}

function assemble(message: Message, { blocks, plans, calls }: Pieces): JsonObject {
	const wire: JsonObject = { role: message.role };
	const form = mark(message, '$content') ?? (calls.length > 0 ? 'none' : undefined);
	const content = contentOf(blocks, form);
	if (content !== undefined) wire.content = content;
	if (plans.length > 0) wire.tool_plan = plans.join('');
	if (calls.length > 0) wire.tool_calls = calls;
	const citations = mark(message, '$citations');
	if (citations !== undefined) wire.citations = citations;
	return refill(wire, message);
}

function encodeResults(message: Message, path: string, losses: Losses): JsonObject[] {
	return message.content.flatMap((part, index) => {
		const at = `${path}.content[${index}]`;
		if (part.type === 'tool-result' && part.providerExecuted === undefined) return [encodeResult(part, message, at, losses)];
		losses.dropped(at, 'A message of a tool can hold nothing but its result.');
		return [];
	});
}

function encodeResult(part: ToolResultPart, message: Message, path: string, losses: Losses): JsonObject {
	losses.extensions(part, path);
	if (part.cache !== undefined) losses.dropped(`${path}.cache_control`, 'What to cache cannot be chosen.');
	const words: ContentPart[] =
		part.json !== undefined && part.content.length === 0 ? [{ type: 'text', text: JSON.stringify(part.json) }] : part.content;
	const told = part.isError === true ? failureInWords(words, path, losses) : words;
	const blocks = told
		.map((each, index) => encodeBlock(each, `${path}.content[${index}]`, losses, 'result'))
		.filter((block) => block !== undefined);
	const wire: JsonObject = { role: 'tool', tool_call_id: part.callId };
	const content = contentOf(blocks, mark(message, '$content'));
	if (content !== undefined) wire.content = content;
	return refill(wire, message);
}
