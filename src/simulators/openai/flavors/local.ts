import { digest, idFrom } from '../../core/ids.ts';
import { LOCAL_MODELS } from '../models.ts';
import { localProblem } from '../problems.ts';
import { LOCAL_RULES } from '../rules.ts';
import type { Style } from '../style.ts';
import type { Traits } from '../traits.ts';
import { CLOUD } from './cloud.ts';
import { lenientTraits } from './lenient.ts';

/** How open-weight servers write answers. */
export const LOCAL_STYLE: Style = {
	answerId: (seed) => `chatcmpl-${idFrom(seed, 29)}`,
	callId: (seed) => `chatcmpl-tool-${digest(seed).slice(0, 24)}`,
	reasoning: 'reasoning_content',
	refusals: false,
	noCalls: [],
	callContent: null,
	logprobs: true,
	stopReason: true,
	forcedStops: true,
	calls: 'pieces',
	indexed: true,
	usage: ({ prompt, cached, completion }) => ({
		prompt_tokens: prompt,
		completion_tokens: completion,
		total_tokens: prompt + completion,
		prompt_tokens_details: cached > 0 ? { cached_tokens: cached } : null,
	}),
	usageAt: 'asked',
	nullUsage: false,
	marks: () => ({}),
	obfuscates: false,
};

/** An open-weight server. */
export const LOCAL: Traits = {
	open: true,
	catalog: LOCAL_MODELS,
	...lenientTraits(localProblem),
	rules: LOCAL_RULES,
	wrongKey: () => localProblem('Unauthorized', { status: 401 }),
	noModel: (id) => localProblem(`The model \`${id}\` does not exist.`, { status: 404, param: 'model' }),
	noPath: (method, path) => localProblem(`Invalid URL (${method} ${path})`, { status: 404 }),
	listed: ({ id, created, window }) => ({
		id,
		object: 'model',
		created,
		owned_by: 'vllm',
		root: id,
		parent: null,
		max_model_len: window,
	}),
	responses: false,
	style: LOCAL_STYLE,
	embeddings: CLOUD.embeddings,
};
