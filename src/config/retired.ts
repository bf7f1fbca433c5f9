import { dayOf, isOver, retirementOf } from '../catalog/index.ts';
import type { Loading } from './loading.ts';
import type { ProviderConfig, RelaisConfig } from './types.ts';

/** Models the config names whose end is known: refused or soon to be. */
export function noticeRetired(config: Pick<RelaisConfig, 'providers' | 'routes'>, now: number, loading: Loading): void {
	const today = dayOf(now);
	const enabled = config.providers.filter((provider) => provider.enabled);
	const told = new Set<string>();
	for (const { provider, id } of named(config, enabled)) {
		const label = `${provider.name}/${id}`;
		const retirement = retirementOf(loading.input.catalog, provider.type, id, provider.baseUrl);
		// Of a provider as a whole its own entry says so.
		if (retirement === undefined || retirement.of === 'provider' || told.has(label)) continue;
		told.add(label);
		const { date, replacement } = retirement;
		const over = isOver(retirement, today);
		const when = date === undefined ? 'is deprecated' : `${over ? 'was' : 'will be'} shut down on ${date}`;
		const cure = replacement === undefined ? 'choose another model' : `use ${provider.name}/${replacement}`;
		const consequence = over ? ', and is answered with an error unless retired_models says otherwise' : '';
		loading.notice(`${label} ${when}${consequence}: ${cure}`);
	}
}

interface Named {
	provider: ProviderConfig;
	id: string;
}

/** Models that entries and routes name with their provider; a bare name may mean several. */
function named({ routes }: Pick<RelaisConfig, 'routes'>, enabled: readonly ProviderConfig[]): Named[] {
	const own = enabled.flatMap((provider) => {
		const ids = [...provider.models.map(({ id }) => id), ...(provider.defaultModel === undefined ? [] : [provider.defaultModel])];
		return ids.map((id) => ({ provider, id }));
	});
	const targets = routes.flatMap(({ targets: first, fallbacks }) => [...first.map(({ model }) => model), ...fallbacks]);
	const routed = targets.flatMap((target) => {
		const slash = target.indexOf('/');
		const provider = enabled.find(({ name }) => slash > 0 && name === target.slice(0, slash));
		if (provider === undefined) return [];
		const alias = target.slice(slash + 1);
		return [{ provider, id: provider.models.find((model) => model.alias === alias)?.id ?? alias }];
	});
	return [...own, ...routed];
}
