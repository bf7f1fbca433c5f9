import { TASK_FORMATS } from '../../../dialects/index.ts';
import { type EmbedRequest, RelaisError, type Warning } from '../../../spec/index.ts';
import { plainFloats, type TaskChoice, type TaskLine, type TaskLines, type TaskPlace } from './line.ts';

const { embed: E, rerank: R, moderate: M } = TASK_FORMATS;

/** Usual lines of servers of OpenAI's form. 2048 inputs and 300,000 tokens are what OpenAI documents for one call. */
const embeddings: TaskLine<'embed'> = { format: E.openaiEmbeddings, path: '/embeddings', maxInputs: 2048, maxTokens: 300_000 };
const rerank: TaskLine<'rerank'> = { format: R.jinaRerank, path: '/rerank' };
const moderations: TaskLine<'moderate'> = { format: M.openaiModeration, path: '/moderations' };

/** Embeddings that differ from the usual line in their limits. */
const atMost = (maxInputs: number, more: Partial<TaskLine<'embed'>> = {}): TaskLines => ({
	embed: { ...embeddings, maxInputs, ...more },
});

/** What servers of a dialect offer, whoever runs them. Rerank and moderations: servers under an address of the user's own may. */
const BY_DIALECT: { readonly [dialect: string]: TaskLines } = {
	'openai-chat': { embed: embeddings, rerank, moderate: moderations },
	'openai-responses': { embed: embeddings },
	gemini: { embed: { format: E.geminiBatchEmbed, path: '/models/{model}:batchEmbedContents', maxInputs: 100 } },
	ollama: { embed: { format: E.ollamaEmbed, path: '/api/embed', maxInputs: 2048 } },
	cohere: {
		embed: { format: E.cohereEmbed, path: '/v2/embed', maxInputs: 96 },
		rerank: { format: R.cohereRerank, path: '/v2/rerank' },
	},
};

/** Bodies behind InvokeModel are those of the model's maker. */
const invoked: TaskChoice<'embed'> = {
	path: '/model/{model}/invoke',
	of(model) {
		const { path } = invoked;
		if (/cohere\.embed/.test(model)) return { format: E.cohereEmbedHosted, path, maxInputs: 96, adapt: plainFloats };
		if (/titan-embed/.test(model)) return { format: E.titanEmbeddings, path, maxInputs: 1, adapt: titanWords };
		return undefined;
	},
};

/** The first Titan model knows neither lengths nor types. */
function titanWords(request: EmbedRequest, warn: (warning: Warning) => void, model: string): EmbedRequest {
	if (!/titan-embed-text-v1|titan-embed-g1/.test(model)) return request;
	const { dimensions, types, ...rest } = request;
	if (dimensions !== undefined)
		warn({ kind: 'dropped', path: 'dimensions', message: `${model} makes vectors of one length only.` });
	if (types !== undefined) warn({ kind: 'dropped', path: 'embedding_types', message: `${model} makes floats only.` });
	return rest;
}

const regionIn = ({ origin, settings }: TaskPlace): string => {
	const stated = settings.options.region;
	return (
		/^https:\/\/[\w-]+\.([a-z0-9-]+)\.amazonaws\.com/.exec(origin)?.[1] ?? (typeof stated === 'string' ? stated : 'us-east-1')
	);
};

/** Vectors come as eight-bit integers, packed, whatever is asked for. */
function eightBits(request: EmbedRequest, warn: (warning: Warning) => void, model: string): EmbedRequest {
	const wanted = request.types?.[0] ?? 'float';
	if (wanted === 'ubinary' || wanted === 'binary') return { ...request, types: ['ubinary'], packed: true };
	if (wanted === 'float')
		warn({
			kind: 'changed',
			path: 'encoding_format',
			message: `${model} makes vectors of whole numbers from -128 to 127, not normalised.`,
		});
	return { ...request, types: ['int8'], packed: true };
}

/** Models that are told what vectors are for are taken to be asked for documents where nobody says. */
function withPurpose(request: EmbedRequest, warn: (warning: Warning) => void, model: string): EmbedRequest {
	if (request.task === 'query' || request.task === 'document' || request.task === 'question') return request;
	warn({
		kind: 'defaulted',
		path: 'input_type',
		message: `${model} must be told what vectors are for: taken as documents to be searched. Send 'input_type'.`,
	});
	return { ...request, task: 'document' };
}

const asymmetric: TaskChoice<'embed'> = {
	path: embeddings.path,
	of: (model) => ({
		...embeddings,
		format: E.purposeEmbeddings,
		...(/nv-embed|e5-v5|embedqa/.test(model) ? { adapt: withPurpose } : {}),
	}),
};

function projectOf({ settings }: TaskPlace): { [field: string]: string } {
	for (const field of ['project_id', 'space_id']) {
		const value = settings.options[field];
		if (typeof value === 'string' && value !== '') return { [field]: value };
	}
	throw new RelaisError('config_invalid', `provider "${settings.name}": embeddings need the option "project_id" or "space_id"`, {
		provider: settings.name,
	});
}

