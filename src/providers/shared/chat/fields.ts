import { isObject } from '../../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../../spec/index.ts';
import type { BodyRule, RuleContext } from '../../rules.ts';

/** Values that change nothing: left out without a word where a vendor does not take the field. */
export const NEUTRAL: { readonly [field: string]: JsonValue } = {
	presence_penalty: 0,
	frequency_penalty: 0,
	repetition_penalty: 1,
	logprobs: false,
	top_logprobs: 0,
	store: false,
	parallel_tool_calls: true,
	service_tier: 'auto',
	min_p: 0,
};

/** Adds fields where a request does not have them. */
export function defaults(fields: { readonly [field: string]: JsonValue }): BodyRule {
	const entries = Object.entries(fields);
	return (context) => {
		for (const [field, value] of entries) if (context.get(field) === undefined) context.set(field, value);
	};
}

/** `above` what a number must be, `most` what it may be. */
export interface Range {
	above?: number;
	most?: number;
}

/** Smallest number sent in place of one that must be above 0: as good as greedy. */
const SMALLEST = 0.01;

/** Brings a number into the range a vendor takes. */
export function narrow(field: string, { above, most }: Range): BodyRule {
	return (context) => {
		const value = context.get(field);
		if (typeof value !== 'number') return;
		const taken = most !== undefined && value > most ? most : above !== undefined && value <= above ? above + SMALLEST : value;
		if (taken === value) return;
		context.set(field, taken);
		context.warn({ kind: 'approximated', path: field, message: `${context.model} does not take ${value}: sent as ${taken}` });
	};
}

/** A rule on each function among the tools. */
function eachFunction(change: (wanted: JsonObject, context: RuleContext, path: string) => JsonObject): BodyRule {
	return (context) => {
		const tools = context.get('tools');
		if (!Array.isArray(tools)) return;
		let changed = false;
		const made = tools.map((tool, index) => {
			if (!isObject(tool) || !isObject(tool.function)) return tool;
			const result = change(tool.function, context, `tools[${index}].function`);
			changed ||= result !== tool.function;
			return result === tool.function ? tool : { ...tool, function: result };
		});
		if (changed) context.set('tools', made);
	};
}

/** Takes `strict` off functions: it asks for what the vendor does not promise. */
export const plainTools = eachFunction((wanted, context, path) => {
	if (wanted.strict === undefined) return wanted;
	const { strict, ...rest } = wanted;
	const message = `${context.model} does not hold calls to their schema`;
	if (strict === true) context.warn({ kind: 'dropped', path: `${path}.strict`, message });
	return rest;
});

/** States that a function has no parameters. */
export const statedParameters = eachFunction((wanted) =>
	isObject(wanted.parameters) ? wanted : { ...wanted, parameters: { type: 'object', properties: {} } },
);
