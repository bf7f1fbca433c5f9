import { completeAddress, isLoopback, LOCAL_SERVERS, mayHaveQuery, type ProviderRow } from '../catalog/index.ts';
import type { FoundVariable } from './environment-variables.ts';

/** An address that servers listen on and nobody can call. */
const LISTENING = /^(https?:\/\/)?(0\.0\.0\.0|\[::\])(:\d+)?\/?$/;

/** Whether an address says where a local server of a type listens, rather than whom to call. */
export function isListening(address: string, type: string): boolean {
	return LISTENING.test(address) && LOCAL_SERVERS.some((server) => server.type === type);
}

/** The address made whole, or why it cannot be used. `usual`: the type's own address, empty where it has none. */
export function wholeAddress(
	{ variable, value }: FoundVariable,
	usual: string,
	row: ProviderRow | undefined,
	own: { host: string; port: number },
): { address: string } | { refused: string } {
	const address = completeAddress(value, usual === '' ? undefined : usual);
	if (address === undefined) return { refused: `${variable} is not an address: the provider is left out` };
	const url = new URL(address);
	if (url.username !== '' || url.password !== '' || !mayHaveQuery(url, row)) {
		return { refused: `${variable} holds a user, a password or a query, which an address cannot: the provider is left out` };
	}
	if (leadsBack(url, own)) return { refused: `${variable} is Relais's own address: the provider is left out` };
	return { address };
}

/** Whether an address, whatever its placeholders, is one of this machine. */
export function isLocal(baseUrl: string): boolean {
	const plain = baseUrl.replace(/\{\w+\}/g, 'x');
	return URL.canParse(plain) && isLoopback(new URL(plain).hostname);
}

/** The origin of an address; undefined where it is none. */
export function originOf(baseUrl: string): string | undefined {
	return URL.canParse(baseUrl) ? new URL(baseUrl).origin : undefined;
}

/** Whether an address is Relais's own, so that a request would go round in circles. */
export function leadsBack(url: URL, own: { host: string; port: number }): boolean {
	const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
	const host = url.hostname.replace(/^\[|\]$/g, '');
	return (
		own.port !== 0 && port === own.port && (isLoopback(url.hostname) || host === '0.0.0.0' || host === '::' || host === own.host)
	);
}
