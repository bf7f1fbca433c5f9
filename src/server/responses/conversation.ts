import type { KeptTurn } from '../../dialects/index.ts';
import { isObject } from '../../lib/json.ts';
import { type JsonValue, RelaisError } from '../../spec/index.ts';
import type { ResponseStore, StoredResponse } from '../../storage/responses/index.ts';

/** Most turns of a conversation. A chain that is longer is no conversation any more. */
const MAX_TURNS = 10_000;

function missing(message: string): RelaisError {
	const param = 'previous_response_id';
	const error = { message, type: 'invalid_request_error', param, code: 'previous_response_not_found' };
	return new RelaisError('not_found', message, { status: 400, param, providerBody: { error } });
}

/** A request that refers to an answer that is not there, in the words clients know. */
export function previousNotFound(id: string): RelaisError {
	return missing(`Previous response with id '${id.slice(0, 200)}' not found.`);
}

/** The items of an answer. */
export function outputOf({ response }: StoredResponse): JsonValue[] {
	return Array.isArray(response.output) ? response.output.filter(isObject) : [];
}

/**
 * The turns before and with a kept answer, oldest first. Throws `not_found` where an earlier one is no longer kept: the model would
 * answer without knowing what it was told.
 */
export async function turnsUpTo(store: ResponseStore, last: StoredResponse): Promise<(KeptTurn & { id: string })[]> {
	const turns: (KeptTurn & { id: string })[] = [];
	for (let at: StoredResponse = last; ; ) {
		turns.push({ id: at.id, input: at.input, output: outputOf(at) });
		if (at.previous === undefined) return turns.reverse();
		const earlier = turns.length < MAX_TURNS ? await store.get(at.previous, last.owner) : undefined;
		if (earlier === undefined) {
			throw missing(
				`Response '${last.id}' goes on from '${at.previous}', which is no longer kept. Send the whole conversation as input.`,
			);
		}
		at = earlier;
	}
}
