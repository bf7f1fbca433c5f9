import type { JsonObject } from '../../../spec/index.ts';
import { isObject, object, objects, text } from '../../core/json.ts';
import { problem } from '../problems.ts';
import type { Rule } from './rule.ts';

/** Which roles follow each other. */
export const turns: Rule = ({ request }) => {
	const messages = objects(request.messages);
	if (messages.length === 0) return problem('The messages field must contain at least one message. Add a message and try again.');
	if (messages[0]?.role !== 'user') {
		return problem(
			'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
		);
	}
	if (messages.some((message, index) => index > 0 && message.role === messages[index - 1]?.role)) {
		return problem(
			'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
		);
	}
	return undefined;
};

/** Nothing is empty. */
export const filled: Rule = ({ request }) => {
	for (const [index, message] of objects(request.messages).entries()) {
		const blocks = objects(message.content);
		if (blocks.length === 0) {
			return problem(
				`The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`,
			);
		}
		const blank = blocks.findIndex((block) => block.text !== undefined && text(block.text).trim() === '');
		if (blank >= 0) {
			return problem(
				`The text field in the ContentBlock object at messages.${index}.content.${blank} is blank. Add text to the text field, and try again.`,
			);
		}
	}
	return undefined;
};

function ids(message: JsonObject | undefined, member: 'toolUse' | 'toolResult'): string[] {
	const used = objects(message?.content).map((block) => object(block[member]));
	// What ran at the service itself is answered in the same turn.
	return used
		.filter((use) => use.toolUseId !== undefined && use.type !== 'server_tool_use' && !text(use.type).endsWith('_result'))
		.map((use) => text(use.toolUseId));
}

function pairFault(messages: JsonObject[], index: number): string | undefined {
	const message = messages[index];
	const place = `messages.${index}.content`;
	const uses = message?.role === 'assistant' ? ids(message, 'toolUse') : [];
	if (new Set(uses).size < uses.length) return `The toolUse blocks at ${place} contain duplicate Ids: ${uses.join(', ')}`;
	const expected = ids(messages[index - 1]?.role === 'assistant' ? messages[index - 1] : undefined, 'toolUse');
	const results = ids(message, 'toolResult');
	if (new Set(results).size < results.length)
		return `The toolResult blocks at ${place} contain duplicate Ids: ${results.join(', ')}`;
	if (results.length > expected.length)
		return `The number of toolResult blocks at ${place} exceeds the number of toolUse blocks of previous turn.`;
	const open = expected.filter((id) => !results.includes(id));
	return open.length === 0 ? undefined : `Expected toolResult blocks at ${place} for the following Ids: ${open.join(', ')}`;
}

/** Every call has its result, every result its call. */
export const paired: Rule = ({ request }) => {
	const messages = objects(request.messages);
	for (const index of messages.keys()) {
		const fault = pairFault(messages, index);
		if (fault !== undefined) return problem(fault);
	}
	const last = ids(messages.at(-1)?.role === 'assistant' ? messages.at(-1) : undefined, 'toolUse');
	if (last.length === 0) return undefined;
	return problem(`Expected toolResult blocks at messages.${messages.length}.content for the following Ids: ${last.join(', ')}`);
};

/** Members that only one of the sides may send. */
const SIDES: { [role: string]: { refused: readonly string[]; words: string } } = {
	user: { refused: ['toolUse', 'reasoningContent'], words: 'User' },
	assistant: { refused: ['toolResult', 'guardContent', 'image', 'document', 'video'], words: 'Assistant' },
};

const NAMES: { [member: string]: string } = {
	toolUse: 'tool uses',
	toolResult: 'tool results',
	reasoningContent: 'reasoning content',
	guardContent: 'guard content',
	image: 'images',
	document: 'documents',
	video: 'videos',
};

/** What each side may say. */
export const sides: Rule = ({ request }) => {
	for (const message of objects(request.messages)) {
		const side = SIDES[text(message.role)];
		for (const block of objects(message.content)) {
			const member = side?.refused.find((name) => isObject(block[name]));
			if (side === undefined || member === undefined) continue;
			// A tool of the service's own is answered by the assistant itself.
			if (member === 'toolResult' && text(object(block.toolResult).type).endsWith('_result')) continue;
			const name = NAMES[member] ?? member;
			return problem(`${side.words} messages cannot contain ${name}. Please remove the ${name} and try again.`);
		}
	}
	return undefined;
};
