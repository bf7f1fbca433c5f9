import { isObject } from '../../lib/json.ts';
import type { ContentPart, JsonObject, JsonValue } from '../../spec/index.ts';
import { own, read, table } from '../shared/index.ts';
import { isInContent } from './content-encode.ts';
import { decodeMessages } from './messages-decode.ts';
import { DIALECT } from './name.ts';
import { REASONING_FIELDS } from './reasoning-settings.ts';

const MESSAGE = /^messages\[(\d+)\]\.content\[(\d+)\](.*)$/;
const TOOL = /^tools\[(\d+)\](.*)$/;
/** Where the facts of a tool stand within it. */
const TOOL_FIELDS = table({
	'.name': '.name',
	'.description': '.description',
	'.parameters': '.parameters',
	'.strict': '.strict',
	'.grammar': '.format',
});

/** Fields of the request that have other names here, the one that is there counts. */
const FIELDS = table<readonly string[]>({
	reasoning: REASONING_FIELDS,
	seed: ['seed', 'random_seed'],
	max_tokens: ['max_tokens', 'max_completion_tokens'],
	user: ['user', 'safety_identifier'],
});

/** The place in a client's body that a path of the canonical request stands for. */
export function locate(body: JsonValue, path: string): string {
	if (!isObject(body)) return path;
	const inMessage = MESSAGE.exec(path);
	if (inMessage !== null) return locatePart(body, path, Number(inMessage[1]), Number(inMessage[2]), inMessage[3] ?? '');
	const inTool = TOOL.exec(path);
	if (inTool !== null) return locateTool(body, path, Number(inTool[1]), inTool[2] ?? '');
	const [field = '', ...more] = path.split('.');
	const name = FIELDS[field]?.find((each) => body[each] !== undefined && body[each] !== null);
	if (name === undefined || name === field) return path;
	return isObject(body[name]) ? [name, ...more].join('.') : name;
}

/** Tools come from three fields, read one after another. */
function locateTool(body: JsonObject, path: string, index: number, rest: string): string {
	const tools = Array.isArray(body.tools) ? body.tools : [];
	const functions = Array.isArray(body.functions) ? body.functions : [];
	if (index < tools.length) return `tools[${index}]${inTool(tools[index] ?? null, rest)}`;
	const place = index - tools.length;
	if (place < functions.length) return `functions[${place}]${rest}`;
	return isObject(body.web_search_options) ? `web_search_options${rest}` : path;
}

function inTool(tool: JsonValue, rest: string): string {
	const field = TOOL_FIELDS[rest];
	if (field === undefined || !isObject(tool)) return rest;
	const kind = isObject(tool.function) ? 'function' : isObject(tool.custom) ? 'custom' : undefined;
	return kind === undefined ? rest : `.${kind}${field}`;
}

function locatePart(body: JsonObject, path: string, index: number, part: number, rest: string): string {
	const wire = Array.isArray(body.messages) ? body.messages[index] : undefined;
	if (!isObject(wire)) return path;
	const base = `messages[${index}]`;
	if (wire.role === 'tool' || wire.role === 'function') return read.at(base, resultPlace(wire, rest));
	if (wire.role === 'assistant') return `${base}.${partPlace(wire, part)}${rest}`;
	return Array.isArray(wire.content) ? path : `${base}.content${rest}`;
}

/** A tool message is one result: what is said of it concerns the message, what is said of its parts its content. */
function resultPlace(wire: JsonObject, rest: string): string {
	const inside = /^\.content\[\d+\](.*)$/.exec(rest);
	if (inside !== null && !Array.isArray(wire.content)) return `content${inside[1]}`;
	return rest === '' ? 'content' : rest.slice(1);
}

/** The field, and the place in it, from which the n-th part of an assistant message was read. */
function partPlace(wire: JsonObject, part: number): string {
	const [message] = decodeMessages([wire], 'messages');
	const content = message?.content ?? [];
	const here = content[part];
	if (here === undefined) return `content[${part}]`;
	const field = fieldOf(here, wire);
	if (!Array.isArray(wire[field]) || field === 'reasoning_details') return field;
	const nth = content.slice(0, part).filter((each) => fieldOf(each, wire) === field).length;
	return `${field}[${nth}]`;
}

function fieldOf(part: ContentPart, wire: JsonObject): string {
	const place = own(part, DIALECT)?.$in;
	if (typeof place === 'string') return place;
	if (part.type === 'tool-call') return 'tool_calls';
	if (part.type === 'refusal') return 'refusal';
	if (part.type !== 'reasoning' || isInContent(part)) return 'content';
	if (Array.isArray(wire.reasoning_details) && wire.reasoning_details.length > 0) return 'reasoning_details';
	return typeof wire.reasoning_content === 'string' && wire.reasoning_content !== '' ? 'reasoning_content' : 'reasoning';
}
