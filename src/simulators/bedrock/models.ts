/** What a model of this service accepts. Sources: the catalogue, the service's model pages, recorded traffic. */
export interface BedrockModel {
	id: string;
	name: string;
	maker: string;
	window: number;
	maxOutput: number;
	/** Claude thinks when asked and signs it; others think always and sign nothing, or by a setting of their own. */
	thinks: 'never' | 'claude' | 'always' | 'nova';
	system: boolean;
	tools: boolean;
	/** Which tools may be forced: one by name, any, or none. */
	forces: 'named' | 'any' | 'none';
	vision: boolean;
	documents: boolean;
	/** Fields that may hold cache points. */
	caches: readonly string[];
	schemas: boolean;
	/** Callable by its own id; else through a profile only. */
	onDemand: boolean;
	/** Geographies whose profiles hold it. */
	profiles: readonly string[];
	/** Sizes of its vectors, the default first; empty: it writes text. */
	dimensions: readonly number[];
}

type Family = Omit<BedrockModel, 'id' | 'name' | 'maker'>;

const PLAIN: Family = {
	window: 128_000,
	maxOutput: 8192,
	thinks: 'never',
	system: true,
	tools: true,
	forces: 'named',
	vision: false,
	documents: true,
	caches: [],
	schemas: true,
	onDemand: true,
	profiles: [],
	dimensions: [],
};
const CLAUDE: Family = {
	...PLAIN,
	window: 200_000,
	maxOutput: 64_000,
	thinks: 'claude',
	vision: true,
	caches: ['messages', 'system', 'tools'],
	onDemand: false,
	profiles: ['us', 'eu', 'jp', 'au', 'global'],
};
const LARGE: Family = { ...CLAUDE, window: 1_000_000, maxOutput: 128_000 };
const NOVA: Family = {
	...PLAIN,
	window: 300_000,
	vision: true,
	caches: ['messages', 'system'],
	schemas: false,
	profiles: ['us', 'eu', 'apac'],
};
const LLAMA: Family = { ...PLAIN, maxOutput: 4096, forces: 'none', schemas: false, profiles: ['us'] };
const OPEN: Family = { ...PLAIN, maxOutput: 16_384, documents: false };
const VECTORS: Family = { ...PLAIN, window: 8192, maxOutput: 0, tools: false };

function model(id: string, name: string, family: Family, more: Partial<Family> = {}): BedrockModel {
	return { ...family, ...more, id, name, maker: id.slice(0, id.indexOf('.')) };
}

/** Not the service's: a window small enough to overflow in a test. */
const SMALL = 'sim.small-v1:0';

