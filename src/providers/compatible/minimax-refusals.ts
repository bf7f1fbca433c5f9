import { isObject } from '../../lib/json.ts';
import { type ErrorCode, type JsonObject, RelaisError } from '../../spec/index.ts';

/** What the vendor's own codes mean (its documentation of errors; 0 is success). Codes that are not here are failures of its own. */
const CODES: { readonly [code: number]: ErrorCode } = {
	1001: 'provider_timeout',
	1002: 'rate_limited',
	1004: 'provider_auth',
	1008: 'provider_quota',
	1026: 'content_filtered',
	1027: 'content_filtered',
	1039: 'context_overflow',
	2013: 'provider_rejected',
	2049: 'provider_auth',
};

/** The error in an answer under status 200: `{"base_resp": {"status_code": 1008, "status_msg": "..."}}`. */
export function refusalIn(body: JsonObject): RelaisError | undefined {
	const report = body.base_resp;
	if (!isObject(report) || typeof report.status_code !== 'number' || report.status_code === 0) return undefined;
	const { status_code: code, status_msg: message } = report;
	return new RelaisError(
		CODES[code] ?? 'provider_error',
		typeof message === 'string' && message !== '' ? message : `error ${code}`,
		{
			providerCode: String(code),
			providerBody: body,
		},
	);
}
