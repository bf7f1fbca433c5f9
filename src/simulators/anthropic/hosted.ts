import type { HostedModel, MessagesHost } from '../core/hosted.ts';
import { objects } from '../core/json.ts';
import { answerTo } from './answer.ts';
import { fileFault } from './files.ts';
import { ANTHROPIC_MODELS, type AnthropicModel } from './models.ts';
import { ruleFault } from './rules.ts';
import { inputUsage, segmentsOf, totalTokens } from './segments.ts';

/** A model as the script of answers wants it; what is not this vendor's is given the traits that matter there. */
function traits({ id, window, maxOutput, thinks }: HostedModel): AnthropicModel {
	const own = ANTHROPIC_MODELS.get(id);
	if (own !== undefined) return own;
	return {
		id,
		displayName: id,
		line: null,
		window,
		maxOutput,
		budget: thinks !== 'never',
		adaptive: thinks !== 'never',
		alwaysThinks: thinks === 'always',
		forcedToolNeedsNoThinking: false,
		display: 'summarized',
		sampling: true,
		prefill: true,
		systemMessages: false,
		efforts: ['low', 'medium', 'high'],
		created: '',
	};
}

/** What clouds that host models take from this vendor. */
export const messagesHost: MessagesHost = {
	claude: (name) => {
		const model = ANTHROPIC_MODELS.get(name);
		if (model === undefined) return undefined;
		const { id, window, maxOutput, alwaysThinks } = model;
		return { id, window, maxOutput, thinks: alwaysThinks === true ? 'always' : 'asked' };
	},
	fault: (request, name) => {
		const model = ANTHROPIC_MODELS.get(name);
		if (model === undefined) return undefined;
		const fault = ruleFault(request, model) ?? fileFault(objects(request.messages));
		if (fault !== undefined) return fault;
		const tokens = totalTokens(segmentsOf(request));
		return tokens > model.window ? `prompt is too long: ${tokens} tokens > ${model.window} maximum` : undefined;
	},
	fileFault: (request) => fileFault(objects(request.messages)),
	tokens: (request) => totalTokens(segmentsOf(request)),
	answer: ({ request, bytes, vendor, model, controls, cache, now }) => {
		const segments = segmentsOf(request);
		const plain = { total: totalTokens(segments), read: 0, written: { '5m': 0, '1h': 0 } };
		const input = cache === undefined ? plain : inputUsage(segments, model.id, cache, now);
		return answerTo({ request, bytes, vendor, model: traits(model), controls, input });
	},
};
