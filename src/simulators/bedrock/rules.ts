import type { JsonObject } from '../../spec/index.ts';
import type { MessagesHost } from '../core/hosted.ts';
import { isObject, number, object, objects, text } from '../core/json.ts';
import type { Problem } from '../core/types.ts';
import { messagesForm, schemaOf } from './messages.ts';
import type { BedrockModel } from './models.ts';
import { modelProblem, problem } from './problems.ts';

/** What a rule looks at. */
interface Asked {
	request: JsonObject;
	model: BedrockModel;
	/** The model's own name at its maker. */
	name: string;
	streaming: boolean;
	host: MessagesHost;
}

/** A rule beyond the request's shape. */
type Rule = (asked: Asked) => Problem | undefined;

function unsupported(field: string): Problem {
	return problem(`This model doesn't support the ${field} field. Remove ${field} and try again.`);
}

const turns: Rule = ({ request }) => {
	const messages = objects(request.messages);
	if (messages.length === 0) return problem('The messages field must contain at least one message. Add a message and try again.');
	if (messages[0]?.role !== 'user') {
		return problem(
			'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
		);
	}
	if (messages.some((message, index) => index > 0 && message.role === messages[index - 1]?.role)) {
		return problem(
			'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
		);
	}
	return undefined;
};

const filled: Rule = ({ request }) => {
	for (const [index, message] of objects(request.messages).entries()) {
		const blocks = objects(message.content);
		if (blocks.length === 0) {
			return problem(
				`The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`,
			);
		}
		const blank = blocks.findIndex((block) => block.text !== undefined && text(block.text).trim() === '');
		if (blank >= 0) {
			return problem(
				`The text field in the ContentBlock object at messages.${index}.content.${blank} is blank. Add text to the text field, and try again.`,
			);
		}
	}
	return undefined;
};

function ids(message: JsonObject | undefined, member: 'toolUse' | 'toolResult'): string[] {
	const used = objects(message?.content).map((block) => object(block[member]));
	// What ran at the service itself is answered in the same turn.
	return used
		.filter((use) => use.toolUseId !== undefined && use.type !== 'server_tool_use' && !text(use.type).endsWith('_result'))
		.map((use) => text(use.toolUseId));
}

function pairFault(messages: JsonObject[], index: number): string | undefined {
	const message = messages[index];
	const place = `messages.${index}.content`;
	const uses = message?.role === 'assistant' ? ids(message, 'toolUse') : [];
	if (new Set(uses).size < uses.length) return `The toolUse blocks at ${place} contain duplicate Ids: ${uses.join(', ')}`;
	const expected = ids(messages[index - 1]?.role === 'assistant' ? messages[index - 1] : undefined, 'toolUse');
	const results = ids(message, 'toolResult');
	if (new Set(results).size < results.length)
		return `The toolResult blocks at ${place} contain duplicate Ids: ${results.join(', ')}`;
	if (results.length > expected.length)
		return `The number of toolResult blocks at ${place} exceeds the number of toolUse blocks of previous turn.`;
	const open = expected.filter((id) => !results.includes(id));
	return open.length === 0 ? undefined : `Expected toolResult blocks at ${place} for the following Ids: ${open.join(', ')}`;
}

const paired: Rule = ({ request }) => {
	const messages = objects(request.messages);
	for (const index of messages.keys()) {
		const fault = pairFault(messages, index);
		if (fault !== undefined) return problem(fault);
	}
	const last = ids(messages.at(-1)?.role === 'assistant' ? messages.at(-1) : undefined, 'toolUse');
	if (last.length === 0) return undefined;
	return problem(`Expected toolResult blocks at messages.${messages.length}.content for the following Ids: ${last.join(', ')}`);
};

/** Members that only one of the sides may send. */
const SIDES: { [role: string]: { refused: readonly string[]; words: string } } = {
	user: { refused: ['toolUse', 'reasoningContent'], words: 'User' },
	assistant: { refused: ['toolResult', 'guardContent', 'image', 'document', 'video'], words: 'Assistant' },
};

const NAMES: { [member: string]: string } = {
	toolUse: 'tool uses',
	toolResult: 'tool results',
	reasoningContent: 'reasoning content',
	guardContent: 'guard content',
	image: 'images',
	document: 'documents',
	video: 'videos',
};

const sides: Rule = ({ request }) => {
	for (const message of objects(request.messages)) {
		const side = SIDES[text(message.role)];
		for (const block of objects(message.content)) {
			const member = side?.refused.find((name) => isObject(block[name]));
			if (side === undefined || member === undefined) continue;
			// A tool of the service's own is answered by the assistant itself.
			if (member === 'toolResult' && text(object(block.toolResult).type).endsWith('_result')) continue;
			const name = NAMES[member] ?? member;
			return problem(`${side.words} messages cannot contain ${name}. Please remove the ${name} and try again.`);
		}
	}
	return undefined;
};

