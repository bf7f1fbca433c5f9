import type OpenAI from 'openai';
import type { Ask, Piece, Result, Tool, Turn } from '../neutral.ts';

/** How aggregators of this protocol take cache hints: in the part's own object. */
type CachedText = OpenAI.ChatCompletionContentPartText & { cache_control: { type: 'ephemeral' } };

/** A message with fields its type does not list, as an application that echoes an answer sends it. */
function echoed(native: unknown): OpenAI.ChatCompletionMessageParam {
	return native as OpenAI.ChatCompletionMessageParam;
}

function partOf(piece: Piece): OpenAI.ChatCompletionContentPart {
	if (typeof piece === 'string') return { type: 'text', text: piece };
	if ('cached' in piece) {
		const part: CachedText = { type: 'text', text: piece.cached, cache_control: { type: 'ephemeral' } };
		return part;
	}
	if ('image' in piece) return { type: 'image_url', image_url: { url: `data:${piece.mediaType};base64,${piece.image}` } };
	if ('imageUrl' in piece) return { type: 'image_url', image_url: { url: piece.imageUrl } };
	const data =
		'pdf' in piece ? `application/pdf;base64,${piece.pdf}` : `text/plain;base64,${Buffer.from(piece.text).toString('base64')}`;
	return { type: 'file', file: { filename: piece.name, file_data: `data:${data}` } };
}

function textOf(pieces: Piece[]): string {
	return pieces.map((piece) => (typeof piece === 'string' ? piece : '')).join('');
}

function resultOf({ call, content }: Result): OpenAI.ChatCompletionMessageParam {
	return { role: 'tool', tool_call_id: call.id, content: textOf(content) };
}

function turnOf(turn: Turn): OpenAI.ChatCompletionMessageParam[] {
	if ('answer' in turn) return [echoed(turn.answer.native)];
	if ('results' in turn) return turn.results.map(resultOf);
	return [{ role: 'user', content: typeof turn.user === 'string' ? turn.user : turn.user.map(partOf) }];
}

/** The conversation as this client sends it. */
export function messagesOf({ system, turns }: Ask): OpenAI.ChatCompletionMessageParam[] {
	const instructions = system === undefined ? [] : [{ role: 'system' as const, content: system }];
	return [...instructions, ...turns.flatMap(turnOf)];
}

/** The tools as this client declares them. */
export function toolsOf(tools: Tool[]): OpenAI.ChatCompletionTool[] {
	return tools.map(({ name, schema }) => {
		const description = `The tool ${name}.`;
		if (schema === undefined) return { type: 'custom', custom: { name, description } };
		return { type: 'function', function: { name, description, parameters: schema } };
	});
}
