import type { ChatRequest, ContentPart, Message, Tool } from '../../spec/index.ts';
import type { ClassifierInput } from './types.ts';

/** Characters kept of either end of a text: more than the classifier reads. */
const KEPT = 4096;

/** The text parts of messages, in order. */
function textsOf(messages: readonly Message[]): string[] {
	const texts: string[] = [];
	for (const message of messages) {
		for (const part of message.content) if (part.type === 'text' && part.text !== '') texts.push(part.text);
	}
	return texts;
}

/** Joins texts by line breaks; of more than twice `KEPT` characters, only the ends, so that huge texts are never copied. */
function joined(texts: readonly string[]): string {
	const total = texts.reduce((sum, text) => sum + text.length + 1, 0);
	if (total <= 2 * KEPT) return texts.join('\n');
	let head = '';
	for (const text of texts) {
		if (head.length >= KEPT) break;
		head += `${text.slice(0, KEPT)}\n`;
	}
	let tail = '';
	for (let index = texts.length - 1; index >= 0 && tail.length < KEPT; index--) {
		tail = `${(texts[index] ?? '').slice(-KEPT)}\n${tail}`;
	}
	return head.slice(0, KEPT) + tail.slice(-KEPT);
}

const nameOf = (tool: Tool): string => (tool.type === 'server' ? tool.kind : tool.name);

const holds = (messages: readonly Message[], type: ContentPart['type']): boolean =>
	messages.some((message) => message.content.some((part) => part.type === type));

/** Whether a user wrote a message; results of tools in a user's turn are messages of their own. */
const byUser = (message: Message): boolean => message.role === 'user';

/**
 * Reads what the classifier needs from a request in its canonical form, to which every dialect leads.
 * @param inputTokens tokens of the whole request, as the dialect's sketch counted them
 */
export function classifierInput(request: ChatRequest, inputTokens: number): ClassifierInput {
	const turns = request.messages.filter(byUser);
	const last = turns.slice(-1);
	return {
		user: joined(textsOf(last)),
		earlier: joined(textsOf(turns.slice(-2, -1))),
		system: joined(textsOf(request.messages.filter((message) => message.role === 'system'))),
		turns: turns.length,
		tools: (request.tools ?? []).map(nameOf),
		images: holds(last, 'image'),
		documents: holds(last, 'document'),
		schema: request.output?.type === 'json_schema',
		inputTokens,
		reasoning: asksToReason(request),
		maxOutputTokens: request.maxOutputTokens,
	};
}

function asksToReason({ reasoning }: ChatRequest): boolean {
	if (reasoning === undefined || reasoning.mode === 'off') return false;
	if (reasoning.mode === 'on' || reasoning.budgetTokens !== undefined) return true;
	return reasoning.effort !== undefined && !['none', 'minimal', 'low'].includes(reasoning.effort);
}
