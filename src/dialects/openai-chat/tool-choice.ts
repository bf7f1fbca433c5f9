import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, ToolChoice } from '../../spec/index.ts';
import { type Losses, read, same, table } from '../shared/index.ts';

const WORDS = table<ToolChoice>({
	auto: { type: 'auto' },
	none: { type: 'none' },
	required: { type: 'required' },
	any: { type: 'required' },
});

function nameIn(wire: JsonObject, key: string, path: string): string {
	return read.required(read.required(wire, key, path, read.object), 'name', read.at(path, key), read.nonEmptyString);
}

function decodeAllowed(wire: JsonObject, path: string): ToolChoice {
	const inner = read.required(wire, 'allowed_tools', path, read.object);
	const at = read.at(path, 'allowed_tools');
	const tools = read.required(inner, 'tools', at, read.arrayOf(read.object));
	const names = tools.map((tool, index) => {
		const key = tool.type === 'custom' ? 'custom' : 'function';
		return nameIn(tool, key, read.at(read.at(at, 'tools'), index));
	});
	return { type: 'allowed', mode: read.required(inner, 'mode', at, read.oneOf(['auto', 'required'] as const)), names };
}

/** Reads `tool_choice`; undefined for an object of a type only some vendor has. */
export function decodeToolChoice(value: JsonValue, path: string): ToolChoice | undefined {
	if (typeof value === 'string') {
		const choice = WORDS[value];
		if (choice !== undefined) return choice;
		throw read.invalid(path, `'${path}' must be 'none', 'auto', 'required' or an object that names a tool.`);
	}
	const wire = read.object(value, path);
	if (wire.type === 'allowed_tools') return decodeAllowed(wire, path);
	if (wire.type === 'custom') return { type: 'tool', name: nameIn(wire, 'custom', path), kind: 'custom' };
	if (wire.type === 'function' || (wire.type === undefined && isObject(wire.function))) {
		return { type: 'tool', name: nameIn(wire, 'function', path), kind: 'function' };
	}
	if (wire.type === undefined) throw read.invalid(read.at(path, 'type'), `'${path}.type' is required.`);
	return undefined;
}

/** Reads the legacy `function_call` of a request: a word, or the name of a function. */
export function decodeFunctionCall(value: JsonValue, path: string): ToolChoice {
	if (value === 'auto' || value === 'none') return { type: value };
	const wire = read.object(value, path);
	return { type: 'tool', name: read.required(wire, 'name', path, read.nonEmptyString), kind: 'function' };
}

function writeChoice(choice: ToolChoice): JsonValue {
	if (choice.type === 'tool') {
		const key = choice.kind === 'custom' ? 'custom' : 'function';
		return { type: key, [key]: { name: choice.name } };
	}
	if (choice.type === 'allowed') {
		const tools = choice.names.map((name) => ({ type: 'function', function: { name } }));
		return { type: 'allowed_tools', allowed_tools: { mode: choice.mode, tools } };
	}
	return choice.type;
}

/**
 * Writes a tool choice; `asItCame` is repeated while it still says the same. A tool the provider runs cannot be chosen by name.
 */
export function encodeToolChoice(choice: ToolChoice, asItCame: JsonValue | undefined, losses: Losses): JsonValue | undefined {
	if (asItCame !== undefined && same(decodeToolChoice(asItCame, 'tool_choice'), choice)) return asItCame;
	if (choice.type === 'tool' && choice.kind === 'server') {
		losses.dropped('tool_choice', `The provider-run tool '${choice.name}' cannot be chosen in this dialect.`);
		return undefined;
	}
	return writeChoice(choice);
}

/** Writes a choice as legacy `function_call`, where that can say it; `asItCame` is repeated while it still says the same. */
export function encodeFunctionCall(choice: ToolChoice, asItCame: JsonValue): JsonValue | undefined {
	if (same(decodeFunctionCall(asItCame, 'function_call'), choice)) return asItCame;
	if (choice.type === 'auto' || choice.type === 'none') return choice.type;
	return choice.type === 'tool' ? { name: choice.name } : undefined;
}
