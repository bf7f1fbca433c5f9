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
		if (/(^|\/)(\.|%2e){1,2}(\/|\?|$)/i.test(given)) {
			throw new RelaisError('invalid_request', 'A native path must not hold "." or ".." as a part.');
		}
		const bare = this.#basePath + given;
		if (this.find(bare) !== undefined) return bare;
		return given.startsWith(`${this.#root}/`) ? given : this.#root + given;
	}
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

/** The query without a client's key, which is Relais's and nobody else's. */
function withoutKey(path: string): string {
	const [plain = '', query] = path.split('?', 2);
	if (query === undefined) return plain;
	const kept = query.split('&').filter((pair) => pair !== '' && !/^(key|api_key)=/i.test(pair));
	return kept.length === 0 ? plain : `${plain}?${kept.join('&')}`;
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
