import { isObject } from '../lib/json.ts';
import type { BodyChanges, JsonObject, JsonValue, ModelTraits, Warning } from '../spec/index.ts';

/** What a rule sees and does: it reads the body as it would be sent and notes changes of top-level fields. */
export interface RuleContext {
	readonly model: string;
	readonly traits: ModelTraits;
	/** The field as it stands after the rules before this one. */
	get(field: string): JsonValue | undefined;
	set(field: string, value: JsonValue | undefined): void;
	warn(warning: Warning): void;
}

/** One habit of a vendor. */
export type BodyRule = (context: RuleContext) => void;

/** Collects what rules change without touching the body. */
class Changes implements RuleContext {
	readonly model: string;
	readonly traits: ModelTraits;
	readonly #body: JsonObject;
	readonly #warn: (warning: Warning) => void;
	changes: BodyChanges | null = null;

	constructor(body: JsonObject, model: string, traits: ModelTraits, warn: (warning: Warning) => void) {
		this.#body = body;
		this.model = model;
		this.traits = traits;
		this.#warn = warn;
	}

	get(field: string): JsonValue | undefined {
		const from = this.changes !== null && Object.hasOwn(this.changes, field) ? this.changes : this.#body;
		return Object.hasOwn(from, field) ? from[field] : undefined;
	}

	set(field: string, value: JsonValue | undefined): void {
		this.changes ??= {};
		this.changes[field] = value;
	}

	warn(warning: Warning): void {
		this.#warn(warning);
	}
}

/** Runs a vendor's rules over a body; null when none of them changes anything. */
export function applyRules(
	rules: readonly BodyRule[],
	body: JsonObject,
	model: string,
	traits: ModelTraits,
	warn: (warning: Warning) => void,
): BodyChanges | null {
	const context = new Changes(body, model, traits, warn);
	for (const rule of rules) rule(context);
	return context.changes;
}

/** Restricts a rule to the models whose traits satisfy a condition. */
export function when(condition: (traits: ModelTraits) => boolean, rule: BodyRule): BodyRule {
	return (context) => {
		if (condition(context.traits)) rule(context);
	};
}

/**
 * The vendor takes a value under another name only. When both names are given the right one wins.
 * @param told false: the name alone changes, which nobody needs to know
 */
export function rename(from: string, to: string, told = true): BodyRule {
	return (context) => {
		const value = context.get(from);
		if (value === undefined) return;
		context.set(from, undefined);
		if (value === null) return;
		if (context.get(to) === undefined) context.set(to, value);
		if (told) context.warn({ kind: 'changed', path: from, message: `sent as ${to}: ${context.model} takes no ${from}` });
	};
}

/** The vendor refuses these fields. A null value, and one in `harmless`, goes without a word. */
export function drop(fields: readonly string[], why: string, harmless: { [field: string]: JsonValue } = {}): BodyRule {
	return (context) => {
		for (const field of fields) {
			const value = context.get(field);
			if (value === undefined) continue;
			context.set(field, undefined);
			if (value !== null && value !== harmless[field]) {
				context.warn({ kind: 'dropped', path: field, message: `${context.model} ${why}` });
			}
		}
	};
}

/** A limit beyond the model's own is refused, though it could not have made the answer any longer: it is lowered. */
export function withinCeiling(...fields: readonly string[]): BodyRule {
	return (context) => {
		const ceiling = context.traits.outputCeiling;
		if (ceiling === undefined) return;
		for (const field of fields) {
			const value = context.get(field);
			if (typeof value !== 'number' || value <= ceiling) continue;
			context.set(field, ceiling);
			const message = `${context.model} writes at most ${ceiling} tokens: sent as ${ceiling}`;
			context.warn({ kind: 'approximated', path: field, message });
		}
	};
}

/** Streams report usage only when asked: ask always, so that every token is counted. */
export const askForStreamUsage: BodyRule = (context) => {
	if (context.get('stream') !== true) return;
	const options = context.get('stream_options');
	if (isObject(options) && options.include_usage === true) return;
	context.set('stream_options', { ...(isObject(options) ? options : {}), include_usage: true });
};
