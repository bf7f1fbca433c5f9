import type { IncomingHttpHeaders } from 'node:http';
import type { KeyRing, Principal } from '../policy/auth/index.ts';
import { RelaisError } from '../spec/index.ts';
import { keyInQuery, presentedKey, type Surface } from './surfaces/index.ts';

/**
 * Who sends a request. Throws `unauthorized`, and `forbidden` for a web page of elsewhere in open mode: there no key stands between
 * a page in the user's browser and the user's money, only what browsers say of themselves.
 * @param surface the one spoken, which may take a key in the query of `url`
 */
export function admit(keys: KeyRing, headers: IncomingHttpHeaders, surface?: Pick<Surface, 'keyParameter'>, url = ''): Principal {
	const inQuery = surface?.keyParameter;
	const key = presentedKey(headers) ?? (inQuery === undefined ? undefined : keyInQuery(url, inQuery));
	const principal = keys.authenticate(key);
	if (principal.name === undefined) assertNoForeignPage(headers);
	return principal;
}

/** Names under which only this machine is reached; an address cannot be rebound by a name server either. */
const OWN_HOST = /^(localhost|[\w-]+\.localhost|127\.\d+\.\d+\.\d+|\[[\da-f:.]+\])(:\d+)?$/i;

function assertNoForeignPage(headers: IncomingHttpHeaders): void {
	const { host = '', origin } = headers;
	const site = headers['sec-fetch-site'];
	const foreign =
		(origin !== undefined && hostOf(origin) !== host.toLowerCase()) ||
		(site !== undefined && site !== 'same-origin' && site !== 'none');
	if (!foreign && (host === '' || OWN_HOST.test(host))) return;
	throw new RelaisError(
		'forbidden',
		'Without keys (auth.mode: open) Relais answers programs on this machine only, not web pages of other sites. Use a key.',
	);
}

function hostOf(origin: string): string | undefined {
	return URL.canParse(origin) ? new URL(origin).host : undefined;
}
