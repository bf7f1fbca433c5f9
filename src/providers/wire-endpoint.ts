import {
	type BodyChanges,
	type ClientHeaders,
	type Dialect,
	type JsonObject,
	type ModelInfo,
	type ModelTraits,
	type NativeCall,
	type NativeRequest,
	type Operation,
	type ProviderHost,
	type ProviderSettings,
	RelaisError,
	type Signer,
	type Timeouts,
	type Warning,
	type WireCall,
	type WireEndpoint,
} from '../spec/index.ts';
import type { VendorDescriptor } from './descriptor.ts';
import { nativeCall, PathBook } from './native.ts';
import { applyRules, type BodyRule } from './rules.ts';

/** Facts on models are remembered for this many names; pinned names come from clients, so the memory is bounded. */
export const REMEMBERED_MODELS = 2000;

interface HeaderFields {
	[name: string]: string;
}

/** The HTTP side of a vendor: addresses, headers and body rules, computed once and reused by every call. */
export class VendorEndpoint implements WireEndpoint {
	readonly dialect: Dialect;
	readonly timeouts: Timeouts;
	readonly sign?: Signer;
	readonly translates?: true;
	readonly refusalIn?: (body: JsonObject) => RelaisError | undefined;
	readonly #descriptor: VendorDescriptor;
	readonly #origin: string;
	readonly #basePath: string;
	/** Headers no client can override, as alternating names and values. */
	readonly #fixedHeaders: string[];
	/** The vendor's own headers, which a client may override. */
	readonly #defaultHeaders: HeaderFields;
	/** Names of headers taken over from clients. */
	readonly #clientHeaders: readonly string[];
	/** All headers, for the usual call in which the client sets none. */
	readonly #plainHeaders: string[];
	readonly #models: ReadonlyMap<string, ModelInfo>;
	readonly #traits = new Map<string, ModelTraits>();
	/** Made for the first native call. */
	#book: PathBook | undefined;
	/** Undefined: there are none. */
	readonly #rules: readonly BodyRule[] | undefined;

	/** @param models catalog rows by id. Throws `config_invalid` for an address that is missing or not a URL. */
	constructor(
		descriptor: VendorDescriptor,
		settings: ProviderSettings,
		host: ProviderHost,
		models: ReadonlyMap<string, ModelInfo>,
	) {
		const url = baseUrlOf(descriptor, settings);
		this.dialect = host.dialect(descriptor.dialect);
		this.timeouts = settings.timeouts;
		this.#descriptor = descriptor;
		this.#origin = url.origin;
		this.#basePath = url.pathname.replace(/\/+$/, '');
		this.#models = models;
		const fixed = fixedHeaders(descriptor, settings);
		const isFree = (name: string): boolean => !Object.hasOwn(fixed, name);
		this.#defaultHeaders = Object.fromEntries(Object.entries(descriptor.headers ?? {}).filter(([name]) => isFree(name)));
		this.#clientHeaders = (descriptor.clientHeaders ?? []).filter(isFree);
		this.#fixedHeaders = Object.entries(fixed).flat();
		this.#plainHeaders = [...Object.entries(this.#defaultHeaders).flat(), ...this.#fixedHeaders];
		if (descriptor.translates !== undefined) this.translates = descriptor.translates;
		if (descriptor.refusalIn !== undefined) this.refusalIn = descriptor.refusalIn;
		const sign = descriptor.signer?.(settings, host);
		if (sign !== undefined) this.sign = sign;
		const rules = [...(descriptor.rules ?? []), ...(descriptor.rulesOf?.(settings) ?? [])];
		this.#rules = rules.length === 0 ? undefined : rules;
	}

