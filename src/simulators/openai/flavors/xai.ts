import { digest, pick, uuidFrom } from '../../core/ids.ts';
import { byName, type Family, model, SMALL } from '../models.ts';
import type { MakeProblem } from '../problems.ts';
import { COMMON_RULES, type Rule } from '../rules.ts';
import type { Traits } from '../traits.ts';
import { changed } from './change.ts';
import { CLOUD, CLOUD_STYLE } from './cloud.ts';
import { lenientTraits } from './lenient.ts';

const KINDS: { [status: number]: string } = {
	400: 'Client specified an invalid argument',
	401: 'Unauthenticated',
	403: 'The caller does not have permission to execute the specified operation',
	404: 'Some requested entity was not found',
	429: 'Some resource has been exhausted',
	500: 'Internal error',
	503: 'The service is currently unavailable',
};

/** Errors are two texts side by side. */
const make: MakeProblem = (message, { status = 400, headers } = {}) => {
	const body = { code: KINDS[status] ?? 'Unknown error', error: message };
	return { status, body, ...(headers === undefined ? {} : { headers }) };
};

const CAMEL: { [param: string]: string } = {
	presence_penalty: 'presencePenalty',
	frequency_penalty: 'frequencyPenalty',
	stop: 'stop',
};

/** Reasoning models take neither penalties nor stop texts. */
const sampling: Rule = (request, { thinksAloud }) => {
	const refused = thinksAloud === true ? Object.keys(CAMEL).find((param) => (request[param] ?? null) !== null) : undefined;
	return refused === undefined ? undefined : make(`Argument not supported on this model: ${CAMEL[refused] ?? refused}`);
};

/** Only some models let the effort be set. */
const effort: Rule = (request, { efforts, id }) => {
	const asked = request.reasoning_effort ?? null;
	if (asked === null || (typeof asked === 'string' && efforts?.includes(asked) === true)) return undefined;
	return make(
		efforts === undefined
			? `Model ${id} does not support parameter reasoningEffort.`
			: `Invalid reasoning effort: ${String(asked)}`,
	);
};

const search: Rule = (request) => {
	if ((request.search_parameters ?? null) === null) return undefined;
	return make('Live search is deprecated. Please switch to the Agent Tools API: https://docs.x.ai/docs/guides/tools/overview', {
		status: 410,
	});
};

const TEXT: Family = { window: 500_000, maxOutput: 500_000, created: 1_743_724_800 };
const THINKING: Family = { ...TEXT, thinksAloud: true };

/** xAI: errors as plain texts, reasoning written out and counted beside the completion. */
export const XAI: Traits = {
	open: false,
	catalog: byName([
		model('grok-build-0.1', THINKING),
		model('grok-4.20-0309-non-reasoning', TEXT),
		model('grok-4.20-0309-reasoning', THINKING),
		model('grok-4.5', THINKING),
		model('grok-4.6', { ...THINKING, efforts: ['low', 'medium', 'high'], effort: 'medium' }),
		model('grok-4.7', { ...THINKING, efforts: ['low', 'medium', 'high'], effort: 'medium' }),
		model(SMALL, TEXT, { window: 1000, maxOutput: 500 }),
	]),
	...lenientTraits(make),
	rules: [...COMMON_RULES, sampling, effort, search],
	wrongKey: (given) => {
		if (given === '') return make('No API key provided. Specify your API key in the Authorization header.', { status: 401 });
		return make(
			`Incorrect API key provided: ${given.slice(0, 2)}***${given.slice(-2)}. You can obtain an API key from https://console.x.ai.`,
		);
	},
	noModel: (id) => make(`The model ${id} does not exist or your team does not have access to it.`, { status: 404 }),
	noPath: () => make('Not Found', { status: 404 }),
	listed: ({ id, created }) => ({ id, created, object: 'model', owned_by: 'xai' }),
	responses: false,
	embeddings: CLOUD.embeddings,
	style: {
		...CLOUD_STYLE,
		answerId: uuidFrom,
		callId: (seed) => `call_${String(pick(seed, 90_000_000) + 10_000_000)}`,
		reasoning: 'reasoning_content',
		callContent: '',
		logprobs: false,
		forcedStops: false,
		calls: 'whole',
		usage: ({ prompt, cached, completion, reasoning }) => ({
			prompt_tokens: prompt,
			// Reasoning stands beside the completion, not in it.
			completion_tokens: completion - reasoning,
			total_tokens: prompt + completion,
			prompt_tokens_details: { text_tokens: prompt, audio_tokens: 0, image_tokens: 0, cached_tokens: cached },
			completion_tokens_details: {
				reasoning_tokens: reasoning,
				audio_tokens: 0,
				accepted_prediction_tokens: 0,
				rejected_prediction_tokens: 0,
			},
			num_sources_used: 0,
		}),
		nullUsage: false,
		marks: (_request, { id }) => ({ system_fingerprint: `fp_${digest(id).slice(0, 10)}` }),
		obfuscates: false,
		body: (body) => changed(body, ({ annotations: _, ...message }) => message),
	},
};
