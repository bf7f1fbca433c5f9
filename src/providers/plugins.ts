import { pathToFileURL } from 'node:url';
import { reasonOf } from '../lib/reason.ts';
import { type ProviderType, RelaisError } from '../spec/index.ts';

/**
 * Loads a user's own provider module: its default export is a `ProviderType` or a list of them. Throws `config_invalid` naming the
 * file when it cannot be loaded or exports something else.
 */
export async function loadPlugin(path: string): Promise<ProviderType[]> {
	let loaded: { default?: unknown };
	try {
		loaded = (await import(pathToFileURL(path).href)) as { default?: unknown };
	} catch (error) {
		const reason = reasonOf(error);
		throw new RelaisError('config_invalid', `plug-in ${path} cannot be loaded: ${reason}`, { cause: error });
	}
	const exported = Array.isArray(loaded.default) ? loaded.default : [loaded.default];
	if (exported.length === 0 || !exported.every(isProviderType)) {
		throw new RelaisError(
			'config_invalid',
			`plug-in ${path} must export as default a provider type: { type: string, title: string, create(settings, host) }`,
		);
	}
	return exported;
}

function isProviderType(value: unknown): value is ProviderType {
	if (typeof value !== 'object' || value === null) return false;
	const { type, title, create } = value as { type?: unknown; title?: unknown; create?: unknown };
	return typeof type === 'string' && type !== '' && typeof title === 'string' && typeof create === 'function';
}
