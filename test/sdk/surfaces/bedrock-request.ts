import type {
	ContentBlock,
	ConverseCommandInput,
	Message,
	Tool as SdkTool,
	ToolChoice,
	ToolResultContentBlock,
} from '@aws-sdk/client-bedrock-runtime';
import type { Ask, Piece, Result, Think, Tool, Turn } from '../neutral.ts';

const FORMATS = { 'image/png': 'png', 'image/jpeg': 'jpeg' } as const;
const CACHED: ContentBlock = { cachePoint: { type: 'default' } };

/** Names of documents hold no dots here. */
function nameOf(file: string): string {
	return file.replace(/\.\w+$/, '');
}

function blocksOf(piece: Piece): ContentBlock[] {
	if (typeof piece === 'string') return piece === '' ? [] : [{ text: piece }];
	if ('cached' in piece) return [{ text: piece.cached }, CACHED];
	if ('image' in piece) {
		return [{ image: { format: FORMATS[piece.mediaType], source: { bytes: Buffer.from(piece.image, 'base64') } } }];
	}
	if ('imageUrl' in piece) throw new Error('this API takes no addresses');
	const [format, bytes] =
		'pdf' in piece ? (['pdf', Buffer.from(piece.pdf, 'base64')] as const) : (['txt', Buffer.from(piece.text)] as const);
	return [{ document: { format, name: nameOf(piece.name), source: { bytes } } }];
}

function resultOf({ call, content, failed }: Result): ContentBlock {
	const blocks = content.flatMap((piece): ToolResultContentBlock[] =>
		piece === '' ? [{ text: '' }] : (blocksOf(piece) as ToolResultContentBlock[]),
	);
	const status = failed === undefined ? {} : { status: failed ? ('error' as const) : ('success' as const) };
	return { toolResult: { toolUseId: call.id, content: blocks, ...status } };
}

function messageOf(turn: Turn): Message {
	if ('answer' in turn) return turn.answer.native as Message;
	if ('results' in turn) return { role: 'user', content: turn.results.map(resultOf) };
	return { role: 'user', content: typeof turn.user === 'string' ? [{ text: turn.user }] : turn.user.flatMap(blocksOf) };
}

function toolsOf(tools: Tool[]): SdkTool[] {
	return tools.map(({ name, schema = { type: 'object' } }) => ({
		toolSpec: { name, description: `The tool ${name}.`, inputSchema: { json: { ...schema } } },
	}));
}

function choiceOf(choice: NonNullable<Ask['choice']>): ToolChoice {
	if (typeof choice === 'object') return { tool: { name: choice.name } };
	return choice === 'required' ? { any: {} } : { auto: {} };
}

/** Reasoning is asked for in the model's own fields, here as Claude's. */
function thinkingOf({ way, effort = 'medium', shown }: Think): ConverseCommandInput {
	const display = shown === true ? { display: 'summarized' } : {};
	const thinking = way === 'off' ? { type: 'disabled' } : { type: 'enabled', budget_tokens: 2048, ...display };
	if (way === 'effort') {
		const adaptive = { thinking: { type: 'adaptive', ...display }, output_config: { effort } };
		return { modelId: undefined, additionalModelRequestFields: adaptive };
	}
	return { modelId: undefined, additionalModelRequestFields: { thinking } };
}

/** A request as this client sends it. */
export function inputOf(ask: Ask): ConverseCommandInput {
	const input: ConverseCommandInput = { messages: ask.turns.map(messageOf) } as ConverseCommandInput;
	const { maxTokens, temperature, stop: stopSequences } = ask;
	if (ask.think !== undefined) Object.assign(input, thinkingOf(ask.think));
	input.modelId = ask.model;
	if (ask.system !== undefined) input.system = [{ text: ask.system }];
	if (maxTokens !== undefined || temperature !== undefined || stopSequences !== undefined)
		input.inferenceConfig = { maxTokens, temperature, stopSequences };
	if (ask.tools !== undefined) {
		const toolChoice = ask.choice === undefined ? {} : { toolChoice: choiceOf(ask.choice) };
		input.toolConfig = { tools: toolsOf(ask.tools), ...toolChoice };
	}
	if (ask.schema !== undefined) {
		const jsonSchema = { name: 'answer', schema: JSON.stringify(ask.schema) };
		input.outputConfig = { textFormat: { type: 'json_schema', structure: { jsonSchema } } };
	}
	return Object.assign(input, ask.extra);
}
