import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isLoopback } from '../../catalog/index.ts';
import { reasonOf } from '../../lib/reason.ts';
import { UsageError } from '../terminal/index.ts';

/** A catalog larger than this is none, in bytes. */
const MAX_BYTES = 32 * 1024 * 1024;
const FETCH_LIMIT_MS = 30_000;
const PARTS = ['providers', 'models', 'aliases'];

/**
 * Text of a catalog from a file, a folder with `providers.json`, `models.json` and `aliases.json`, an address of a file, or an
 * address of such a folder, ending in a slash. Throws `UsageError`.
 */
export async function readSource(source: string, cwd: string): Promise<string> {
	const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(source);
	const get = isAddress ? fetchText : (path: string) => Promise.resolve(readText(path));
	const path = isAddress ? source : resolve(cwd, source);
	const folder = isAddress ? source.endsWith('/') : isDirectory(path);
	if (!folder) return await get(path);
	const part = (name: string): string => (isAddress ? new URL(`${name}.json`, path).href : join(path, `${name}.json`));
	const texts = await Promise.all(PARTS.map(async (name) => `${JSON.stringify(name)}:${await get(part(name))}`));
	return `{${texts.join(',')}}`;
}

function isDirectory(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function readText(path: string): string {
	const stats = statSync(path, { throwIfNoEntry: false });
	if (stats === undefined) throw new UsageError(`there is no file ${path}`);
	if (!stats.isFile()) throw new UsageError(`${path} is not a file`);
	if (stats.size > MAX_BYTES) throw tooLarge(path);
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		throw new UsageError(`${path} cannot be read: ${reasonOf(error)}`);
	}
}

const tooLarge = (name: string): UsageError =>
	new UsageError(`${name} is larger than ${MAX_BYTES / 1024 / 1024} MB, which no catalog is`);

/** The catalog says where keys are sent, so it must come over a connection nobody can meddle with. */
async function fetchText(address: string): Promise<string> {
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (url === undefined) throw new UsageError(`${address} is no address`);
	const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
	if (!safe) throw new UsageError(`a catalog says where keys are sent: fetch it over https, or from a file, not from ${address}`);
	const fail = (why: string): UsageError => new UsageError(`${url.origin}${url.pathname} cannot be fetched: ${why}`);
	let response: Response;
	try {
		response = await fetch(url, { signal: AbortSignal.timeout(FETCH_LIMIT_MS), redirect: 'error' });
	} catch (error) {
		throw fail(fetchReason(error));
	}
	if (!response.ok) throw fail(`status ${response.status}`);
	const chunks: Uint8Array[] = [];
	let size = 0;
	try {
		for await (const chunk of response.body ?? []) {
			size += chunk.length;
			if (size > MAX_BYTES) break;
			chunks.push(chunk);
		}
	} catch (error) {
		throw fail(fetchReason(error));
	}
	if (size > MAX_BYTES) throw tooLarge(url.href);
	return Buffer.concat(chunks).toString('utf8');
}

/** `fetch` hides its reasons one level down. */
function fetchReason(error: unknown): string {
	const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	return reasonOf(cause);
}
