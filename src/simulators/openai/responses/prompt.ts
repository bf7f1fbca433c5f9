import type { JsonObject, JsonValue } from '../../../spec/index.ts';
import { isObject, object, objects, text } from '../../core/json.ts';
import type { Attachment, OfferedTool, Prompt, ToolOutcome } from '../../core/prompt.ts';
import { attachmentTokens, countTokens, MESSAGE_TOKENS, toolTokens } from '../../core/tokens.ts';
import type { OpenAIModel } from '../models.ts';
import { fromModel } from './conversation.ts';
import { filesAmong } from './files.ts';
import { effortOf } from './rules.ts';

function contentText(content: JsonValue | undefined): string {
	if (typeof content === 'string') return content;
	return objects(content)
		.map((part) => text(part.text) || text(part.refusal))
		.join('');
}

/** The text an item is counted by. */
function countedText(item: JsonObject): string {
	const parts = [contentText(item.content), contentText(item.output), contentText(item.summary)];
	return [...parts, text(item.name), text(item.arguments), text(item.input)].join('');
}

/** What an item adds to the prompt, for counting and for the cache. */
export function promptLines(request: JsonObject, items: JsonObject[]): string[] {
	const lines = items.map((item) => `${text(item.role) || text(item.type)}\n${countedText(item)}\n`);
	return typeof request.instructions === 'string' ? [`system\n${request.instructions}\n`, ...lines] : lines;
}

/** Tokens of a request's prompt. */
export function promptTokens(request: JsonObject, items: JsonObject[], files: Attachment[]): number {
	let tokens = MESSAGE_TOKENS;
	if (typeof request.instructions === 'string') tokens += MESSAGE_TOKENS + countTokens(request.instructions);
	for (const item of items) tokens += MESSAGE_TOKENS + countTokens(countedText(item));
	for (const tool of objects(request.tools)) tokens += toolTokens(tool);
	for (const file of files) tokens += attachmentTokens(file);
	return tokens;
}

function offered(request: JsonObject): OfferedTool[] {
	const tools = objects(request.tools)
		.filter((tool) => tool.type === 'function' || tool.type === 'custom')
		.map((tool) => ({ name: text(tool.name), schema: tool.type === 'function' ? object(tool.parameters) : undefined }));
	const choice = object(request.tool_choice);
	if (choice.type !== 'allowed_tools') return tools;
	const names = objects(choice.tools).map((tool) => text(tool.name));
	return tools.filter((tool) => names.includes(tool.name));
}

function toolChoice(request: JsonObject): Prompt['toolChoice'] {
	const chosen = request.tool_choice ?? 'auto';
	if (chosen === 'none' || chosen === 'required') return chosen;
	if (!isObject(chosen)) return 'auto';
	if (chosen.type === 'allowed_tools') return chosen.mode === 'required' ? 'required' : 'auto';
	return chosen.type === 'function' || chosen.type === 'custom' ? { name: text(chosen.name) } : 'auto';
}

/** The results that came since the model's last turn, each under the name of the tool that was called. */
function outcomes(items: JsonObject[]): ToolOutcome[] {
	const names = new Map(items.filter((item) => item.name !== undefined).map((item) => [text(item.call_id), text(item.name)]));
	const last = items.findLastIndex(fromModel);
	const results = items.slice(last + 1).filter((item) => item.output !== undefined);
	return results.map((item) => {
		const files = filesAmong(objects(item.output), 'output');
		return {
			name: names.get(text(item.call_id)) ?? 'tool',
			text: contentText(item.output),
			failed: false,
			attachments: Array.isArray(files) ? files : [],
		};
	});
}

function format(request: JsonObject): Prompt['format'] {
	const wanted = object(object(request.text).format);
	if (wanted.type === 'json_object') return 'json';
	return wanted.type === 'json_schema' ? { schema: object(wanted.schema) } : 'text';
}

const SENTENCES: { [effort: string]: number } = { minimal: 1, low: 1, medium: 2, high: 3, xhigh: 4, max: 5 };

/** Sentences of the reasoning's summary: there is one only where it is asked for. */
function sentences(request: JsonObject, model: OpenAIModel): number {
	const asked = object(request.reasoning).summary ?? object(request.reasoning).generate_summary ?? null;
	return asked === null ? 0 : (SENTENCES[effortOf(request, model) ?? 'none'] ?? 0);
}

/** The prompt that a request amounts to. `items`: the whole conversation. */
export function promptOf(request: JsonObject, items: JsonObject[], vendor: string, model: OpenAIModel): Prompt {
	const spoken = (roles: string[]): string[] =>
		items.filter((item) => roles.includes(text(item.role))).map((item) => contentText(item.content));
	const files = filesAmong(
		items.filter((item) => item.role === 'user').flatMap((item) => objects(item.content)),
		'content',
	);
	return {
		vendor,
		model: text(request.model),
		instructions: [text(request.instructions), ...spoken(['system', 'developer'])].filter((part) => part !== '').join('\n'),
		said: spoken(['user']).at(-1) ?? '',
		attachments: Array.isArray(files) ? files : [],
		outcomes: outcomes(items),
		tools: offered(request),
		toolChoice: toolChoice(request),
		parallel: request.parallel_tool_calls !== false,
		format: format(request),
		reasoning: sentences(request, model),
	};
}
