import { continued, inputItems } from '../../dialects/index.ts';
import { type JsonObject, type JsonValue, RelaisError } from '../../spec/index.ts';
import type { ResponseStore, StoredResponse } from '../../storage/responses/index.ts';
import type { Incoming, Prepared } from '../surfaces/surface.ts';
import { previousNotFound, turnsUpTo } from './conversation.ts';
import { hasReferences, withItems } from './references.ts';
import { keepingReasoning, nativeOnly, onlyNatively, vendorsOnly } from './targets.ts';

/** What a request goes on from. */
interface Ground {
	/** The answer, where Relais has all that was said. */
	kept?: StoredResponse;
	/** What the request adds to it. */
	input?: JsonValue | undefined;
	/** Where the vendor alone has it: what to say where no vendor could. */
	elsewhere?: () => RelaisError;
}

/** The id of the answer a request goes on from. Throws `invalid_request` for what is none. */
function previousOf({ previous_response_id: id }: JsonObject): string | undefined {
	if (id === undefined || id === null) return undefined;
	if (typeof id === 'string' && id !== '') return id;
	throw new RelaisError('invalid_request', "'previous_response_id' must be the id of a response.", {
		param: 'previous_response_id',
	});
}

/** What the conversation of a request rests on. Throws `not_found` for the answer of another key: a vendor that all share would tell it. */
async function groundOf(store: ResponseStore, id: string, owner: string | undefined): Promise<Ground> {
	const kept = await store.get(id, owner);
	const elsewhere = (): RelaisError => previousNotFound(id);
	if (kept !== undefined) return kept.elsewhere === true ? { elsewhere } : { kept };
	if (await store.isTaken(id)) throw previousNotFound(id);
	return { elsewhere };
}

/** Statuses of answers that are over. */
const OVER: ReadonlySet<JsonValue | undefined> = new Set(['completed', 'incomplete']);

/** Puts an answer away once it is whole. `elsewhere`: a part of its conversation is with the vendor alone. */
function keeper(incoming: Incoming, { kept, input }: Ground, elsewhere: boolean): (answer: JsonObject) => void {
	const { relais, principal } = incoming;
	return (answer) => {
		const { id, status } = answer;
		if (typeof id !== 'string' || !OVER.has(status ?? 'completed')) return;
		relais.responses.put({
			id,
			owner: principal.name,
			createdAt: Date.now(),
			...(kept === undefined ? {} : { previous: kept.id }),
			...(elsewhere ? { elsewhere } : {}),
			input: inputItems(input),
			response: answer,
		});
	};
}

/** @param body the client's own, or with the conversation that was kept */
function prepared(incoming: Incoming, ground: Ground, body: JsonObject): Prepared {
	const { elsewhere } = ground;
	const { raw, operation } = incoming;
	const field = vendorsOnly(body);
	const keeps = operation === 'chat' && body.store !== false;
	const vendorHasMore = elsewhere !== undefined || (field !== undefined && field !== 'background');
	return {
		body,
		foreign: body !== incoming.body,
		asked: incoming.body,
		...(keeps ? { onAnswer: keeper(incoming, { input: body.input, ...ground }, vendorHasMore) } : {}),
		fit(planned) {
			let plan = planned;
			if (elsewhere !== undefined) plan = nativeOnly(plan, elsewhere);
			if (field !== undefined) plan = nativeOnly(plan, () => onlyNatively(field, planned));
			return { plan, ...(keeps ? keepingReasoning(plan, body, raw) : { body, raw }) };
		},
	};
}

/**
 * Makes a request whole: what Relais has kept of its conversation goes into its input, so that any target can answer, and the answer
 * will be kept in turn. What only a vendor can go on from is sent to vendors of the API alone.
 */
export function prepare(incoming: Incoming): Prepared | Promise<Prepared> {
	const { body } = incoming;
	const id = previousOf(body);
	if (id === undefined && !hasReferences(body.input)) return prepared(incoming, {}, body);
	return madeWhole(incoming, id);
}

async function madeWhole(incoming: Incoming, id: string | undefined): Promise<Prepared> {
	const { relais, principal, body } = incoming;
	const { responses } = relais;
	const ground = id === undefined ? {} : await groundOf(responses, id, principal.name);
	const { input: given } = body;
	const input = Array.isArray(given) ? await withItems(responses, given, principal.name) : given;
	const own = input === given ? body : { ...body, input };
	if (ground.kept === undefined) return prepared(incoming, ground, own);
	const { previous_response_id: _, ...rest } = own;
	const turns = await turnsUpTo(responses, ground.kept);
	return prepared(incoming, { ...ground, input }, { ...rest, input: continued(turns, input) });
}