/** The service's models, best known first. */
export const BEDROCK_MODELS: readonly BedrockModel[] = [
	model('anthropic.claude-sonnet-5', 'Claude Sonnet 5', LARGE),
	model('anthropic.claude-opus-5', 'Claude Opus 5', LARGE),
	model('anthropic.claude-fable-5', 'Claude Fable 5', LARGE),
	model('anthropic.claude-opus-4-8', 'Claude Opus 4.8', LARGE),
	model('anthropic.claude-sonnet-4-6', 'Claude Sonnet 4.6', LARGE, { maxOutput: 64_000 }),
	model('anthropic.claude-opus-4-5-20251101-v1:0', 'Claude Opus 4.5', CLAUDE),
	model('anthropic.claude-haiku-4-5-20251001-v1:0', 'Claude Haiku 4.5', CLAUDE),
	model('anthropic.claude-sonnet-4-5-20250929-v1:0', 'Claude Sonnet 4.5', CLAUDE),
	model('anthropic.claude-sonnet-4-20250514-v1:0', 'Claude Sonnet 4', CLAUDE),
	model('amazon.nova-2-lite-v1:0', 'Nova 2 Lite', NOVA, { thinks: 'nova', onDemand: false, profiles: ['us', 'eu', 'global'] }),
	model('amazon.nova-pro-v1:0', 'Nova Pro', NOVA),
	model('amazon.nova-lite-v1:0', 'Nova Lite', NOVA),
	model('amazon.nova-micro-v1:0', 'Nova Micro', NOVA, { window: 128_000, vision: false, documents: false }),
	model('amazon.titan-text-express-v1', 'Titan Text Express', PLAIN, {
		window: 8192,
		system: false,
		tools: false,
		schemas: false,
	}),
	model('meta.llama3-3-70b-instruct-v1:0', 'Llama 3.3 70B', LLAMA, { onDemand: false }),
	model('meta.llama3-1-8b-instruct-v1:0', 'Llama 3.1 8B', LLAMA),
	model('mistral.mistral-large-3-675b-instruct', 'Mistral Large 3', OPEN, { window: 256_000, forces: 'any' }),
	model('deepseek.r1-v1:0', 'DeepSeek R1', OPEN, { thinks: 'always', tools: false, onDemand: false, profiles: ['us'] }),
	model('deepseek.v3.2', 'DeepSeek V3.2', OPEN, { window: 163_840 }),
	model('openai.gpt-oss-120b-1:0', 'gpt-oss-120b', OPEN, { thinks: 'always' }),
	model('openai.gpt-oss-20b-1:0', 'gpt-oss-20b', OPEN, { thinks: 'always' }),
	model('minimax.minimax-m2.5', 'MiniMax M2.5', OPEN, { thinks: 'always' }),
	model('qwen.qwen3-32b-v1:0', 'Qwen3 32B', OPEN),
	model('zai.glm-5', 'GLM 5', OPEN),
	model('cohere.command-r-plus-v1:0', 'Command R+', PLAIN, { maxOutput: 4096, forces: 'none', schemas: false }),
	model(SMALL, 'Small simulated model', PLAIN, { window: 1000, maxOutput: 500 }),
	model('amazon.titan-embed-text-v2:0', 'Titan Text Embeddings V2', VECTORS, { dimensions: [1024, 512, 256] }),
	model('cohere.embed-english-v3', 'Embed English', VECTORS, { window: 512, dimensions: [1024] }),
	model('cohere.embed-multilingual-v3', 'Embed Multilingual', VECTORS, { window: 512, dimensions: [1024] }),
	model('cohere.embed-v4:0', 'Embed v4', VECTORS, {
		window: 128_000,
		dimensions: [1536, 1024, 512, 256],
		profiles: ['us', 'eu', 'global'],
	}),
];

const BY_ID: ReadonlyMap<string, BedrockModel> = new Map(BEDROCK_MODELS.map((entry) => [entry.id, entry]));

/** Ids of the profiles of a model. */
export function profilesOf({ id, profiles }: BedrockModel): string[] {
	return profiles.map((geography) => `${geography}.${id}`);
}

const PROFILES: ReadonlyMap<string, BedrockModel> = new Map(
	BEDROCK_MODELS.flatMap((entry) => profilesOf(entry).map((id) => [id, entry] as const)),
);

const ARN = /^arn:aws[a-z-]*:bedrock:[a-z0-9-]*:\d{0,12}:(foundation-model|inference-profile)\/(.+)$/;

/** A model found by an id or an ARN, and whether that named a profile. */
export function findModel(named: string): { model: BedrockModel; profile: boolean } | undefined {
	const [, kind, rest = named] = ARN.exec(named) ?? [];
	const own = kind === 'inference-profile' ? undefined : BY_ID.get(rest);
	if (own !== undefined) return { model: own, profile: false };
	const profiled = kind === 'foundation-model' ? undefined : PROFILES.get(rest);
	return profiled === undefined ? undefined : { model: profiled, profile: true };
}

/** Ids worth showing: what answers chat requests, in the form it is called by. */
export const SHOWCASE: readonly string[] = BEDROCK_MODELS.filter(
	(entry) => entry.dimensions.length === 0 && entry.id !== SMALL,
).map((entry) => (entry.onDemand ? entry.id : (profilesOf(entry)[0] ?? entry.id)));
