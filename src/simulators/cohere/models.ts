/** What a model of this vendor accepts. Sources: the catalogue, recorded traffic. */
export interface CohereModel {
	name: string;
	endpoints: readonly ('chat' | 'embed' | 'rerank')[];
	window: number;
	maxOutput: number;
	vision: boolean;
	tools: boolean;
	/** Thinks unless told not to. */
	thinks: boolean;
	/** Sizes of its vectors, the default first. */
	dimensions: readonly number[];
}

type Family = Omit<CohereModel, 'name'>;

const CHAT: Family = {
	endpoints: ['chat'],
	window: 128_000,
	maxOutput: 4000,
	vision: false,
	tools: true,
	thinks: false,
	dimensions: [],
};
const EMBED: Family = { ...CHAT, endpoints: ['embed'], window: 512, maxOutput: 0, tools: false };
const RERANK: Family = { ...CHAT, endpoints: ['rerank'], window: 4096, maxOutput: 0, tools: false };

function model(name: string, family: Family, more: Partial<Family> = {}): CohereModel {
	return { ...family, ...more, name };
}

const SMALL = 'sim-small';

/** The vendor's models, best known first. */
const MODELS: readonly CohereModel[] = [
	model('command-a-plus-05-2026', CHAT, { maxOutput: 64_000, thinks: true }),
	model('command-a-03-2025', CHAT, { window: 288_000, maxOutput: 8000 }),
	model('command-a-reasoning-08-2025', CHAT, { window: 288_768, maxOutput: 32_768, thinks: true }),
	model('command-a-vision-07-2025', CHAT, { maxOutput: 8000, vision: true, tools: false }),
	model('command-r-plus-08-2024', CHAT),
	model('command-r-08-2024', CHAT),
	model('command-r7b-12-2024', CHAT),
	model(SMALL, CHAT, { window: 1000, maxOutput: 500 }),
	model('embed-v4.0', EMBED, { window: 128_000, vision: true, dimensions: [1536, 256, 512, 1024] }),
	model('embed-english-v3.0', EMBED, { vision: true, dimensions: [1024] }),
	model('embed-multilingual-v3.0', EMBED, { vision: true, dimensions: [1024] }),
	model('embed-english-light-v3.0', EMBED, { vision: true, dimensions: [384] }),
	model('rerank-v4.0-pro', RERANK, { window: 32_768 }),
	model('rerank-v3.5', RERANK),
	model('rerank-multilingual-v3.0', RERANK),
];

/** The vendor's models by name. */
export const COHERE_MODELS: ReadonlyMap<string, CohereModel> = new Map(MODELS.map((entry) => [entry.name, entry]));

/** Models that were taken away, and when. */
export const REMOVED: { [name: string]: string } = {
	command: 'September 15, 2025',
	'command-light': 'September 15, 2025',
	'command-r': 'September 15, 2025',
	'command-r-plus': 'September 15, 2025',
};

/** Names worth showing: what chats. */
export const SHOWCASE: readonly string[] = MODELS.filter((entry) => entry.endpoints.includes('chat') && entry.name !== SMALL).map(
	(entry) => entry.name,
);
