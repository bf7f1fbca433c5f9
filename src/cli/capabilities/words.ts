import type { Endpoints, ModelRow, ProviderCapabilities } from '../../engine/index.ts';
import type { ModelCapabilities } from '../../spec/index.ts';

/** Abilities in the order they are shown. */
const SHOWN: readonly (keyof ModelCapabilities)[] = [
	'chat',
	'streaming',
	'tools',
	'jsonSchema',
	'vision',
	'reasoning',
	'embeddings',
	'dataSources',
];

/** Names of the endpoints there are. */
export function endpointWords(endpoints: Endpoints): string[] {
	return Object.entries(endpoints).flatMap(([name, there]) => (there ? [name] : []));
}

/** What a model is known to be able to do. */
export function abilityWords({ capabilities, mode }: ModelRow): string[] {
	const kinds = ['rerank', 'moderation'].filter((kind) => kind === mode);
	return [...SHOWN.filter((name) => capabilities[name] === true), ...kinds];
}

/** A number in the way of a language; `?`: not known. */
export function figure(value: number | null, language = 'en'): string {
	return value === null ? '?' : value.toLocaleString(language, { maximumFractionDigits: 6 });
}

/** The first variable to set. */
export const keyWord = ({ keyVariables }: ProviderCapabilities, none: string): string => keyVariables[0] ?? none;
