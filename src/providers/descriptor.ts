import type { ModelTraits } from '../spec/index.ts';
import type { BodyRule } from './rules.ts';

/** How a vendor wants the key. `optional-bearer`: as bearer when a key is set, no header otherwise (local servers). */
export type AuthScheme = 'bearer' | 'optional-bearer' | 'x-api-key' | 'none';

/**
 * A vendor that speaks a known dialect, as data. Most vendors are a catalog row turned into one of these by `catalog-types.ts`; a
 * vendor with habits of its own has a folder beside it that supplies `traits` and `rules`.
 */
export interface VendorDescriptor {
	type: string;
	title: string;
	/** Row of the catalog its models and prices come from. */
	catalogId?: string;
	/** Name of the dialect it speaks. */
	dialect: string;
	/** May hold `{placeholders}` that settings fill in. Absent: the config must give a base URL. */
	baseUrl?: string;
	/** Normalises what users give as the address. */
	adaptBaseUrl?(url: string): string;
	auth: AuthScheme;
	/** Variables a key is usually found in, for messages. */
	keyVariables: readonly string[];
	docsUrl?: string;
	/** Paths after the base URL; absent: the vendor has no such endpoint. */
	paths: { chat: string; countTokens?: string; models?: string };
	/** Headers of every call. */
	headers?: { readonly [name: string]: string };
	/** Headers a client of the same dialect may set, passed on as they are and overriding `headers`. */
	clientHeaders?: readonly string[];
	/** Settings (`options` in the config) that become headers. */
	optionHeaders?: { readonly [option: string]: string };
	traits?(model: string, maxOutputTokens: number | null): ModelTraits;
	rules?: readonly BodyRule[];
	/** Set when the vendor's API is gone: what to say to somebody who configures it. */
	retired?: string;
}
