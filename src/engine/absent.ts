import type { Catalog, ProviderRow } from '../catalog/index.ts';

/**
 * What to do about a name that no configured provider answers to, where the catalog knows whose it is.
 * @param configured types of the providers there are
 */
export function absentAdvice(catalog: Catalog, configured: ReadonlySet<string>): (name: string) => string | undefined {
	return (name) => {
		const slash = name.indexOf('/');
		const pinned = slash > 0 ? catalog.provider(name.slice(0, slash)) : undefined;
		if (pinned !== undefined) return configured.has(pinned.id) ? undefined : addIt(pinned);
		const clouds = catalog.providers().filter(({ kind, status }) => kind === 'public-cloud' && status !== 'retired');
		const maker = clouds.find((row) => catalog.model(row.id, name) !== undefined);
		return maker === undefined || configured.has(maker.id) ? undefined : addIt(maker);
	};
}

function addIt({ name, env, kind, status }: ProviderRow): string {
	if (status === 'retired') return `${name} is retired: its API no longer answers.`;
	if (kind === 'local') return `${name} was not found here: start it, or give its base_url in the config.`;
	const [variable] = env;
	const how = variable === undefined ? 'add it to the config' : `set ${variable} and start again, or add it to the config`;
	return `${name} is not configured: ${how}.`;
}
