import type { JsonObject } from '../../spec/index.ts';
import { isObject, list, number, object, objects, text } from '../core/json.ts';
import type { Problem } from '../core/types.ts';
import { conversationProblem } from './conversation.ts';
import type { OpenAIModel } from './models.ts';
import type { MakeProblem } from './problems.ts';
import { rootFault, strictFault } from './strict.ts';

/** A rule beyond the request's shape. */
export type Rule = (request: JsonObject, model: OpenAIModel, make: MakeProblem) => Problem | undefined;

/** The reasoning effort in force; undefined for models that do not reason. */
export function effortOf(request: JsonObject, model: OpenAIModel): string | undefined {
	if (model.efforts === undefined) return undefined;
	return typeof request.reasoning_effort === 'string' ? request.reasoning_effort : model.effort;
}

const order: Rule = (request, _model, make) => conversationProblem(objects(request.messages), make);

const roles: Rule = (request, model, make) => {
	const index = objects(request.messages).findIndex((message) => model.refusedRoles?.includes(text(message.role)));
	if (index < 0) return undefined;
	const role = text(objects(request.messages)[index]?.role);
	const param = `messages[${index}].role`;
	return make(`Unsupported value: '${param}' does not support '${role}' with this model.`, { param, code: 'unsupported_value' });
};

/** What the vendor's client adds to messages it parsed, models older than structured output refuse. */
const parsed: Rule = (request, model, make) => {
	const index = model.schemas ? -1 : objects(request.messages).findIndex((message) => message.parsed !== undefined);
	if (index < 0) return undefined;
	return make(`Additional properties are not allowed ('parsed' was unexpected) - 'messages.${index}'`);
};

const effort: Rule = (request, model, make) => {
	const asked = request.reasoning_effort;
	if (typeof asked !== 'string') return undefined;
	if (model.efforts === undefined) return make('Unrecognized request argument supplied: reasoning_effort');
	if (model.efforts.includes(asked)) return undefined;
	const values = model.efforts.map((value) => `'${value}'`).join(', ');
	return make(
		`Unsupported value: 'reasoning_effort' does not support '${asked}' with this model. Supported values are: ${values}.`,
		{
			param: 'reasoning_effort',
			code: 'unsupported_value',
		},
	);
};

/** What reasoning models take only at its default, and the default. */
const FIXED: { [param: string]: number } = { temperature: 1, top_p: 1, presence_penalty: 0, frequency_penalty: 0 };
/** What reasoning models do not take at all. */
const UNKNOWN_WHILE_REASONING = ['stop', 'logprobs', 'top_logprobs', 'logit_bias'];

const sampling: Rule = (request, model, make) => {
	if ((effortOf(request, model) ?? 'none') === 'none') return undefined;
	for (const param in FIXED) {
		const value = request[param];
		if (typeof value !== 'number' || value === FIXED[param]) continue;
		return make(
			`Unsupported value: '${param}' does not support ${value} with this model. Only the default (${FIXED[param]}) value is supported.`,
			{
				param,
				code: 'unsupported_value',
			},
		);
	}
	const refused = UNKNOWN_WHILE_REASONING.find((param) => (request[param] ?? null) !== null && request[param] !== false);
	if (refused === undefined) return undefined;
	return make(`Unsupported parameter: '${refused}' is not supported with this model.`, {
		param: refused,
		code: 'unsupported_parameter',
	});
};

const limits: Rule = (request, model, make) => {
	const old = number(request.max_tokens);
	const current = number(request.max_completion_tokens);
	if (old !== undefined && model.efforts !== undefined) {
		return make("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", {
			param: 'max_tokens',
			code: 'unsupported_parameter',
		});
	}
	if (old !== undefined && current !== undefined) {
		return make("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", {
			code: 'invalid_parameter_combination',
		});
	}
	const asked = current ?? old ?? 0;
	if (asked <= model.maxOutput) return undefined;
	const param = current === undefined ? 'max_tokens' : 'max_completion_tokens';
	return make(
		`${param} is too large: ${asked}. This model supports at most ${model.maxOutput} completion tokens, whereas you provided ${asked}.`,
		{ param, code: 'invalid_value' },
	);
};

