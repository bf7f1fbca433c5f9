import type { JsonObject } from '../../spec/index.ts';
import { isObject, object, objects, text } from '../core/json.ts';
import type { OfferedTool, Prompt, ToolOutcome } from '../core/prompt.ts';
import { blocksOf } from './conversation.ts';
import { filesAmong } from './files.ts';
import type { Thinking } from './thinking.ts';

function joined(blocks: JsonObject[]): string {
	return blocks
		.filter((block) => block.type === 'text')
		.map((block) => text(block.text))
		.join('');
}

/** The blocks of the user's last turn: consecutive messages are one turn. */
function lastTurn(messages: JsonObject[]): JsonObject[] {
	const before = messages.findLastIndex((message) => message.role === 'assistant');
	return messages.slice(before + 1).flatMap((message) => (message.role === 'user' ? blocksOf(message) : []));
}

function outcomes(messages: JsonObject[], turn: JsonObject[]): ToolOutcome[] {
	const names = new Map<string, string>();
	for (const message of messages) {
		for (const block of blocksOf(message)) if (block.type === 'tool_use') names.set(text(block.id), text(block.name));
	}
	return turn
		.filter((block) => block.type === 'tool_result')
		.map((block) => ({
			name: names.get(text(block.tool_use_id)) ?? 'tool',
			text: typeof block.content === 'string' ? block.content : joined(objects(block.content)),
			failed: block.is_error === true,
			attachments: filesAmong(objects(block.content)),
		}));
}

/** The text last said by the user: that of the last turn, or (when it only brings results) of the turn before. */
function lastSaid(messages: JsonObject[], turn: JsonObject[]): string {
	const now = joined(turn);
	if (now !== '') return now;
	const earlier = messages.findLast((message) => message.role === 'user' && joined(blocksOf(message)) !== '');
	return joined(blocksOf(earlier));
}

function offered(request: JsonObject): OfferedTool[] {
	return objects(request.tools)
		.filter((tool) => (tool.type ?? 'custom') === 'custom')
		.map((tool) => ({ name: text(tool.name), schema: object(tool.input_schema) }));
}

function toolChoice(request: JsonObject): Prompt['toolChoice'] {
	const choice = object(request.tool_choice);
	if (choice.type === 'tool') return { name: text(choice.name) };
	if (choice.type === 'any') return 'required';
	return choice.type === 'none' ? 'none' : 'auto';
}

/** The prompt that a request amounts to. */
export function promptOf(request: JsonObject, vendor: string, thinking: Thinking | undefined): Prompt {
	const messages = objects(request.messages);
	const turn = lastTurn(messages);
	const format = object(object(request.output_config).format ?? request.output_format);
	const instructions = [
		typeof request.system === 'string' ? request.system : joined(objects(request.system)),
		...messages.filter((message) => message.role === 'system').map((message) => joined(blocksOf(message))),
	];
	return {
		vendor,
		model: text(request.model),
		instructions: instructions.filter((part) => part !== '').join('\n'),
		said: lastSaid(messages, turn),
		attachments: messages.flatMap((message) => filesAmong(blocksOf(message))),
		outcomes: outcomes(messages, turn),
		tools: offered(request),
		toolChoice: toolChoice(request),
		parallel: object(request.tool_choice).disable_parallel_tool_use !== true,
		format: isObject(format.schema) ? { schema: format.schema } : 'text',
		reasoning: thinking?.sentences ?? 0,
	};
}
