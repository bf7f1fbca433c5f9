import type { JsonObject } from '../../spec/index.ts';
import { isObject, list, object, objects, text } from '../core/json.ts';
import type { Attachment, OfferedTool, Prompt, ToolOutcome } from '../core/prompt.ts';
import { attachmentTokens, countTokens, MESSAGE_TOKENS, toolTokens } from '../core/tokens.ts';
import { filesAmong, filesOf } from './files.ts';
import { declarations } from './rules.ts';
import { jsonSchemaOf } from './schemas.ts';
import type { Thinking } from './thinking.ts';

/** The text of a content's parts; thoughts are not read again. */
function contentText(content: JsonObject | undefined): string {
	return objects(content?.parts)
		.filter((part) => part.thought !== true)
		.map((part) => text(part.text))
		.join('');
}

/** The text a content is counted by: its text, its calls and their responses. */
function countedText(content: JsonObject): string {
	const calls = objects(content.parts).map((part) => {
		const call = object(part.functionCall ?? part.functionResponse);
		if (call.name === undefined) return '';
		return text(call.name) + JSON.stringify(call.args ?? call.response ?? {});
	});
	return contentText(content) + calls.join('');
}

/** The contents that make a prompt: the system's first. */
function allContents(request: JsonObject): JsonObject[] {
	const system = request.systemInstruction;
	return [...(isObject(system) ? [{ ...system, role: 'system' }] : []), ...objects(request.contents)];
}

/** The prompt written out, for the cache. */
export function promptText(request: JsonObject): string {
	const lines = allContents(request).map((content) => `${text(content.role)}\n${countedText(content)}\n`);
	return JSON.stringify(request.tools ?? '') + lines.join('');
}

const MODALITIES: { [kind in Attachment['kind']]: string } = {
	image: 'IMAGE',
	audio: 'AUDIO',
	video: 'VIDEO',
	document: 'DOCUMENT',
};

/** Tokens of a request's prompt, by modality; text comes first. */
export function promptTokens(request: JsonObject): Map<string, number> {
	let words = MESSAGE_TOKENS;
	for (const content of allContents(request)) words += MESSAGE_TOKENS + countTokens(countedText(content));
	for (const tool of declarations(request)) words += toolTokens(tool);
	const tokens = new Map([['TEXT', words]]);
	for (const file of filesOf(objects(request.contents))) {
		const modality = MODALITIES[file.kind];
		tokens.set(modality, (tokens.get(modality) ?? 0) + attachmentTokens(file));
	}
	return tokens;
}

function schemaOf(declared: JsonObject): JsonObject {
	if (isObject(declared.parametersJsonSchema)) return declared.parametersJsonSchema;
	return isObject(declared.parameters) ? jsonSchemaOf(declared.parameters) : { type: 'object', properties: {} };
}

function calling(request: JsonObject): JsonObject {
	return object(object(request.toolConfig).functionCallingConfig);
}

function offered(request: JsonObject): OfferedTool[] {
	const tools = declarations(request).map((declared) => ({ name: text(declared.name), schema: schemaOf(declared) }));
	const allowed = list(calling(request).allowedFunctionNames).map(text);
	return allowed.length === 0 ? tools : tools.filter((tool) => allowed.includes(tool.name));
}

const CHOICES: { [mode: string]: Prompt['toolChoice'] } = { ANY: 'required', NONE: 'none' };

function outcomes(turn: JsonObject[]): ToolOutcome[] {
	return turn
		.flatMap((content) => objects(content.parts))
		.flatMap((part) => (isObject(part.functionResponse) ? [part.functionResponse] : []))
		.map(({ name, response, parts }) => {
			const made = object(response);
			// Clients may repeat the function's name beside the text.
			const beside = made.name === name ? made.content : undefined;
			const told = made.output ?? made.result ?? made.error ?? beside ?? made;
			return {
				name: text(name),
				text: typeof told === 'string' ? told : JSON.stringify(told),
				failed: made.error !== undefined,
				attachments: filesAmong(objects(parts)),
			};
		});
}

function format(request: JsonObject): Prompt['format'] {
	const config = object(request.generationConfig);
	const json = config.responseJsonSchema ?? config._responseJsonSchema;
	if (isObject(json)) return { schema: json };
	if (isObject(config.responseSchema)) return { schema: jsonSchemaOf(config.responseSchema) };
	return config.responseMimeType === 'application/json' ? 'json' : 'text';
}

/** The prompt that a request amounts to. */
export function promptOf(request: JsonObject, vendor: string, model: string, thinking: Thinking): Prompt {
	const contents = objects(request.contents);
	const last = contents.findLastIndex((content) => content.role === 'model');
	const turn = contents.slice(last + 1);
	const spoken = contents.filter((content) => content.role !== 'model' && contentText(content) !== '');
	return {
		vendor,
		model,
		instructions: contentText(object(request.systemInstruction)),
		said: contentText(spoken.at(-1)),
		attachments: contents.flatMap((content) => filesAmong(objects(content.parts))),
		outcomes: outcomes(turn),
		tools: offered(request),
		toolChoice: CHOICES[text(calling(request).mode)] ?? 'auto',
		parallel: true,
		format: format(request),
		reasoning: thinking.sentences,
	};
}
