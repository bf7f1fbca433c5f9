import { isObject, number, object, objects, text } from '../../core/json.ts';
import { schemaOf } from '../messages.ts';
import { problem } from '../problems.ts';
import { type Rule, unsupported } from './rule.ts';

/** The tools and the choice among them. */
export const toolUse: Rule = ({ request, model }) => {
	const config = request.toolConfig;
	const used = objects(request.messages).some((message) =>
		objects(message.content).some((block) => block.toolUse !== undefined || block.toolResult !== undefined),
	);
	if (used && config === undefined) {
		return problem('The toolConfig field must be defined when using toolUse and toolResult content blocks.');
	}
	if (config === undefined) return undefined;
	if (!model.tools) return problem("This model doesn't support tool use.");
	const chosen = object(object(config).toolChoice);
	if (chosen.any !== undefined && model.forces === 'none') return unsupported('toolConfig.toolChoice.any');
	if (chosen.tool !== undefined && model.forces !== 'named') return unsupported('toolConfig.toolChoice.tool');
	const names = objects(object(config).tools).flatMap((tool) => (isObject(tool.toolSpec) ? [text(tool.toolSpec.name)] : []));
	const twice = names.find((name, index) => names.indexOf(name) < index);
	if (twice !== undefined)
		return problem(`The toolConfig.tools field has duplicate tool names: ${twice}. Use unique tool names and try again.`);
	const wanted = text(object(chosen.tool).name);
	if (wanted === '' || names.includes(wanted)) return undefined;
	return problem(`The toolConfig.toolChoice.tool field names the tool ${wanted}, which toolConfig.tools does not define.`);
};

/** Older models stream no tools. */
const NO_TOOLS_STREAMING = /^meta\.llama3-1|^cohere\.command-r-v1/;

/** What the model can do. */
export const abilities: Rule = ({ request, model, streaming }) => {
	if (request.system !== undefined && objects(request.system).length > 0 && !model.system) {
		return problem(
			"This model doesn't support system messages. Try again without a system message or use a model that supports system messages.",
		);
	}
	if (streaming && request.toolConfig !== undefined && NO_TOOLS_STREAMING.test(model.id)) {
		return problem("This model doesn't support tool use in streaming mode.");
	}
	const asked = number(object(request.inferenceConfig).maxTokens) ?? 0;
	if (asked > model.maxOutput) {
		return problem(
			`The maximum tokens you requested exceeds the model limit of ${model.maxOutput}. Try again with a maximum tokens value that is lower than ${model.maxOutput}.`,
		);
	}
	const schema = schemaOf(request);
	if (schema === null)
		return problem('The outputConfig.textFormat.structure.jsonSchema.schema field is not a valid JSON schema.');
	return schema !== undefined && !model.schemas ? unsupported('outputConfig.textFormat') : undefined;
};
