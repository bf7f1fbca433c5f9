import type { CustomTool, JsonObject } from '../../spec/index.ts';
import type { Losses } from './losses.ts';

/** The function that stands for a tool of free text. */
export interface FreeTextFunction {
	name: string;
	description?: string;
	parameters: JsonObject;
}

/** A tool of free text as a function whose one parameter, `input`, is the text; its grammar goes into the description. */
export function freeTextFunction(tool: CustomTool, path: string, losses: Losses): FreeTextFunction {
	losses.add('approximated', path, "A tool of free text was sent as a function whose one parameter, 'input', is the text.");
	const { grammar } = tool;
	if (grammar !== undefined) losses.add('approximated', `${path}.grammar`, 'A grammar was sent as an instruction.');
	const bound = grammar === undefined ? '' : `The text must follow this ${grammar.syntax} grammar:\n${grammar.definition}`;
	const description = [tool.description ?? '', bound].filter((text) => text.trim() !== '').join('\n\n');
	return {
		name: tool.name,
		...(description === '' ? {} : { description }),
		parameters: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
	};
}
