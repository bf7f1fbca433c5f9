/** What a model of this vendor accepts. Sources: the catalogue, recorded traffic, the SDK's types. */
export interface AnthropicModel {
	id: string;
	/** Undated names that stand for it. */
	aliases?: readonly string[];
	displayName: string;
	line: 'haiku' | 'sonnet' | 'opus' | 'fable' | null;
	window: number;
	maxOutput: number;
	/** Thinking with a budget. */
	budget: boolean;
	/** Thinking as the model sees fit. */
	adaptive: boolean;
	/** Thinks always: it cannot be turned off, and a forced tool is no contradiction. */
	alwaysThinks?: boolean;
	/** Whether a forced tool is refused while thinking adaptively. */
	forcedToolNeedsNoThinking: boolean;
	/** What thinking shows unasked. */
	display: 'summarized' | 'omitted';
	/** `temperature`, `top_p`, `top_k`. */
	sampling: boolean;
	/** A conversation that ends with the beginning of the answer. */
	prefill: boolean;
	/** Messages of role `system` within the conversation. */
	systemMessages: boolean;
	/** Values of `output_config.effort`; empty: the parameter is refused. */
	efforts: readonly string[];
	created: string;
}

type Generation = Omit<AnthropicModel, 'id' | 'displayName' | 'line' | 'created'>;

const OLD: Generation = {
	window: 200_000,
	maxOutput: 64_000,
	budget: true,
	adaptive: false,
	forcedToolNeedsNoThinking: true,
	display: 'summarized',
	sampling: true,
	prefill: true,
	systemMessages: false,
	efforts: [],
};
const V46: Generation = {
	...OLD,
	window: 1_000_000,
	maxOutput: 128_000,
	adaptive: true,
	prefill: false,
	efforts: ['low', 'medium', 'high', 'max'],
};
const V47: Generation = {
	...V46,
	budget: false,
	sampling: false,
	display: 'omitted',
	efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
};
const V48: Generation = { ...V47, systemMessages: true };
const V5: Generation = { ...V48, forcedToolNeedsNoThinking: false };
const ALWAYS: Generation = { ...V5, alwaysThinks: true };

/** Not the vendor's: a window small enough to overflow in a test. */
const SMALL = 'sim-small';

function model(
	id: string,
	displayName: string,
	created: string,
	generation: Generation,
	more: Partial<AnthropicModel> = {},
): AnthropicModel {
	const line = (['haiku', 'sonnet', 'opus', 'fable'] as const).find((name) => id.includes(name)) ?? null;
	return { ...generation, id, displayName, line, created: `${created}T00:00:00Z`, ...more };
}

const MODELS: AnthropicModel[] = [
	model('claude-opus-5-5', 'Claude Opus 5.5', '2026-09-22', ALWAYS),
	model('claude-haiku-5-5', 'Claude Haiku 5.5', '2026-10-07', V5),
	model('claude-sonnet-5-5', 'Claude Sonnet 5.5', '2026-10-20', V5),
	model('claude-fable-5-1', 'Claude Fable 5.1', '2026-10-01', ALWAYS),
	model('claude-opus-5', 'Claude Opus 5', '2026-07-24', V5),
	model('claude-sonnet-5', 'Claude Sonnet 5', '2026-06-29', V5),
	model('claude-fable-5', 'Claude Fable 5', '2026-06-07', V5),
	model('claude-opus-4-8', 'Claude Opus 4.8', '2026-05-28', V48),
	model('claude-opus-4-7', 'Claude Opus 4.7', '2026-04-14', V47),
	model('claude-sonnet-4-6', 'Claude Sonnet 4.6', '2026-02-17', V46),
	model('claude-opus-4-6', 'Claude Opus 4.6', '2026-02-04', V46),
	model('claude-opus-4-5-20251101', 'Claude Opus 4.5', '2025-11-24', OLD, {
		aliases: ['claude-opus-4-5'],
		efforts: ['low', 'medium', 'high'],
	}),
	model('claude-haiku-4-5-20251001', 'Claude Haiku 4.5', '2025-10-15', OLD, { aliases: ['claude-haiku-4-5'] }),
	model('claude-sonnet-4-5-20250929', 'Claude Sonnet 4.5', '2025-09-29', OLD, {
		aliases: ['claude-sonnet-4-5'],
		window: 1_000_000,
	}),
	model('claude-opus-4-1-20250805', 'Claude Opus 4.1', '2025-08-05', OLD, { aliases: ['claude-opus-4-1'], maxOutput: 32_000 }),
	model('claude-sonnet-4-20250514', 'Claude Sonnet 4', '2025-05-22', OLD, { aliases: ['claude-sonnet-4-0'] }),
	model(SMALL, 'Small simulated model', '2026-01-01', OLD, { window: 1000, maxOutput: 500 }),
];

/** The vendor's models by id and by undated name, newest first. */
export const ANTHROPIC_MODELS: ReadonlyMap<string, AnthropicModel> = new Map(
	MODELS.flatMap((entry) => [entry.id, ...(entry.aliases ?? [])].map((name) => [name, entry])),
);

/** Ids worth showing: undated where there is such a name, newest first, without the one made for tests. */
export const SHOWCASE: readonly string[] = MODELS.filter((entry) => entry.id !== SMALL).map(
	(entry) => entry.aliases?.[0] ?? entry.id,
);
