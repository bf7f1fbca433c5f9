import type { Relais } from '../../engine/index.ts';
import type { ModelInfo } from '../../spec/index.ts';

/** Whether a model chats, as far as is known, and is not on its way out. */
export function talks(info: ModelInfo | undefined): boolean {
	return info === undefined || ((info.mode === 'chat' || info.mode === 'responses') && info.deprecated !== true);
}

/** Each provider's model to try first, as `provider/model`: its default one, else the first known that is not on its way out. */
export function firstModels({ state }: Relais): { provider: string; model: string | undefined }[] {
	const { config, table } = state;
	const ranked = config.providers.filter((entry) => entry.enabled).sort((a, b) => a.priority - b.priority);
	const first = new Map<string, string>();
	for (const { resolution } of table.entries()) {
		if (resolution.route !== undefined) continue;
		for (const { provider, label, info } of resolution.targets) {
			if (talks(info) && !first.has(provider.name)) first.set(provider.name, label);
		}
	}
	return ranked.map(({ name, defaultModel }) => ({
		provider: name,
		model: defaultModel === undefined ? first.get(name) : `${name}/${defaultModel}`,
	}));
}

/** Whether the provider is one of Relais's own simulated vendors. */
export function isSimulated({ state }: Relais, provider: string): boolean {
	return state.config.providers.some((entry) => entry.name === provider && entry.simulated === true);
}
