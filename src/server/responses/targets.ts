import { openaiResponses } from '../../dialects/index.ts';
import { spliceTopLevel } from '../../lib/json-splice.ts';
import { type Plan, type Target, wireOf } from '../../router/index.ts';
import { type JsonObject, RelaisError, type WireEndpoint } from '../../spec/index.ts';
import { hasReferences } from './references.ts';

/** The target's own endpoint of the Responses API, where it has one. */
function nativeWire({ provider, model }: Target): WireEndpoint | undefined {
	const wire = wireOf(provider, model, openaiResponses);
	return wire?.dialect === openaiResponses ? wire : undefined;
}

/** What only a vendor of this API can do, by the field that asks for it; undefined: nothing. */
export function vendorsOnly(body: JsonObject): string | undefined {
	if (body.background === true) return 'background';
	const field = ['conversation', 'prompt'].find((key) => (body[key] ?? null) !== null);
	if (field !== undefined) return field;
	return hasReferences(body.input) ? 'input' : undefined;
}

/** What to do instead, by field. */
const CURES: { readonly [field: string]: string } = {
	background: 'Leave it out and stream the answer.',
	conversation: 'Go on with previous_response_id, or send the whole conversation as input.',
	prompt: 'Send its text as instructions and input.',
	input: 'Send the items themselves in place of item_reference, or go on with previous_response_id.',
};

/** The plan with nothing but targets that speak Responses themselves. Throws `refusal` where there is none. */
export function nativeOnly(plan: Plan, refusal: () => RelaisError): Plan {
	const targets = plan.targets.filter((target) => nativeWire(target) !== undefined);
	if (targets.length === 0) throw refusal();
	return { ...plan, targets };
}

/** Why a request cannot go to the targets of its model. */
export function onlyNatively(field: string, { requested }: Plan): RelaisError {
	const what = field === 'input' ? 'A reference to an item (item_reference)' : `'${field}'`;
	const message = `${what} is for vendors of the Responses API alone, and none serves "${requested}". ${CURES[field] ?? ''}`;
	return new RelaisError('unsupported', message.trim(), { param: field, failover: false });
}

const ENCRYPTED = 'reasoning.encrypted_content';

/**
 * Asks for reasoning in a form that can be sent back. Without it the vendor sends a mere id, which says nothing to any other target,
 * and the next turn would have to do without. Only where all targets are known to reason: others refuse the question.
 */
export function keepingReasoning(plan: Plan, body: JsonObject, raw: Buffer): { body: JsonObject; raw: Buffer } {
	const include = body.include ?? [];
	const all = plan.targets.every((target) => (nativeWire(target)?.traits(target.model).reasoning ?? 'none') !== 'none');
	if (!all || !Array.isArray(include) || include.includes(ENCRYPTED)) return { body, raw };
	const wanted = [...include, ENCRYPTED];
	const changed = { ...body, include: wanted };
	const spliced = spliceTopLevel(raw, { include: JSON.stringify(wanted) });
	return { body: changed, raw: spliced ?? Buffer.from(JSON.stringify(changed)) };
}
