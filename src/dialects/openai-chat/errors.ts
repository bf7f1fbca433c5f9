import { sseEvent } from '../../lib/sse.ts';
import type { RelaisError } from '../../spec/index.ts';
import { errorObject } from '../shared/openai-errors/index.ts';

/** Writes an error into a stream that has begun. */
export function encodeStreamError(error: RelaisError, _requestId = ''): string {
	return sseEvent(JSON.stringify({ error: errorObject(error) }));
}
