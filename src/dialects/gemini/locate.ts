import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { lookup } from './dialect.ts';
import { camel } from './spelling.ts';

const MESSAGE = /^messages\[(\d+)\](?:\.content\[(\d+)\])?(.*)$/;
const TOOL = /^tools\[(\d+)\](.*)$/;

/** Where fields of the canonical request stand here. */
const FIELDS: { [canonical: string]: string } = {
	reasoning: 'generationConfig.thinkingConfig',
	'reasoning.effort': 'generationConfig.thinkingConfig.thinkingLevel',
	'reasoning.budget_tokens': 'generationConfig.thinkingConfig.thinkingBudget',
	'reasoning.summary': 'generationConfig.thinkingConfig.includeThoughts',
	response_format: 'generationConfig.responseJsonSchema',
	tool_choice: 'toolConfig.functionCallingConfig',
	max_tokens: 'generationConfig.maxOutputTokens',
	stop: 'generationConfig.stopSequences',
	temperature: 'generationConfig.temperature',
	top_p: 'generationConfig.topP',
	top_k: 'generationConfig.topK',
	seed: 'generationConfig.seed',
	presence_penalty: 'generationConfig.presencePenalty',
	frequency_penalty: 'generationConfig.frequencyPenalty',
	logprobs: 'generationConfig.responseLogprobs',
	top_logprobs: 'generationConfig.logprobs',
	n: 'generationConfig.candidateCount',
	modalities: 'generationConfig.responseModalities',
	service_tier: 'serviceTier',
};

/** What a canonical message was read from: places of contents and parts, in the order of its parts. */
interface Source {
	path: string;
	parts: string[];
}

/** The place in a client's body that a path of the canonical request stands for. */
export function locate(body: JsonValue, path: string): string {
	if (!isObject(body)) return path;
	const wire = camel(body);
	const inMessage = MESSAGE.exec(path);
	if (inMessage !== null) return inConversation(wire, path, inMessage);
	const inTool = TOOL.exec(path);
	if (inTool === null) return lookup(FIELDS, path) ?? path;
	const place = toolPlaces(wire.tools)[Number(inTool[1])];
	return place === undefined ? path : place + (inTool[2] ?? '');
}

function inConversation(wire: JsonObject, path: string, match: RegExpExecArray): string {
	const source = sourcesOf(wire)[Number(match[1])];
	if (source === undefined) return path;
	const [, , part, rest = ''] = match;
	return part === undefined ? source.path + rest : (source.parts[Number(part)] ?? source.path) + rest;
}

function partsOf(content: JsonObject): JsonObject[] {
	const { parts } = content;
	return (Array.isArray(parts) ? parts : [parts]).filter(isObject).map(camel);
}

function sourcesOf(wire: JsonObject): Source[] {
	const sources: Source[] = [];
	const system = wire.systemInstruction;
	if (isObject(system)) {
		const path = 'systemInstruction';
		sources.push({ path, parts: partsOf(system).map((_, index) => `${path}.parts[${index}]`) });
	}
	const contents = Array.isArray(wire.contents) ? wire.contents : [wire.contents];
	let model: Source | undefined;
	contents.forEach((content, index) => {
		if (!isObject(content)) return;
		const path = `contents[${index}]`;
		if (content.role !== 'model') {
			model = undefined;
			sources.push(...userSources(content, path));
		} else if (model === undefined) {
			model = { path, parts: [] };
			sources.push(model);
		}
		if (content.role === 'model') model?.parts.push(...partsOf(content).map((_, at) => `${path}.parts[${at}]`));
	});
	return sources;
}

/** Each result of a user's content is a message of its own; the other parts are one behind them. */
function userSources(content: JsonObject, path: string): Source[] {
	const results: Source[] = [];
	const others: Source = { path, parts: [] };
	partsOf(content).forEach((part, at) => {
		const place = `${path}.parts[${at}]`;
		if (part.functionResponse !== undefined) results.push({ path: place, parts: [place] });
		else others.parts.push(place);
	});
	return results.length > 0 && others.parts.length === 0 ? results : [...results, others];
}

/** The place of each tool: functions stand in a list inside their entry. */
function toolPlaces(tools: JsonValue | undefined): string[] {
	return (Array.isArray(tools) ? tools : [tools]).flatMap((value, index) => {
		if (!isObject(value)) return [];
		const entry = camel(value);
		return Object.keys(entry).flatMap((member) => {
			const path = `tools[${index}].${member}`;
			const declared = entry[member];
			if (member !== 'functionDeclarations') return declared === undefined || declared === null ? [] : [path];
			return Array.isArray(declared) ? declared.map((_, nth) => `${path}[${nth}]`) : [path];
		});
	});
}
