import type { Endpoints, ProviderCapabilities } from '../../engine/index.ts';

/** Names of the endpoints there are. */
export function endpointWords(endpoints: Endpoints): string[] {
	return Object.entries(endpoints).flatMap(([name, there]) => (there ? [name] : []));
}

/** A number in the way of a language; `?`: not known. */
export function figure(value: number | null, language = 'en'): string {
	return value === null ? '?' : value.toLocaleString(language, { maximumFractionDigits: 6 });
}

/** The first variable to set. */
export const keyWord = ({ keyVariables }: ProviderCapabilities, none: string): string => keyVariables[0] ?? none;
