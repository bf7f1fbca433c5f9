import { isEffort, nearestEffort } from '../../dialects/openai-chat/index.ts';
import { isObject } from '../../lib/json.ts';
import type { VendorDescriptor } from '../descriptor.ts';
import { type BodyRule, drop } from '../rules.ts';

/**
 * Fields of the Responses API that this one does not have; it answers 400 to any it does not know (catalog, quirks of the row
 * `perplexity`; the fields are those its published schema of the Agent API lacks).
 */
const FOREIGN = [
	'store',
	'include',
	'metadata',
	'user',
	'safety_identifier',
	'tool_choice',
	'parallel_tool_calls',
	'temperature',
	'top_p',
	'top_logprobs',
	'truncation',
	'prompt_cache_key',
	'prompt_cache_retention',
	'service_tier',
	'background',
	'stream_options',
];

const HARMLESS = {
	store: false,
	tool_choice: 'auto',
	parallel_tool_calls: true,
	temperature: 1,
	top_p: 1,
	truncation: 'disabled',
	service_tier: 'auto',
	background: false,
};

const EFFORTS = ['low', 'medium', 'high'];

/** The form of the answer stands where chat completions have it. */
const format: BodyRule = (context) => {
	const text = context.get('text');
	if (text === undefined) return;
	context.set('text', undefined);
	const wanted = isObject(text) ? text.format : undefined;
	if (!isObject(wanted) || wanted.type === 'text') return;
	if (wanted.type === 'json_schema') {
		const { type: _, ...schema } = wanted;
		context.set('response_format', { type: 'json_schema', json_schema: schema });
		return;
	}
	const message = `${context.model} takes no other form of output than a JSON schema`;
	context.warn({ kind: 'dropped', path: 'text.format', message });
};

/** Of reasoning only an effort can be said. */
const reasoning: BodyRule = (context) => {
	const asked = context.get('reasoning');
	if (!isObject(asked)) return;
	const { effort } = asked;
	const level = typeof effort === 'string' && isEffort(effort) ? nearestEffort(effort, EFFORTS) : undefined;
	if (level === effort && Object.keys(asked).length === 1) return;
	context.set('reasoning', level === undefined ? undefined : { effort: level });
	if (level === effort) return;
	const message = `${context.model} knows the efforts ${EFFORTS.join(', ')}: ${level === undefined ? 'none' : level} was sent`;
	context.warn({ kind: 'approximated', path: 'reasoning.effort', message });
};

/** What Perplexity does its own way; address, key and models come from the catalog. */
export const perplexity: Partial<VendorDescriptor> = {
	rules: [format, reasoning, drop(FOREIGN, 'does not take it', HARMLESS)],
};