const voyage: TaskLines = {
	// A thousand texts a call; of tokens the largest model takes 120,000, and no model fewer.
	embed: { format: E.voyageEmbeddings, path: '/embeddings', maxInputs: 1000, maxTokens: 120_000 },
	rerank: { format: R.voyageRerank, path: '/rerank' },
};

const predicted: TaskChoice<'embed'> = {
	path: '/publishers/google/models/{model}:predict',
	of: (model) => ({
		format: E.predictEmbeddings,
		path: predicted.path,
		maxInputs: model.startsWith('gemini') ? 1 : 250,
		maxTokens: 20_000,
	}),
};

/** Rerank that only a vendor's native API has. */
const dashscope = (origin: string): TaskLine<'rerank'> => ({
	format: R.outputRerank,
	path: '/rerank',
	address: () => `${origin}/api/v1/services/rerank/text-rerank/text-rerank`,
});

/** What vendors do in ways of their own, by catalog id, from their documentation. Laid over the lines of their dialect. */
const BY_VENDOR: { readonly [catalogId: string]: TaskLines } = {
	'aws-bedrock': {
		embed: invoked,
		rerank: {
			format: R.sourcesRerank,
			path: '/rerank',
			address: (place) => `https://bedrock-agent-runtime.${regionIn(place)}.amazonaws.com/rerank`,
			modelName: (place) =>
				place.model.startsWith('arn:') ? place.model : `arn:aws:bedrock:${regionIn(place)}::foundation-model/${place.model}`,
		},
	},
	'azure-ai-foundry': { rerank: { format: R.cohereRerank, path: '/providers/cohere/v2/rerank' } },
	'cloudflare-workers-ai': atMost(100, { adapt: plainFloats }),
	deepinfra: {
		...atMost(1024, { adapt: plainFloats }),
		rerank: {
			format: R.scoresRerank,
			path: '/rerank',
			address: ({ model }) => `https://api.deepinfra.com/v1/inference/${model}`,
		},
	},
	fireworks: atMost(256),
	'glm-cn': atMost(64, { adapt: plainFloats }),
	// Its embeddings have an address and a form for each model, which Relais does not speak.
	huggingface: { embed: { path: '/embeddings', of: () => undefined } },
	jina: { embed: { format: E.jinaEmbeddings, path: '/embeddings', maxInputs: 512 }, rerank },
	'litellm-proxy': { rerank: { format: R.cohereRerank, path: '/rerank' } },
	mistral: {
		embed: { format: E.mistralEmbeddings, path: '/embeddings', maxInputs: 512, maxTokens: 16_000 },
		moderate: moderations,
	},
	'nvidia-nim': {
		embed: asymmetric,
		rerank: {
			format: R.passagesRerank,
			path: '/rerank',
			// Dots of a model's name are underscores in its address.
			address: ({ model }) => `https://ai.api.nvidia.com/v1/retrieval/${model.replaceAll('.', '_')}/reranking`,
		},
	},
	openai: { moderate: moderations },
	perplexity: { embed: { ...embeddings, maxInputs: 512, maxTokens: 120_000, adapt: eightBits } },
	qwen: { ...atMost(10, { adapt: plainFloats }), rerank: dashscope('https://dashscope-intl.aliyuncs.com') },
	'qwen-cn': { ...atMost(10, { adapt: plainFloats }), rerank: dashscope('https://dashscope.aliyuncs.com') },
	siliconflow: atMost(32),
	together: atMost(2048, { adapt: plainFloats }),
	upstage: atMost(100),
	'vertex-ai': { embed: predicted },
	voyage,
	watsonx: {
		embed: { format: E.resultsEmbeddings, path: '/ml/v1/text/embeddings?version=2024-05-31', maxInputs: 1000, extra: projectOf },
		rerank: { format: R.resultsRerank, path: '/ml/v1/text/rerank?version=2024-05-31', extra: projectOf },
	},
};

/** Vendors whose rerank is of the usual form (catalog, endpoints of their rows). */
const USUAL_RERANK: ReadonlySet<string> = new Set([
	'fireworks',
	'glm-cn',
	'llama-cpp',
	'localai',
	'novita',
	'openrouter',
	'sglang',
	'siliconflow',
	'together',
	'vllm',
]);

/**
 * The tasks of a vendor.
 * @param catalogId undefined: a server under an address of the user's own, which may offer whatever its dialect has
 * @param embeddings whether the catalog says the vendor has them
 */
export function taskLines(dialect: string, catalogId: string | undefined, embeddings: boolean | null | undefined): TaskLines {
	const usual = BY_DIALECT[dialect] ?? {};
	if (catalogId === undefined) return usual;
	const own = BY_VENDOR[catalogId] ?? {};
	// What only some servers of the usual form offer is offered where it is known.
	const { moderate: _, rerank: usualRerank, ...rest } = usual;
	const lines: TaskLines = dialect === 'openai-chat' || dialect === 'openai-responses' ? { ...rest } : { ...usual };
	if (USUAL_RERANK.has(catalogId) && usualRerank !== undefined) lines.rerank = usualRerank;
	Object.assign(lines, own);
	if (embeddings === false) delete lines.embed;
	return lines;
}
