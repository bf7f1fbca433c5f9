/** Every wire format Relais speaks, by name. */

import { type Dialect, RelaisError } from '../spec/index.ts';
import { anthropicMessages } from './anthropic-messages/index.ts';
import { bedrockConverse } from './bedrock-converse/index.ts';
import { cohere } from './cohere/index.ts';
import { gemini, numberedEnums } from './gemini/index.ts';
import { ollama, ollamaGenerate } from './ollama/index.ts';
import { openaiChat, openaiCompletions } from './openai-chat/index.ts';
import { openaiResponses } from './openai-responses/index.ts';
import { watsonxOver } from './watsonx/index.ts';

export {
	answerOfItem,
	continued,
	inputItems,
	type KeptTurn,
	listedItems,
	referenceOf,
	standIn,
} from './openai-responses/index.ts';
export { TASK_FORMATS } from './tasks.ts';
export {
	anthropicMessages,
	bedrockConverse,
	cohere,
	gemini,
	numberedEnums,
	ollama,
	ollamaGenerate,
	openaiChat,
	openaiCompletions,
	openaiResponses,
};

export const DIALECTS: readonly Dialect[] = [
	openaiChat,
	anthropicMessages,
	gemini,
	bedrockConverse,
	openaiResponses,
	ollama,
	cohere,
	watsonxOver(openaiChat),
];

const byName: ReadonlyMap<string, Dialect> = new Map([...DIALECTS, openaiCompletions].map((dialect) => [dialect.name, dialect]));

/** The dialect of that name. Throws `config_invalid` when there is none. */
export function dialectByName(name: string): Dialect {
	const dialect = byName.get(name);
	if (dialect === undefined)
		throw new RelaisError('config_invalid', `no dialect "${name}"; there are ${[...byName.keys()].join(', ')}`);
	return dialect;
}
