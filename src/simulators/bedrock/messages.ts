import type { JsonObject } from '../../spec/index.ts';
import { isObject, list, object, objects, text } from '../core/json.ts';
import type { BedrockModel } from './models.ts';

/** A cache point marks what stands before it. */
function marked(blocks: JsonObject[], point: JsonObject): JsonObject[] {
	const last = blocks.at(-1);
	if (last === undefined) return blocks;
	const mark = { type: 'ephemeral', ...(point.ttl === '1h' ? { ttl: '1h' } : {}) };
	return [...blocks.slice(0, -1), { ...last, cache_control: mark }];
}

function image({ format, source }: JsonObject): JsonObject {
	const { bytes, s3Location } = object(source);
	if (bytes === undefined) return { type: 'image', source: { type: 'url', url: text(object(s3Location).uri) } };
	return { type: 'image', source: { type: 'base64', media_type: `image/${text(format)}`, data: bytes } };
}

function document({ format, source, name }: JsonObject): JsonObject {
	const given = object(source);
	const title = text(name);
	if (isObject(given.s3Location)) {
		return { type: 'document', title, source: { type: 'url', url: text(given.s3Location.uri) } };
	}
	if (format === 'pdf') {
		return { type: 'document', title, source: { type: 'base64', media_type: 'application/pdf', data: given.bytes ?? '' } };
	}
	const parts = objects(given.content).map((part) => text(part.text));
	const written =
		given.bytes === undefined ? text(given.text) + parts.join('') : Buffer.from(text(given.bytes), 'base64').toString();
	return { type: 'document', title, source: { type: 'text', media_type: 'text/plain', data: written } };
}

function resultPart(part: JsonObject): JsonObject {
	if (part.json !== undefined) return { type: 'text', text: JSON.stringify(part.json) };
	if (isObject(part.image)) return image(part.image);
	if (isObject(part.document)) return document(part.document);
	return { type: 'text', text: text(part.text) };
}

function reasoning(block: JsonObject): JsonObject {
	const said = object(block.reasoningText);
	if (block.redactedContent === undefined)
		return { type: 'thinking', thinking: text(said.text), signature: text(said.signature) };
	return { type: 'redacted_thinking', data: Buffer.from(text(block.redactedContent), 'base64').toString() };
}

/** Makers of blocks in the Messages form, by the member that a block here sets. */
const BLOCKS: { [member: string]: (value: JsonObject) => JsonObject } = {
	image,
	document,
	toolUse: ({ toolUseId, name, input }) => ({ type: 'tool_use', id: toolUseId ?? '', name: name ?? '', input: input ?? {} }),
	toolResult: ({ toolUseId, content, status }) => ({
		type: 'tool_result',
		tool_use_id: toolUseId ?? '',
		content: objects(content).map(resultPart),
		...(status === 'error' ? { is_error: true } : {}),
	}),
	reasoningContent: reasoning,
	guardContent: (value) => (isObject(value.image) ? image(value.image) : { type: 'text', text: text(object(value.text).text) }),
	citationsContent: ({ content }) => ({
		type: 'text',
		text: objects(content)
			.map((part) => text(part.text))
			.join(''),
	}),
	searchResult: ({ content }) => ({
		type: 'text',
		text: objects(content)
			.map((part) => text(part.text))
			.join(''),
	}),
};

function blocksOf(content: JsonObject[]): JsonObject[] {
	let made: JsonObject[] = [];
	for (const block of content) {
		if (isObject(block.cachePoint)) {
			made = marked(made, block.cachePoint);
			continue;
		}
		const member = Object.keys(block).find((key) => Object.hasOwn(BLOCKS, key)) ?? '';
		const make = BLOCKS[member];
		made.push(make === undefined ? { type: 'text', text: text(block.text) } : make(object(block[member])));
	}
	return made;
}

function tools(config: JsonObject): JsonObject[] {
	let made: JsonObject[] = [];
	for (const tool of objects(config.tools)) {
		if (isObject(tool.cachePoint)) made = marked(made, tool.cachePoint);
		else if (isObject(tool.toolSpec)) {
			const { name, description, inputSchema, strict } = tool.toolSpec;
			const told = description === undefined ? {} : { description };
			made.push({
				name: name ?? '',
				...told,
				input_schema: object(inputSchema).json ?? {},
				...(strict === true ? { strict } : {}),
			});
		}
	}
	return made;
}

function choice(config: JsonObject): JsonObject {
	const chosen = object(config.toolChoice);
	if (chosen.any !== undefined) return { tool_choice: { type: 'any' } };
	if (isObject(chosen.tool)) return { tool_choice: { type: 'tool', name: chosen.tool.name ?? '' } };
	return {};
}

/** The schema asked for, which comes as text; undefined where there is none, null where it is not JSON. */
export function schemaOf(request: JsonObject): JsonObject | null | undefined {
	const format = object(object(request.outputConfig).textFormat);
	if (format.structure === undefined) return undefined;
	try {
		const schema: unknown = JSON.parse(text(object(object(format.structure).jsonSchema).schema));
		return isObject(schema) ? schema : null;
	} catch {
		return null;
	}
}

/** What of the settings of its own a model of another maker than Anthropic understands as thinking. */
function thinking(model: BedrockModel, fields: JsonObject): JsonObject {
	const config = object(fields.reasoningConfig);
	if (model.thinks !== 'nova' || config.type !== 'enabled') return {};
	return { thinking: { type: 'enabled' }, output_config: { effort: text(config.maxReasoningEffort) || 'medium' } };
}

/** The request in the Messages form: what the prompt, the tokens and the checks of Claude models are read from. */
export function messagesForm(request: JsonObject, model: BedrockModel, name: string): JsonObject {
	const { maxTokens, temperature, topP, stopSequences } = object(request.inferenceConfig);
	const config = object(request.toolConfig);
	const schema = schemaOf(request);
	const fields = object(request.additionalModelRequestFields);
	const own = model.thinks === 'claude' ? fields : thinking(model, fields);
	const format = isObject(schema)
		? { output_config: { ...object(own.output_config), format: { type: 'json_schema', schema } } }
		: {};
	const offered = tools(config);
	return {
		model: name,
		max_tokens: maxTokens ?? model.maxOutput,
		messages: objects(request.messages).map(({ role, content }) => ({ role: role ?? '', content: blocksOf(objects(content)) })),
		...(request.system === undefined ? {} : { system: blocksOf(objects(request.system)) }),
		...(temperature === undefined ? {} : { temperature }),
		...(topP === undefined ? {} : { top_p: topP }),
		...(list(stopSequences).length === 0 ? {} : { stop_sequences: stopSequences ?? [] }),
		...(offered.length === 0 ? {} : { tools: offered }),
		...choice(config),
		...own,
		...format,
	};
}
