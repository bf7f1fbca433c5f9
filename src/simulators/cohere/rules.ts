import type { JsonObject } from '../../spec/index.ts';
import { isObject, list, number, object, objects, text } from '../core/json.ts';
import type { CohereModel } from './models.ts';

/** A rule beyond the request's shape: what breaks it, in the vendor's words. */
type Rule = (request: JsonObject, model: CohereModel) => string | undefined;

const turns: Rule = (request) => {
	const messages = objects(request.messages);
	const open = new Set<string>();
	for (const message of messages) {
		const id = text(message.tool_call_id);
		if (message.role === 'tool') {
			if (!open.delete(id))
				return `invalid request: tool message with tool_call_id '${id}' does not answer a tool call of the turn before it.`;
			continue;
		}
		if (open.size > 0) return `invalid request: tool calls ${[...open].join(', ')} have no tool message that responds to them.`;
		for (const call of objects(message.tool_calls)) open.add(text(call.id));
	}
	if (open.size > 0) return `invalid request: tool calls ${[...open].join(', ')} have no tool message that responds to them.`;
	const last = text(messages.at(-1)?.role);
	return last === 'user' || last === 'tool' ? undefined : 'invalid request: the last message must have the role user or tool.';
};

const filled: Rule = (request) => {
	for (const [index, message] of objects(request.messages).entries()) {
		const empty = (message.content ?? '') === '' || (Array.isArray(message.content) && message.content.length === 0);
		const calls = objects(message.tool_calls);
		if (message.role === 'assistant' ? empty && calls.length === 0 : empty && message.role !== 'tool') {
			return `invalid request: message at index ${index} must have non-empty content.`;
		}
		for (const call of calls) {
			try {
				if (isObject(JSON.parse(text(object(call.function).arguments)))) continue;
			} catch {
				// Answered below, as what is JSON but no object.
			}
			return `invalid request: the arguments of tool call ${text(call.id)} are not a valid JSON object.`;
		}
	}
	return undefined;
};

const tools: Rule = (request, model) => {
	const offered = objects(request.tools);
	if (offered.length > 0 && !model.tools) return `invalid request: model '${model.name}' does not support tools.`;
	if (offered.length === 0 && request.tool_choice === 'REQUIRED')
		return 'invalid request: tool_choice requires tools to be specified.';
	const names = offered.map((tool) => text(object(tool.function).name));
	const twice = names.find((name, index) => names.indexOf(name) < index);
	return twice === undefined ? undefined : `invalid request: duplicate tool name '${twice}'.`;
};

const format: Rule = (request) => {
	const wanted = object(request.response_format);
	if (wanted.type !== 'json_object') return undefined;
	if (list(request.documents).length > 0 || objects(request.tools).length > 0) {
		return 'invalid request: response_format is not supported with RAG or tools.';
	}
	const schema = wanted.schema ?? wanted.json_schema;
	if (!isObject(schema)) return undefined;
	if (schema.type !== 'object') return 'invalid request: the top level of the JSON schema must be an object.';
	return list(schema.required).length > 0 ? undefined : 'invalid request: the JSON schema must have at least one required field.';
};

const limits: Rule = (request, model) => {
	const asked = number(request.max_tokens) ?? 0;
	if (asked <= model.maxOutput) return undefined;
	return `too many tokens: max tokens must be less than or equal to ${model.maxOutput}, the maximum output for this model - received ${asked}.`;
};

const files: Rule = (request, model) => {
	const parts = objects(request.messages).flatMap((message) => objects(message.content));
	const urls = parts.filter((part) => part.type === 'image_url').map((part) => text(object(part.image_url).url));
	if (urls.length > 0 && !model.vision) return `invalid request: model '${model.name}' does not support images.`;
	if (urls.length > 20) return 'invalid request: at most 20 images per request.';
	const wrong = urls.find((url) => !/^(https?:\/\/|data:image\/(png|jpeg|webp|gif);base64,)/.test(url));
	return wrong === undefined
		? undefined
		: 'invalid request: image_url must be a data URL of a PNG, JPEG, WebP or GIF image, or an address.';
};

const thinking: Rule = (request, model) => {
	if (object(request.thinking).type !== 'enabled' || model.thinks) return undefined;
	return `invalid request: model '${model.name}' does not support thinking.`;
};

const RULES: readonly Rule[] = [turns, filled, tools, format, limits, files, thinking];

/** The first rule that a request breaks. */
export function ruleFault(request: JsonObject, model: CohereModel): string | undefined {
	for (const rule of RULES) {
		const fault = rule(request, model);
		if (fault !== undefined) return fault;
	}
	return undefined;
}
