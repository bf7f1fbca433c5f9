import { type Content, FunctionCallingConfigMode, type GenerateContentConfig, type Part, ThinkingLevel } from '@google/genai';
import type { Ask, Piece, Result, Think, Tool, Turn } from '../neutral.ts';

/** A model as it stands in the address: the simulators' controls hold characters that mean something there. */
export function addressed(model: string): string {
	return model.replace(/[#&?]/g, encodeURIComponent);
}

function partOf(piece: Piece): Part {
	if (typeof piece === 'string') return { text: piece };
	if ('cached' in piece) return { text: piece.cached };
	if ('image' in piece) return { inlineData: { mimeType: piece.mediaType, data: piece.image } };
	if ('imageUrl' in piece) return { fileData: { fileUri: piece.imageUrl, mimeType: 'image/png' } };
	if ('pdf' in piece) return { inlineData: { mimeType: 'application/pdf', data: piece.pdf } };
	return { inlineData: { mimeType: 'text/plain', data: Buffer.from(piece.text).toString('base64') } };
}

function resultOf({ call, content, failed }: Result): Part {
	const text = content.map((piece) => (typeof piece === 'string' ? piece : '')).join('');
	const media = content.filter((piece) => typeof piece !== 'string').map(partOf);
	const response = failed === true ? { error: text } : { output: text };
	const id = call.id.startsWith('#') ? {} : { id: call.id };
	const parts =
		media.length === 0 ? {} : { parts: media.map(({ inlineData }) => (inlineData === undefined ? {} : { inlineData })) };
	return { functionResponse: { ...id, name: call.name, response, ...parts } };
}

function contentOf(turn: Turn): Content {
	if ('answer' in turn) return turn.answer.native as Content;
	if ('results' in turn) return { role: 'user', parts: turn.results.map(resultOf) };
	return { role: 'user', parts: typeof turn.user === 'string' ? [{ text: turn.user }] : turn.user.map(partOf) };
}

function toolsOf(tools: Tool[]): NonNullable<GenerateContentConfig['tools']> {
	const declared = tools.map(({ name, schema = { type: 'object' } }) => ({
		name,
		description: `The tool ${name}.`,
		parametersJsonSchema: schema,
	}));
	return [{ functionDeclarations: declared }];
}

const MODES = {
	auto: FunctionCallingConfigMode.AUTO,
	none: FunctionCallingConfigMode.NONE,
	required: FunctionCallingConfigMode.ANY,
};

function choiceOf(choice: NonNullable<Ask['choice']>): GenerateContentConfig {
	const chosen =
		typeof choice === 'string'
			? { mode: MODES[choice] }
			: { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: [choice.name] };
	return { toolConfig: { functionCallingConfig: chosen } };
}

const LEVELS = { low: ThinkingLevel.LOW, medium: ThinkingLevel.MEDIUM, high: ThinkingLevel.HIGH };

function thinkingOf({ way, effort = 'medium', shown }: Think): GenerateContentConfig {
	const display = shown === true ? { includeThoughts: true } : {};
	if (way === 'off') return { thinkingConfig: { thinkingBudget: 0 } };
	const amount = way === 'budget' ? { thinkingBudget: 2048 } : { thinkingLevel: LEVELS[effort] };
	return { thinkingConfig: { ...amount, ...display } };
}

/** A request, its optional parts settled. */
export type Body = { model: string; contents: Content[]; config: GenerateContentConfig };

/** A request as this client sends it. */
export function bodyOf(ask: Ask): Body {
	const config: GenerateContentConfig = { ...ask.extra };
	if (ask.system !== undefined) config.systemInstruction = ask.system;
	if (ask.tools !== undefined) config.tools = toolsOf(ask.tools);
	if (ask.choice !== undefined) Object.assign(config, choiceOf(ask.choice));
	if (ask.maxTokens !== undefined) config.maxOutputTokens = ask.maxTokens;
	if (ask.stop !== undefined) config.stopSequences = ask.stop;
	if (ask.temperature !== undefined) config.temperature = ask.temperature;
	if (ask.schema !== undefined) Object.assign(config, { responseMimeType: 'application/json', responseJsonSchema: ask.schema });
	if (ask.think !== undefined) Object.assign(config, thinkingOf(ask.think));
	if (ask.candidates !== undefined) config.candidateCount = ask.candidates;
	if (ask.logprobs !== undefined) Object.assign(config, { responseLogprobs: true, logprobs: ask.logprobs });
	return { model: addressed(ask.model), contents: ask.turns.map(contentOf), config };
}
