import type { ContentPart, ImagePart, JsonObject, Message } from '../../spec/index.ts';
import { type Losses, plainText } from '../shared/index.ts';

/** A conversation as a model of one prompt takes it. */
export interface Prompt {
	system: string;
	prompt: string;
	/** The turns, for models that take them. */
	messages: JsonObject[];
	images: ImagePart[];
}

const SPEAKERS: { readonly [role in Message['role']]: string } = {
	system: 'System',
	user: 'User',
	assistant: 'Assistant',
	tool: 'Tool',
};

/** Kinds of parts that are part of the text, or stand beside it. */
const TOLD: ReadonlySet<ContentPart['type']> = new Set(['text', 'refusal', 'search-result', 'image']);

/** Writes a conversation as instructions and one prompt. What is no text and no picture is left out and told. */
export function promptOf(messages: readonly Message[], losses: Losses): Prompt {
	const system: string[] = [];
	const turns: { role: Message['role']; text: string }[] = [];
	const images: ImagePart[] = [];
	for (const [index, message] of messages.entries()) {
		const path = `messages[${index}].content`;
		const text = textOf(message.content, path, losses);
		images.push(...message.content.filter((part) => part.type === 'image'));
		if (message.role === 'system') system.push(text);
		else turns.push({ role: message.role, text });
	}
	return {
		system: system.filter((text) => text !== '').join('\n\n'),
		prompt: onePrompt(turns),
		messages: turns.map(({ role, text }) => ({ role: role === 'assistant' ? 'assistant' : 'user', content: text })),
		images,
	};
}

/** One turn is the prompt itself; of several, each is written with its speaker, and the assistant is asked to go on. */
function onePrompt(turns: readonly { role: Message['role']; text: string }[]): string {
	const [first] = turns;
	if (first === undefined || (turns.length === 1 && first.role === 'user')) return first?.text ?? '';
	return [...turns.map(({ role, text }) => `${SPEAKERS[role]}: ${text}`), 'Assistant:'].join('\n\n');
}

function textOf(content: readonly ContentPart[], path: string, losses: Losses): string {
	const pieces = content.map((part, index) => {
		const at = `${path}[${index}]`;
		losses.extensions(part, at);
		if (part.type === 'tool-call' || part.type === 'tool-result') return toolText(part, at, losses);
		const text = plainText([part]);
		if (text === '' && !TOLD.has(part.type)) losses.dropped(at, `A ${part.type} has no form in a prompt.`);
		return text;
	});
	return pieces.filter((piece) => piece !== '').join('\n\n');
}

/** What happened with tools earlier on, as the model may read it. */
function toolText(part: Extract<ContentPart, { type: 'tool-call' | 'tool-result' }>, path: string, losses: Losses): string {
	losses.add('changed', path, 'What tools were asked and said was written as text.');
	if (part.type === 'tool-call') return `[called ${part.name}: ${part.input}]`;
	return `[${part.name ?? 'the tool'} answered: ${part.json === undefined ? plainText(part.content) : JSON.stringify(part.json)}]`;
}
