import { answerOfItem, referenceOf, standIn } from '../../dialects/index.ts';
import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import type { ResponseStore } from '../../storage/responses/index.ts';
import { outputOf } from './conversation.ts';

/** Whether a request refers to items in place of sending them. */
export function hasReferences(input: JsonValue | undefined): boolean {
	return Array.isArray(input) && input.some((item) => referenceOf(item) !== undefined);
}

/** The item of that id in one of the owner's answers. */
async function itemOf(store: ResponseStore, id: string, owner: string | undefined): Promise<JsonObject | undefined> {
	for (const answer of [store.holderOf(id, owner), answerOfItem(id)]) {
		const stored = answer === undefined ? undefined : await store.get(answer, owner);
		const item = stored === undefined ? undefined : outputOf(stored).find((each) => isObject(each) && each.id === id);
		if (isObject(item)) return item;
	}
	return undefined;
}

/**
 * The input with the items themselves in place of references to them. The input as it is where one is not kept here: whoever has
 * that one has the others too, and can tell what belongs together.
 */
export async function withItems(store: ResponseStore, input: JsonValue[], owner: string | undefined): Promise<JsonValue[]> {
	const whole: JsonValue[] = [];
	for (const item of input) {
		const id = referenceOf(item);
		const found = id === undefined ? undefined : await itemOf(store, id, owner);
		if (id === undefined) whole.push(item);
		else if (found === undefined) return input;
		else whole.push(...standIn(found));
	}
	return whole;
}
