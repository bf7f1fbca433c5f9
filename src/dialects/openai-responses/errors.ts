import { sseEvent } from '../../lib/sse.ts';
import type { JsonObject, RelaisError } from '../../spec/index.ts';
import { errorObject } from '../shared/openai-errors/index.ts';

/**
 * The members of an `error` event. They stand on the event itself, as documented, and once more under `error`, where official clients
 * look first because the vendor's own servers put them there.
 */
export function errorEvent(error: RelaisError): JsonObject {
	const body = errorObject(error);
	return { code: body.code ?? null, message: body.message, param: body.param ?? null, error: body };
}

/** Writes an error into a stream that has begun. */
export function encodeStreamError(error: RelaisError, _requestId = ''): string {
	return sseEvent(JSON.stringify({ type: 'error', sequence_number: 0, ...errorEvent(error) }), 'error');
}
