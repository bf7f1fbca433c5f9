import type { Cohere } from 'cohere-ai';
import type { Ask, Piece, Tool, Turn } from '../neutral.ts';

function partOf(piece: Piece): Cohere.Content {
	if (typeof piece === 'string') return { type: 'text', text: piece };
	if ('cached' in piece) return { type: 'text', text: piece.cached };
	if ('image' in piece) return { type: 'image_url', imageUrl: { url: `data:${piece.mediaType};base64,${piece.image}` } };
	if ('imageUrl' in piece) return { type: 'image_url', imageUrl: { url: piece.imageUrl } };
	throw new Error('messages hold texts and images here');
}

function turnOf(turn: Turn): Cohere.ChatMessageV2[] {
	if ('answer' in turn) return [turn.answer.native as Cohere.ChatMessageV2];
	if ('results' in turn) {
		return turn.results.map(({ call, content }) => ({
			role: 'tool',
			toolCallId: call.id,
			content: content.map((piece) => (typeof piece === 'string' ? piece : '')).join(''),
		}));
	}
	return [{ role: 'user', content: typeof turn.user === 'string' ? turn.user : turn.user.map(partOf) }];
}

function toolOf({ name, schema = { type: 'object' } }: Tool): Cohere.ToolV2 {
	return { type: 'function', function: { name, description: `The tool ${name}.`, parameters: { ...schema } } };
}

const CHOICES = { required: 'REQUIRED', none: 'NONE' } as const;

/** A request as this client sends it. */
export function bodyOf(ask: Ask): Cohere.V2ChatRequest {
	const { choice, system, think, maxTokens, stop, temperature, tools, schema } = ask;
	const instructions: Cohere.ChatMessageV2[] = system === undefined ? [] : [{ role: 'system', content: system }];
	const body: Cohere.V2ChatRequest = { model: ask.model, messages: [...instructions, ...ask.turns.flatMap(turnOf)] };
	if (tools !== undefined) body.tools = tools.map(toolOf);
	if (choice === 'required' || choice === 'none') body.toolChoice = CHOICES[choice];
	if (maxTokens !== undefined) body.maxTokens = maxTokens;
	if (stop !== undefined) body.stopSequences = stop;
	if (temperature !== undefined) body.temperature = temperature;
	if (think !== undefined) body.thinking = think.way === 'off' ? { type: 'disabled' } : { type: 'enabled', tokenBudget: 2048 };
	if (schema !== undefined) body.responseFormat = { type: 'json_object', jsonSchema: { ...schema } };
	return Object.assign(body, ask.extra);
}
