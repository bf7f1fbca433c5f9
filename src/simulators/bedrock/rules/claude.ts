import { object, objects } from '../../core/json.ts';
import { messagesForm } from '../messages.ts';
import { modelProblem, problem } from '../problems.ts';
import { type Rule, unsupported } from './rule.ts';

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

/** Reasoning that is sent back. */
export const reasoning: Rule = ({ request, model }) => {
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
};

/** What Claude itself says of the request. */
export const claude: Rule = ({ request, model, name, host }) => {
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
