import { digest, idFrom } from '../../core/ids.ts';
import { text } from '../../core/json.ts';
import { CLOUD_MODELS } from '../models.ts';
import { cloudProblem, violationProblem } from '../problems.ts';
import { CLOUD_RULES } from '../rules.ts';
import { CHAT } from '../shapes.ts';
import type { Style } from '../style.ts';
import { EMBEDDINGS } from '../tasks/embeddings.ts';
import type { Traits } from '../traits.ts';
import { openaiWire } from '../wire.ts';

/** How the vendor itself writes answers. */
export const CLOUD_STYLE: Style = {
	answerId: (seed) => `chatcmpl-${idFrom(seed, 29)}`,
	callId: (seed) => `call_${idFrom(seed, 24)}`,
	reasoning: 'hidden',
	refusals: true,
	callContent: null,
	logprobs: true,
	stopReason: false,
	forcedStops: true,
	calls: 'pieces',
	indexed: true,
	usage: ({ prompt, cached, completion, reasoning, model }) => ({
		prompt_tokens: prompt,
		completion_tokens: completion,
		total_tokens: prompt + completion,
		prompt_tokens_details: {
			cached_tokens: cached,
			audio_tokens: 0,
			...(/^gpt-(?:5\.6|6)/.test(model) ? { cache_write_tokens: 0 } : {}),
		},
		completion_tokens_details: {
			reasoning_tokens: reasoning,
			audio_tokens: 0,
			accepted_prediction_tokens: 0,
			rejected_prediction_tokens: 0,
		},
	}),
	usageAt: 'asked',
	nullUsage: true,
	marks: (request, { id, reasons }) => {
		const tier = text(request.service_tier);
		const fingerprint = request.seed === undefined && reasons ? null : `fp_${digest(`${id}/${request.seed}`).slice(0, 10)}`;
		return { service_tier: tier === '' || tier === 'auto' ? 'default' : tier, system_fingerprint: fingerprint };
	},
	obfuscates: true,
};

/** The vendor itself. */
export const CLOUD: Traits = {
	open: false,
	catalog: CLOUD_MODELS,
	make: cloudProblem,
	wire: openaiWire(cloudProblem, false),
	shape: CHAT,
	lenient: false,
	violation: (violation) => violationProblem(violation, cloudProblem),
	rules: CLOUD_RULES,
	wrongKey: (given) => {
		if (given === '') {
			const message =
				"You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth.";
			return cloudProblem(message, { status: 401 });
		}
		const hidden = given.length > 12 ? `${given.slice(0, 8)}****${given.slice(-4)}` : `${given.slice(0, 3)}****`;
		const message = `Incorrect API key provided: ${hidden}. You can find your API key at https://platform.openai.com/account/api-keys.`;
		return cloudProblem(message, { status: 401, code: 'invalid_api_key' });
	},
	noModel: (id) =>
		cloudProblem(`The model \`${id}\` does not exist or you do not have access to it.`, { status: 404, code: 'model_not_found' }),
	noPath: (method, path) => cloudProblem(`Invalid URL (${method} ${path})`, { status: 404 }),
	listed: ({ id, created }) => ({ id, object: 'model', created, owned_by: 'system' }),
	responses: true,
	style: CLOUD_STYLE,
	embeddings: { shape: EMBEDDINGS, head: () => ({}), usage: (tokens) => ({ prompt_tokens: tokens, total_tokens: tokens }) },
};
