import type { JsonObject } from '../../spec/index.ts';
import { list, objects, text } from '../core/json.ts';
import type { AnthropicModel } from './models.ts';

/** A check of the messages: what is wrong, in the vendor's words. */
type Check = (messages: JsonObject[], model: AnthropicModel) => string | undefined;

/** The blocks of a message; a string is one text block. */
export function blocksOf(message: JsonObject | undefined): JsonObject[] {
	if (message === undefined) return [];
	return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : objects(message.content);
}

const roles: Check = (messages, model) => {
	if (messages.length === 0) return 'messages: at least one message is required';
	const system = messages.findIndex((message) => message.role === 'system');
	if (system >= 0 && (!model.systemMessages || system === 0)) {
		return 'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.';
	}
	return messages[0]?.role === 'user' ? undefined : 'messages: first message must use the "user" role';
};

const filled: Check = (messages) => {
	const last = messages.length - 1;
	for (const [index, message] of messages.entries()) {
		const optional = index === last && message.role === 'assistant';
		if (list(message.content).length === 0 && text(message.content) === '' && !optional) {
			return `messages.${index}: all messages must have non-empty content except for the optional final assistant message`;
		}
		for (const block of objects(message.content)) {
			if (block.type !== 'text') continue;
			if (text(block.text) === '') return 'messages: text content blocks must be non-empty';
			if (text(block.text).trim() === '') return 'messages: text content blocks must contain non-whitespace text';
		}
	}
	return undefined;
};

const prefill: Check = (messages, model) => {
	const last = messages.at(-1);
	if (last?.role !== 'assistant') return undefined;
	if (!model.prefill)
		return 'This model does not support assistant message prefill. The conversation must end with a user message.';
	const end = blocksOf(last).at(-1);
	if (end?.type === 'text' && /\s$/.test(text(end.text))) {
		return 'messages: final assistant content cannot end with trailing whitespace';
	}
	return undefined;
};

/** Results count where they lead the message: text comes after them. */
function leadingResults(message: JsonObject | undefined): string[] {
	const blocks = message?.role === 'user' ? blocksOf(message) : [];
	const end = blocks.findIndex((block) => block.type !== 'tool_result');
	return (end < 0 ? blocks : blocks.slice(0, end)).map((block) => text(block.tool_use_id));
}

const answered: Check = (messages) => {
	const seen = new Set<string>();
	for (const [index, message] of messages.entries()) {
		const uses = message.role === 'assistant' ? blocksOf(message).filter((block) => block.type === 'tool_use') : [];
		const ids = uses.map((block) => text(block.id));
		const repeated = ids.some((id) => seen.has(id)) || new Set(ids).size < ids.length;
		if (repeated) return `messages.${index}: \`tool_use\` ids must be unique`;
		for (const id of ids) seen.add(id);
		const results = leadingResults(messages[index + 1]);
		const open = ids.filter((id) => !results.includes(id));
		if (open.length === 0) continue;
		return (
			`messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. ` +
			'Each `tool_use` block must have a corresponding `tool_result` block in the next message.'
		);
	}
	return undefined;
};

const asked: Check = (messages) => {
	for (const [index, message] of messages.entries()) {
		const uses = new Set(blocksOf(messages[index - 1]).map((block) => (block.type === 'tool_use' ? text(block.id) : '')));
		const found = new Set<string>();
		for (const [at, block] of blocksOf(message).entries()) {
			if (block.type !== 'tool_result') continue;
			const id = text(block.tool_use_id);
			if (!uses.has(id)) {
				return (
					`messages.${index}.content.${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ` +
					'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.'
				);
			}
			if (found.has(id)) {
				return `messages.${index}.content.${at}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`;
			}
			found.add(id);
		}
	}
	return undefined;
};

const CHECKS: Check[] = [roles, filled, answered, asked, prefill];

/** Checks roles, content and the order of tool calls and results. */
export function conversationFault(messages: JsonObject[], model: AnthropicModel): string | undefined {
	for (const check of CHECKS) {
		const fault = check(messages, model);
		if (fault !== undefined) return fault;
	}
	return undefined;
}
