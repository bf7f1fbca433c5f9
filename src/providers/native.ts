import { type NativeRequest, type Operation, RelaisError, type WireCall } from '../spec/index.ts';
import type { WirePaths } from './descriptor.ts';

/** What a path of a vendor's API is. */
export interface KnownPath {
	operation: Operation;
	model?: string;
	stream?: boolean;
}

interface Pattern {
	pattern: RegExp;
	operation: Operation;
	stream: boolean;
}

const STREAMS = 'chatStream';

/** Tells the endpoints of a vendor by their paths. */
export class PathBook {
	readonly #basePath: string;
	/** What stands before the version: `/api` of `/api/v1`. */
	readonly #root: string;
	readonly #patterns: readonly Pattern[];

	/** @param basePath path of the base URL, without a closing slash */
	constructor(basePath: string, paths: WirePaths) {
		this.#basePath = basePath;
		this.#root = basePath.replace(/\/v\d+\w*$/, '');
		this.#patterns = Object.entries(paths).map(([key, path]) => ({
			pattern: patternOf(basePath + (path.split('?', 1)[0] ?? '')),
			operation: key === STREAMS ? 'chat' : (key as Operation),
			stream: key === STREAMS,
		}));
	}

	/** The endpoint a full path belongs to; undefined for one that Relais has no use for itself. */
	find(path: string): KnownPath | undefined {
		const plain = path.split('?', 1)[0] ?? '';
		for (const { pattern, operation, stream } of this.#patterns) {
			const model = pattern.exec(plain)?.[1];
			if (!pattern.test(plain)) continue;
			return { operation, ...(model === undefined ? {} : { model: decoded(model) }), ...(stream ? { stream } : {}) };
		}
		return undefined;
	}

	/**
	 * The path at the vendor of what a client wrote behind `native`: with the version or, for endpoints that are known, without it.
	 * Throws `invalid_request` for one that climbs out of the API.
	 */
	resolve(given: string): string {
		if (climbs(given)) {
			throw new RelaisError('invalid_request', 'A native path must not hold "." or ".." as a part.');
		}
		const bare = this.#basePath + given;
		if (this.find(bare) !== undefined) return bare;
		return this.#overlapping(given) ?? this.#root + given;
	}

	/** The path where it begins as the root does, or as the root's end does behind a proxy's own path. */
	#overlapping(given: string): string | undefined {
		const root = this.#root;
		for (let at = root.indexOf('/'); at >= 0; at = root.indexOf('/', at + 1))
			if (given.startsWith(`${root.slice(at)}/`)) return root.slice(0, at) + given;
		return undefined;
	}
}

/** What may stand for itself in a path and is a part of its form for servers that decode it first. */
const FORM: { readonly [code: string]: string } = { '2e': '.', '2f': '/', '5c': '\\', '3b': ';', '23': '#', '3f': '?' };

/** Whether a path has a part that is `.` or `..` for any server, also one that decodes twice, or takes `\` for a slash or `;` for an end. */
function climbs(path: string): boolean {
	const [plain = ''] = path.split('?', 1);
	const read = plain.replace(/%(?:25)*(2e|2f|5c|3b|23|3f)/gi, (_, code: string) => FORM[code.toLowerCase()] ?? '');
	return read.split(/[\\/]/).some((part) => /^\.{1,2}([;#?]|$)/.test(part));
}

function patternOf(template: string): RegExp {
	const escaped = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
	return new RegExp(`^${escaped.replace('{model}', '([^/]+?)').replace(/\{\w+\}/g, '[^/]+')}$`);
}

function decoded(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}

/** The path without a client's key in its query, which is Relais's and nobody else's. */
function withoutKey(path: string): string {
	const at = path.indexOf('?');
	if (at < 0) return path;
	const kept = path
		.slice(at + 1)
		.split('&')
		.filter((pair) => pair !== '' && !isKey(pair));
	return kept.length === 0 ? path.slice(0, at) : `${path.slice(0, at)}?${kept.join('&')}`;
}

/** Whether a pair of a query is a key, however its name is written. */
function isKey(pair: string): boolean {
	const [name = ''] = new URLSearchParams(pair).keys();
	return /^(key|api_key)$/i.test(name);
}

/**
 * The call at the vendor. Of the headers the vendor's own (credentials, what the config adds) go before the client's; the type of
 * the body is the client's business.
 * @param path full path at the vendor
 * @param fixed alternating names and values that no client can override
 * @param defaults headers of the vendor that a client may override
 */
export function nativeCall(
	request: NativeRequest,
	origin: string,
	path: string,
	fixed: readonly string[],
	defaults: { readonly [name: string]: string },
): WireCall {
	const headers = new Map<string, string>(Object.entries(defaults));
	for (const [name, value] of request.headers) headers.set(name, value);
	for (let at = 0; at < fixed.length; at += 2) {
		const name = fixed[at] ?? '';
		if (name !== 'content-type') headers.set(name, fixed[at + 1] ?? '');
	}
	const call: WireCall = { origin, method: request.method, path: withoutKey(path), headers: [...headers].flat() };
	return request.body === undefined ? call : { ...call, body: request.body };
}
