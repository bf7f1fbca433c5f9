import type { JsonObject } from '../../../spec/index.ts';
import { isObject, list, number, object, objects, text } from '../../core/json.ts';
import type { Problem } from '../../core/types.ts';
import type { OpenAIModel } from '../models.ts';
import { cloudProblem } from '../problems.ts';
import { rootFault, strictFault } from '../strict.ts';
import { WEB_SEARCH } from './shapes.ts';

/** A rule beyond the request's shape. */
type Rule = (request: JsonObject, model: OpenAIModel) => Problem | undefined;

/** The reasoning effort in force; undefined for models that do not reason. */
export function effortOf(request: JsonObject, model: OpenAIModel): string | undefined {
	if (model.efforts === undefined) return undefined;
	const asked = object(request.reasoning).effort;
	return typeof asked === 'string' ? asked : model.effort;
}

function unsupported(param: string): Problem {
	return cloudProblem(`Unsupported parameter: '${param}' is not supported with this model.`, {
		param,
		code: 'unsupported_parameter',
	});
}

const reasoning: Rule = (request, model) => {
	const { effort, summary, generate_summary: older } = object(request.reasoning);
	if (model.efforts === undefined) {
		if (typeof effort === 'string') return unsupported('reasoning.effort');
		return typeof (summary ?? older) === 'string' ? unsupported('reasoning.summary') : undefined;
	}
	if (typeof effort !== 'string' || model.efforts.includes(effort)) return undefined;
	const values = model.efforts.map((value) => `'${value}'`).join(', ');
	return cloudProblem(
		`Unsupported value: '${effort}' is not supported with the '${model.id}' model. Supported values are: ${values}.`,
		{
			param: 'reasoning.effort',
			code: 'unsupported_value',
		},
	);
};

const sampling: Rule = (request, model) => {
	if ((effortOf(request, model) ?? 'none') === 'none') return undefined;
	const refused = ['temperature', 'top_p', 'top_logprobs'].find((param) => (request[param] ?? null) !== null);
	if (refused !== undefined) return unsupported(refused);
	if (!list(request.include).includes('message.output_text.logprobs')) return undefined;
	return cloudProblem('logprobs are not supported with reasoning models.', { param: 'include' });
};

const include: Rule = (request, model) => {
	if (model.efforts !== undefined || !list(request.include).includes('reasoning.encrypted_content')) return undefined;
	return cloudProblem('Encrypted content is not supported with this model.', { param: 'include' });
};

const limits: Rule = (request, model) => {
	const asked = number(request.max_output_tokens) ?? 0;
	if (asked <= model.maxOutput) return undefined;
	return cloudProblem(
		`Invalid 'max_output_tokens': integer above maximum value. Expected a value <= ${model.maxOutput}, but got ${asked} instead.`,
		{ param: 'max_output_tokens', code: 'integer_above_max_value' },
	);
};

const sources: Rule = (request) => {
	if ((request.conversation ?? null) !== null) {
		const id = text(request.conversation) || text(object(request.conversation).id);
		return cloudProblem(`Conversation with id '${id}' not found.`, { status: 404 });
	}
	if (request.input !== undefined && request.input !== '' && list(request.input).length + text(request.input).length > 0) {
		return undefined;
	}
	if (typeof request.previous_response_id === 'string' && request.input !== undefined) return undefined;
	return cloudProblem("Missing required parameter: 'input'.", { param: 'input', code: 'missing_required_parameter' });
};

function offers(tools: JsonObject[], chosen: JsonObject): boolean {
	const type = text(chosen.type);
	if (chosen.name !== undefined) return tools.some((tool) => tool.type === type && tool.name === chosen.name);
	return tools.some((tool) => tool.type === type || (WEB_SEARCH.includes(type) && WEB_SEARCH.includes(text(tool.type))));
}

const choice: Rule = (request) => {
	const tools = objects(request.tools);
	const chosen = request.tool_choice;
	if (chosen === 'required' && tools.length === 0) {
		return cloudProblem("Tool choice 'required' must be specified with 'tools' parameter.", { param: 'tool_choice' });
	}
	if (!isObject(chosen)) return undefined;
	const wanted = chosen.type === 'allowed_tools' ? objects(chosen.tools) : [chosen];
	const missing = wanted.find((one) => !offers(tools, one));
	if (missing === undefined) return undefined;
	const name = text(missing.name) || text(missing.type);
	return cloudProblem(`Tool choice '${name}' not found in 'tools' parameter.`, { param: 'tool_choice' });
};

const toolSchemas: Rule = (request) => {
	const names = new Set<string>();
	for (const [index, tool] of objects(request.tools).entries()) {
		if (typeof tool.name === 'string' && names.has(tool.name)) {
			return cloudProblem(`Duplicate tool name '${tool.name}' in 'tools'.`, { param: 'tools', code: 'invalid_value' });
		}
		names.add(text(tool.name));
		if (tool.type !== 'function' || !isObject(tool.parameters)) continue;
		const fault = rootFault(tool.parameters) ?? (tool.strict === true ? strictFault(tool.parameters) : undefined);
		if (fault === undefined) continue;
		return cloudProblem(`Invalid schema for function '${text(tool.name)}': ${fault}`, {
			param: `tools[${index}].parameters`,
			code: 'invalid_function_parameters',
		});
	}
	return undefined;
};

const format: Rule = (request, model) => {
	const wanted = object(object(request.text).format);
	if (wanted.type === 'json_object' && !/json/i.test(JSON.stringify([request.input, request.instructions]))) {
		return cloudProblem(
			"Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
			{ param: 'input' },
		);
	}
	if (wanted.type !== 'json_schema') return undefined;
	if (!model.schemas) {
		return cloudProblem("Invalid parameter: 'text.format' of type 'json_schema' is not supported with this model.", {
			param: 'text.format',
		});
	}
	const schema = object(wanted.schema);
	const fault = schema.type === 'object' ? (wanted.strict === true ? strictFault(schema) : undefined) : rootFault(schema);
	if (fault === undefined) return undefined;
	return cloudProblem(`Invalid schema for response_format '${text(wanted.name)}': ${fault}`, {
		param: 'text.format.schema',
		code: 'invalid_json_schema',
	});
};

const streaming: Rule = (request) => {
	if (!isObject(request.stream_options) || request.stream === true) return undefined;
	return cloudProblem("The 'stream_options' parameter is only allowed when 'stream' is enabled.", { param: 'stream_options' });
};

const RULES: Rule[] = [sources, reasoning, sampling, include, limits, choice, toolSchemas, format, streaming];

/** The first rule that the request breaks. */
export function ruleProblem(request: JsonObject, model: OpenAIModel): Problem | undefined {
	for (const rule of RULES) {
		const problem = rule(request, model);
		if (problem !== undefined) return problem;
	}
	return undefined;
}