const toolUse: Rule = ({ request, model }) => {
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

const abilities: Rule = ({ request, model, streaming }) => {
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

const DOCUMENT_NAME = /^(?!.*\s\s)[a-zA-Z0-9\s()[\]-]+$/;

/** Every block of the conversation, those inside tool results too. */
function allBlocks(request: JsonObject): JsonObject[] {
	return objects(request.messages).flatMap((message) =>
		objects(message.content).flatMap((block) => [block, ...objects(object(block.toolResult).content)]),
	);
}

const files: Rule = ({ request, model }) => {
	const blocks = allBlocks(request);
	const abilityOf: { [member: string]: boolean } = {
		image: model.vision,
		document: model.documents,
		video: model.id.includes('nova-'),
		audio: false,
	};
	for (const block of blocks) {
		const member = Object.keys(abilityOf).find((name) => block[name] !== undefined && abilityOf[name] === false);
		if (member !== undefined) {
			return problem(
				`This model doesn't support the ${member} content block that you provided. Update the content block and try again.`,
			);
		}
		const inS3 = ['image', 'document'].some((name) => object(object(block[name]).source).s3Location !== undefined);
		if (inS3 && !model.id.includes('nova-'))
			return problem("This model doesn't support the s3Uri field. Remove s3Uri and try again.");
	}
	const names = blocks.flatMap((block) => (isObject(block.document) ? [text(block.document.name)] : []));
	if (names.some((name) => !DOCUMENT_NAME.test(name))) {
		return problem(
			"The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character.",
		);
	}
	if (new Set(names).size < names.length)
		return problem('Messages cannot contain documents with duplicate names. Use unique names and try again.');
	const wordless = objects(request.messages).findIndex((message) => {
		const own = objects(message.content);
		return (
			own.some((block) => block.document !== undefined) &&
			!own.some((block) => block.text !== undefined || block.toolResult !== undefined)
		);
	});
	return wordless < 0
		? undefined
		: problem(
				`A text block must be included in the message at messages.${wordless} with its documents. Add a text block and try again.`,
			);
};

const caching: Rule = ({ request, model }) => {
	const points = {
		system: objects(request.system).some((block) => block.cachePoint !== undefined),
		tools: objects(object(request.toolConfig).tools).some((tool) => tool.cachePoint !== undefined),
		messages: allBlocks(request).some((block) => block.cachePoint !== undefined),
	};
	const refused = Object.entries(points).some(([field, there]) => there && !model.caches.includes(field));
	if (!refused) return undefined;
	const message =
		'You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.';
	return problem(message, 'AccessDeniedException');
};

const guardrail: Rule = ({ request }) => {
	const config = request.guardrailConfig;
	if (!isObject(config)) return undefined;
	if (text(config.guardrailIdentifier) === '' || text(config.guardrailVersion) === '') {
		return problem('The guardrailConfig field must set both guardrailIdentifier and guardrailVersion.');
	}
	if (text(config.guardrailIdentifier) !== 'missing') return undefined;
	return problem('The guardrail identifier or version provided in the request does not exist.');
};

/** Fields of its own that a Claude model takes here. */
const CLAUDE_FIELDS = new Set([
	'thinking',
	'top_k',
	'output_config',
	'anthropic_beta',
	'tools',
	'tool_choice',
	'metadata',
	'service_tier',
	'context_management',
]);

function reasoningFault({ request, model }: Asked): Problem | undefined {
	for (const [index, message] of objects(request.messages).entries()) {
		for (const [at, block] of objects(message.content).entries()) {
			const given = object(block.reasoningContent);
			if (block.reasoningContent === undefined) continue;
			const signed = object(given.reasoningText).signature !== undefined;
			if (model.thinks === 'claude') {
				if (given.redactedContent !== undefined || signed) continue;
				return modelProblem(`messages.${index}.content.${at}.thinking.signature: Field required`);
			}
			if (model.thinks === 'never') {
				return problem(
					"This model doesn't support the reasoningContent content block that you provided. Update the content block and try again.",
				);
			}
			if (signed) return unsupported('reasoningContent.reasoningText.signature');
			if (given.redactedContent !== undefined) return unsupported('reasoningContent.redactedContent');
		}
	}
	return undefined;
}

const reasoning: Rule = reasoningFault;

/** What Claude itself says of the request. */
const claude: Rule = ({ request, model, name, host }) => {
	if (model.thinks !== 'claude') {
		const fault = host.fileFault(messagesForm(request, model, name));
		return fault === undefined ? undefined : modelProblem(fault);
	}
	const fields = object(request.additionalModelRequestFields);
	const stray = Object.keys(fields).find((field) => !CLAUDE_FIELDS.has(field));
	if (stray !== undefined) return modelProblem(`${stray}: Extra inputs are not permitted`);
	const fault = host.fault(messagesForm(request, model, name), name);
	return fault === undefined ? undefined : modelProblem(fault);
};

const RULES: readonly Rule[] = [turns, filled, sides, toolUse, paired, abilities, files, caching, guardrail, reasoning, claude];

/** The first rule that a request breaks. */
export function ruleProblem(asked: Asked): Problem | undefined {
	for (const rule of RULES) {
		const found = rule(asked);
		if (found !== undefined) return found;
	}
	return undefined;
}
