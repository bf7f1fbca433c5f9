import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { table } from '../shared/index.ts';
import { sealedSignature } from './block-decode.ts';
import { isCachePoint } from './cache.ts';

const MESSAGE = /^messages\[(\d+)\](?:\.content\[(\d+)\])?(.*)$/;
const TOOL = /^tools\[(\d+)\](.*)$/;

/** Where fields of the canonical request stand here, first choice first. */
const FIELDS = table<readonly string[]>({
	max_tokens: ['inferenceConfig.maxTokens'],
	temperature: ['inferenceConfig.temperature'],
	top_p: ['inferenceConfig.topP'],
	stop: ['inferenceConfig.stopSequences'],
	top_k: ['additionalModelRequestFields.top_k'],
	reasoning: [
		'additionalModelRequestFields.thinking',
		'additionalModelRequestFields.output_config',
		'additionalModelRequestFields.reasoning_effort',
	],
	tool_choice: ['toolConfig.toolChoice'],
	tools: ['toolConfig.tools'],
	response_format: ['outputConfig.textFormat'],
	metadata: ['requestMetadata'],
	service_tier: ['serviceTier'],
});

/** What a canonical message was read from, and the blocks of it. */
interface Source {
	path: string;
	blocks: number[];
}

/** The place in a client's body that a path of the canonical request stands for. */
export function locate(body: JsonValue, path: string): string {
	if (!isObject(body)) return path;
	const tool = TOOL.exec(path);
	const tools = isObject(body.toolConfig) ? body.toolConfig.tools : undefined;
	if (tool !== null)
		return Array.isArray(tools) ? `toolConfig.tools[${partBlocks(tools)[Number(tool[1])] ?? tool[1]}]${tool[2] ?? ''}` : path;
	const inMessage = MESSAGE.exec(path);
	if (inMessage === null) return FIELDS[path]?.find((field) => isThere(body, field)) ?? path;
	const source = sourcesOf(body)[Number(inMessage[1])];
	if (source === undefined) return path;
	const [, , part, rest = ''] = inMessage;
	if (part === undefined) return source.path + rest;
	const inside = source.path === 'system' ? source.path : `${source.path}.content`;
	return `${inside}[${source.blocks[Number(part)] ?? part}]${rest}`;
}

function isThere(body: JsonObject, field: string): boolean {
	let value: JsonValue | undefined = body;
	for (const key of field.split('.')) value = isObject(value) ? value[key] : undefined;
	return value !== undefined && value !== null;
}

function sourcesOf(body: JsonObject): Source[] {
	const { system } = body;
	const first = Array.isArray(system) && system.length > 0 ? [{ path: 'system', blocks: partBlocks(system) }] : [];
	const turns = Array.isArray(body.messages) ? body.messages : [];
	return [...first, ...turns.flatMap((turn, index) => turnSources(turn, `messages[${index}]`))];
}

/** The items that become parts or tools: cache points and sealed signatures join what stands before them. */
function partBlocks(list: JsonValue[]): number[] {
	const parts: number[] = [];
	let cached = true;
	list.forEach((item, index) => {
		if (sealedSignature(item) !== undefined) return;
		if (isCachePoint(item) && !cached) {
			cached = true;
			return;
		}
		cached = false;
		parts.push(index);
	});
	return parts;
}

/** Each result of a user turn is a message of its own, and so is each run of other blocks. */
function turnSources(turn: JsonValue, path: string): Source[] {
	if (!isObject(turn) || !Array.isArray(turn.content)) return [{ path, blocks: [] }];
	const blocks = partBlocks(turn.content);
	if (turn.role !== 'user' || blocks.length === 0) return [{ path, blocks }];
	const sources: Source[] = [];
	let run: number[] | undefined;
	for (const index of blocks) {
		const block = turn.content[index];
		const result = isObject(block) ? block.toolResult : undefined;
		if (isObject(result) && result.type === undefined) {
			sources.push({ path, blocks: [index] });
			run = undefined;
		} else if (run === undefined) {
			run = [index];
			sources.push({ path, blocks: run });
		} else run.push(index);
	}
	return sources;
}
