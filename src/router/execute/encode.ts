import { spliceTopLevel, spliceTopLevelPieces } from '../../lib/json-splice.ts';
import {
	type Dialect,
	isRelaisError,
	type JsonObject,
	RelaisError,
	type TokenCounting,
	type Warning,
	type WireEndpoint,
} from '../../spec/index.ts';
import type { Target } from '../types.ts';
import { type AttemptContext, withChanges } from './attempt.ts';
import { withParam } from './blame.ts';

/** From this size on, in bytes, a body goes out in pieces: putting them together would cost more than sending them apart. */
const LARGE = 64 * 1024;

/** A body ready for a vendor and what was lost in making it. */
export interface EncodedBody {
	body: Uint8Array | string | Uint8Array[];
	warnings: Warning[];
}

/**
 * Same dialect: the client's own bytes, with the model and the vendor's quirks spliced in. Nothing else is touched, so unknown
 * fields, number formats and key order survive.
 */
export function passThroughBody(context: AttemptContext, wire: WireEndpoint, target: Target): EncodedBody {
	const { body, raw } = context.request;
	const warnings: Warning[] = [];
	const changes: JsonObject = wire.bodyChanges(body, target.model, (warning) => warnings.push(warning)) ?? {};
	// A vendor's rule on the model goes before: some have it in the path whatever the dialect.
	if (wire.dialect.modelInPath !== true && body.model !== target.model && !('model' in changes)) changes.model = target.model;
	const texts: { [key: string]: string | undefined } = {};
	let changed = false;
	for (const key in changes) {
		const value = changes[key];
		texts[key] = value === undefined ? undefined : JSON.stringify(value);
		changed = true;
	}
	if (!changed) return { body: raw, warnings };
	const splice = raw.length > LARGE ? spliceTopLevelPieces : spliceTopLevel;
	return { body: splice(raw, texts) ?? JSON.stringify(withChanges(ownMembers(wire.dialect, body), changes)), warnings };
}

/** The body without what a surface added to it. */
function ownMembers(dialect: Dialect, body: JsonObject): JsonObject {
	return dialect.modelInPath === true ? { ...body, model: undefined, stream: undefined } : body;
}

/** Different dialects: through the canonical form. Throws `invalid_request` or `unsupported`. */
export function canonicalBody(context: AttemptContext, wire: WireEndpoint, target: Target): EncodedBody {
	const decoded = context.canonical();
	const { encodeRequest } = context.request.operation === 'count_tokens' ? counting(wire.dialect) : wire.dialect;
	const { surface, body } = context.request;
	const encoded = inClientsWords(surface, body, () =>
		encodeRequest(decoded.value, { model: target.model, traits: wire.traits(target.model) }),
	);
	const warnings = [...decoded.warnings, ...encoded.warnings.map((warning) => located(surface, body, warning))];
	const changes = wire.bodyChanges(encoded.value, target.model, (warning) => warnings.push(warning));
	return { body: JSON.stringify(withChanges(encoded.value, changes)), warnings };
}

/** A warning about the canonical request, with the path as the client's own body has it. */
export function located(surface: Dialect, body: JsonObject, warning: Warning): Warning {
	const path = surface.locate(body, warning.path);
	return path === warning.path ? warning : { ...warning, path };
}

/** Runs an encoder of the canonical request; the field it refuses is named as the client's own body has it. */
function inClientsWords<T>(surface: Dialect, body: JsonObject, encode: () => T): T {
	try {
		return encode();
	} catch (error) {
		throw isRelaisError(error) && error.param !== undefined ? withParam(error, surface.locate(body, error.param)) : error;
	}
}

/** The dialect's words for counting tokens. Only targets that have them are asked to count. */
export function counting(dialect: Dialect): TokenCounting {
	if (dialect.counting !== undefined) return dialect.counting;
	throw new RelaisError('unsupported', `${dialect.name} has no call that counts tokens`);
}
