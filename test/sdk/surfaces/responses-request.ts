import type OpenAI from 'openai';
import type { JsonObject } from '../../../src/spec/index.ts';
import type { Ask, Piece, Result, Tool, Turn } from '../neutral.ts';

type Item = OpenAI.Responses.ResponseInputItem;
export type Body = OpenAI.Responses.ResponseCreateParamsNonStreaming;

function partOf(piece: Piece): OpenAI.Responses.ResponseInputContent {
	if (typeof piece === 'string') return { type: 'input_text', text: piece };
	if ('cached' in piece) return { type: 'input_text', text: piece.cached };
	if ('image' in piece) {
		return { type: 'input_image', detail: 'auto', image_url: `data:${piece.mediaType};base64,${piece.image}` };
	}
	if ('imageUrl' in piece) return { type: 'input_image', detail: 'auto', image_url: piece.imageUrl };
	const data =
		'pdf' in piece ? `application/pdf;base64,${piece.pdf}` : `text/plain;base64,${Buffer.from(piece.text).toString('base64')}`;
	return { type: 'input_file', filename: piece.name, file_data: `data:${data}` };
}

/** What a tool gave back; the tool with free text is told by its input. */
function resultOf({ call, content }: Result): Item {
	const only = content.length === 1 ? content[0] : undefined;
	const output = typeof only === 'string' ? only : content.map(partOf);
	return typeof call.input === 'string'
		? { type: 'custom_tool_call_output', call_id: call.id, output }
		: { type: 'function_call_output', call_id: call.id, output };
}

function turnOf(turn: Turn): Item[] {
	if ('answer' in turn) return turn.answer.native as Item[];
	if ('results' in turn) return turn.results.map(resultOf);
	return [{ role: 'user', content: typeof turn.user === 'string' ? turn.user : turn.user.map(partOf) }];
}

function toolOf({ name, schema }: Tool): OpenAI.Responses.Tool {
	const description = `The tool ${name}.`;
	if (schema === undefined) return { type: 'custom', name, description };
	return { type: 'function', name, description, parameters: schema, strict: false };
}

function choiceOf({ choice }: Ask): Body['tool_choice'] {
	return typeof choice === 'object' ? { type: 'function', name: choice.name } : choice;
}

/** Settings of the answer's form and of the reasoning before it. */
function settingsOf({ schema, think, logprobs }: Ask): Partial<Body> {
	const settings: Partial<Body> = {};
	if (schema !== undefined) settings.text = { format: { type: 'json_schema', name: 'answer', schema, strict: true } };
	if (think !== undefined) settings.reasoning = { effort: think.way === 'off' ? 'none' : (think.effort ?? 'medium') };
	if (logprobs !== undefined) Object.assign(settings, { include: ['message.output_text.logprobs'], top_logprobs: logprobs });
	return settings;
}

/** The request as this client sends it, with the whole conversation. */
export function bodyOf(ask: Ask): Body {
	const choice = choiceOf(ask);
	const body: Body & JsonObject = { model: ask.model, input: ask.turns.flatMap(turnOf), ...settingsOf(ask) } as Body & JsonObject;
	if (ask.system !== undefined) body.instructions = ask.system;
	if (ask.tools !== undefined) body.tools = ask.tools.map(toolOf);
	if (choice !== undefined) body.tool_choice = choice;
	if (ask.parallel !== undefined) body.parallel_tool_calls = ask.parallel;
	if (ask.maxTokens !== undefined) body.max_output_tokens = ask.maxTokens;
	if (ask.temperature !== undefined) body.temperature = ask.temperature;
	return Object.assign(body, ask.extra);
}
