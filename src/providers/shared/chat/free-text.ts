import { isObject } from '../../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../../spec/index.ts';
import type { BodyRule, RuleContext } from '../../rules.ts';

const INPUT: JsonObject = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] };

function asFunction(tool: JsonValue, index: number, context: RuleContext): JsonValue {
	if (!isObject(tool) || tool.type !== 'custom' || !isObject(tool.custom)) return tool;
	const { name = '', description, format } = tool.custom;
	context.warn({
		kind: 'approximated',
		path: `tools[${index}]`,
		message: `${context.model} takes no tools of free text: sent as a function whose one parameter, 'input', is the text`,
	});
	const grammar = isObject(format) && isObject(format.grammar) ? format.grammar : undefined;
	const bound =
		grammar === undefined ? [] : [`The text must follow this ${String(grammar.syntax)} grammar:\n${String(grammar.definition)}`];
	const told = [...(typeof description === 'string' && description !== '' ? [description] : []), ...bound].join('\n\n');
	return { type: 'function', function: { name, ...(told === '' ? {} : { description: told }), parameters: INPUT } };
}

/** Tools of free text become functions with one parameter, where a vendor knows functions alone. */
export const functionsOnly: BodyRule = (context) => {
	const tools = context.get('tools');
	if (Array.isArray(tools)) {
		const made = tools.map((tool, index) => asFunction(tool, index, context));
		if (made.some((tool, index) => tool !== tools[index])) context.set('tools', made);
	}
	const choice = context.get('tool_choice');
	if (isObject(choice) && choice.type === 'custom' && isObject(choice.custom))
		context.set('tool_choice', { type: 'function', function: { name: choice.custom.name ?? '' } });
};

/** An earlier call of such a tool as a call of that function. */
export function functionCall(call: JsonObject): JsonObject {
	const { custom, ...rest } = call;
	if (call.type !== 'custom' || !isObject(custom)) return call;
	const input = typeof custom.input === 'string' ? custom.input : '';
	return { ...rest, type: 'function', function: { name: custom.name ?? '', arguments: JSON.stringify({ input }) } };
}
