import { isObject } from '../../lib/json.ts';
import type { JsonObject, RelaisError, Translated } from '../../spec/index.ts';
import { Losses } from '../shared/index.ts';
import { withoutReasoning } from './history.ts';
import { DIALECT } from './name.ts';

/** How the API says that it has not kept an item it was given the id of. */
const NOT_KEPT = /^Item with id '[^']*' not found/;

function isAboutItems({ providerCode, message }: RelaisError): boolean {
	return providerCode === 'invalid_encrypted_content' || NOT_KEPT.test(message);
}

/**
 * Only the account that made it can read encrypted reasoning, and only it has kept the items that ids refer to; nothing tells whose a
 * history is until one of them refuses it. The request goes again without what binds it.
 */
export function amend(body: JsonObject, error: RelaisError): Translated<JsonObject> | undefined {
	const { input } = body;
	if (!isAboutItems(error) || !Array.isArray(input)) return undefined;
	if (!input.some((item) => isObject(item) && item.type === 'reasoning')) return undefined;
	const losses = new Losses(DIALECT);
	losses.dropped('messages', 'Reasoning of an earlier answer was left out: this vendor cannot read it, another one made it.');
	return { value: { ...body, input: withoutReasoning(input) }, warnings: losses.warnings };
}
