import type { JsonObject } from '../../spec/index.ts';
import { BEDROCK_MODELS, type BedrockModel, profilesOf } from './models.ts';

const REGION = 'us-east-1';
const MAKERS: { [maker: string]: string } = {
	amazon: 'Amazon',
	anthropic: 'Anthropic',
	cohere: 'Cohere',
	meta: 'Meta',
	mistral: 'Mistral AI',
	deepseek: 'DeepSeek',
	openai: 'OpenAI',
	qwen: 'Qwen',
};

function summary(model: BedrockModel): JsonObject {
	const { id, name, maker, vision, dimensions, onDemand } = model;
	const writes = dimensions.length === 0;
	return {
		modelArn: `arn:aws:bedrock:${REGION}::foundation-model/${id}`,
		modelId: id,
		modelName: name,
		providerName: MAKERS[maker] ?? maker,
		inputModalities: vision ? ['TEXT', 'IMAGE'] : ['TEXT'],
		outputModalities: [writes ? 'TEXT' : 'EMBEDDING'],
		responseStreamingSupported: writes,
		customizationsSupported: [],
		inferenceTypesSupported: [...(onDemand ? ['ON_DEMAND'] : []), ...(profilesOf(model).length > 0 ? ['INFERENCE_PROFILE'] : [])],
		modelLifecycle: { status: 'ACTIVE' },
	};
}

/** The list of models, filtered as the query asks. */
export function foundationModels(query: URLSearchParams): JsonObject {
	const provider = query.get('byProvider')?.toLowerCase();
	const output = query.get('byOutputModality');
	const type = query.get('byInferenceType');
	const found = BEDROCK_MODELS.map(summary).filter((entry) => {
		if (provider !== undefined && String(entry.providerName).toLowerCase() !== provider) return false;
		if (output !== null && !JSON.stringify(entry.outputModalities).includes(`"${output}"`)) return false;
		return type === null || JSON.stringify(entry.inferenceTypesSupported).includes(`"${type}"`);
	});
	return { modelSummaries: found };
}

const PAGE = 100;

/** A page of the list of profiles; undefined where the page's token is none of ours. */
export function inferenceProfiles(query: URLSearchParams): JsonObject | undefined {
	const all = BEDROCK_MODELS.flatMap((model) => profilesOf(model).map((id) => ({ id, model })));
	const from = Number(query.get('nextToken') ?? 0);
	const size = Math.min(Number(query.get('maxResults') ?? PAGE), 1000);
	if (!Number.isInteger(from) || from < 0 || !Number.isInteger(size) || size < 1) return undefined;
	const page = all.slice(from, from + size).map(({ id, model }) => ({
		inferenceProfileArn: `arn:aws:bedrock:${REGION}:000000000000:inference-profile/${id}`,
		inferenceProfileId: id,
		inferenceProfileName: `${(id.split('.')[0] ?? '').toUpperCase()} ${model.name}`,
		models: [{ modelArn: `arn:aws:bedrock:${REGION}::foundation-model/${model.id}` }],
		status: 'ACTIVE',
		type: 'SYSTEM_DEFINED',
	}));
	const more = from + size < all.length ? { nextToken: String(from + size) } : {};
	return { inferenceProfileSummaries: page, ...more };
}
