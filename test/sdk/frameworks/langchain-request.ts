import {
	AIMessage,
	type BaseMessage,
	type ContentBlock,
	HumanMessage,
	SystemMessage,
	ToolMessage,
} from '@langchain/core/messages';
import type { Ask, Piece, Result, Tool, Turn } from '../neutral.ts';

function blockOf(piece: Piece): ContentBlock {
	if (typeof piece === 'string') return { type: 'text', text: piece };
	if ('cached' in piece) return { type: 'text', text: piece.cached };
	if ('image' in piece) return { type: 'image_url', image_url: { url: `data:${piece.mediaType};base64,${piece.image}` } };
	if ('imageUrl' in piece) return { type: 'image_url', image_url: { url: piece.imageUrl } };
	const data =
		'pdf' in piece ? `application/pdf;base64,${piece.pdf}` : `text/plain;base64,${Buffer.from(piece.text).toString('base64')}`;
	return { type: 'file', file: { filename: piece.name, file_data: `data:${data}` } };
}

function resultOf({ call, content, failed }: Result): ToolMessage {
	const text = content.map((piece) => (typeof piece === 'string' ? piece : '')).join('');
	return new ToolMessage({ tool_call_id: call.id, content: text, status: failed === true ? 'error' : 'success' });
}

function turnOf(turn: Turn): BaseMessage[] {
	if ('answer' in turn) return [echoed(turn.answer.native)];
	if ('results' in turn) return turn.results.map(resultOf);
	return [new HumanMessage({ content: typeof turn.user === 'string' ? turn.user : turn.user.map(blockOf) })];
}

/** An answer as an application sends it back that keeps it, or its JSON. */
function echoed(native: unknown): BaseMessage {
	if (AIMessage.isInstance(native)) return native;
	return new AIMessage((native as { kwargs: ConstructorParameters<typeof AIMessage>[0] }).kwargs);
}

/** The conversation as this client sends it. */
export function messagesOf({ system, turns }: Ask): BaseMessage[] {
	return [...(system === undefined ? [] : [new SystemMessage(system)]), ...turns.flatMap(turnOf)];
}

/** The tools as this client declares them. */
export function toolsOf(tools: readonly Tool[]) {
	return tools.map(({ name, schema = { type: 'object' as const } }) => ({
		type: 'function' as const,
		function: { name, description: `The tool ${name}.`, parameters: { ...schema } },
	}));
}
