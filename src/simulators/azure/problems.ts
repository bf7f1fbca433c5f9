import type { Problem } from '../core/types.ts';

/** An error of the gate before the models: its code is the status, as text. */
export function gateProblem(status: number, message: string, code = String(status)): Problem {
	return { status, body: { error: { code, message } } };
}

/** The error of a prompt that the filter blocks. */
export function filterProblem(): Problem {
	const safe = { filtered: false, severity: 'safe' };
	const message =
		"The response was filtered due to the prompt triggering Azure OpenAI's content management policy. " +
		'Please modify your prompt and retry. To learn more about our content filtering policies please read our documentation: ' +
		'https://go.microsoft.com/fwlink/?linkid=2198766';
	const content_filter_result = {
		hate: safe,
		jailbreak: { detected: false, filtered: false },
		self_harm: safe,
		sexual: safe,
		violence: { filtered: true, severity: 'medium' },
	};
	const innererror = { code: 'ResponsibleAIPolicyViolation', content_filter_result };
	return {
		status: 400,
		body: { error: { message, type: null, param: 'prompt', code: 'content_filter', status: 400, innererror } },
	};
}
