/** What a model of this vendor accepts. Sources: the catalogue, the vendor's model pages, recorded traffic. */
export interface GeminiModel {
	id: string;
	displayName: string;
	window: number;
	maxOutput: number;
	/** 3: calls carry ids, and have to come back with their signatures. */
	generation: 2 | 3;
	/** How thinking is asked for: not at all, by a budget of tokens, or by a level (or a budget). */
	thinking: 'none' | 'budget' | 'level';
	/** Least and greatest budget; 0 turns thinking off where it is the least. */
	budget: readonly [number, number];
	levels: readonly string[];
	/** Length of its vectors; absent: it generates text. */
	dimensions?: number;
}

type Family = Omit<GeminiModel, 'id' | 'displayName'>;

const V20: Family = { window: 1_048_576, maxOutput: 8192, generation: 2, thinking: 'none', budget: [0, 0], levels: [] };
const V25: Family = { ...V20, maxOutput: 65_536, thinking: 'budget', budget: [0, 24_576] };
const V3_PRO: Family = {
	...V25,
	generation: 3,
	thinking: 'level',
	budget: [128, 32_768],
	levels: ['LOW', 'MEDIUM', 'HIGH'],
};
const V3_FLASH: Family = { ...V3_PRO, budget: [0, 24_576], levels: ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'] };
const EMBEDDING: Family = { ...V20, window: 2048, maxOutput: 1, dimensions: 3072 };

/** Not the vendor's: a window small enough to overflow in a test. */
const SMALL = 'sim-small';

function model(id: string, displayName: string, family: Family, more: Partial<Family> = {}): GeminiModel {
	return { ...family, ...more, id, displayName };
}

const MODELS: GeminiModel[] = [
	model('gemini-3.8-flash', 'Gemini 3.8 Flash', V3_FLASH),
	model('gemini-3.7-flash', 'Gemini 3.7 Flash', V3_FLASH),
	model('gemini-3.6-flash', 'Gemini 3.6 Flash', V3_FLASH),
	model('gemini-3.5-flash', 'Gemini 3.5 Flash', V3_FLASH),
	model('gemini-3.5-flash-lite', 'Gemini 3.5 Flash-Lite', V3_FLASH),
	model('gemini-3.1-pro-preview', 'Gemini 3.1 Pro Preview', V3_PRO),
	model('gemini-3.1-flash-lite', 'Gemini 3.1 Flash-Lite', V3_FLASH),
	model('gemini-3-flash-preview', 'Gemini 3 Flash Preview', V3_FLASH),
	model('gemini-2.5-pro', 'Gemini 2.5 Pro', V25, { budget: [128, 32_768] }),
	model('gemini-2.5-flash', 'Gemini 2.5 Flash', V25),
	model('gemini-2.5-flash-lite', 'Gemini 2.5 Flash-Lite', V25),
	model('gemini-2.0-flash', 'Gemini 2.0 Flash', V20),
	model('gemini-embedding-001', 'Gemini Embedding 001', EMBEDDING),
	model('gemini-embedding-2', 'Gemini Embedding 2', EMBEDDING, { window: 8192 }),
	model(SMALL, 'Small simulated model', V20, { window: 1000, maxOutput: 500 }),
];

/** Names that stand for the newest of a line, and what they stand for. */
const ALIASES: { [name: string]: string } = {
	'gemini-flash-latest': 'gemini-3.8-flash',
	'gemini-flash-lite-latest': 'gemini-3.5-flash-lite',
};

/** The vendor's models by id and alias, newest first. */
export const GEMINI_MODELS: ReadonlyMap<string, GeminiModel> = new Map([
	...MODELS.map((entry) => [entry.id, entry] as const),
	...Object.entries(ALIASES).flatMap(([alias, id]) =>
		MODELS.filter((entry) => entry.id === id).map((entry) => [alias, entry] as const),
	),
]);

/** Ids worth showing: models that generate text, newest first, without the one made for tests. */
export const SHOWCASE: readonly string[] = MODELS.filter((entry) => entry.dimensions === undefined && entry.id !== SMALL).map(
	(entry) => entry.id,
);