const dependents: Rule = (request, _model, make) => {
	const tools = list(request.tools);
	for (const param of ['tool_choice', 'parallel_tool_calls']) {
		const idle = param === 'tool_choice' && request[param] === 'none';
		if (tools.length > 0 || (request[param] ?? null) === null || idle) continue;
		return make(`Invalid value for '${param}': '${param}' is only allowed when 'tools' are specified.`, { param });
	}
	if (isObject(request.stream_options) && request.stream !== true) {
		return make("The 'stream_options' parameter is only allowed when 'stream' is enabled.", { param: 'stream_options' });
	}
	if (number(request.top_logprobs) !== undefined && request.logprobs !== true) {
		return make("The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", { param: 'top_logprobs' });
	}
	return undefined;
};

function nameOf(tool: JsonObject): string {
	return text(object(tool[text(tool.type)]).name);
}

const choice: Rule = (request, _model, make) => {
	const chosen = request.tool_choice;
	if (!isObject(chosen) || chosen.type === 'allowed_tools') return undefined;
	const name = nameOf(chosen);
	if (objects(request.tools).some((tool) => nameOf(tool) === name)) return undefined;
	return make(`Invalid value for 'tool_choice': tool '${name}' is not among 'tools'.`, {
		param: 'tool_choice',
		code: 'invalid_value',
	});
};

const toolSchemas: Rule = (request, _model, make) => {
	for (const [index, tool] of objects(request.tools).entries()) {
		const definition = object(tool.function);
		if (!isObject(definition.parameters)) continue;
		const fault =
			rootFault(definition.parameters) ?? (definition.strict === true ? strictFault(definition.parameters) : undefined);
		if (fault === undefined) continue;
		return make(`Invalid schema for function '${text(definition.name)}': ${fault}`, {
			param: `tools[${index}].function.parameters`,
			code: 'invalid_function_parameters',
		});
	}
	return undefined;
};

const format: Rule = (request, model, make) => {
	const wanted = object(request.response_format);
	if (wanted.type === 'json_object' && !/json/i.test(JSON.stringify(request.messages))) {
		return make("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", {
			param: 'messages',
		});
	}
	if (wanted.type !== 'json_schema') return undefined;
	if (!model.schemas) {
		return make("Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.", {
			param: 'response_format',
		});
	}
	const named = object(wanted.json_schema);
	if (!isObject(named.schema)) {
		return make("Missing required parameter: 'response_format.json_schema.schema'.", {
			param: 'response_format.json_schema.schema',
			code: 'missing_required_parameter',
		});
	}
	const fault = named.schema.type === 'object' && named.strict === true ? strictFault(named.schema) : undefined;
	const root = named.schema.type === 'object' ? undefined : rootFault(named.schema);
	if ((root ?? fault) === undefined) return undefined;
	return make(`Invalid schema for response_format '${text(named.name)}': ${root ?? fault}`, { param: 'response_format' });
};

const modalities: Rule = (request, _model, make) => {
	if (!list(request.modalities).includes('audio')) return undefined;
	return make("Invalid value: 'audio'. This model does not support audio output.", {
		param: 'modalities',
		code: 'invalid_value',
	});
};

/** The vendor's own rules. */
export const CLOUD_RULES: readonly Rule[] = [
	order,
	roles,
	parsed,
	effort,
	sampling,
	limits,
	dependents,
	choice,
	toolSchemas,
	format,
	modalities,
];
/** Open-weight servers check the conversation's form and little more. */
export const LOCAL_RULES: readonly Rule[] = [choice];

/** What others of the protocol check likewise: the order of messages, tools that are named. */
export const COMMON_RULES: readonly Rule[] = [order, choice];

/** The first rule that the request breaks. */
export function ruleProblem(
	request: JsonObject,
	model: OpenAIModel,
	make: MakeProblem,
	rules: readonly Rule[],
): Problem | undefined {
	for (const rule of rules) {
		const problem = rule(request, model, make);
		if (problem !== undefined) return problem;
	}
	return undefined;
}
