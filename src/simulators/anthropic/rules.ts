import type { JsonObject } from '../../spec/index.ts';
import { isObject, number, object, objects, text } from '../core/json.ts';
import { blocksOf, conversationFault } from './conversation.ts';
import type { AnthropicModel } from './models.ts';
import { schemaFault } from './schemas.ts';
import { thinkingFault } from './thinking.ts';

/** A rule beyond the request's shape: what breaks it, in the vendor's words. */
type Rule = (request: JsonObject, model: AnthropicModel) => string | undefined;

const limit: Rule = (request, model) => {
	const asked = number(request.max_tokens) ?? 0;
	if (asked <= model.maxOutput) return undefined;
	return `max_tokens: ${asked} > ${model.maxOutput}, which is the maximum allowed number of output tokens for ${model.id}`;
};

const sampling: Rule = (request, model) => {
	if (!model.sampling) {
		const param = ['temperature', 'top_p', 'top_k'].find((name) => request[name] !== undefined);
		return param === undefined ? undefined : `\`${param}\` is deprecated for this model.`;
	}
	if (request.temperature === undefined || request.top_p === undefined) return undefined;
	return '`temperature` and `top_p` cannot both be specified for this model. Please use only one.';
};

const effort: Rule = (request, model) => {
	const asked = object(request.output_config).effort;
	if (typeof asked !== 'string' || model.efforts.includes(asked)) return undefined;
	if (model.efforts.length === 0) return 'This model does not support the effort parameter.';
	return `This model does not support effort level '${asked}'. Supported levels: ${model.efforts.join(', ')}.`;
};

const system: Rule = (request) => {
	if (objects(request.system).some((block) => text(block.text) === '')) return 'system: text content blocks must be non-empty';
	return undefined;
};

const toolNames: Rule = (request) => {
	const tools = objects(request.tools);
	if (new Set(tools.map((tool) => text(tool.name))).size < tools.length) return 'tools: Tool names must be unique.';
	const choice = object(request.tool_choice);
	if (request.tool_choice !== undefined && tools.length === 0) {
		return 'tool_choice: tool_choice may only be specified while providing tools.';
	}
	if (choice.type !== 'tool' || tools.some((tool) => tool.name === choice.name)) return undefined;
	return `tool_choice: Tool '${text(choice.name)}' not found in provided tools`;
};

/** Every block of the request that can end a cached prefix, in the order of the prompt. */
function cacheMarks(request: JsonObject): JsonObject[] {
	const nested = objects(request.messages).flatMap((message) =>
		blocksOf(message).flatMap((block) => [...(block.type === 'tool_result' ? objects(block.content) : []), block]),
	);
	const marked = [...objects(request.tools), ...objects(request.system), ...nested].filter((block) =>
		isObject(block.cache_control),
	);
	const marks = marked.map((block) => object(block.cache_control));
	return isObject(request.cache_control) ? [...marks, request.cache_control] : marks;
}

const caching: Rule = (request) => {
	const marks = cacheMarks(request);
	if (marks.length > 4) return `A maximum of 4 blocks with cache_control may be provided. Found ${marks.length}.`;
	const short = marks.findIndex((mark) => mark.ttl !== '1h');
	if (short >= 0 && marks.slice(short).some((mark) => mark.ttl === '1h')) {
		return "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.";
	}
	return undefined;
};

const schemas: Rule = (request) => {
	const wanted = object(object(request.output_config).format ?? request.output_format);
	const name = request.output_format === undefined ? 'output_config.format' : 'output_format';
	const fault = isObject(wanted.schema) ? schemaFault(wanted.schema) : undefined;
	if (fault !== undefined) return `${name}.schema: ${fault}`;
	for (const [index, tool] of objects(request.tools).entries()) {
		const strict = tool.strict === true ? schemaFault(object(tool.input_schema)) : undefined;
		if (strict !== undefined) return `tools.${index}.custom.input_schema: ${strict}`;
	}
	return undefined;
};

const conversation: Rule = (request, model) => conversationFault(objects(request.messages), model);

const RULES: Rule[] = [limit, conversation, system, sampling, effort, toolNames, thinkingFault, caching, schemas];

/** The first rule that the request breaks, in the vendor's words. */
export function ruleFault(request: JsonObject, model: AnthropicModel): string | undefined {
	for (const rule of RULES) {
		const fault = rule(request, model);
		if (fault !== undefined) return fault;
	}
	return undefined;
}
