/** What a model of this vendor accepts. Sources: the catalogue and recorded traffic. */
export interface OpenAIModel {
	id: string;
	/** The dated name its answers carry; absent: its own. */
	snapshot?: string;
	/** Context window in tokens, prompt and answer together. */
	window: number;
	/** Prompt limit in tokens where it is lower than the window. */
	maxInput?: number;
	maxOutput: number;
	/** Which endpoint it answers on; models that chat also answer on `responses`. */
	serves: 'chat' | 'responses' | 'embeddings' | 'completions' | 'moderations' | 'rerank';
	vision: boolean;
	schemas: boolean;
	/** Reasoning models: the efforts they take, and the one they use unasked. */
	efforts?: readonly string[];
	effort?: string;
	/** Roles it refuses. */
	refusedRoles?: readonly string[];
	/** Writes its reasoning out, as open-weight servers do. */
	thinksAloud?: boolean;
	/** Length of its vectors; `fixedSize`: others cannot be asked for. */
	dimensions?: number;
	fixedSize?: boolean;
	/** Unix seconds. */
	created: number;
}

/** Traits that models share. */
export type Family = Partial<OpenAIModel>;

const GPT4: Family = { window: 128_000, maxOutput: 16_384, created: 1_715_367_049 };
const GPT41: Family = { window: 1_047_576, maxOutput: 32_768, created: 1_744_316_542 };
const O_SERIES: Family = {
	window: 200_000,
	maxOutput: 100_000,
	efforts: ['low', 'medium', 'high'],
	effort: 'medium',
	created: 1_744_225_308,
};
const GPT5: Family = { window: 400_000, maxInput: 272_000, maxOutput: 128_000, effort: 'medium', created: 1_754_425_777 };
const LARGE: Family = { ...GPT5, window: 1_050_000, maxInput: 922_000 };

const VECTORS: Family = { window: 8192, maxOutput: 0, serves: 'embeddings', vision: false };

const TO_HIGH = ['low', 'medium', 'high'];
const TO_MAX = [...TO_HIGH, 'xhigh', 'max'];
const MINIMAL: Family = { ...GPT5, efforts: ['minimal', ...TO_HIGH] };
const QUIET: Family = { ...GPT5, efforts: ['none', ...TO_HIGH, 'xhigh'], effort: 'none' };
const QUIET_LARGE: Family = { ...LARGE, efforts: ['none', ...TO_MAX], effort: 'none' };
const GPT6: Family = { ...LARGE, efforts: ['none', ...TO_MAX] };
const ALWAYS: Family = { ...LARGE, efforts: TO_MAX };

/** Not the vendor's: a window small enough to overflow in a test. */
export const SMALL = 'sim-small';

/** A model with the traits of its family and its own. */
export function model(id: string, family: Family, more: Family = {}): OpenAIModel {
	const common = {
		window: 128_000,
		maxOutput: 16_384,
		serves: 'chat',
		vision: true,
		schemas: true,
		created: 1_715_367_049,
	} as const;
	return { ...common, ...family, ...more, id };
}

