import { LOCAL_SERVERS } from '../../src/catalog/index.ts';
import type { LoadedConfig, ProviderConfig } from '../../src/config/index.ts';
import type { ModelRow, ProviderCapabilities, Relais } from '../../src/engine/index.ts';

/** A provider to test. */
export interface Target {
	config: ProviderConfig;
	provider: ProviderCapabilities;
	/** The model that chats; undefined where the provider has none. */
	chat: ModelRow | undefined;
	embedding: ModelRow | undefined;
	/** Whether it runs on this machine and costs nothing. */
	local: boolean;
}

/** A provider that is not tested, and why. */
export interface Skipped {
	name: string;
	reason: string;
}

/** What is there to test: providers of the config, of the environment and of this machine. All others are skipped, by name. */
export function targetsOf(
	relais: Relais,
	loaded: LoadedConfig,
	only: readonly string[],
): { targets: Target[]; skipped: Skipped[] } {
	const targets: Target[] = [];
	const skipped: Skipped[] = [];
	for (const provider of relais.capabilities('all').providers) {
		const config = loaded.config.providers.find((entry) => entry.name === provider.name);
		const wanted = only.length === 0 || only.includes(provider.name) || only.includes(provider.type);
		const reason = !wanted ? 'not asked for' : whyNot(provider, targets);
		if (reason !== undefined) skipped.push({ name: provider.name, reason });
		else if (config !== undefined) targets.push(target(config, provider));
	}
	return {
		targets,
		skipped: skipped.filter(({ name }) => !targets.some(({ provider }) => provider.name === name || provider.type === name)),
	};
}

function whyNot(
	{ status, configured, type, keyVariables, kind }: ProviderCapabilities,
	targets: readonly Target[],
): string | undefined {
	if (configured) return undefined;
	if (targets.some(({ provider }) => provider.type === type)) return 'tested under another name';
	if (status === 'retired') return 'its API no longer answers';
	if (LOCAL_SERVERS.some((server) => server.type === type)) return 'no such server answers on its usual port';
	if (kind === 'local') return `no address: set ${type.toUpperCase().replace(/\W/g, '_')}_BASE_URL`;
	return keyVariables.length === 0 ? 'not configured' : `${keyVariables[0]} is not set`;
}

function target(config: ProviderConfig, provider: ProviderCapabilities): Target {
	const models = provider.models.filter(({ deprecated, listed }) => !deprecated && listed !== false);
	const chats = models.filter(({ mode }) => mode === 'chat');
	const named = provider.models.find(({ id, aliases }) => [id, ...aliases].includes(config.defaultModel ?? ''));
	return {
		config,
		provider,
		chat: named ?? (config.defaultModel === undefined ? cheapest(chats) : unlisted(config.defaultModel, chats)),
		embedding: provider.endpoints.embed ? cheapest(models.filter(({ mode }) => mode === 'embedding')) : undefined,
		local: provider.kind === 'local' || provider.kind === 'compatible',
	};
}

/** A model nobody lists but the user names. */
function unlisted(id: string, [like]: readonly ModelRow[]): ModelRow | undefined {
	return like === undefined ? undefined : { ...like, id, aliases: [], title: null };
}

/** The cheapest model that calls tools and does not reason at length, as far as is known; those of unknown price come last. */
function cheapest(models: readonly ModelRow[]): ModelRow | undefined {
	const rank = ({ capabilities, price }: ModelRow): number =>
		(price.input === null ? 4 : 0) + (capabilities.tools === true ? 0 : 2) + (capabilities.reasoning === true ? 1 : 0);
	const cost = ({ price }: ModelRow): number => (price.input ?? 0) + (price.output ?? 0);
	return [...models].sort((a, b) => rank(a) - rank(b) || cost(a) - cost(b))[0];
}
