import { globMatcher } from '../lib/glob.ts';
import { nearest } from '../lib/nearest.ts';
import { RelaisError } from '../spec/index.ts';
import type { CapabilityTable, ModelRow, ProviderCapabilities } from './capabilities.ts';

/** In the order they are shown. */
const CAPABILITIES = [
	'chat',
	'streaming',
	'tools',
	'jsonSchema',
	'vision',
	'reasoning',
	'embeddings',
	'dataSources',
	'rerank',
	'moderation',
] as const;

/** What one can ask a model for: its capabilities, and the kinds of models that are none of them. */
export type CapabilityName = (typeof CAPABILITIES)[number];

/** Which rows are wanted; absent: all. */
export interface CapabilityFilter {
	/** Name or type of a provider. */
	provider?: string | undefined;
	/** Id, other name, or `provider/model`; `*` stands for any run of characters. Letters count alike, large or small. */
	model?: string | undefined;
	/** All of them must be known to be there. */
	capabilities?: readonly CapabilityName[];
	/** Whether the asker may use a model of a provider of the config, by the names it goes by. */
	mayUse?(names: readonly string[]): boolean;
}

/** The capability a word means: `jsonSchema`, `json-schema` and `json_schema` alike. Throws `invalid_request` with those there are. */
export function capabilityNamed(word: string): CapabilityName {
	const plain = (text: string): string => text.toLowerCase().replace(/[-_]/g, '');
	const found = CAPABILITIES.find((name) => plain(name) === plain(word));
	if (found !== undefined) return found;
	throw new RelaisError(
		'invalid_request',
		`There is no capability "${word.slice(0, 100)}". There are ${CAPABILITIES.join(', ')}.`,
		{
			param: 'capability',
		},
	);
}

function hasCapability(model: ModelRow, name: CapabilityName): boolean {
	return name === 'rerank' || name === 'moderation' ? model.mode === name : model.capabilities[name] === true;
}

/** What a model is known to be able to do, in the order it is shown. */
export function capabilitiesOf(model: ModelRow): CapabilityName[] {
	return CAPABILITIES.filter((name) => hasCapability(model, name));
}

/**
 * The rows a filter leaves. A provider of whose models none is left is left out, unless it has none at all and no model was asked for.
 * Throws `invalid_request` for a provider that is not there, with the nearest names.
 */
export function filterCapabilities(table: CapabilityTable, filter: CapabilityFilter): CapabilityTable {
	const wanted = providersOf(table, filter.provider);
	const asks = filter.model !== undefined || (filter.capabilities?.length ?? 0) > 0;
	const providers = wanted.flatMap((provider) => {
		const models = provider.models.filter((model) => isWanted(provider, model, filter));
		const isEmpty = models.length === 0 && (provider.models.length > 0 || asks || !mayAsk(provider, filter));
		return isEmpty ? [] : [{ ...provider, models }];
	});
	return { ...table, providers };
}

/** Whether the asker may use any model of a provider of the config. */
function mayAsk({ name, configured }: ProviderCapabilities, { mayUse }: CapabilityFilter): boolean {
	return !configured || mayUse?.([`${name}/*`]) !== false;
}

function providersOf({ providers }: CapabilityTable, name: string | undefined): readonly ProviderCapabilities[] {
	if (name === undefined) return providers;
	const found = providers.filter((row) => row.name === name || row.type === name);
	if (found.length > 0) return found;
	const near = nearest(
		name,
		providers.flatMap((row) => [row.name, row.type]),
	);
	const message = `There is no provider named "${name.slice(0, 100)}" here. ${hintOf(near, providers)}`;
	throw new RelaisError('invalid_request', message, { param: 'provider' });
}

/** Most names worth reading in a message. */
const MOST_NAMES = 10;

function hintOf(near: readonly string[], providers: readonly ProviderCapabilities[]): string {
	if (near.length > 0) return `Did you mean ${near.map((other) => `"${other}"`).join(' or ')}?`;
	if (providers.length === 0) return 'None is configured.';
	const names = providers.slice(0, MOST_NAMES).map((row) => row.name);
	return `There are ${names.join(', ')}${providers.length > MOST_NAMES ? ' and others' : ''}.`;
}

function isWanted(
	provider: ProviderCapabilities,
	model: ModelRow,
	{ model: glob, capabilities = [], mayUse }: CapabilityFilter,
): boolean {
	const bare = [model.id, ...model.aliases];
	const names = [...bare, ...bare.map((name) => `${provider.name}/${name}`)];
	if (provider.configured && mayUse?.(names) === false) return false;
	if (!capabilities.every((name) => hasCapability(model, name))) return false;
	if (glob === undefined) return true;
	return names.some(globMatcher(glob, true));
}
