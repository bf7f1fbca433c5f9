import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, ToolChoice } from '../../spec/index.ts';
import { type Losses, read, same, table } from '../shared/index.ts';

const WORDS = table<ToolChoice>({
	auto: { type: 'auto' },
	none: { type: 'none' },
	required: { type: 'required' },
});

/** What a choice names a tool by: the client's tools by name, the vendor's by their type, an MCP server by its label. */
function nameOf(wire: JsonObject): string {
	for (const key of ['name', 'server_label', 'type']) {
		const value = wire[key];
		if (typeof value === 'string' && value !== '') return value;
	}
	return '';
}

function decodeAllowed(wire: JsonObject, path: string): ToolChoice {
	const mode = read.required(wire, 'mode', path, read.oneOf(['auto', 'required'] as const));
	const tools = read.required(wire, 'tools', path, read.arrayOf(read.object));
	return { type: 'allowed', mode, names: tools.map(nameOf) };
}

/** Reads `tool_choice`. */
export function decodeToolChoice(value: JsonValue, path: string): ToolChoice {
	if (typeof value === 'string') {
		const choice = WORDS[value];
		if (choice !== undefined) return choice;
		throw read.invalid(path, `'${path}' must be 'none', 'auto', 'required' or an object that names a tool.`);
	}
	const wire = read.object(value, path);
	const type = read.required(wire, 'type', path, read.nonEmptyString);
	if (type === 'allowed_tools') return decodeAllowed(wire, path);
	// Clients of the older API nest the name; vendors take it.
	const inner = isObject(wire.function) ? wire.function : wire;
	if (type === 'function' || type === 'custom') {
		return { type: 'tool', name: read.required(inner, 'name', path, read.nonEmptyString), kind: type };
	}
	return { type: 'tool', name: nameOf(wire), kind: 'server' };
}

/** Writes a tool choice; `asItCame` is repeated while it still says the same. A tool the vendor runs is chosen by its type. */
export function encodeToolChoice(choice: ToolChoice, asItCame: JsonValue | undefined, losses: Losses): JsonValue | undefined {
	if (asItCame !== undefined && same(decodeToolChoice(asItCame, 'tool_choice'), choice)) return asItCame;
	if (choice.type === 'allowed') {
		return { type: 'allowed_tools', mode: choice.mode, tools: choice.names.map((name) => ({ type: 'function', name })) };
	}
	if (choice.type !== 'tool') return choice.type;
	if (choice.kind !== 'server') return { type: choice.kind ?? 'function', name: choice.name };
	losses.dropped('tool_choice', `The provider-run tool '${choice.name}' cannot be chosen in this dialect.`);
	return undefined;
}
