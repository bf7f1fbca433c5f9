import {
	type FilePart,
	jsonSchema,
	type ModelMessage,
	type TextPart,
	type ToolChoice,
	type ToolResultPart,
	type ToolSet,
	tool,
} from 'ai';
import type { Ask, Piece, Result, RunnableTool, Tool, Turn } from '../neutral.ts';

/** Marks of cached prefixes, in the words of the providers that have some. */
const CACHED = { anthropic: { cacheControl: { type: 'ephemeral' } }, amazonBedrock: { cachePoint: { type: 'default' } } };

function partOf(piece: Piece): TextPart | FilePart {
	if (typeof piece === 'string') return { type: 'text', text: piece };
	if ('cached' in piece) return { type: 'text', text: piece.cached, providerOptions: CACHED };
	if ('image' in piece) return { type: 'file', mediaType: piece.mediaType, data: { type: 'data', data: piece.image } };
	if ('imageUrl' in piece) return { type: 'file', mediaType: 'image/*', data: { type: 'url', url: new URL(piece.imageUrl) } };
	if ('pdf' in piece) {
		return { type: 'file', mediaType: 'application/pdf', filename: piece.name, data: { type: 'data', data: piece.pdf } };
	}
	const data = Buffer.from(piece.text).toString('base64');
	return { type: 'file', mediaType: 'text/plain', filename: piece.name, data: { type: 'data', data } };
}

function outputOf({ content, failed }: Result): ToolResultPart['output'] {
	const text = content.map((piece) => (typeof piece === 'string' ? piece : '')).join('');
	if (failed === true) return { type: 'error-text', value: text };
	if (content.every((piece) => typeof piece === 'string')) return { type: 'text', value: text };
	return { type: 'content', value: content.map(contentOf) };
}

function contentOf(piece: Piece): Extract<ToolResultPart['output'], { type: 'content' }>['value'][number] {
	if (typeof piece === 'string') return { type: 'text', text: piece };
	if (!('image' in piece)) throw new Error('results hold texts and images here');
	return { type: 'file', mediaType: piece.mediaType, data: { type: 'data', data: piece.image } };
}

function turnOf(turn: Turn): ModelMessage[] {
	if ('answer' in turn) return turn.answer.native as ModelMessage[];
	if ('results' in turn) {
		const content = turn.results.map((result) => ({
			type: 'tool-result' as const,
			toolCallId: result.call.id,
			toolName: result.call.name,
			output: outputOf(result),
		}));
		return [{ role: 'tool', content }];
	}
	return [{ role: 'user', content: typeof turn.user === 'string' ? turn.user : turn.user.map(partOf) }];
}

/** The conversation as this client sends it; the system prompt stands apart. */
export function messagesOf(turns: Turn[]): ModelMessage[] {
	return turns.flatMap(turnOf);
}

function toolOf(declared: Tool | RunnableTool): ToolSet[string] {
	const description = `The tool ${declared.name}.`;
	const inputSchema = jsonSchema<unknown>({ ...(declared.schema ?? { type: 'object' as const }) });
	if (!('run' in declared)) return tool({ description, inputSchema });
	return tool({ description, inputSchema, execute: async (input) => declared.run(input) });
}

/** The tools as this client declares them; those of `runTools` run by themselves. */
export function toolsOf(tools: (Tool | RunnableTool)[]): ToolSet {
	return Object.fromEntries(tools.map((declared) => [declared.name, toolOf(declared)]));
}

/** The tool choice, where the request makes one. */
export function choiceOf({ choice }: Ask): ToolChoice<ToolSet> | undefined {
	return typeof choice === 'object' ? { type: 'tool', toolName: choice.name } : choice;
}
