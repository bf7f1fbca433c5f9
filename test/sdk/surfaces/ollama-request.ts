import type { ChatRequest, GenerateRequest, Message, Tool as OllamaTool, Options } from 'ollama';
import type { Ask, Piece, Tool, Turn } from '../neutral.ts';

function textOf(pieces: Piece[]): string {
	return pieces.map((piece) => (typeof piece === 'string' ? piece : 'cached' in piece ? piece.cached : '')).join('');
}

function imagesOf(pieces: Piece[]): { images?: string[] } {
	const images = pieces.flatMap((piece) => (typeof piece === 'object' && 'image' in piece ? [piece.image] : []));
	return images.length === 0 ? {} : { images };
}

/** Results name the tool; ids are sent where the calls had some, as clients that echo them do. */
function resultOf(call: { id: string; name: string }, content: Piece[]): Message {
	const id = call.id.startsWith('#') ? {} : { tool_call_id: call.id };
	return { role: 'tool', content: textOf(content), tool_name: call.name, ...id };
}

function messagesOf(turn: Turn): Message[] {
	if ('answer' in turn) return [turn.answer.native as Message];
	if ('results' in turn) return turn.results.map(({ call, content }) => resultOf(call, content));
	const pieces = typeof turn.user === 'string' ? [turn.user] : turn.user;
	return [{ role: 'user', content: textOf(pieces), ...imagesOf(pieces) }];
}

function toolsOf(tools: Tool[]): OllamaTool[] {
	return tools.map(({ name, schema = { type: 'object' } }) => ({
		type: 'function',
		function: { name, description: `The tool ${name}.`, parameters: schema as { type: string } },
	}));
}

function optionsOf({ stop, maxTokens, temperature }: Ask): { options?: Partial<Options> } {
	const options: Partial<Options> = {};
	if (stop !== undefined) options.stop = stop;
	if (maxTokens !== undefined) options.num_predict = maxTokens;
	if (temperature !== undefined) options.temperature = temperature;
	return Object.keys(options).length === 0 ? {} : { options };
}

/** A conversation as this client sends it. */
export function chatOf(ask: Ask): ChatRequest {
	const instructions: Message[] = ask.system === undefined ? [] : [{ role: 'system', content: ask.system }];
	const request: ChatRequest = {
		model: ask.model,
		messages: [...instructions, ...ask.turns.flatMap(messagesOf)],
		...optionsOf(ask),
	};
	if (ask.tools !== undefined) request.tools = toolsOf(ask.tools);
	if (ask.schema !== undefined) request.format = ask.schema;
	if (ask.think !== undefined) request.think = ask.think.way === 'off' ? false : (ask.think.effort ?? true);
	if (ask.logprobs !== undefined) Object.assign(request, { logprobs: true, top_logprobs: ask.logprobs });
	return Object.assign(request, ask.extra);
}

/** The same as a prompt, where it is no more than one. */
export function promptOf(ask: Ask): GenerateRequest | undefined {
	const [turn, ...more] = ask.turns;
	if (turn === undefined || more.length > 0 || !('user' in turn) || ask.tools !== undefined) return undefined;
	const { messages, tools: _, ...rest } = chatOf(ask);
	const asked = messages?.at(-1);
	const images = asked?.images === undefined ? {} : { images: asked.images };
	return { ...rest, prompt: asked?.content ?? '', ...images, ...(ask.system === undefined ? {} : { system: ask.system }) };
}
