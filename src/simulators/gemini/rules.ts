import type { JsonObject } from '../../spec/index.ts';
import { isObject, list, number, object, objects, text } from '../core/json.ts';
import { conversationFault } from './conversation.ts';
import { fileFault } from './files.ts';
import type { GeminiModel } from './models.ts';
import { schemaFault } from './schemas.ts';
import { signatureFault } from './signatures.ts';
import { thinkingFault } from './thinking.ts';

/** A rule beyond the request's shape: what is wrong, in the vendor's words. */
type Rule = (request: JsonObject, model: GeminiModel) => string | undefined;

/** The functions a request declares. */
export function declarations(request: JsonObject): JsonObject[] {
	return objects(request.tools).flatMap((tool) => objects(tool.functionDeclarations));
}

const turns: Rule = (request) => conversationFault(objects(request.contents));
const files: Rule = (request) => fileFault(objects(request.contents));
const signatures: Rule = (request, model) => signatureFault(objects(request.contents), model);

const BOUNDS: { [key: string]: { field: string; least: number; most: number } } = {
	temperature: { field: 'temperature', least: 0, most: 2 },
	topP: { field: 'top_p', least: 0, most: 1 },
	candidateCount: { field: 'candidate_count', least: 1, most: 8 },
	logprobs: { field: 'logprobs', least: 0, most: 20 },
	presencePenalty: { field: 'presence_penalty', least: -2, most: 2 },
	frequencyPenalty: { field: 'frequency_penalty', least: -2, most: 2 },
};

const bounds: Rule = (request, model) => {
	const config = object(request.generationConfig);
	const where = '* GenerateContentRequest.generation_config';
	for (const key in BOUNDS) {
		const value = number(config[key]);
		const bound = BOUNDS[key];
		if (value === undefined || bound === undefined || (value >= bound.least && value <= bound.most)) continue;
		return `${where}.${bound.field}: ${bound.field} must be in the range [${bound.least}, ${bound.most}].\n`;
	}
	const most = number(config.maxOutputTokens);
	if (most !== undefined && most < 1) return `${where}.max_output_tokens: max_output_tokens must be positive.\n`;
	if (most !== undefined && most > model.maxOutput) {
		return (
			`Unable to submit request because it has a maxOutputTokens value of ${most} but the supported range is from 1 (inclusive) to ` +
			`${model.maxOutput + 1} (exclusive). Update the value and try again.`
		);
	}
	return list(config.stopSequences).length > 5 ? `${where}.stop_sequences: at most 5 stop sequences are allowed.\n` : undefined;
};

const FUNCTION_NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/;

const functions: Rule = (request) => {
	const names = new Set<string>();
	for (const [index, tool] of objects(request.tools).entries()) {
		for (const [at, declared] of objects(tool.functionDeclarations).entries()) {
			const where = `GenerateContentRequest.tools[${index}].function_declarations[${at}]`;
			const name = text(declared.name);
			if (!FUNCTION_NAME.test(name)) {
				return (
					`* ${where}.name: [FIELD_INVALID] Invalid function name. Must start with a letter or an underscore. Must be alphameric ` +
					'(a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.\n'
				);
			}
			if (names.has(name)) return `Duplicate function declaration found: ${name}`;
			names.add(name);
			if (declared.parameters !== undefined && declared.parametersJsonSchema !== undefined) {
				return `* ${where}: only one of parameters and parameters_json_schema may be set\n`;
			}
			const fault = isObject(declared.parameters) ? schemaFault(declared.parameters, `${where}.parameters`) : undefined;
			if (fault !== undefined) return fault;
		}
	}
	return undefined;
};

const choice: Rule = (request) => {
	const config = object(object(request.toolConfig).functionCallingConfig);
	const mode = text(config.mode);
	const declared = new Set(declarations(request).map((one) => text(one.name)));
	const where = 'tool_config.function_calling_config';
	if (mode === 'ANY' && declared.size === 0) {
		return 'Function calling config is set without function_declarations.';
	}
	const allowed = list(config.allowedFunctionNames).map(text);
	if (allowed.length === 0) return undefined;
	if (mode !== 'ANY' && mode !== 'VALIDATED')
		return `* GenerateContentRequest.${where}.allowed_function_names: only allowed when mode is ANY\n`;
	const unknown = allowed.find((name) => !declared.has(name));
	return unknown === undefined
		? undefined
		: `* GenerateContentRequest.${where}.allowed_function_names: function '${unknown}' is not declared.\n`;
};

const MIME_TYPES = ['text/plain', 'application/json', 'application/xml', 'application/yaml', 'text/x.enum'];

const format: Rule = (request, model) => {
	const config = object(request.generationConfig);
	const mime = text(config.responseMimeType);
	const where = '* GenerateContentRequest.generation_config';
	if (mime !== '' && !MIME_TYPES.includes(mime)) {
		return `${where}.response_mime_type: allowed mimetypes are \`text/plain\`, \`application/json\`, \`application/xml\`, \`application/yaml\` and \`text/x.enum\`.\n`;
	}
	const json = config.responseJsonSchema ?? config._responseJsonSchema;
	if (config.responseSchema !== undefined && json !== undefined) {
		return `${where}: only one of response_schema and response_json_schema may be set\n`;
	}
	const structured = mime === 'application/json' || mime === 'text/x.enum';
	if ((config.responseSchema ?? json) !== undefined && !structured) {
		return `${where}.response_schema: only allowed when response_mime_type is \`application/json\` or \`text/x.enum\`.\n`;
	}
	if (structured && declarations(request).length > 0 && model.generation < 3) {
		return `Function calling with a response mime type: '${mime}' is unsupported`;
	}
	return isObject(config.responseSchema)
		? schemaFault(config.responseSchema, 'GenerateContentRequest.generation_config.response_schema')
		: undefined;
};

const others: Rule = (request) => {
	const config = object(request.generationConfig);
	if (config.logprobs !== undefined && config.responseLogprobs !== true) {
		return 'Logprobs can only be set when response_logprobs is true.';
	}
	const modality = list(config.responseModalities).find((one) => one !== 'TEXT' && one !== 'MODALITY_UNSPECIFIED');
	return modality === undefined
		? undefined
		: `This model does not support the requested response modalities: ${text(modality).toLowerCase()}`;
};

const RULES: Rule[] = [turns, bounds, thinkingFault, functions, choice, format, others, files, signatures];

/** The first rule that the request breaks, in the vendor's words. */
export function ruleFault(request: JsonObject, model: GeminiModel): string | undefined {
	for (const rule of RULES) {
		const fault = rule(request, model);
		if (fault !== undefined) return fault;
	}
	return undefined;
}
