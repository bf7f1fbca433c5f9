import type { JsonObject } from '../../../spec/index.ts';
import { object, objects } from '../../core/json.ts';

/** The answer with each choice's message changed. */
export function changed(body: JsonObject, change: (message: JsonObject) => JsonObject): JsonObject {
	const choices = objects(body.choices).map((choice) => ({ ...choice, message: change(object(choice.message)) }));
	return { ...body, choices };
}
