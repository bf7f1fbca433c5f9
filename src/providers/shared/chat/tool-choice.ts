import { isObject } from '../../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../../spec/index.ts';
import type { BodyRule, RuleContext } from '../../rules.ts';
import { asksToThink } from './reasoning.ts';

/** Which choices of tools a vendor takes. */
export interface ToolChoiceHabits {
	/** The vendor's words where they differ. */
	words?: { readonly [word: string]: string };
	/** Choices taken; `named`: a function by its name. Absent: all. */
	only?: readonly string[];
	/** True when a tool can only be forced while the model does not think. */
	forcedUnthinking?: true;
}

function namesOf(choice: JsonObject): { names: string[]; mode: string } | undefined {
	const allowed = choice.allowed_tools;
	if (choice.type !== 'allowed_tools' || !isObject(allowed) || !Array.isArray(allowed.tools)) return undefined;
	const names = allowed.tools.flatMap((tool) => {
		const name = isObject(tool) && isObject(tool.function) ? tool.function.name : undefined;
		return typeof name === 'string' ? [name] : [];
	});
	return { names, mode: allowed.mode === 'required' ? 'required' : 'auto' };
}

/** A choice among some of the tools becomes a list of only those. */
function spellOut(choice: JsonValue, context: RuleContext): JsonValue {
	const some = isObject(choice) ? namesOf(choice) : undefined;
	const tools = context.get('tools');
	if (some === undefined || !Array.isArray(tools)) return choice;
	const left = tools.filter(
		(tool) => isObject(tool) && isObject(tool.function) && some.names.includes(String(tool.function.name)),
	);
	context.set('tools', left);
	return some.mode;
}

/** With no word for it, no tool is called where there is none. */
function withoutTools(context: RuleContext): void {
	context.set('tool_choice', undefined);
	context.set('tools', undefined);
	const message = `${context.model} cannot be told to call no tool: they were left out`;
	context.warn({ kind: 'changed', path: 'tool_choice', message });
}

function loosen(context: RuleContext): void {
	context.set('tool_choice', 'auto');
	const message = `${context.model} cannot be made to call a tool: it was left to decide`;
	context.warn({ kind: 'approximated', path: 'tool_choice', message });
}

/** A forced call goes before the model's own habit of thinking, but not before a wish for it. */
function unthinking(context: RuleContext): void {
	const thinks = asksToThink(context);
	if (thinks === true) loosen(context);
	if (thinks !== undefined) return;
	context.set('thinking', { type: 'disabled' });
	const message = `${context.model} cannot be made to call a tool while it thinks: thinking was turned off`;
	context.warn({ kind: 'defaulted', path: 'thinking', message });
}

/** Puts the choice of tools into words the vendor takes. */
export function toolChoiceRule({ words = {}, only, forcedUnthinking }: ToolChoiceHabits): BodyRule {
	return (context) => {
		const given = context.get('tool_choice');
		if (given === undefined || given === null) return;
		const choice = spellOut(given, context);
		const word = isObject(choice) ? 'named' : String(choice);
		if (only !== undefined && !only.includes(word)) {
			if (word === 'none') withoutTools(context);
			else loosen(context);
			return;
		}
		const said = typeof choice === 'string' ? (words[choice] ?? choice) : choice;
		if (said !== given) context.set('tool_choice', said);
		const forced = word !== 'auto' && word !== 'none';
		if (forced && forcedUnthinking === true && context.traits.reasoning !== 'none') unthinking(context);
	};
}
