import type { Violation } from '../../core/shape.ts';
import type { Problem } from '../../core/types.ts';
import { cloudProblem, violationProblem } from '../problems.ts';

/** Parameters of Chat Completions, with their names here. */
const MOVED: { [param: string]: string } = {
	messages: 'input',
	max_tokens: 'max_output_tokens',
	max_completion_tokens: 'max_output_tokens',
	response_format: 'text.format',
	reasoning_effort: 'reasoning.effort',
	verbosity: 'text.verbosity',
	functions: 'tools',
	function_call: 'tool_choice',
};

/** The error for a request that departs from its shape. */
export function responseViolation(violation: Violation): Problem {
	const [param] = violation.path;
	if (violation.fault !== 'unknown' || violation.path.length > 1 || typeof param !== 'string') {
		return violationProblem(violation, cloudProblem);
	}
	const moved = Object.hasOwn(MOVED, param) ? MOVED[param] : undefined;
	if (moved === undefined) return cloudProblem(`Unknown parameter: '${param}'.`, { param, code: 'unknown_parameter' });
	return cloudProblem(
		`Unsupported parameter: '${param}'. In the Responses API, this parameter has moved to '${moved}'. ` +
			'Try again with the new parameter. See the API documentation for more information: ' +
			'https://platform.openai.com/docs/api-reference/responses/create.',
		{ param, code: 'unsupported_parameter' },
	);
}

/** The error for an id that stands for nothing that is kept. */
export function notKept(id: string): Problem {
	const message =
		`Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. ` +
		'Try again with `store` set to true, or remove this item from your input.';
	return cloudProblem(message, { status: 404, param: 'input' });
}

/** The error for a response that is not kept. */
export function noResponse(id: string): Problem {
	return cloudProblem(`Response with id '${id}' not found.`, { status: 404 });
}