	traits(model: string): ModelTraits {
		const known = this.#traits.get(model);
		if (known !== undefined) return known;
		const row = this.#models.get(model) ?? this.#models.get(this.#descriptor.baseModel?.(model) ?? model);
		const maxOutput = row?.maxOutput ?? null;
		const traits = this.#descriptor.traits?.(model, maxOutput, row) ?? (maxOutput === null ? {} : { maxOutputTokens: maxOutput });
		if (this.#traits.size >= REMEMBERED_MODELS) this.#traits.clear();
		this.#traits.set(model, traits);
		return traits;
	}

	/** Looks facts on models up anew: there are new ones. */
	forget(): void {
		this.#traits.clear();
	}

	supports(operation: Operation): boolean {
		return this.#path(operation) !== undefined;
	}

	call(operation: Operation, model: string, clientHeaders: ClientHeaders, stream = false): WireCall {
		const path = this.#path(operation, stream);
		if (path === undefined) throw new RelaisError('unsupported', `${this.#descriptor.title} has no endpoint for ${operation}`);
		return {
			origin: this.#origin,
			method: operation === 'models' ? 'GET' : 'POST',
			path: this.#basePath + (path.includes('{model}') ? path.replace('{model}', () => segment(model)) : path),
			headers: this.#headers(clientHeaders),
		};
	}

	/** A call to an address that concerns no model; credentials that need signing are not on it yet (`Ask`). */
	plainCall(path: string, { origin, body }: { origin?: string; body?: JsonObject } = {}): WireCall {
		const call: WireCall = {
			origin: origin ?? this.#origin,
			method: body === undefined ? 'GET' : 'POST',
			path: origin === undefined ? this.#basePath + path : path,
			headers: this.#plainHeaders,
		};
		return body === undefined ? call : { ...call, body: JSON.stringify(body) };
	}

	/** A client's own call to the vendor's API. Throws `invalid_request` for a path that climbs out of it. */
	native(request: NativeRequest): NativeCall {
		this.#book ??= new PathBook(this.#basePath, this.#descriptor.paths);
		const path = this.#book.resolve(request.path);
		const call = nativeCall(request, this.#origin, path, this.#fixedHeaders, this.#defaultHeaders);
		return { call, wire: this, ...this.#book.find(path) };
	}

	bodyChanges(body: JsonObject, model: string, warn: (warning: Warning) => void): BodyChanges | null {
		return this.#rules === undefined ? null : applyRules(this.#rules, body, model, this.traits(model), warn);
	}

	#path(operation: Operation, stream = false): string | undefined {
		const { paths } = this.#descriptor;
		return stream && operation === 'chat' ? (paths.chatStream ?? paths.chat) : paths[operation];
	}

	#headers(clientHeaders: ClientHeaders): string[] {
		let own: HeaderFields | undefined;
		for (const name of this.#clientHeaders) {
			const value = clientHeaders[name];
			if (value === undefined) continue;
			own ??= { ...this.#defaultHeaders };
			own[name] = value;
		}
		return own === undefined ? this.#plainHeaders : [...Object.entries(own).flat(), ...this.#fixedHeaders];
	}
}

/**
 * A model's id as one segment of a path. `@` may stand there as it is, and some vendors' ids have it before a version. Throws
 * `provider_not_found` for what servers take for a step in the path.
 */
function segment(model: string): string {
	if (model === '.' || model === '..') throw new RelaisError('provider_not_found', `"${model}" is no model`);
	return encodeURIComponent(model).replaceAll('%40', '@');
}

/** The address to use: the config's, else the vendor's with its placeholders filled from the settings. */
export function baseUrlOf(descriptor: VendorDescriptor, settings: ProviderSettings): URL {
	const given = settings.baseUrl ?? descriptor.baseUrl;
	const fail = (message: string): never => {
		throw new RelaisError('config_invalid', `provider "${settings.name}": ${message}`, { provider: settings.name });
	};
	if (given === undefined) return fail('no base_url. Set base_url, e.g. base_url: http://127.0.0.1:8000/v1');
	const filled = given.replace(/\{(\w+)\}/g, (_, key: string) => {
		const value = settings.options[key];
		const stated = (typeof value === 'string' && value !== '') || typeof value === 'number';
		return stated ? encodeURIComponent(value) : fail(`base_url ${given} needs the option "${key}"`);
	});
	const adapted = descriptor.adaptBaseUrl?.(filled) ?? filled;
	if (!URL.canParse(adapted)) return fail(`base_url "${adapted}" is not a URL`);
	const url = new URL(adapted);
	if (url.protocol !== 'http:' && url.protocol !== 'https:')
		return fail(`base_url "${adapted}" must begin with http:// or https://`);
	if (url.username !== '' || url.password !== '')
		return fail('base_url holds a user or a password: put credentials into api_key or headers');
	if (url.search !== '' || url.hash !== '')
		return fail(`base_url "${adapted}" holds a query or a fragment, which an address that paths follow cannot`);
	return url;
}

/** Headers of every call that the config decides on: what it gives under `headers` goes before all else. */
export function fixedHeaders(descriptor: VendorDescriptor, settings: ProviderSettings): HeaderFields {
	const headers: HeaderFields = { 'content-type': 'application/json' };
	const { apiKey: key, options } = settings;
	// An explicit `auth: bearer` serves accounts whose token goes into Authorization whatever the vendor's usual header.
	const scheme = options.auth === 'bearer' ? 'bearer' : descriptor.auth;
	if (key !== undefined && key !== '' && scheme !== 'signed') {
		if (scheme === 'bearer') headers.authorization = `Bearer ${key}`;
		else headers[scheme] = key;
	}
	for (const [option, name] of Object.entries(descriptor.optionHeaders ?? {})) {
		const value = options[option];
		if (typeof value === 'string' && value !== '') headers[name] = value;
	}
	for (const [name, value] of Object.entries(settings.headers)) headers[name.toLowerCase()] = value;
	return headers;
}