const CLOUD: OpenAIModel[] = [
	model('gpt-3.5-turbo', {}, { window: 16_385, maxOutput: 4096, vision: false, schemas: false, snapshot: 'gpt-3.5-turbo-0125' }),
	model('gpt-4', {}, { window: 8192, maxOutput: 8192, vision: false, schemas: false, snapshot: 'gpt-4-0613' }),
	model('gpt-4-turbo', {}, { maxOutput: 4096, schemas: false, snapshot: 'gpt-4-turbo-2024-04-09' }),
	model('gpt-4o', GPT4, { snapshot: 'gpt-4o-2024-08-06' }),
	model('gpt-4o-mini', GPT4, { snapshot: 'gpt-4o-mini-2024-07-18' }),
	model('gpt-4.1', GPT41, { snapshot: 'gpt-4.1-2025-04-14' }),
	model('gpt-4.1-mini', GPT41, { snapshot: 'gpt-4.1-mini-2025-04-14' }),
	model('gpt-4.1-nano', GPT41, { snapshot: 'gpt-4.1-nano-2025-04-14' }),
	model('o1', O_SERIES, { snapshot: 'o1-2024-12-17' }),
	model('o1-mini', O_SERIES, {
		schemas: false,
		vision: false,
		refusedRoles: ['system', 'developer'],
		snapshot: 'o1-mini-2024-09-12',
	}),
	model('o3', O_SERIES, { snapshot: 'o3-2025-04-16' }),
	model('o3-mini', O_SERIES, { vision: false, snapshot: 'o3-mini-2025-01-31' }),
	model('o4-mini', O_SERIES, { snapshot: 'o4-mini-2025-04-16' }),
	model('gpt-5', MINIMAL, { snapshot: 'gpt-5-2025-08-07' }),
	model('gpt-5-mini', MINIMAL, { snapshot: 'gpt-5-mini-2025-08-07' }),
	model('gpt-5-nano', MINIMAL, { snapshot: 'gpt-5-nano-2025-08-07' }),
	model('gpt-5-pro', GPT5, { serves: 'responses', maxOutput: 272_000, efforts: ['high'], effort: 'high' }),
	model('o3-pro', O_SERIES, { serves: 'responses', snapshot: 'o3-pro-2025-06-10' }),
	model('gpt-5.1-codex', GPT5, { serves: 'responses', efforts: TO_HIGH }),
	model('gpt-5.3-codex', GPT5, { serves: 'responses', efforts: [...TO_HIGH, 'xhigh'] }),
	model('gpt-5.5-pro', LARGE, { serves: 'responses', efforts: ['medium', 'high', 'xhigh'] }),
	model('gpt-5.1', { ...QUIET, efforts: ['none', ...TO_HIGH] }, { snapshot: 'gpt-5.1-2025-11-13' }),
	model('gpt-5.2', QUIET, { snapshot: 'gpt-5.2-2025-12-11' }),
	model('gpt-5.4', { ...LARGE, ...QUIET, window: 1_050_000, maxInput: 922_000 }, { snapshot: 'gpt-5.4-2026-03-05' }),
	model('gpt-5.4-mini', QUIET, { snapshot: 'gpt-5.4-mini-2026-03-17' }),
	model('gpt-5.4-nano', QUIET, { snapshot: 'gpt-5.4-nano-2026-03-17' }),
	model('gpt-5.4-pro', LARGE, { serves: 'responses', efforts: ['medium', 'high', 'xhigh'], schemas: false }),
	model('gpt-5.5', QUIET_LARGE),
	model('gpt-5.6', QUIET_LARGE),
	model('gpt-5.6-luna', QUIET_LARGE),
	model('gpt-5.6-sol', QUIET_LARGE),
	model('gpt-5.6-terra', QUIET_LARGE),
	model('gpt-6-luna', GPT6),
	model('gpt-6-sol', GPT6),
	model('gpt-6-astra', ALWAYS),
	model('gpt-6.1-sol', GPT6),
	model('gpt-6.1-terra', GPT6),
	model('gpt-6.2-sol', ALWAYS),
	model('gpt-6.2-astra', ALWAYS),
	model('text-embedding-3-small', VECTORS, { dimensions: 1536 }),
	model('text-embedding-3-large', VECTORS, { dimensions: 3072 }),
	model('text-embedding-ada-002', VECTORS, { dimensions: 1536, fixedSize: true }),
	model('omni-moderation-latest', {}, { serves: 'moderations', maxOutput: 0 }),
	model('gpt-3.5-turbo-instruct', {}, { window: 4096, maxOutput: 4096, serves: 'completions', vision: false, schemas: false }),
	model(SMALL, {}, { window: 1000, maxOutput: 500 }),
];

const LOCAL: OpenAIModel[] = [
	model('gemma-3-27b', {}, { window: 131_072, maxOutput: 131_072 }),
	model('gpt-oss-20b', {}, { window: 131_072, maxOutput: 131_072, vision: false, thinksAloud: true }),
	model('qwen3-32b', {}, { window: 40_960, maxOutput: 40_960, vision: false, thinksAloud: true }),
	model('llama-3.3-70b', {}, { window: 131_072, maxOutput: 131_072, vision: false }),
	model(SMALL, {}, { window: 1000, maxOutput: 1000 }),
];

/** Models by id and by dated name. */
export function byName(models: readonly OpenAIModel[]): ReadonlyMap<string, OpenAIModel> {
	const named = new Map(models.map((entry) => [entry.id, entry]));
	for (const entry of models) if (entry.snapshot !== undefined) named.set(entry.snapshot, entry);
	return named;
}

/** The vendor's models by id and by dated name. */
export const CLOUD_MODELS = byName(CLOUD);

/** The models of a local server. */
export const LOCAL_MODELS = byName(LOCAL);

/** Ids worth showing: models that answer chat requests, newest first, then those of other tasks; without the one made for tests. */
export function showcase(models: ReadonlyMap<string, OpenAIModel>): string[] {
	const shown = [...new Set(models.values())].filter((entry) => entry.id !== SMALL).reverse();
	const chats = shown.filter((entry) => entry.serves === 'chat');
	return [...chats, ...shown.filter((entry) => entry.serves !== 'chat')].map((entry) => entry.id);
}
