import type { HeaderMap, JsonObject, JsonValue, RelaisError, WireEndpoint } from '../spec/index.ts';
import { isObject } from './json.ts';

/** The refusal that a vendor put under a status of success; undefined: there is none. */
export function refusalUnderSuccess(
	wire: Pick<WireEndpoint, 'dialect' | 'refusalIn'>,
	headers: HeaderMap,
	body: JsonObject,
): RelaisError | undefined {
	const { error } = body;
	if (error !== undefined && error !== null) return wire.dialect.decodeError(statusOf(error, body), headers, body);
	return wire.refusalIn?.(body);
}

/** The status that an error names, or what stands around it. */
function statusOf(error: JsonValue, body: JsonObject): number {
	const named = isObject(error) ? [error.status, error.code, body.status] : [body.status];
	return named.map(Number).find((status) => Number.isInteger(status) && status >= 400 && status <= 599) ?? 500;
}
