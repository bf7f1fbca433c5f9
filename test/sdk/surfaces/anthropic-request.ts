import type Anthropic from '@anthropic-ai/sdk';
import type { Ask, Piece, Result, Think, Tool, Turn } from '../neutral.ts';

type UserBlock = Anthropic.TextBlockParam | Anthropic.ImageBlockParam | Anthropic.DocumentBlockParam;

function blockOf(piece: Piece): UserBlock {
	if (typeof piece === 'string') return { type: 'text', text: piece };
	if ('cached' in piece) return { type: 'text', text: piece.cached, cache_control: { type: 'ephemeral' } };
	if ('image' in piece) {
		return { type: 'image', source: { type: 'base64', media_type: piece.mediaType, data: piece.image } };
	}
	if ('imageUrl' in piece) return { type: 'image', source: { type: 'url', url: piece.imageUrl } };
	const source =
		'pdf' in piece
			? { type: 'base64' as const, media_type: 'application/pdf' as const, data: piece.pdf }
			: { type: 'text' as const, media_type: 'text/plain' as const, data: piece.text };
	return { type: 'document', title: piece.name, source };
}

function resultOf({ call, content, failed }: Result): Anthropic.ToolResultBlockParam {
	const flag = failed === undefined ? {} : { is_error: failed };
	return { type: 'tool_result', tool_use_id: call.id, content: content.map(blockOf), ...flag };
}

/** The content of an answer, as an application that echoes it sends it. */
function echoed(native: unknown): Anthropic.ContentBlockParam[] {
	return native as Anthropic.ContentBlockParam[];
}

function turnOf(turn: Turn): Anthropic.MessageParam {
	if ('answer' in turn) return { role: 'assistant', content: echoed(turn.answer.native) };
	if ('results' in turn) return { role: 'user', content: turn.results.map(resultOf) };
	return { role: 'user', content: typeof turn.user === 'string' ? turn.user : turn.user.map(blockOf) };
}

/** The conversation as this client sends it. */
export function messagesOf(turns: Turn[]): Anthropic.MessageParam[] {
	return turns.map(turnOf);
}

/** The tools as this client declares them. */
export function toolsOf(tools: Tool[]): Anthropic.Tool[] {
	return tools.map(({ name, schema = { type: 'object' } }) => ({
		name,
		description: `The tool ${name}.`,
		input_schema: schema,
	}));
}

/** The tool choice, where the request makes one. */
export function choiceOf({ choice, parallel }: Ask): Anthropic.ToolChoice | undefined {
	const single = parallel === undefined ? {} : { disable_parallel_tool_use: !parallel };
	if (choice === 'none') return { type: 'none' };
	if (typeof choice === 'object') return { type: 'tool', name: choice.name, ...single };
	if (choice === 'required') return { type: 'any', ...single };
	return choice === 'auto' || parallel !== undefined ? { type: 'auto', ...single } : undefined;
}

/** The wish for thinking. */
export function thinkingOf({ way, shown }: Think): Anthropic.ThinkingConfigParam {
	if (way === 'off') return { type: 'disabled' };
	const display = shown === true ? { display: 'summarized' as const } : {};
	return way === 'budget' ? { type: 'enabled', budget_tokens: 2048, ...display } : { type: 'adaptive', ...display };
}
